"""helpers.recipes: what they train is what the chapters write out, on the right pictures."""

import helpers  # first: it tells TensorFlow how to compute, which TensorFlow reads once

# isort: split
import numpy as np
import pytest
from scipy.stats import multivariate_normal

from helpers.recipes import beyond, code_sizes, common
from helpers.recipes.chapter import definitions


@pytest.fixture(autouse=True)
def seeded():
    helpers.setup()


def test_definitions_run_nothing_else_of_a_notebook():
    found = definitions("03_training.ipynb")
    assert vars(found) == {}
    found = definitions("07_beyond_the_basics.ipynb", "with_noise")
    assert list(vars(found)) == ["with_noise"]
    noisy = found.with_noise(np.zeros((2, 784), "float32"), seed=1)
    assert noisy.shape == (2, 784) and 0 == noisy.min() < noisy.max() <= 1


def test_a_definition_that_is_gone_is_named():
    with pytest.raises(ValueError, match="07_beyond_the_basics.ipynb does not define gone"):
        definitions("07_beyond_the_basics.ipynb", "kl", "gone")


def test_the_rate_sinks_to_zero_as_training_ends():
    optimizer = common.sinking(0.01, count=1001, epochs=3, batch=100)

    def rate(update: int) -> float:
        optimizer.iterations.assign(update)
        return float(optimizer.learning_rate)

    assert rate(0) == pytest.approx(0.01) and 0 == pytest.approx(rate(33), abs=1e-9)
    assert rate(32) > 1e-6


def test_code_sizes_trains_what_the_chapter_names(monkeypatch):
    monkeypatch.setattr(code_sizes.training, "fit", lambda *args, **kwargs: None)
    network = code_sizes.trained(4, 1, np.zeros((256, 784), "float32"))
    assert [layer.units for layer in network.layers[1:]] == [512, 4, 512, 784]


# What chapter 07 writes out, against a reference


def test_kl_is_the_expected_log_ratio_of_densities():
    kl = beyond.chapter.kl
    mean, log_variance = np.array([[0.7, -1.2]]), np.array([[-1.0, 0.4]])
    covariance = np.diag(np.exp(log_variance[0]))
    drawn = np.random.default_rng(0).multivariate_normal(mean[0], covariance, 400_000)
    ratio = multivariate_normal(mean[0], covariance).logpdf(drawn)
    ratio = ratio - multivariate_normal([0, 0]).logpdf(drawn)
    assert float(kl(mean, log_variance)[0]) == pytest.approx(ratio.mean(), abs=0.01)
    assert kl(np.zeros((3, 2)), np.zeros((3, 2))).shape == (3,)
    assert float(np.abs(kl(np.zeros((3, 2)), np.zeros((3, 2)))).max()) == 0


def test_sample_draws_from_the_cloud_and_charges_for_it():
    layer = beyond.chapter.Sample()
    mean = np.tile(np.array([[2.0, -1.0]], "float32"), (100_000, 1))
    log_variance = np.tile(np.log(np.array([[0.25, 4.0]], "float32")), (100_000, 1))
    drawn = np.asarray(layer(mean, log_variance))
    np.testing.assert_allclose(drawn.mean(axis=0), [2, -1], atol=0.03)
    np.testing.assert_allclose(drawn.var(axis=0), [0.25, 4], rtol=0.03)
    assert not np.array_equal(drawn, np.asarray(layer(mean, log_variance))), "always the same"
    assert float(layer.losses[0]) == pytest.approx((4 + 0.25 + 1 + 4 - 2) / 2, abs=1e-3)


def test_neighbour_loss_is_a_cross_entropy():
    layer = beyond.chapter.KeepNeighbours()
    codes, near = np.random.default_rng(0).normal(size=(2, 6, 2)).astype("float32")
    np.testing.assert_array_equal(layer(codes, near), codes)
    similar = 1 / (1 + ((codes[:, None] - near[None]) ** 2).sum(axis=2))
    expected = -np.log(np.diag(similar) / similar.sum(axis=1)).mean()
    assert float(layer.losses[0]) == pytest.approx(expected, abs=1e-5)
