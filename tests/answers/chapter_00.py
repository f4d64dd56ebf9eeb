"""Answers to the exercises of chapter 00."""

import numpy as np

from answers.course import Answers

ANSWERS = {
    "00.1": Answers(
        right=[28 * 28, 784.0, np.int64(784), "784"],
        wrong=[
            (56, "28 + 28"),
            (783, "783 is too low"),
            (785, "785 is too high"),
            (784.1, "784.1 is too high"),
        ],
    ),
    "00.2": Answers(
        right=[
            "Shift+Enter",
            " shift + enter ",
            "SHIFT-RETURN",
            "Enter Shift",
            "<Shift>, then Enter",
            "Press Shift+Enter",
        ],
        wrong=[
            ("Ctrl+Enter", "stays on it"),
            ("cmd-enter", "stays on it"),
            ("Ctrl+Shift+Enter", "stays on it"),
            ("F5", "F5 does something else"),
            ("Enter", "Enter does something else"),
        ],
    ),
}
