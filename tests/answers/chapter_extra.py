"""Answers to the exercises of the extra chapter."""

from functools import cache

import numpy as np

from answers.course import Answers, Course, run

NAMES = [f"face_{i}.png" for i in range(50)]  # what the notebook calls the first pictures


def decoded(course: Course, *codes: np.ndarray) -> np.ndarray:
    """Return the shipped decoder's picture of the mean of some codes."""
    return run(course.decoder, np.mean(codes, axis=0)[None])


def halfway(course: Course) -> np.ndarray:
    return decoded(course, *course.codes[:2])


def touched(picture: np.ndarray, change: float) -> np.ndarray:
    """Return the picture with one pixel changed."""
    picture = picture.ravel().copy()
    picture[400] += change
    return picture


@cache
def by_error(course: Course) -> list[str]:
    """Return the names of the first 50 pictures, the one that is copied best first."""
    copies = run(course.deep, course.x[:50])
    return [NAMES[i] for i in ((copies - course.x[:50]) ** 2).mean(axis=1).argsort()]


ANSWERS = {
    "extra.1": Answers(
        right=[300, 300.0, "300", np.int64(300)],
        wrong=[
            (400, "400 is the whole width"),
            (100, "100 columns are cut away, 50 on either side"),
            (350, "only one side"),
            (28, "28 columns come out"),
            (280, "280 is too low"),
            (299, "299 is too low"),
            (301, "301 is too high"),
        ],
    ),
    "extra.2": Answers(
        right=[
            halfway,
            lambda c: halfway(c)[0],
            lambda c: halfway(c).reshape(28, 28).tolist(),
            lambda c: c.decoder((c.codes[:1] + c.codes[1:2]) / 2),
            lambda c: touched(halfway(c), 0.0199),
            lambda c: touched(halfway(c), -0.0199),
        ],
        wrong=[
            (lambda c: c.codes[:2].mean(axis=0), "these 2 numbers are a code: give it to decoder"),
            (lambda c: c.x[:2].mean(axis=0), "both pictures shine through: mix the codes"),
            (lambda c: touched(c.x[:2].mean(axis=0), 0.0199), "both pictures shine through"),
            (lambda c: touched(c.x[:2].mean(axis=0), 0.0201), "your pixels are off by 0."),
            (lambda c: decoded(c, c.codes[0]), "this is picture 0 alone"),
            (lambda c: decoded(c, c.codes[1]), "this is picture 1 alone"),
            (lambda c: touched(decoded(c, c.codes[0]), 0.0199), "this is picture 0 alone"),
            (lambda c: touched(decoded(c, c.codes[1]), 0.0201), "your pixels are off by 0."),
            (lambda c: touched(halfway(c), 0.0201), "your pixels are off by 0.000"),
            (lambda c: decoded(c, c.codes[2], c.codes[3]), "your pixels are off by 0."),
            (lambda c: c.x[:2], "a picture has 784 numbers; you gave 1568"),
        ],
        given=lambda c: {"decoder": c.decoder, "codes": c.codes, "pictures": c.x},
    ),
    "extra.3": Answers(
        right=[lambda c: by_error(c)[-1], lambda c: np.array(by_error(c))[-1]],
        wrong=[
            (lambda c: by_error(c)[0], "that one is copied best: argmax finds the largest"),
            (lambda c: by_error(c)[1], "48 of 50 held-out pictures are copied worse"),
            (lambda c: by_error(c)[-2], "1 of 50 held-out pictures are copied worse"),
            (lambda c: by_error(c)[20], "29 of 50 held-out pictures are copied worse"),
            ("face_99.png", "no held-out picture is called face_99.png"),
        ],
        given=lambda c: {"autoencoder": c.deep, "pictures": c.x[:50], "names": NAMES},
    ),
}
