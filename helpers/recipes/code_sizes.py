"""Measure the reconstruction error of seven code sizes, as chapter 06 shows it.

    python -m helpers.recipes.code_sizes

needs all of MNIST (see README) and about ten minutes. It writes code_sizes.csv into assets: for
each size the mean squared error of the network and of PCA on MNIST's 10,000 test images, both
fitted on the 60,000 training images. The last row is size 64 once more, trained for longer.
Activation and rate were picked at size 64 with 5,000 of the training images held out.
"""

import time

import keras
import numpy as np
from sklearn.decomposition import PCA

import helpers
from helpers import models, training
from helpers.recipes.common import all_of_mnist, sinking
from helpers.shipped import file_of

SHORT, LONG = 15, 40  # epochs
RUNS = [(size, SHORT) for size in (1, 2, 4, 8, 16, 32, 64)] + [(64, LONG)]
BATCH, RATE = 128, 0.005


def trained(size: int, epochs: int, x: np.ndarray) -> keras.Model:
    """Train 784-512-size-512-784 on x, float32 (n, 784) in [0, 1]."""
    keras.utils.set_random_seed(0)
    network = models.build_autoencoder(hidden=(512,), code_size=size, activation="elu")
    network.compile(sinking(RATE, len(x), epochs, BATCH), loss="binary_crossentropy")
    training.fit(network, x, epochs=epochs, batch_size=BATCH)
    return network


def measure(size: int, epochs: int, x: np.ndarray, x_test: np.ndarray) -> tuple[float, ...]:
    """Train a network and fit PCA on x; both are measured on x_test, float32 (n, 784) in [0, 1].

    Returns:
        The test MSE of the network and of PCA, and the seconds that the training took.
    """
    start = time.perf_counter()
    network = trained(size, epochs, x)
    seconds = time.perf_counter() - start
    pca = PCA(size, random_state=0).fit(x)
    by_pca = models.mse(pca.inverse_transform(pca.transform(x_test)), x_test)
    by_network = models.mse(network.predict(x_test, batch_size=1000, verbose=0), x_test)
    return by_network, by_pca, seconds


if __name__ == "__main__":
    helpers.setup(script=True)
    x, _, x_test, _ = all_of_mnist()
    lines = ["code size,epochs,network test MSE,PCA test MSE"]
    for size, epochs in RUNS:
        by_network, by_pca, seconds = measure(size, epochs, x, x_test)
        lines.append(f"{size},{epochs},{by_network:.5f},{by_pca:.5f}")
        print(f"{lines[-1]}, {seconds:.0f} seconds", flush=True)
    file_of("code_sizes").write_text("\n".join(lines) + "\n", encoding="ascii")
