"""helpers.explorer on Python's side; what the page does with it is in tests/browser."""

import helpers  # first: it tells TensorFlow how to compute, which TensorFlow reads once

# isort: split
import base64
import html
import json
import re
import zlib
from unittest.mock import patch

import keras
import numpy as np
import pytest

from helpers import data, models
from helpers.widgets import explorer

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray]:
    helpers.setup()
    return data.load_mnist()[1]


@pytest.fixture
def latent(digits) -> explorer.LatentExplorer:
    return explorer.LatentExplorer(models.load_autoencoder(), *digits)


def header(payload: bytes) -> dict:
    inside = zlib.decompress(payload)
    return json.loads(inside[4 : 4 + int.from_bytes(inside[:4], "little")])


def test_the_payload_says_what_is_in_it(latent, digits):
    told = header(latent.payload)
    assert told["layers"] == [
        [784, 128, "gelu"], [128, 64, "gelu"], [64, 32, "gelu"], [32, 2, "linear"],
        [2, 32, "gelu"], [32, 64, "gelu"], [64, 128, "gelu"], [128, 784, "sigmoid"],
    ]  # fmt: skip
    assert told["points"] == 1000 and told["epochs"] == []
    assert 0 < told["near"] < told["far"] and told["unlike"] > 0.05
    assert [int(digits[1][i]) for i in told["typical"].values()] == list(range(10))
    weights = models.load_autoencoder().count_params()
    inside = zlib.decompress(latent.payload)
    begin = 4 + int.from_bytes(inside[:4], "little")
    assert len(inside) - begin == 2 * (weights + 3 * 1000) + 1000 + 784_000
    assert told["encoderLayers"] == 4


def test_two_thousand_digits_and_a_film_stay_small(digits):
    (more, classes), _ = data.load_mnist()
    images = np.concatenate([digits[0], more[:1000]])
    labels = np.concatenate([digits[1], classes[:1000]])
    replay = np.load(models.REPLAY)
    latent = explorer.LatentExplorer(models.load_autoencoder(), images, labels, replay=replay)
    assert len(latent.payload) < 600_000 and len(html.escape(latent.to_html())) < 800_000
    assert header(latent.payload)["epochs"][-1] == 100


def test_the_same_in_the_same_out(latent, digits):
    again = explorer.LatentExplorer(models.load_autoencoder(), *digits)
    assert again.payload == latent.payload


def test_z_moves_both_numbers_in_one_message(latent):
    sent = []
    with patch.object(latent, "send_state", side_effect=lambda key=None: sent.append(set(key))):
        latent.z = np.array([0.25, -1.5], "float32")
    assert sent == [{"code_1", "code_2"}]
    assert latent.z.tolist() == [0.25, -1.5] == [latent.code_1, latent.code_2]


@pytest.mark.parametrize("point", [[1], [1, 2, 3], 0.5, [1, np.nan], [[1, 2]]])
def test_z_is_two_numbers(point, latent):
    before = latent.z
    with pytest.raises(ValueError, match=r"z was given .* two numbers: try z = \[0.5, -1\]\.$"):
        latent.z = point
    assert np.array_equal(latent.z, before)


def test_on_change_tells_each_move_once(latent):
    heard = []
    latent.on_change(lambda z: heard.append(z.tolist()))
    latent.set_state({"code_1": 1.0, "code_2": 2.0})  # as it comes from the page
    latent.set_state({"code_1": 1.0, "code_2": 2.0})
    latent.z = [3, 4]
    assert heard == [[1, 2], [3, 4]]


def test_the_page_holds_all_it_needs(latent):
    page = latent.to_html()
    assert not re.search(r"https?://(?!www\.w3\.org|yann\.lecun)", page), "asks the network"
    assert base64.b64decode(re.search(r'atob\("([^"]+)"\)', page)[1]) == latent.payload
    assert explorer.SCRIPT.read_text("utf-8") in page
    assert "</script" not in explorer.SCRIPT.read_text("utf-8")


def test_what_is_displayed(latent):
    shown = []
    with patch.object(explorer, "display", side_effect=lambda *a, **k: shown.append((a, k))):
        latent._ipython_display_()
    ((still,), _), ((bundle,), settings) = shown
    data_of_still, metadata = still._repr_mimebundle_()
    assert data_of_still["image/png"].startswith(b"\x89PNG") and metadata["image/png"]["alt"]
    assert settings["raw"] and VIEW in bundle and "image/png" not in bundle
    page = re.search(r'<iframe[^>]* srcdoc="([^"]*)"></iframe>$', bundle["text/html"])[1]
    assert html.unescape(page) == latent.to_html()
    assert 'sandbox="allow-scripts"' in bundle["text/html"]
    assert bundle["text/plain"] == still.alt


def refusal(*arguments, **named) -> str:
    with pytest.raises(ValueError) as error:
        explorer.LatentExplorer(*arguments, **named)
    said = str(error.value)
    assert "\n" not in said and said.endswith(".") and len(said) < 300
    return said


def network(*middle, activation=None) -> keras.Model:
    image = signal = keras.Input((784,))
    for layer in middle:
        signal = layer(signal)
    code = keras.layers.Dense(2, activation, name="code")(signal)
    return keras.Model(image, keras.layers.Dense(784)(code))


@pytest.mark.parametrize(
    ("autoencoder", "what"),
    [
        (lambda: network(keras.layers.BatchNormalization(name="norm")), "BatchNormalization"),
        (lambda: network(keras.layers.Reshape((28, 28)), keras.layers.Flatten()), "Reshape"),
        (lambda: network(activation="softplus"), "softplus"),
        (lambda: network(activation=lambda x: x * 2), "activation"),
        (lambda: models.build_autoencoder(code_size=3), "code has 3 numbers"),
        (lambda: models.build_autoencoder(code_size=1), "code has 1 numbers"),
    ],
)
def test_a_network_that_the_page_cannot_run(autoencoder, what, digits):
    assert what in refusal(autoencoder(), digits[0][:20], digits[1][:20])


def test_weights_that_are_no_numbers(digits):
    broken = models.build_autoencoder()
    kernel, bias = broken.get_layer("decoder_1").get_weights()
    broken.get_layer("decoder_1").set_weights([kernel, bias * np.nan])
    said = refusal(broken, digits[0][:20], digits[1][:20])
    assert '"decoder_1"' in said and "smaller learning rate" in said


def test_weights_that_do_not_fit_into_float16(digits):
    broken = models.build_autoencoder()
    kernel, bias = broken.get_layer("decoder_1").get_weights()
    broken.get_layer("decoder_1").set_weights([kernel, bias + 1e6])
    assert "65,504" in refusal(broken, digits[0][:20], digits[1][:20])


def test_no_points(digits):
    assert "0 images" in refusal(models.load_autoencoder(), digits[0][:0], digits[1][:0])


@pytest.mark.parametrize(
    ("replay", "what"),
    [
        (np.zeros((5, 30)), "(5, 30)"),
        (np.zeros((5, 30, 3)), "(5, 30, 3)"),
        (np.zeros((5, 31, 2)), "at most 30"),
        (np.zeros((0, 30, 2)), "(0, 30, 2)"),
        (np.zeros((1, 30, 2)), "(1, 30, 2)"),
        (np.zeros((5, 30, 2)), "another network"),
        (np.full((5, 30, 2), np.nan), "another network"),
    ],
)
def test_a_replay_that_does_not_fit(replay, what, digits):
    said = refusal(models.load_autoencoder(), digits[0][:30], digits[1][:30], replay=replay)
    assert what in said


def test_a_network_of_a_learner_with_one_dead_axis(digits):
    mine = models.build_autoencoder((16,), 2, activation="relu")
    kernel, bias = mine.get_layer("code").get_weights()
    kernel[:, 1] = 0
    mine.get_layer("code").set_weights([kernel, bias])
    told = header(explorer.LatentExplorer(mine, digits[0][:60], digits[1][:60]).payload)
    assert all(high > low for low, high in zip(told["low"], told["high"], strict=True))
