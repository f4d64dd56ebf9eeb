"""What travels to the page, read as helpers/widgets/payload.py describes it; and what does not."""

import helpers  # first: it tells TensorFlow how to compute, which TensorFlow reads once

# isort: split
import json
import zlib
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from helpers import data, models, plots
from helpers.widgets.latent_map import LatentMap
from helpers.widgets.payload import dense_layers, pack


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


def unpacked(payload: bytes) -> SimpleNamespace:
    """Read a payload as the page does, but by NumPy's own float16."""
    inside = zlib.decompress(payload)
    begin = 4 + int.from_bytes(inside[:4], "little")
    header = json.loads(inside[4:begin])
    points, epochs = header["points"], len(header["epochs"])
    shapes = [
        shape for rows, columns, _ in header["layers"] for shape in ((rows, columns), (columns,))
    ]
    shapes += [(points, 2), (points,), (epochs, header["replayed"], 2)]
    sizes = [int(np.prod(shape)) for shape in shapes]
    body = np.frombuffer(inside, np.uint8, offset=begin)
    high, low, labels, images = np.split(body, np.cumsum([sum(sizes), sum(sizes), points]))
    numbers = np.stack([low, high], axis=1).reshape(-1).view("<f2").astype(float)
    arrays = np.split(numbers, np.cumsum(sizes)[:-1])
    arrays = [array.reshape(shape) for array, shape in zip(arrays, shapes, strict=True)]
    *weights, codes, errors, replay = arrays
    corner, span = np.array(header["low"]), np.subtract(header["high"], header["low"])
    return SimpleNamespace(
        header=header, weights=weights, errors=errors, labels=labels,
        codes=corner + codes * span, replay=corner + replay * span,
        images=images.reshape(points, 28, 28),
    )  # fmt: skip


@pytest.fixture(scope="module")
def sent(autoencoder, latent_map) -> SimpleNamespace:
    """Return what is in the payload of the shipped network, with its replay."""
    return unpacked(pack(dense_layers(autoencoder), latent_map, models.recorded("film")))


def test_the_networks_weights(sent, autoencoder):
    assert sent.header["layers"] == [
        [784, 128, "gelu"], [128, 64, "gelu"], [64, 32, "gelu"], [32, 2, "linear"],
        [2, 32, "gelu"], [32, 64, "gelu"], [64, 128, "gelu"], [128, 784, "sigmoid"],
    ]  # fmt: skip
    assert sent.header["encoderLayers"] == 4
    for found, weight in zip(sent.weights, autoencoder.get_weights(), strict=True):
        np.testing.assert_array_equal(found, weight.astype("float16"))


def test_the_map(sent, latent_map, digits):
    images, labels = digits
    span = latent_map.high - latent_map.low
    assert np.abs((sent.codes - latent_map.codes) / span).max() < 0.001
    np.testing.assert_allclose(sent.errors, latent_map.errors, rtol=0.001)
    assert np.array_equal(sent.labels, labels)
    assert sent.header["levels"] == 5 == sent.images.max()
    assert np.abs(sent.images / 5 - images / 255).max() <= 0.1 + 1e-6


def test_the_header_says_how_to_read_the_map(sent, latent_map):
    header = sent.header
    for name in ("low", "high", "start"):
        np.testing.assert_allclose(header[name], getattr(latent_map, name))
    for name in ("near", "far", "decimals"):
        assert header[name] == getattr(latent_map, name)
    assert header["points"] == 1000


def test_one_digit_in_100_comes_back_worse_than_what_is_unlike_the_data(sent, latent_map):
    assert (latent_map.errors > sent.header["unlike"]).sum() == 10


def test_each_digit_has_its_colour_of_the_figures(sent):
    assert len(sent.header["colors"]) == 10
    for color, hue in zip(sent.header["colors"], plots.HUES, strict=True):
        np.testing.assert_allclose(to_rgb(color), hue, atol=0.5 / 255)


def test_the_typical_digits_lie_among_their_fellows(sent, latent_map, digits):
    typical = sent.header["typical"]
    assert [digits[1][i] for i in typical.values()] == [int(digit) for digit in typical]
    assert list(typical) == list("0123456789")
    for digit, i in typical.items():
        away = np.linalg.norm(latent_map.codes - latent_map.codes[i], axis=1)
        nearest = np.argsort(away)[1:11]
        assert (digits[1][nearest] == int(digit)).mean() >= 0.5


def test_a_replay_is_thinned_and_dense_at_its_start(sent, latent_map):
    replay = models.recorded("film")
    epochs = sent.header["epochs"]
    assert epochs[0] == 0 and epochs[-1] == len(replay) - 1 == 100 and len(epochs) <= 20
    assert epochs[1] <= 2 and (np.diff(epochs, 2) >= -1).all(), "early epochs closer together"
    assert sent.header["replayed"] == 250
    span = latent_map.high - latent_map.low
    assert np.abs((sent.replay - replay[epochs]) / span).max() < 0.002


def test_a_replay_of_many_digits_is_cut(autoencoder, latent_map):
    replay = np.stack([latent_map.codes * 0, latent_map.codes])
    found = unpacked(pack(dense_layers(autoencoder), latent_map, replay))
    assert found.header["epochs"] == [0, 1] and found.replay.shape == (2, 250, 2)


def test_no_replay(autoencoder, latent_map):
    found = unpacked(pack(dense_layers(autoencoder), latent_map, None))
    assert found.header["epochs"] == [] and found.replay.size == 0


def test_a_layer_without_bias_gets_one_of_zeros(digits):
    image = keras.Input((784,))
    code = keras.layers.Dense(2, name="code", use_bias=False)(image)
    network = keras.Model(image, keras.layers.Dense(784)(code))
    found = unpacked(pack(dense_layers(network), LatentMap.of(network, *digits), None))
    assert not found.weights[1].any() and found.weights[1].shape == (2,)


def test_the_same_in_the_same_out(autoencoder, latent_map, digits):
    again = LatentMap.of(autoencoder, *digits)
    layers = dense_layers(autoencoder)
    assert pack(layers, again, None) == pack(layers, latent_map, None)


# What the page cannot run


def network(*middle, activation=None) -> keras.Model:
    image = signal = keras.Input((784,))
    for layer in middle:
        signal = layer(signal)
    code = keras.layers.Dense(2, activation, name="code")(signal)
    return keras.Model(image, keras.layers.Dense(784)(code))


def refusal(function, *arguments) -> str:
    with pytest.raises(ValueError) as error:
        function(*arguments)
    said = str(error.value)
    assert "\n" not in said and said.endswith(".") and len(said) < 300
    return said


@pytest.mark.parametrize(
    ("autoencoder", "what"),
    [
        (lambda: network(keras.layers.BatchNormalization(name="norm")), "BatchNormalization"),
        (lambda: network(keras.layers.Reshape((28, 28)), keras.layers.Flatten()), "Reshape"),
        (lambda: network(activation="softplus"), "softplus"),
        (lambda: network(activation=lambda x: x * 2), "activation"),
    ],
)
def test_a_layer_of_another_kind(autoencoder, what):
    assert what in refusal(dense_layers, autoencoder())


@pytest.mark.parametrize("weight", [np.nan, np.inf, 1e6, -1e6])
def test_weights_that_do_not_fit_into_float16(weight):
    broken = network()
    kernel, bias = broken.get_layer("code").get_weights()
    broken.get_layer("code").set_weights([kernel, bias + weight])
    said = refusal(dense_layers, broken)
    assert '"code"' in said and "65,504" in said and "smaller learning rate" in said


@pytest.mark.parametrize(
    ("shape", "what"),
    [
        ((5, 30), "(5, 30)"),
        ((5, 30, 3), "(5, 30, 3)"),
        ((5, 1001, 2), "at most 1000"),
        ((5, 0, 2), "(5, 0, 2)"),
        ((0, 30, 2), "(0, 30, 2)"),
        ((1, 30, 2), "(1, 30, 2)"),
    ],
)
def test_a_replay_of_another_shape(shape, what, autoencoder, latent_map):
    assert what in refusal(pack, dense_layers(autoencoder), latent_map, np.zeros(shape))


@pytest.mark.parametrize("value", [0, np.nan])
def test_a_replay_of_another_network(value, autoencoder, latent_map):
    replay = np.full((5, 30, 2), value)
    assert "another network" in refusal(pack, dense_layers(autoencoder), latent_map, replay)


def test_a_replay_ends_where_the_map_is_but_for_a_twentieth(autoencoder, latent_map):
    span, layers = latent_map.high - latent_map.low, dense_layers(autoencoder)
    assert pack(layers, latent_map, np.stack([latent_map.codes + 0.045 * span] * 2))
    far = np.stack([latent_map.codes + 0.055 * span] * 2)
    assert "another network" in refusal(pack, layers, latent_map, far)
