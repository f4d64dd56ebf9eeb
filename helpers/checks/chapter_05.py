"""The exercises of chapter 05, the latent space."""

from typing import Any

import numpy as np

from helpers.checks.judging import Judgement, exercise, scalar

CROWD = 20  # how many of the nearest digits 05.1 looks at ...
OF_EACH = 5  # ... and how many 4s and how many 9s have to be among them
STEPS = 60  # along each axis, to look for the emptiest place
GOOD_SEARCH = 0.8  # of the distance that the emptiest place has
SLACK = 0.01  # of the window: the emptiest place may be at the edge, and answers are rounded


def _point(answer: Any) -> np.ndarray:
    point = np.asarray(answer, dtype=float).ravel()
    if point.size != 2:
        raise ValueError(f"a point has two numbers, not {point.size}")
    if not np.isfinite(point).all():
        raise ValueError("a point's numbers are finite")
    return point


def _distances(codes: np.ndarray, point: np.ndarray) -> np.ndarray:
    return np.hypot(*(codes - point).T)


@exercise("05.1", "two numbers, such as (0.5, -1.5)")
def place_between_4s_and_9s(answer: Any, codes: np.ndarray, labels: np.ndarray) -> Judgement:
    """Find a point with five 4s and five 9s among the 20 nearest codes."""
    nearest = np.argsort(_distances(codes, _point(answer)))[:CROWD]
    fours, nines = ((labels[nearest] == digit).sum() for digit in (4, 9))
    found = f"of the {CROWD} nearest digits, {fours} are 4s and {nines} are 9s"
    if min(fours, nines) >= OF_EACH:
        return True, f"{found}."
    missing = "both" if max(fours, nines) < OF_EACH else "the 4s" if fours < nines else "the 9s"
    return False, f"{found}; move towards {missing}, until there are five of each."


@exercise("05.2", "two numbers, such as (0.5, -1.5)")
def emptiest_place(answer: Any, codes: np.ndarray, low: np.ndarray, high: np.ndarray) -> Judgement:
    """Find the point between the corners low and high that is farthest from every code."""
    point = _point(answer)
    slack = SLACK * (high - low)
    if (point < low - slack).any() or (point > high + slack).any():
        return False, f"({point[0]:.2f}, {point[1]:.2f}) is outside the part that is asked for."
    across, up = np.meshgrid(*(np.linspace(low[k], high[k], STEPS) for k in (0, 1)))
    grid = np.column_stack([across.ravel(), up.ravel()])
    best = max(_distances(codes, place).min() for place in grid)
    yours = _distances(codes, point).min()
    found = f"your point is {yours:.2f} from the nearest code, the best one {best:.2f}"
    return yours >= GOOD_SEARCH * best, f"{found}."


@exercise("05.3", "a digit from 0 to 9")
def digit_beside_the_drawing(
    answer: Any, codes: np.ndarray, labels: np.ndarray, code: np.ndarray
) -> Judgement:
    """Find the label of the test picture whose code is nearest to the code of a drawing."""
    nearest = int(labels[_distances(codes, code).argmin()])
    value = scalar(answer)
    if value == nearest:
        return True, f"the drawing lands beside a {nearest}."
    if value not in range(10):
        return False, f"{value:g} is no digit: take the label, not the place in the list."
    return False, f"some {value:g} may be near, but the nearest code is another digit's."
