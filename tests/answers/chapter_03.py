"""Answers to the exercises of chapter 03."""

import keras
import numpy as np

from answers.chapter_02 import chain
from answers.chapter_04 import copied, scaled
from answers.course import Answers
from helpers import models


def with_mse(course, wanted: float) -> keras.Model:
    """Return the shipped network, its output scaled up until it has that MSE."""
    y, x = course.copies.astype(float), course.few.astype(float)
    a, b, c = (y * y).mean(), (x * y).mean(), (x * x).mean()  # mse = a s^2 - 2 b s + c
    return scaled(course.network, (b + np.sqrt(b * b - a * (c - wanted))) / a)


ANSWERS = {
    "03.1": Answers(
        right=[
            lambda c: keras.losses.binary_crossentropy(c.x, 0 * c.x).numpy().mean(),
            lambda c: -np.log(1e-7) * float(c.x.mean()),
            lambda c: 16.1 * c.x.mean(),
            2.12,
            2.1052,
            2.1350,
        ],
        wrong=[
            (0, "if every pixel were paper"),
            (-np.log(1e-7), "one pixel of full ink"),
            (lambda c: c.x.mean(), "that is the mean ink"),
            (lambda c: keras.losses.binary_crossentropy(c.x, c.x).numpy().mean(), "the floor"),
            (-2.12, "minus the logarithm, so it is positive"),
            (2.5, "2.5 is too high"),
            (1.9, "1.9 is too low"),
            (2.1050, "2.105 is too low"),
            (2.1352, "2.1352 is too high"),
            (0.0149, "if every pixel were paper"),
            (0.0151, "0.0151 is too low"),
            (16.1329, "one pixel of full ink"),
            (16.1331, "16.1331 is too high"),
        ],
    ),
    "03.2": Answers(
        right=[{"A": 3, "B": 2, "C": 4}, {"C": "4", "B": 2.0, "A": np.int64(3)}],
        wrong=[
            ({"A": 1, "B": 2, "C": 4}, "look again at A: what is the target?"),
            ({"A": 3, "B": 5, "C": 4}, "look again at B: which values do the pixels have?"),
            ({"A": 3, "B": 2, "C": 3}, "look again at C: which network"),
        ],
    ),
    "03.3": Answers(
        right=[
            lambda c: c.network,
            lambda c: copied(c.network),
            lambda c: with_mse(c, 0.0299),
        ],
        wrong=[
            (lambda c: c.deep, "its MSE on x_test is ≈ 0.03"),
            (lambda c: with_mse(c, 0.0301), "its MSE on x_test is ≈ 0.0301; try a larger"),
            (lambda c: models.build_autoencoder(), "try a larger code_size"),
            (lambda c: c.encoder, "(None, 784) to (None, 2); it should map 784 to 784"),
            (lambda c: chain(784, 784, 784), "no layer of it is narrower"),
            (lambda c: chain(784, 783, 784), "its MSE on x_test is ≈ "),
            (0.02, "you gave 0.02, but a trained keras.Model"),
        ],
        given=lambda c: {"x_test": c.few},
    ),
}
