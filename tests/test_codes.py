"""What ships for chapter 06: two networks that never saw its test images, and a table of errors."""

import helpers  # first: it tells TensorFlow how to compute, which TensorFlow reads once

# isort: split
import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from helpers import data, models
from helpers.recipes import code_sizes

SIZES = [1, 2, 4, 8, 16, 32, 64]


@pytest.fixture(autouse=True)
def seeded():
    helpers.setup()


def flat(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1).astype("float32") / 255


@pytest.fixture(scope="module")
def digits():
    (x_train, y_train), (x_test, y_test) = data.load_mnist()
    return flat(x_train), y_train, flat(x_test), y_test


@pytest.fixture(scope="module")
def table() -> np.ndarray:
    return np.loadtxt(code_sizes.PATH, delimiter=",", skiprows=1)


@pytest.mark.parametrize(("size", "error", "neighbours"), [(2, 0.036, 0.74), (32, 0.0086, 0.92)])
def test_shipped_networks(size, error, neighbours, digits):
    x_train, y_train, x_test, y_test = digits
    path = models.ASSETS / f"code_{size}.keras"
    network = models.load_autoencoder(path)
    encoder, _ = models.split(network)
    assert path.stat().st_size < 1_000_000
    assert encoder.output_shape == (None, size)
    assert not network.compiled and network.count_params() * 4 > 0.9 * path.stat().st_size
    assert ((network.predict(x_test, verbose=0) - x_test) ** 2).mean() < error
    codes, test_codes = (encoder.predict(x, verbose=0) for x in (x_train, x_test))
    assert KNeighborsClassifier(5).fit(codes, y_train).score(test_codes, y_test) > neighbours


def test_table_falls_and_beats_pca(table):
    sizes, epochs, by_network, by_pca = table.T
    assert sizes.tolist() == [*SIZES, 64]
    assert list(zip(sizes, epochs, strict=True)) == code_sizes.RUNS
    assert (np.diff(by_network) < 0).all() and (by_network < by_pca).all()
    assert by_network[-1] <= 0.0020, "a quarter above the 0.0016 that is published"


def test_recipe_is_the_one_that_the_chapter_names(monkeypatch):
    monkeypatch.setattr(code_sizes.training, "fit", lambda *args, **kwargs: None)
    network = code_sizes.trained(4, 1, np.zeros((256, 784), "float32"))
    assert [layer.units for layer in network.layers[1:]] == [512, 4, 512, 784]
