"""helpers.latent: what sliders and explorer know of a map, against scikit-learn and by hand."""

import helpers  # first: it tells TensorFlow how to compute, which TensorFlow reads once

# isort: split
import keras
import numpy as np
import pytest
from sklearn.metrics import pairwise_distances

from helpers import data, models
from helpers.widgets import latent_map as latent


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray]:
    helpers.setup()
    return data.load_mnist()[1]


@pytest.fixture(scope="module")
def known(digits) -> latent.LatentMap:
    return latent.LatentMap(models.load_autoencoder(), *digits)


def test_codes_and_errors_are_those_of_the_network(known, digits):
    flat = digits[0].reshape(-1, 784).astype("float32") / 255
    autoencoder = models.load_autoencoder()
    encoder, _ = models.split(autoencoder)
    np.testing.assert_allclose(known.codes, encoder.predict(flat, verbose=0), atol=1e-4)
    errors = ((autoencoder.predict(flat, verbose=0) - flat) ** 2).mean(axis=1)
    np.testing.assert_allclose(known.errors, errors, atol=1e-5)


def test_near_and_far_are_what_codes_are_from_each_other(known):
    apart = pairwise_distances(known.codes)
    np.fill_diagonal(apart, np.inf)
    own = apart.min(axis=1)
    assert (own <= known.near).mean() == pytest.approx(0.9, abs=0.01)
    assert (own <= known.far).mean() == pytest.approx(0.99, abs=0.005)


def test_nearest(known):
    for point in np.random.default_rng(0).uniform(known.low, known.high, (20, 2)):
        index, distance = known.nearest(point)
        apart = pairwise_distances(known.codes, [point])[:, 0]
        assert index == apart.argmin() and distance == pytest.approx(apart.min(), rel=1e-4)


def test_the_picture_shows_the_point_and_its_digit(known):
    picture = known.picture(known.start, "A map.")
    left, right = picture.figure.axes
    (ring,) = left.lines
    np.testing.assert_allclose(np.ravel(ring.get_data()), known.start)
    _, decoder = models.split(models.load_autoencoder())
    decoded = decoder.predict(known.start[None], verbose=0).reshape(28, 28)
    np.testing.assert_allclose(right.images[0].get_array(), decoded, atol=1e-5)
    assert picture.alt == "A map."


def refusal(autoencoder, images, labels) -> str:
    with pytest.raises(ValueError) as error:
        latent.LatentMap(autoencoder, images, labels)
    said = str(error.value)
    assert "\n" not in said and said.endswith(".")
    return said


@pytest.mark.parametrize("count", [(0, 0), (1, 1), (5, 4)])
def test_too_few_images_or_labels(count, digits):
    many, few = count
    said = refusal(models.load_autoencoder(), digits[0][:many], digits[1][:few])
    assert f"{many} images and {few} labels" in said and "images_test and y_test" in said


def test_codes_that_are_no_numbers(digits):
    network = models.build_autoencoder((4,))
    network.get_layer("code").set_weights([np.full((4, 2), np.nan), np.zeros(2)])
    said = refusal(network, digits[0][:9], digits[1][:9])
    assert "9 of 9 codes are not finite" in said and "smaller learning rate" in said


@pytest.mark.parametrize(
    "labels", [[12, 1, 2], [-1, 1, 2], ["a", "b", "c"], [1.0, 2.0, 3.0], [[1], [2], [3]]]
)
def test_labels_that_are_no_digits(labels, digits):
    said = refusal(models.load_autoencoder(), digits[0][:3], np.array(labels))
    assert "labels have shape" in said and "0 to 9" in said and "y_test" in said


def test_a_network_for_other_pictures(digits):
    image = keras.Input((64,))
    code = keras.layers.Dense(2, name="code")(image)
    network = keras.Model(image, keras.layers.Dense(64)(code))
    said = refusal(network, digits[0][:9], digits[1][:9])
    assert "64 numbers to 64" in said and "784 pixels" in said


def test_lists_will_do(digits):
    network = models.build_autoencoder((4,))
    known = latent.LatentMap(network, list(digits[0][:9]), list(digits[1][:9]))
    assert known.codes.shape == (9, 2)


@pytest.mark.parametrize("axis", [0, 1])
def test_a_dead_axis_runs_through_the_middle(axis, digits):
    network = models.build_autoencoder((4,))
    kernel, bias = network.get_layer("code").get_weights()
    kernel[:, axis] = 0
    network.get_layer("code").set_weights([kernel, bias])
    known = latent.LatentMap(network, digits[0][:50], digits[1][:50])
    assert (known.high > known.low).all()
    assert (known.low[axis] + known.high[axis]) / 2 == pytest.approx(known.codes[0, axis])
