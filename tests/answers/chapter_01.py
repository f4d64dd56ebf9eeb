"""Answers to the exercises of chapter 01."""

import numpy as np

from answers.course import Answers

ANSWERS = {
    "01.1": Answers(
        right=[5, 5.0, np.int32(5), [5], np.array([[5]])],
        wrong=[
            (4, "share_lost(trained(mystery, 4), mystery)"),
            (100, "100 is the number of sensors"),
            (3, "3 was the first machine"),
            (6, "6 is too high"),
            # a hint is for its number and for what rounding makes of it
            (4 * (1 + 0.9e-6), "share_lost(trained(mystery, 4), mystery)"),
            (4 * (1 + 1.3e-6), "4.00001 is too low"),
        ],
    ),
    "01.2": Answers(
        right=[{"pixels": "C", "code": "B"}, {"code": " b", "pixels": "c "}],
        wrong=[
            (
                {"pixels": "B", "code": "B"},
                "by pixels, C is nearer: compare distance(pictures[0]",
            ),
            ({"pixels": "C", "code": "C"}, "by code, B is nearer: compare distance(codes[0]"),
            ({"pixels": "A", "code": "B"}, "one of the letters B and C"),
        ],
    ),
}
