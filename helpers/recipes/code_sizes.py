"""Measure the reconstruction error of seven code sizes, as chapter 06 shows it.

    python -m helpers.recipes.code_sizes

needs all of MNIST (see README) and about ten minutes. It writes code_sizes.csv beside itself: for
each size the mean squared error of the network and of PCA on MNIST's 10,000 test images, both
fitted on the 60,000 training images. The last row is size 64 once more, trained for longer.
Activation and rate were picked at size 64 with 5,000 of the training images held out.
"""

import ctypes
import sys
import time

import helpers

helpers.setup()

import keras  # noqa: E402 - helpers.setup() has to come first
import numpy as np  # noqa: E402
from sklearn.decomposition import PCA  # noqa: E402

from helpers import data, models, training  # noqa: E402

SHORT, LONG = 15, 40  # epochs
RUNS = [(size, SHORT) for size in (1, 2, 4, 8, 16, 32, 64)] + [(64, LONG)]
BATCH, RATE = 128, 0.005
PATH = models.ASSETS / "code_sizes.csv"


def keep_freed_memory() -> None:
    """Trade memory for speed, which suits a script: undo a part of helpers.setup().

    Under Linux, setup() hands arrays over 1 MB back at once, which keeps a notebook small. Where
    weights or batches are as large, asking for them again at every step takes much of the time.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).mallopt(-3, 2**30)  # M_MMAP_THRESHOLD
        ctypes.CDLL(None).mallopt(-1, 2**30)  # M_TRIM_THRESHOLD


def trained(size: int, epochs: int, x: np.ndarray) -> keras.Model:
    """Train 784-512-size-512-784 on x, float32 (n, 784) in [0, 1]."""
    keras.utils.set_random_seed(0)
    network = models.build_autoencoder(hidden=(512,), code_size=size, activation="elu")
    rate = keras.optimizers.schedules.CosineDecay(RATE, epochs * -(-len(x) // BATCH))
    network.compile(keras.optimizers.Adam(rate), loss="binary_crossentropy")
    training.fit(network, x, epochs=epochs, batch_size=BATCH)
    return network


def measure(size: int, epochs: int, x_train: np.ndarray, x_test: np.ndarray) -> list[float]:
    """Return the test MSE of a network and of PCA, and the seconds that the training took."""
    keep_freed_memory()
    start = time.perf_counter()
    network = trained(size, epochs, x_train)
    seconds = time.perf_counter() - start
    pca = PCA(size, random_state=0).fit(x_train)
    by_pca = ((pca.inverse_transform(pca.transform(x_test)) - x_test) ** 2).mean()
    by_network = ((network.predict(x_test, batch_size=1000, verbose=0) - x_test) ** 2).mean()
    return [float(by_network), float(by_pca), seconds]


def full_mnist() -> list[np.ndarray]:
    """Return all training and test images, float32 (60000, 784) and (10000, 784) in [0, 1]."""
    (x_train, _), (x_test, _) = data.load_mnist(full=True)
    return [x.reshape(-1, 784).astype("float32") / 255 for x in (x_train, x_test)]


if __name__ == "__main__":
    x_train, x_test = full_mnist()
    lines = ["code size,epochs,network test MSE,PCA test MSE"]
    for size, epochs in RUNS:
        by_network, by_pca, seconds = measure(size, epochs, x_train, x_test)
        lines.append(f"{size},{epochs},{by_network:.5f},{by_pca:.5f}")
        print(f"{lines[-1]}, {seconds:.0f} seconds", flush=True)
    PATH.write_text("\n".join(lines) + "\n", encoding="ascii")
