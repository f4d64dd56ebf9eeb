"""The article's network on all 60,000 images: Keras's `fit` beside the course's."""

import contextlib
import time

import keras
from benchmarks.report import table

import helpers
from helpers import data, training


def three_layers() -> keras.Model:
    """Return the article's network, from the same random start each time."""
    helpers.setup(seed=0)
    image = keras.Input((784,))
    code = keras.layers.Dense(2)(image)
    autoencoder = keras.Model(image, keras.layers.Dense(784)(code))
    autoencoder.compile(optimizer="adam", loss="binary_crossentropy")
    return autoencoder


def literal(x) -> float:
    history = three_layers().fit(x, x, batch_size=32, epochs=5, verbose=0)
    return history.history["loss"][-1]


def ours(x) -> float:
    with contextlib.redirect_stdout(None):  # its lines of progress would tear the table
        return training.fit(three_layers(), x, epochs=5, batch_size=32)["loss"][-1]


def test_training(full_mnist, monkeypatch):
    monkeypatch.setenv("COURSE_MNIST", str(full_mnist))
    (x_train, _), _ = data.load_mnist(full=True)
    x_train = data.flatten(x_train)
    rows, took = [("", "loss", "seconds")], {literal: [], ours: []}
    losses = {}
    for fit in (literal, ours, literal, ours):  # in turns, so that a busy minute strikes both
        start = time.perf_counter()
        losses[fit] = fit(x_train)
        took[fit].append(time.perf_counter() - start)
        name = "autoencoder.fit" if fit is literal else "training.fit"
        rows.append((name, f"{losses[fit]:.4f}", f"{took[fit][-1]:.1f}"))
    apart, ratio = abs(losses[ours] - losses[literal]), min(took[ours]) / min(took[literal])
    rows.append(("difference, ratio", f"{apart:.4f}", f"{ratio:.2f}"))
    rows.append(("target", "<= 0.002", "<= 0.50"))
    table("784-2-784, linear output, 60,000 images, 5 epochs, batch 32", *rows)
    assert apart <= 0.002, "training.fit ends at another loss than Keras's fit"
