"""How good the shipped autoencoder is on all of MNIST, and what chapter 06's two never saw."""

import numpy as np
from benchmarks.report import record, table

from helpers import data, models
from helpers.codes import neighbour_accuracy
from helpers.recipes import held_out
from helpers.recipes.common import all_of_mnist
from helpers.shipped import path_of

TRAINED = path_of("autoencoder", ".keras")


def test_shipped_model(full_mnist, monkeypatch):
    monkeypatch.setenv("COURSE_MNIST", str(full_mnist))
    x_train, y_train, x_test, y_test = all_of_mnist()
    autoencoder = models.load_autoencoder()
    encoder, _ = models.split(autoencoder)
    restored = autoencoder.predict(x_test, batch_size=1000, verbose=0)
    codes, test_codes = (encoder.predict(x, batch_size=1000, verbose=0) for x in (x_train, x_test))
    error = models.mse(restored, x_test)
    accuracy = neighbour_accuracy(codes, y_train, test_codes, y_test)
    table(
        "Shipped autoencoder, 10,000 test images, neighbours among the 60,000",
        ("", "here", "target"),
        ("mean squared error", f"{error:.4f}", "<= 0.0345"),
        ("5-NN accuracy of codes", f"{accuracy:.4f}", ">= 0.81"),
        ("file, MB", f"{TRAINED.stat().st_size / 1e6:.2f}", "<= 1.2"),
    )
    assert error <= 0.0345 and accuracy >= 0.81
    record(TRAINED)


def test_training_left_out_the_bundled_test_images(full_mnist, monkeypatch):
    monkeypatch.setenv("COURSE_MNIST", str(full_mnist))
    x = held_out.unseen()
    assert x.shape == (59_000, 784) and x.dtype == np.float32 and x.max() == 1
    seen = {image.tobytes() for image in x}
    _, (images, _) = data.load_mnist()
    assert not any(image.tobytes() in seen for image in data.flatten(images))
    for size in held_out.RECIPES:
        record(path_of(f"held_out_{size}", ".keras"))
