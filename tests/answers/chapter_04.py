"""Answers to the exercises of chapter 04."""

from functools import cache
from pathlib import Path

import keras

from answers.course import Answers, Course, run
from helpers import models

DECODER = ["decoder_1", "decoder_2", "decoder_3", "reconstruction"]


def rebuilt(course, *names: str) -> keras.Model:
    """Take layers of the shipped network by name; "new" stands for a layer of one's own."""
    signal = point = keras.Input((2,))
    for name in names:
        layer = keras.layers.Dense(784) if name == "new" else course.deep.get_layer(name)
        signal = layer(signal)
    return keras.Model(point, signal)


def scaled(model: keras.Model, scale: float, offset: float = 0) -> keras.Model:
    """Return a model that adds to the same layers one without weights."""
    return keras.Model(model.input, keras.layers.Rescaling(scale, offset)(model.output))


def copied(model: keras.Model) -> keras.Model:
    """Return a model of new layers with the same weights, as one that was saved and loaded."""
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    return copy


@cache
def files(course: Course) -> Path:
    """Return a folder with files that are an encoder, nearly one, or none."""
    saved = {
        "encoder": course.encoder,
        "whole": course.deep,
        "untrained": models.split(models.build_autoencoder())[0],
        "just_the_same": scaled(course.encoder, 1 + 2**-17),  # 0.8e-5 more
        "just_another": scaled(course.encoder, 1 + 2**-16),  # 1.5e-5 more
    }
    for name, model in saved.items():
        model.save(course.folder / f"{name}.keras")
    (course.folder / "notes.txt").write_text("my notes")
    return course.folder


@cache
def unscaled(course: Course):
    """Return the code that the given picture would have with pixels from 0 to 255."""
    return run(course.encoder, 255 * course.x[7:8])


ANSWERS = {
    "04.1": Answers(
        right=[
            lambda c: c.encoder.predict(c.x[7:8], verbose=0),
            lambda c: c.codes[7],
            lambda c: c.codes[7].tolist(),
            lambda c: c.codes[7].round(2),
            lambda c: c.codes[7] + [0, 0.059],
        ],
        wrong=[
            (lambda c: c.codes[7] + [0, 0.061], "0.06 away from the code"),
            (lambda c: c.codes[7] + [0.045, 0.045], "0.06 away from the code"),
            (lambda c: c.codes[7] + [3, 4], "5.00 away from the code"),
            (unscaled, "pixels from 0 to 255"),
            (lambda c: unscaled(c) + [0, 0.99], "pixels from 0 to 255"),
            (lambda c: unscaled(c) + [0, 1.01], " away from the code"),
            (lambda c: c.codes[:2], "2 numbers; you gave an array of shape (2, 2)"),
            (lambda c: c.codes[7, 0], "2 numbers; you gave an array of shape ()"),
        ],
        given=lambda c: {"encoder": c.encoder, "image": c.x[7]},
    ),
    "04.2": Answers(
        right=[
            lambda c: c.decoder,
            lambda c: rebuilt(c, *DECODER),
            lambda c: copied(c.decoder),
            lambda c: scaled(c.decoder, 1, 0.9e-4),
        ],
        wrong=[
            (lambda c: c.encoder, "(None, 784) to (None, 2); a decoder maps 2 numbers to 784"),
            (lambda c: c.deep, "(None, 784) to (None, 784)"),
            (lambda c: rebuilt(c, *DECODER[:3], "new"), "so their weights are untrained"),
            (
                lambda c: models.split(models.build_autoencoder())[1],
                "so their weights are untrained",
            ),
            (lambda c: rebuilt(c, *DECODER[:2], "new"), "so their weights are untrained"),
            (lambda c: scaled(c.decoder, 0.5), "it draws other pictures"),
            (lambda c: scaled(c.decoder, 1, 1.2e-4), "it draws other pictures"),
        ],
        given=lambda c: {"autoencoder": c.deep},
    ),
    "04.3": Answers(
        right=[
            lambda c: files(c) / "encoder.keras",
            lambda c: str(files(c) / "encoder.keras"),
            lambda c: files(c) / "just_the_same.keras",
        ],
        wrong=[
            (lambda c: str(files(c) / "other.keras"), "first run encoder.save("),
            (lambda c: files(c) / "whole.keras", "gives (None, 784), the encoder (None, 2)"),
            (lambda c: files(c) / "untrained.keras", "it gives other codes"),
            (lambda c: files(c) / "just_another.keras", "it gives other codes"),
            (lambda c: files(c) / "notes.txt", "the name of a file"),
        ],
        given=lambda c: {"encoder": c.encoder},
    ),
}
