"""Answers to the exercises of chapter 07."""

import keras
import numpy as np

from answers.course import Answers


def counted(course) -> int:
    layers = [keras.Input((14, 14, 16)), keras.layers.Conv2D(32, 3)]
    return keras.Sequential(layers).count_params()


ANSWERS = {
    "07.1": Answers(
        right=[
            {"A": "keep", "B": "add", "C": "remove"},
            {"C": " Remove", "A": "KEEP", "B": "add "},
        ],
        wrong=[
            ({"A": "remove", "B": "add", "C": "keep"}, "look again at A: the noise that goes in"),
            ({"A": "keep", "B": "remove", "C": "add"}, "look again at B: no noise goes in"),
            ({"A": "keep", "B": "add", "C": "add"}, "look again at C: noise goes in"),
            ({"A": "keeps", "B": "add", "C": "remove"}, "A is 'keeps', but the words are"),
        ],
    ),
    "07.2": Answers(
        right=[32 * (3 * 3 * 16 + 1), 4640.0, "4640", counted],
        wrong=[
            (3 * 3 * 16 * 32, "the biases are missing"),
            (3 * 3 * 32 + 32, "a window sees 16 numbers"),
            (3 * 3 * 32, "3 x 3 places, and biases are missing"),
            (3 * 3 * 16 + 1, "that is one output; there are 32"),
            (3 * 3 * 16, "that is one output without its bias"),
            (3 * 3 * 16 + 32, "its own 3 x 3 x 16 weights"),
            (7 * 7 * 4640, "the same weights serve all 7 x 7 places"),
            (160, "160 is the first convolution"),
            (5000, "5000 is too high"),
            (4639, "4639 is too low"),
            (4641, "4641 is too high"),
        ],
    ),
    "07.3": Answers(
        right=[
            2.5,
            "2.5",
            np.float32(2.5),
            lambda c: ((np.array([1, -2]) ** 2) / 2).sum(),
            # what the hint's expression gives: an array or a tensor of one number
            np.array([2.5]),
            lambda c: keras.ops.convert_to_tensor([2.5]),
            2.4951,
            2.5049,
        ],
        wrong=[
            (5, "divide by 2"),
            (5.0049, "divide by 2"),
            (5.0051, "5.0051 is too high"),
            (1.25, "the KL is their sum"),
            (-0.5, "(-2) squared is 4"),
            (-1.5, "the square of -2 is +4"),
            (0.5, "add the second's"),
            (2, "add the first's"),
            (1.5, "the squares of the means, 1 and 4"),
            (3.5, "a variance of 1 costs"),
            (2.7, "2.7 is too high"),
            (2.4949, "2.4949 is too low"),
            (2.5051, "2.5051 is too high"),
        ],
    ),
}
