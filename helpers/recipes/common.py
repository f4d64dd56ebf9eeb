"""What several recipes do: load all of MNIST, and let the learning rate sink to zero."""

import math

import keras
import numpy as np

from helpers import data


def all_of_mnist() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Load MNIST ready for training.

    Returns:
        x (60000, 784) and y (60000,), x_test (10000, 784) and y_test (10000,): images as float32
        in [0, 1], digits as uint8.

    Raises:
        DataError: as `data.load_mnist(full=True)` does.
    """
    (x, y), (x_test, y_test) = data.load_mnist(full=True)
    return data.flatten(x), y, data.flatten(x_test), y_test


def sinking(rate: float, count: int, epochs: int, batch: int) -> keras.optimizers.Adam:
    """Make an Adam whose rate sinks to zero along a cosine, just as training ends.

    Args:
        rate: the learning rate of the first update.
        count: how many images there are to train on.
        epochs: how often to go through them.
        batch: images to each update.
    """
    updates = epochs * math.ceil(count / batch)
    return keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(rate, updates))
