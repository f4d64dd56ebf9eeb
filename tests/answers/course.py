"""What the notebooks have at hand when they ask: images, shipped networks, codes."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
from sklearn.neighbors import NearestNeighbors

import helpers
from helpers import data, models
from helpers.codes import code_window


class Answers(NamedTuple):
    """Answers to an exercise; each is a value, or a function that makes it from the course."""

    right: list[Any]
    wrong: list[tuple[Any, str]]  # an answer, and a part of its explanation: the number, the reason
    given: Callable[["Course"], dict[str, Any]] = lambda course: {}  # beside the answer


class Course:
    """Made once; each part when an answer first asks for it.

    A judge is given fewer pictures than in the notebooks where as few show the same in less time.
    """

    def __init__(self, folder: Path):
        helpers.setup()
        self.folder = folder  # for what an answer saves

    @cached_property
    def _mnist(self):
        return data.load_mnist()

    @cached_property
    def x(self) -> np.ndarray:
        return flat(self._mnist[1][0])

    @property
    def labels(self) -> np.ndarray:
        return self._mnist[1][1]

    @cached_property
    def few(self) -> np.ndarray:
        """The first test pictures."""
        return self.x[:300]

    @cached_property
    def x_train(self) -> np.ndarray:
        return flat(self._mnist[0][0])

    @property
    def y_train(self) -> np.ndarray:
        return self._mnist[0][1]

    @cached_property
    def deep(self) -> keras.Model:
        return models.load_autoencoder()

    @cached_property
    def halves(self) -> tuple[keras.Model, keras.Model]:
        return models.split(self.deep)

    @property
    def encoder(self) -> keras.Model:
        return self.halves[0]

    @property
    def decoder(self) -> keras.Model:
        return self.halves[1]

    @cached_property
    def codes(self) -> np.ndarray:
        return run(self.encoder, self.x)

    @cached_property
    def inner(self) -> tuple[np.ndarray, np.ndarray]:
        """The corners of the inner part of the map, as notebook 05 takes it."""
        low, high = code_window(self.codes)
        return low + 0.2 * (high - low), high - 0.2 * (high - low)

    @cached_property
    def network(self) -> keras.Model:
        """The network of notebook 06, with a code of 32 numbers."""
        return models.shipped("held_out_32")

    @cached_property
    def copies(self) -> np.ndarray:
        """What the network of notebook 06 makes of the first test pictures."""
        return run(self.network, self.few)

    @cached_property
    def to_digits(self) -> NearestNeighbors:
        return NearestNeighbors(n_neighbors=1).fit(self.x_train)

    def away(self, pictures: np.ndarray) -> np.ndarray:
        """Return how far pictures are from the nearest training picture."""
        return self.to_digits.kneighbors(pictures.reshape(-1, 784))[0][:, 0]


def flat(images: np.ndarray) -> np.ndarray:
    return images.reshape(-1, 784).astype("float32") / 255


def run(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """Return what `predict` would, without its preparations, which take a tenth of a second."""
    return model(np.asarray(x, dtype="float32")).numpy()


def at_limit(near, far, measure: Callable[[Any], float], limit: float) -> tuple[Any, Any]:
    """Return two points on the way from near to far: the last below a limit, the first above it.

    Their distance is a thousandth of the way.
    """
    assert measure(near) < limit < measure(far)
    low, high = 0.0, 1.0
    for _ in range(10):
        middle = (low + high) / 2
        below = measure(near + middle * (far - near)) < limit
        low, high = (middle, high) if below else (low, middle)
    return near + low * (far - near), near + high * (far - near)
