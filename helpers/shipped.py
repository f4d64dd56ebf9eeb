"""What ships with the course: the digits, and what recipes trained, recorded and measured."""

from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "assets"


class Asset(NamedTuple):
    """Something trained or measured that ships with the course."""

    file: str  # in helpers/assets
    recipe: str  # `python -m helpers.recipes.NAME` makes it again, given all of MNIST
    about: str  # what it is, and which images it was trained or measured on


# All were trained on MNIST's 60,000 training images, but for the two that say otherwise. What the
# .npz files hold beside weights was measured on MNIST's own 10,000 test images.
SHIPPED: dict[str, Asset] = {
    "autoencoder": Asset("autoencoder.keras", "autoencoder", "784-128-64-32-2 and its mirror"),
    "film": Asset(
        "autoencoder_film.npy",
        "autoencoder",
        "codes of the first 250 bundled test images, before that network's training and after each "
        "of its 100 epochs, float16 (101, 250, 2)",
    ),
    "held_out_2": Asset(
        "held_out_2.keras", "held_out", "784-128-64-32-2, without the 1,000 bundled test images"
    ),
    "held_out_32": Asset(
        "held_out_32.keras", "held_out", "784-128-64-32, without the 1,000 bundled test images"
    ),
    "code_sizes": Asset(
        "code_sizes.csv",
        "code_sizes",
        "code size, epochs, MSE of a network and of PCA on the 10,000 test images, float (8, 4)",
    ),
    "plain_16": Asset("plain_16.npz", "beyond", "784-128-64-16 and its mirror"),
    "denoising": Asset("denoising.npz", "beyond", "the same layers, noisy in and clean out"),
    "convolutional": Asset("convolutional.npz", "beyond", "convolutions, a code of 16"),
    "plain_2": Asset("plain_2.npz", "beyond", "784-256-128-64-2 and its mirror"),
    "variational": Asset("variational.npz", "beyond", "the same layers with a cloud for a code"),
    "neighbours": Asset("neighbours.npz", "beyond", "those of plain_2, kept near their neighbours"),
}


def path_of(name: str, *kinds: str) -> Path:
    """Return where a file of `SHIPPED` is.

    Args:
        name: a key of `SHIPPED`.
        *kinds: the endings that will do, such as ".keras".

    Raises:
        ValueError: no file of these kinds goes by that name.
    """
    known = {key: FOLDER / asset.file for key, asset in SHIPPED.items()}
    fitting = [key for key, file in known.items() if file.suffix in kinds]
    if name not in fitting:
        raise ValueError(f'nothing is called "{name}" here: the names are {", ".join(fitting)}.')
    return known[name]
