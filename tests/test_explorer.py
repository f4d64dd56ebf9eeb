"""LatentExplorer on Python's side; what the page does with it is in tests/browser."""

import helpers  # first: it tells TensorFlow how to compute, which TensorFlow reads once

# isort: split
import base64
import html
import re

import numpy as np
import pytest

from helpers import data, models
from helpers.widgets import LatentExplorer, explorer


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray]:
    helpers.setup()
    return data.load_mnist()[1]


@pytest.fixture(scope="module")
def latent(digits) -> LatentExplorer:
    return LatentExplorer(models.load_autoencoder(), digits[0][:60], digits[1][:60])


def test_two_thousand_digits_and_a_replay_stay_small(digits):
    (more, classes), _ = data.load_mnist()
    images = np.concatenate([digits[0], more[:1000]])
    labels = np.concatenate([digits[1], classes[:1000]])
    replay = models.recorded("film")
    large = LatentExplorer(models.load_autoencoder(), images, labels, replay=replay)
    assert len(large.payload) < 600_000 and len(html.escape(large.to_html())) < 800_000


def test_it_starts_in_the_middle_of_the_digits(digits):
    autoencoder = models.load_autoencoder()
    latent = LatentExplorer(autoencoder, digits[0][:60], digits[1][:60])
    encoder, _ = models.split(autoencoder)
    codes = encoder(digits[0][:60].reshape(-1, 784).astype("float32") / 255)
    np.testing.assert_allclose(latent.z, np.median(codes, axis=0), atol=1e-4)


def test_z_moves_both_numbers_in_one_message(latent, monkeypatch):
    sent = []
    monkeypatch.setattr(
        latent.comm, "send", lambda data=None, **more: sent.append(data["state"]), raising=False
    )
    latent.z = np.array([0.25, -1.5], "float32")
    assert sent == [{"code_1": 0.25, "code_2": -1.5}]
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
    script, style = (file.read_text("utf-8") for file in (explorer.SCRIPT, explorer.STYLE))
    assert script in page and style in page and "</script" not in script


@pytest.mark.parametrize(
    ("network", "count", "replay", "what"),
    [
        ({"activation": "softplus"}, 9, None, "softplus"),
        ({"code_size": 3}, 9, None, "code has 3 numbers"),
        ({}, 0, None, "0 images"),
        ({}, 9, np.zeros((5, 10, 2)), "at most 9"),
    ],
)
def test_what_it_refuses(network, count, replay, what, digits):
    images, labels = digits[0][:count], digits[1][:count]
    with pytest.raises(ValueError, match=what):
        LatentExplorer(models.build_autoencoder((4,), **network), images, labels, replay=replay)
