"""The networks of chapter 07: their weights load, fit, and are as good as the chapter says."""

import helpers  # first: it tells TensorFlow how to compute, which TensorFlow reads once

# isort: split
import ast
import json
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest
from scipy.stats import multivariate_normal

from helpers import data, models
from helpers.recipes import beyond

ASSETS = models.ASSETS
CHAPTER = Path(__file__).parents[1] / "notebooks" / "07_beyond_the_basics.ipynb"
# What the course promises of each, on the 10,000 test images of MNIST.
BARS = {
    "plain": {"mse": 0.012},
    "denoising": {"noisy_mse": 0.020},
    "convolutional": {"mse": 0.010},
    "variational": {"train_total": 1.03 * 146.95, "test_total": 1.03 * 146.95},
    "neighbours": {"mse": 0.0345},
    "plain_2": {"mse": 0.036},
}


@pytest.fixture(autouse=True)
def seeded():
    helpers.setup()


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    """Return 100 of the bundled test images, float32 (100, 784) in [0, 1]."""
    return data.load_mnist()[1][0][:100].reshape(-1, 784).astype("float32") / 255


def built(name: str) -> keras.Model:
    return beyond.NETWORKS[name][0]()


@pytest.mark.parametrize("name", beyond.NETWORKS)
def test_shipped_weights_load_and_are_small(name, digits):
    network = built(name)
    scores = models.load_weights(network, name)
    assert (ASSETS / f"beyond_{name}.npz").stat().st_size < 1_050_000
    with np.load(ASSETS / f"beyond_{name}.npz", allow_pickle=False) as stored:
        for i, weight in enumerate(network.get_weights()):
            assert weight.dtype == np.float32
            np.testing.assert_array_equal(weight, stored[f"weight_{i}"])
        assert scores == {k: float(stored[k]) for k in stored if not k.startswith("weight_")}
        assert len(stored.files) == len(network.get_weights()) + len(scores)
    if name != "denoising":  # which cannot take clean digits, as the chapter shows
        assert ((network.predict(digits, verbose=0) - digits) ** 2).mean() < 0.06
    for score, bar in BARS[name].items():
        assert scores[score] <= bar


def test_convolutional_has_fewer_weights_and_a_lower_error():
    dense, convolutional = built("plain"), built("convolutional")
    assert dense.get_layer("code").output.shape == convolutional.get_layer("code").output.shape
    assert convolutional.count_params() < dense.count_params() / 3
    errors = [
        models.load_weights(network, name)["mse"]
        for network, name in ((dense, "plain"), (convolutional, "convolutional"))
    ]
    assert errors[1] < errors[0]


def one_sentence(error, *parts) -> None:
    said = str(error.value)
    assert "\n" not in said and said.endswith(".") and all(part in said for part in parts), said


def test_unknown_name():
    with pytest.raises(ValueError) as error:
        models.load_weights(models.build_autoencoder(), "denoiser")
    one_sentence(
        error, '"denoiser"', "convolutional, denoising, neighbours, plain, plain_2, variational"
    )


@pytest.mark.parametrize(
    ("network", "parts"),
    [
        (lambda: models.build_autoencoder((128, 64), 2), ("(64, 2)", "(64, 16)")),
        (lambda: models.build_autoencoder((128, 64, 32), 16), ("(64, 32)", "(64, 16)")),
        (lambda: models.build_autoencoder((128,), 16), ("(128, 16)", "(128, 64)")),
    ],
)
def test_weights_that_do_not_fit_leave_the_network_as_it_was(network, parts):
    network = network()
    before = network.get_weights()
    with pytest.raises(ValueError) as error:
        models.load_weights(network, "plain")
    one_sentence(error, "notebook 07", *parts)
    for old, new in zip(before, network.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_weights_that_are_too_few(tmp_path, monkeypatch):
    shutil.copy(ASSETS / "beyond_plain.npz", tmp_path)
    monkeypatch.setattr(models, "ASSETS", tmp_path)
    longer = keras.Sequential([built("plain"), keras.layers.Dense(3)])
    with pytest.raises(ValueError) as error:
        models.load_weights(longer, "plain")
    one_sentence(error, "(784, 3)", "None")


# What the chapter teaches, against a reference


def chapter(*names: str) -> dict:
    """Run the chapter's own definitions of these functions and classes, and return them."""
    cells = json.loads(CHAPTER.read_text(encoding="utf-8"))["cells"]
    found = {"keras": keras, "layers": keras.layers, "ops": keras.ops, "np": np}
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and not source.startswith("%"):
            for node in ast.parse(source).body:
                if getattr(node, "name", None) in names:
                    exec(compile(ast.Module([node], []), str(CHAPTER), "exec"), found)
    assert set(names) <= set(found), f"{CHAPTER.name} does not define {names}"
    return found


@pytest.mark.parametrize("source", ["chapter", "script"])
def test_kl_is_the_expected_log_ratio_of_densities(source):
    kl = chapter("kl")["kl"] if source == "chapter" else beyond.kl
    mean, log_variance = np.array([[0.7, -1.2]]), np.array([[-1.0, 0.4]])
    covariance = np.diag(np.exp(log_variance[0]))
    drawn = np.random.default_rng(0).multivariate_normal(mean[0], covariance, 400_000)
    ratio = multivariate_normal(mean[0], covariance).logpdf(drawn)
    ratio = ratio - multivariate_normal([0, 0]).logpdf(drawn)
    assert float(kl(mean, log_variance)[0]) == pytest.approx(ratio.mean(), abs=0.01)
    assert kl(np.zeros((3, 2)), np.zeros((3, 2))).shape == (3,)
    assert float(np.abs(kl(np.zeros((3, 2)), np.zeros((3, 2)))).max()) == 0


@pytest.mark.parametrize("source", ["chapter", "script"])
def test_sample_draws_from_the_cloud_and_charges_for_it(source):
    Sample = chapter("kl", "Sample")["Sample"] if source == "chapter" else beyond.Sample
    layer = Sample()
    mean = np.tile(np.array([[2.0, -1.0]], "float32"), (100_000, 1))
    log_variance = np.tile(np.log(np.array([[0.25, 4.0]], "float32")), (100_000, 1))
    drawn = np.asarray(layer(mean, log_variance))
    np.testing.assert_allclose(drawn.mean(axis=0), [2, -1], atol=0.03)
    np.testing.assert_allclose(drawn.var(axis=0), [0.25, 4], rtol=0.03)
    assert not np.array_equal(drawn, np.asarray(layer(mean, log_variance))), "always the same"
    assert float(layer.losses[0]) == pytest.approx((4 + 0.25 + 1 + 4 - 2) / 2, abs=1e-3)


@pytest.mark.parametrize("source", ["chapter", "script"])
def test_neighbour_loss_is_a_cross_entropy(source):
    keep = chapter("KeepNeighbours") if source == "chapter" else vars(beyond)
    layer = keep["KeepNeighbours"]()
    codes, near = np.random.default_rng(0).normal(size=(2, 6, 2)).astype("float32")
    np.testing.assert_array_equal(layer(codes, near), codes)
    similar = 1 / (1 + ((codes[:, None] - near[None]) ** 2).sum(axis=2))
    expected = -np.log(np.diag(similar) / similar.sum(axis=1)).mean()
    assert float(layer.losses[0]) == pytest.approx(expected, abs=1e-5)
