"""Answers to the exercises of chapter 05."""

from functools import cache

import numpy as np
from sklearn.neighbors import NearestNeighbors

from answers.course import Answers, Course, at_limit


@cache
def crowds(course: Course) -> tuple[np.ndarray, np.ndarray]:
    """Return many points of the map, (n, 2), and the labels of the 20 nearest codes, (n, 20)."""
    low, high = course.codes.min(axis=0), course.codes.max(axis=0)
    points = np.concatenate([course.codes, grid(low, high, 100)])
    index = NearestNeighbors(n_neighbors=20).fit(course.codes)
    return points, course.labels[index.kneighbors(points)[1]]


def grid(low: np.ndarray, high: np.ndarray, steps: int) -> np.ndarray:
    axes = [np.linspace(low[k], high[k], steps) for k in (0, 1)]
    return np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)


def among(course: Course, digit: int) -> np.ndarray:
    """Return the point which has most of a digit among its 20 nearest."""
    points, around = crowds(course)
    return points[(around == digit).sum(axis=1).argmax()]


def shared(course: Course) -> np.ndarray:
    """Return a point with about as many 4s as 9s among its 20 nearest."""
    points, around = crowds(course)
    return points[np.minimum((around == 4).sum(axis=1), (around == 9).sum(axis=1)).argmax()]


def with_just(course: Course, fours: range, nines: range) -> np.ndarray:
    """Return a point which has so many 4s and so many 9s among its 20 nearest."""
    points, around = crowds(course)
    found = np.isin((around == 4).sum(axis=1), fours) & np.isin((around == 9).sum(axis=1), nines)
    return points[found.argmax()]


@cache
def emptiest(course: Course) -> np.ndarray:
    """Return the point in the inner part that is farthest from every code."""
    points = grid(*course.inner, 60)
    return points[[to_code(course, point) for point in points].index(farthest(course))]


@cache
def farthest(course: Course) -> float:
    return max(to_code(course, point) for point in grid(*course.inner, 60))


def to_code(course: Course, point: np.ndarray) -> float:
    return np.linalg.norm(course.codes - point, axis=1).min()


def good_enough(course: Course, which: int) -> np.ndarray:
    """Return the point that is just near enough to a code (0), or just far enough (1)."""
    start = emptiest(course)
    code = course.codes[np.linalg.norm(course.codes - start, axis=1).argmin()]
    limit = 0.8 * farthest(course)
    return at_limit(code, start, lambda point: to_code(course, point), limit)[which]


def beside(course: Course, corner: int, share: float) -> np.ndarray:
    """Return a point outside the inner part, at a side, by a share of the part's width."""
    point = np.mean(course.inner, axis=0)
    low, high = course.inner
    point[0] = (low - share * (high - low), high + share * (high - low))[corner][0]
    return point


MANY = range(5, 21)
FEW = range(5)

ANSWERS = {
    "05.1": Answers(
        right=[
            shared,
            lambda c: shared(c).tolist(),
            lambda c: tuple(shared(c).round(2)),
            lambda c: with_just(c, fours=[5], nines=MANY),
            lambda c: with_just(c, fours=MANY, nines=[5]),
        ],
        wrong=[
            (lambda c: among(c, 4), "move towards the 9s"),
            (lambda c: among(c, 9), "move towards the 4s"),
            (lambda c: among(c, 0), "0 are 4s and 0 are 9s; move towards both"),
            (
                lambda c: with_just(c, fours=MANY, nines=[4]),
                "s and 4 are 9s; move towards the 9s",
            ),
            (
                lambda c: with_just(c, fours=[4], nines=MANY),
                "of the 20 nearest digits, 4 are 4s and",
            ),
            (lambda c: with_just(c, fours=[5], nines=FEW), "; move towards the 9s"),
            (lambda c: with_just(c, fours=[4], nines=FEW), "; move towards both"),
        ],
        given=lambda c: {"codes": c.codes, "labels": c.labels},
    ),
    "05.2": Answers(
        right=[
            emptiest,
            lambda c: emptiest(c)[None],
            lambda c: tuple(emptiest(c).round(2)),
            lambda c: good_enough(c, 1),
        ],
        wrong=[
            (lambda c: good_enough(c, 0), "from the nearest code, the best one"),
            (lambda c: c.codes[7], "your point is 0.0"),
            (lambda c: c.inner[1] + 1, "is outside the part"),
            (lambda c: [c.inner[0][0] - 1, c.inner[1][1]], "is outside the part"),
            (lambda c: beside(c, 0, 0.011), "is outside the part"),
            (lambda c: beside(c, 1, 0.011), "is outside the part"),
            (lambda c: beside(c, 0, 0.009), "from the nearest code, the best one"),
            (lambda c: beside(c, 1, 0.009), "from the nearest code, the best one"),
        ],
        given=lambda c: {"codes": c.codes, "low": c.inner[0], "high": c.inner[1]},
    ),
    "05.3": Answers(
        right=[
            lambda c: c.labels[7],
            lambda c: int(c.labels[7]),
            lambda c: str(c.labels[7]),
            lambda c: c.labels[np.array([[7]])],  # as kneighbors gives it
        ],
        wrong=[
            (lambda c: (c.labels[7] + 1) % 10, "the nearest code is another digit's"),
            (0, "some 0 may be near"),
            (9, "some 9 may be near"),
            (723, "723 is no digit"),
            (10, "10 is no digit"),
            (-1, "-1 is no digit"),
            (5.5, "5.5 is no digit"),
        ],
        given=lambda c: {"codes": c.codes, "labels": c.labels, "code": c.codes[7]},
    ),
}
