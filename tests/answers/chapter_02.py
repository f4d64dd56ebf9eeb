"""Answers to the exercises of chapter 02."""

import keras
import numpy as np

from answers.course import Answers
from helpers import models


def chain(*widths: int, name: str = "code", at: int = 1) -> keras.Model:
    """Build a chain of dense layers, of which the one at that place has that name."""
    signal = image = keras.Input((widths[0],), name="image")
    for i, width in enumerate(widths[1:], start=1):
        signal = keras.layers.Dense(width, name=name if i == at else f"layer_{i}")(signal)
    return keras.Model(image, signal)


def sequential(course) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((784,)),
            keras.layers.Dense(16, name="code"),
            keras.layers.Dense(784, activation="sigmoid"),
        ]
    )


ANSWERS = {
    "02.1": Answers(
        right=[(784 * 32 + 32) + (32 * 784 + 784), 50992.0, np.int64(50992)],
        wrong=[
            (2 * 784 * 32, "the biases are missing"),
            (784 * 32 + 32, "that is the first layer"),
            (32 * 784 + 784, "that is the second layer"),
            (3922, "for a code of 2"),
            (60000, "60000 is too high"),
            (50991, "50991 is too low"),
            (50993, "50993 is too high"),
        ],
    ),
    "02.2": Answers(
        right=[
            lambda c: chain(784, 16, 784),
            lambda c: models.build_autoencoder((), 16),
            sequential,
        ],
        wrong=[
            (lambda c: chain(784, 2, 784), "the code has 2 numbers; 16 are asked for"),
            (lambda c: chain(784, 15, 784), "the code has 15 numbers; 16 are asked for"),
            (lambda c: chain(784, 17, 784), "the code has 17 numbers; 16 are asked for"),
            (lambda c: chain(784, 16, 784, at=0), "the names are image, layer_1, layer_2"),
            (lambda c: chain(784, 16, 784, at=2), "the code has 784 numbers; 16"),
            (lambda c: chain(784, 16), "(None, 784) to (None, 16)"),
            (lambda c: chain(100, 16, 784), "(None, 100) to (None, 784); it should map 784 to"),
            (lambda c: models.build_autoencoder((64, 32), 16), "the code and nothing else"),
            (lambda c: chain(784, 16, 4, 784), "the code and nothing else"),
        ],
    ),
    "02.3": Answers(  # all layers: test_layer_puzzle_is_the_one_of_the_notebook
        right=["e", " E "],
        wrong=[("d", "128 is not the narrowest"), ("c", "c has 64 outputs"), ("b", "b has 256")],
    ),
}
