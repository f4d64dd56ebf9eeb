"""A map of codes: what it measures, against scikit-learn and by hand, and what it refuses."""

import helpers  # first: it tells TensorFlow how to compute, which TensorFlow reads once

# isort: split
import keras
import numpy as np
import pytest
from sklearn.metrics import pairwise_distances

from helpers import data, models
from helpers.widgets.latent_map import LatentMap


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray]:
    helpers.setup()
    return data.load_mnist()[1]


@pytest.fixture(scope="module")
def autoencoder(digits) -> keras.Model:
    return models.load_autoencoder()


@pytest.fixture(scope="module")
def latent_map(autoencoder, digits) -> LatentMap:
    return LatentMap.of(autoencoder, *digits)


def with_code(kernel: np.ndarray) -> keras.Model:
    """Return a small network with these weights, (4, 2), before its code."""
    network = models.build_autoencoder((4,))
    network.get_layer("code").set_weights([kernel, np.zeros(2)])
    return network


def test_codes_and_errors_are_those_of_the_network(latent_map, autoencoder, digits):
    flat = digits[0].reshape(-1, 784).astype("float32") / 255
    encoder, _ = models.split(autoencoder)
    np.testing.assert_allclose(latent_map.codes, encoder(flat), atol=1e-4)
    errors = ((np.array(autoencoder(flat)) - flat) ** 2).mean(axis=1)
    np.testing.assert_allclose(latent_map.errors, errors, atol=1e-5)


def test_it_keeps_the_digits_as_they_came(latent_map, digits):
    assert np.array_equal(latent_map.images, digits[0])
    assert np.array_equal(latent_map.labels, digits[1])


def test_near_and_far_are_what_codes_are_from_each_other(latent_map):
    apart = pairwise_distances(latent_map.codes)
    np.fill_diagonal(apart, np.inf)
    to_the_nearest = apart.min(axis=1)
    assert (to_the_nearest <= latent_map.near).mean() == pytest.approx(0.9, abs=0.002)
    assert (to_the_nearest <= latent_map.far).mean() == pytest.approx(0.99, abs=0.002)


def test_the_window_holds_96_of_100_on_each_axis_and_starts_in_their_middle(latent_map):
    codes = latent_map.codes
    assert (codes < latent_map.low).mean(axis=0) == pytest.approx(0.02, abs=0.001)
    assert (codes > latent_map.high).mean(axis=0) == pytest.approx(0.02, abs=0.001)
    assert (codes < latent_map.start).mean(axis=0) == pytest.approx(0.5, abs=0.001)


@pytest.mark.parametrize(("scale", "decimals"), [(1, 2), (0.01, 4), (100, 1)])
def test_decimals_show_a_step_whatever_the_scale(scale, decimals, digits):
    network = models.load_autoencoder()
    code = network.get_layer("code")
    code.set_weights([weight * scale for weight in code.get_weights()])
    found = LatentMap.of(network, digits[0][:50], digits[1][:50])
    step = (found.high - found.low).min() / 100
    assert found.decimals == decimals and (decimals == 1 or step < 10 ** (1 - decimals))
    assert step >= 10.0**-decimals


def test_lists_will_do(digits):
    found = LatentMap.of(with_code(np.eye(4, 2)), list(digits[0][:9]), list(digits[1][:9]))
    assert found.codes.shape == (9, 2)


@pytest.mark.parametrize("axis", [0, 1])
def test_a_dead_axis_runs_through_the_middle(axis, digits):
    kernel = np.eye(4, 2)
    kernel[:, axis] = 0
    found = LatentMap.of(with_code(kernel), digits[0][:50], digits[1][:50])
    assert (found.high > found.low).all()
    assert (found.low[axis] + found.high[axis]) / 2 == pytest.approx(found.codes[0, axis])


# What it refuses


def refusal(*arguments) -> str:
    with pytest.raises(ValueError) as error:
        LatentMap.of(*arguments)
    said = str(error.value)
    assert "\n" not in said and said.endswith(".")
    return said


@pytest.mark.parametrize("count", [(0, 0), (1, 1), (5, 4)])
def test_too_few_images_or_labels(count, autoencoder, digits):
    many, few = count
    said = refusal(autoencoder, digits[0][:many], digits[1][:few])
    assert f"{many} images and {few} labels" in said and "images_test and y_test" in said


@pytest.mark.parametrize("kind", ["flat floats", "floats", "flat bytes"])
def test_images_prepared_for_training(kind, autoencoder, digits):
    images = {
        "flat floats": digits[0].reshape(-1, 784).astype("float32") / 255,
        "floats": digits[0].astype("float32") / 255,
        "flat bytes": digits[0].reshape(-1, 784),
    }[kind]
    said = refusal(autoencoder, images, digits[1])
    assert f"{images.shape}" in said and f"{images.dtype}" in said and "load_mnist()" in said


@pytest.mark.parametrize(
    "labels", [[12, 1, 2], [-1, 1, 2], ["a", "b", "c"], [1.0, 2.0, 3.0], [[1], [2], [3]]]
)
def test_labels_that_are_no_digits(labels, autoencoder, digits):
    said = refusal(autoencoder, digits[0][:3], np.array(labels))
    assert "labels have shape" in said and "0 to 9" in said and "y_test" in said


def test_codes_that_are_no_numbers(digits):
    said = refusal(with_code(np.full((4, 2), np.nan)), digits[0][:9], digits[1][:9])
    assert "9 of 9 codes are not finite" in said and "smaller learning rate" in said


@pytest.mark.parametrize("size", [1, 3])
def test_a_code_of_another_size(size, digits):
    said = refusal(models.build_autoencoder((), size), digits[0][:5], digits[1][:5])
    assert f"code has {size} numbers" in said and "two axes" in said and "code_size=2" in said


def test_a_network_without_a_code(digits):
    image = keras.Input((784,))
    nameless = keras.Model(image, keras.layers.Dense(784)(keras.layers.Dense(2)(image)))
    assert 'none is named "code"' in refusal(nameless, digits[0][:5], digits[1][:5])


def test_a_network_for_other_pictures(digits):
    image = keras.Input((64,))
    code = keras.layers.Dense(2, name="code")(image)
    network = keras.Model(image, keras.layers.Dense(64)(code))
    said = refusal(network, digits[0][:9], digits[1][:9])
    assert "64 numbers to 64" in said and "784 pixels" in said
