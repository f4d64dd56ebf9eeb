"""How good the shipped autoencoder is on all of MNIST, and what chapter 06's two never saw."""

import numpy as np
from benchmarks.report import record, table
from sklearn.neighbors import KNeighborsClassifier

from helpers import data, models
from helpers.recipes import held_out


def test_shipped_model(full_mnist, monkeypatch):
    monkeypatch.setenv("COURSE_MNIST", str(full_mnist))
    (x_train, y_train), (x_test, y_test) = data.load_mnist(full=True)
    x_train, x_test = (x.reshape(len(x), -1).astype("float32") / 255 for x in (x_train, x_test))
    autoencoder = models.load_autoencoder()
    encoder, _ = models.split(autoencoder)
    restored = autoencoder.predict(x_test, batch_size=1000, verbose=0)
    codes, test_codes = (encoder.predict(x, batch_size=1000, verbose=0) for x in (x_train, x_test))
    error = ((restored - x_test) ** 2).mean()
    accuracy = KNeighborsClassifier(5).fit(codes, y_train).score(test_codes, y_test)
    table(
        "Shipped autoencoder, 10,000 test images, neighbours among the 60,000",
        ("", "here", "target"),
        ("mean squared error", f"{error:.4f}", "<= 0.0345"),
        ("5-NN accuracy of codes", f"{accuracy:.4f}", ">= 0.81"),
        ("file, MB", f"{models.TRAINED.stat().st_size / 1e6:.2f}", "<= 1.2"),
    )
    assert error <= 0.0345 and accuracy >= 0.81
    record(models.TRAINED)


def test_training_left_out_the_bundled_test_images(full_mnist, monkeypatch):
    monkeypatch.setenv("COURSE_MNIST", str(full_mnist))
    x = held_out.unseen()
    assert x.shape == (59_000, 784) and x.dtype == np.float32 and x.max() == 1
    seen = {image.tobytes() for image in x}
    _, (images, _) = data.load_mnist()
    x_test = images.reshape(-1, 784).astype("float32") / 255
    assert not any(image.tobytes() in seen for image in x_test)
    for size in held_out.RECIPES:
        record(models.ASSETS / f"code_{size}.keras")
