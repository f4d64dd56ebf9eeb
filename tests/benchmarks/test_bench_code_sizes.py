"""Seven code sizes on all 60,000 images, and 64 once more for longer: 0.0016 is published there."""

import contextlib

import pytest
from benchmarks.report import record, table
from sklearn.decomposition import PCA

from helpers import models
from helpers.recipes import code_sizes, common
from helpers.shipped import path_of


def test_code_sizes(full_mnist, monkeypatch):
    monkeypatch.setenv("COURSE_MNIST", str(full_mnist))
    x_train, _, x_test, _ = common.all_of_mnist()
    rows = [("code size", "epochs", "test MSE", "PCA", "seconds")]
    for size, epochs in code_sizes.RUNS:
        with contextlib.redirect_stdout(None):  # its lines of progress would tear the table
            by_network, by_pca, seconds = code_sizes.measure(size, epochs, x_train, x_test)
        errors = f"{by_network:.5f}", f"{by_pca:.5f}"
        rows.append((f"{size}", f"{epochs}", *errors, f"{seconds:.0f}"))
    rows.append(("target at 64", "", "<= 0.00200", "", "<= 180"))
    table("784-512-code-512-784, 60,000 images, 10,000 test images", *rows)


def test_table_has_the_errors_of_pca(full_mnist, monkeypatch):
    monkeypatch.setenv("COURSE_MNIST", str(full_mnist))
    x_train, _, x_test, _ = common.all_of_mnist()
    mean = x_train.mean(axis=0)
    axes = PCA(64, svd_solver="covariance_eigh").fit(x_train).components_
    for size, _, _, by_pca in models.recorded("code_sizes"):
        kept = axes[: int(size)]
        restored = mean + (x_test - mean) @ kept.T @ kept
        assert models.mse(restored, x_test) == pytest.approx(by_pca, abs=5e-5)
    record(path_of("code_sizes", ".csv"))
