"""What ships with the course: the digits, and what recipes trained, recorded and measured.

Each file is known by its hash, so that one that was copied by halves is named, whoever loads it.
"""

import functools
import hashlib
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "assets"
LFS_POINTER = b"version https://git-lfs"  # how the text begins that git LFS leaves instead


class Asset(NamedTuple):
    """Something trained or measured that ships with the course."""

    file: str  # in helpers/assets
    sha256: str  # of its bytes, as it was measured
    recipe: str  # `python -m helpers.recipes.NAME` makes it again, given all of MNIST
    about: str  # what it is, and which images it was trained or measured on


# All were trained on MNIST's 60,000 training images, but for the two that say otherwise. What the
# .npz files hold beside weights was measured on MNIST's own 10,000 test images. Who makes a file
# anew writes its hash here, as `sha256sum` prints it; until then it counts as damaged.
SHIPPED: dict[str, Asset] = {
    "autoencoder": Asset(
        "autoencoder.keras",
        "eec409387a72f9009d82dadcc5f07e1710f8810f9fbac6f529c2f35a787a3e75",
        "autoencoder",
        "784-128-64-32-2 and its mirror",
    ),
    "film": Asset(
        "autoencoder_film.npy",
        "7f49f8abb4bfce16a9890cfc376020423d742d60df1245032fd57666b6df7d6f",
        "autoencoder",
        "codes of the first 250 bundled test images, before that network's training and after each "
        "of its 100 epochs, float16 (101, 250, 2)",
    ),
    "held_out_2": Asset(
        "held_out_2.keras",
        "881e510d7897e3bf0495cab8d0842067fc33869e53a19fe574c1a68f15e92a1f",
        "held_out",
        "784-128-64-32-2, without the 1,000 bundled test images",
    ),
    "held_out_32": Asset(
        "held_out_32.keras",
        "aba8603657d5717a15caf424dee8ece9a123bc97e02954da2c73695018cf83b8",
        "held_out",
        "784-128-64-32, without the 1,000 bundled test images",
    ),
    "code_sizes": Asset(
        "code_sizes.csv",
        "eaf67b201ee907808ab21a31d48d41ad9674cdc2026104d922457e72ce205732",
        "code_sizes",
        "code size, epochs, MSE of a network and of PCA on the 10,000 test images, float (8, 4)",
    ),
    "plain_16": Asset(
        "plain_16.npz",
        "f56278a18c3ddda93aa32d981f44d7bfb7ea5e650464df0e1847d87be1c73528",
        "beyond",
        "784-128-64-16 and its mirror",
    ),
    "denoising": Asset(
        "denoising.npz",
        "3608105deb027da8b7e42615b7a179e68c4ccd8fbcc222682bd86772236d031d",
        "beyond",
        "the same layers, noisy in and clean out",
    ),
    "convolutional": Asset(
        "convolutional.npz",
        "8b896a52fda1c5ee272b79fb52b2b223f9becceb910bba5e8a0c621549ed4891",
        "beyond",
        "convolutions, a code of 16",
    ),
    "plain_2": Asset(
        "plain_2.npz",
        "05800521249a91b324cb69294e8f0c4e8f528dcaabc97db479657d20bc64d79a",
        "beyond",
        "784-256-128-64-2 and its mirror",
    ),
    "variational": Asset(
        "variational.npz",
        "8070258e625d618fc0ddd3315404dc0564dc306f451b4fe1f91d3e8fc528720e",
        "beyond",
        "the same layers with a cloud for a code",
    ),
    "neighbours": Asset(
        "neighbours.npz",
        "973a8b0e9e1a39add665dba9740fd8fd8c2fe4eaf147e4bb458bf1a3a1cbc9a4",
        "beyond",
        "those of plain_2, kept near their neighbours",
    ),
}


DIGITS = Asset(
    "mnist_5k.npz",
    "a09dc8f19b945d9de701b5b18afecc25d086fe88b96e1044e8aa937a3d9b782d",
    "sample",
    "5,000 of MNIST's training images, see data.load_mnist",
)


def file_of(name: str) -> Path:
    """Return where a recipe writes a file of `SHIPPED`; nothing is checked."""
    return FOLDER / SHIPPED[name].file


def path_of(name: str, *kinds: str) -> Path:
    """Return where a file of `SHIPPED` is, once it is found to be whole.

    Args:
        name: a key of `SHIPPED`.
        *kinds: the endings that will do, such as ".keras".

    Raises:
        ValueError: no file of these kinds goes by that name, or it is missing or damaged; the
            message says how to get it back.
    """
    fitting = [key for key in SHIPPED if file_of(key).suffix in kinds]
    if name not in fitting:
        raise ValueError(f'nothing is called "{name}" here: the names are {", ".join(fitting)}.')
    if wrong := damage(SHIPPED[name]):
        raise ValueError(f"helpers/assets/{SHIPPED[name].file} {wrong}.")
    return file_of(name)


def damage(asset: Asset) -> str | None:
    """Say what is wrong with a file that ships, and how to get it back; None if it is whole."""
    path = FOLDER / asset.file
    fix = (
        f"in the course's folder, type `git checkout helpers/assets/{asset.file}` or, without git, "
        "copy that file there once more"
    )
    try:
        status = path.stat()
        if _sha256(path, status.st_size, status.st_mtime_ns) == asset.sha256:
            return None
        with path.open("rb") as file:
            pointer = file.read(len(LFS_POINTER)) == LFS_POINTER
    except FileNotFoundError:
        return f"is missing: {fix}"
    except OSError as error:
        return f"cannot be read ({error.strerror}): {fix}"
    if pointer:
        return f"is a pointer of git LFS, not the file itself: {fix}, or type `git lfs pull`"
    return f"is cut short or damaged: {fix}"


@functools.cache
def _sha256(path: Path, size: int, changed: int) -> str:
    """Hash a file once; its size and date tell whether it is still the same."""
    content = path.read_bytes()
    if path.suffix == ".csv":  # git on Windows may end its lines otherwise, which changes nothing
        content = content.replace(b"\r\n", b"\n")
    return hashlib.sha256(content).hexdigest()
