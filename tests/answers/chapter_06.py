"""Answers to the exercises of chapter 06."""

from functools import cache

import numpy as np
from sklearn.neighbors import KNeighborsClassifier

from answers.course import Answers, Course, at_limit, run
from helpers import models


@cache
def pairs(course: Course) -> dict[str, np.ndarray]:
    """Return of all pairs of test pictures how far their codes are apart, and which are same."""
    first, second = np.triu_indices(len(course.few), k=1)
    codes = run(models.split(course.network)[0], course.few)
    return {
        "distance": np.linalg.norm(codes[first] - codes[second], axis=1),
        "same": course.labels[first] == course.labels[second],
    }


def found(course: Course, limit: float) -> float:
    """Return the share of the same pairs below a limit."""
    return (pairs(course)["distance"][pairs(course)["same"]] <= limit).mean()


def different(course: Course) -> np.ndarray:
    return pairs(course)["distance"][~pairs(course)["same"]]


def share(course: Course) -> float:
    """Return the right answer to 06.1."""
    return found(course, np.quantile(different(course), 0.05))


@cache
def drawn(course: Course) -> dict[str, np.ndarray]:
    """Return pictures that the decoder drew: 100 sevens, 100 threes, and 500 tangles."""
    encoder, decoder = models.split(course.network)
    codes = run(encoder, course.x_train)
    random = np.random.default_rng(0)

    def beside(codes: np.ndarray) -> np.ndarray:
        parents = codes[random.integers(len(codes), size=100)]
        return run(decoder, parents + 0.2 * random.normal(size=parents.shape))

    return {
        "sevens": beside(codes[course.y_train == 7]),
        "threes": beside(codes[course.y_train == 3]),
        "tangles": run(decoder, 2 * random.normal(size=(500, 32)) * codes.std(axis=0)),
    }


def sevens(course: Course) -> np.ndarray:
    return drawn(course)["sevens"].copy()


def own_sevens(course: Course) -> np.ndarray:
    """Return sevens of MNIST's."""
    return course.x_train[course.y_train == 7][:100]


def grainy(pictures: np.ndarray) -> np.ndarray:
    """Return the pictures with a noise that nobody sees."""
    noise = np.random.default_rng(0).normal(0, 0.02, pictures.shape)
    return np.clip(pictures + noise, 0, 1)


def framed(pictures: np.ndarray) -> np.ndarray:
    """Return the pictures with ink in two corners."""
    pictures = pictures.copy()
    pictures[:, [0, 783]] = 1
    return pictures


def shifted(pictures: np.ndarray, distance: float) -> np.ndarray:
    """Return the pictures with some grey on the paper of their middle, that far from each."""
    middle = np.zeros((28, 28), bool)
    middle[4:24, 4:24] = True
    paper = (pictures < 0.5) & middle.ravel()
    return pictures + paper * (distance / np.sqrt(paper.sum(axis=1, keepdims=True)))


def with_corner(pictures: np.ndarray, value: float) -> np.ndarray:
    pictures = pictures.copy()
    pictures[0, 0] = value
    return pictures


def with_twins(course: Course, count: int, distance: float = 0) -> np.ndarray:
    """Return 100 sevens, of which so many (an even number, or 3 more) are that near another."""
    pictures = sevens(course)
    half = count // 2
    pictures[half : 2 * half] = shifted(pictures[:half], distance)
    if count % 2:
        pictures[count - 1] = pictures[0]
    return pictures


@cache
def mixed(course: Course, percent: int) -> np.ndarray:
    """Return 100 pictures, of which so many are sevens to the referee."""
    referee = KNeighborsClassifier(10).fit(course.x_train, course.y_train)
    seven, three = sevens(course), drawn(course)["threes"]
    seven, three = seven[referee.predict(seven) == 7], three[referee.predict(three) != 7]
    return np.concatenate([seven[:percent], three[: 100 - percent]])


def error(course: Course, picture: np.ndarray) -> float:
    picture = picture.reshape(1, 784)
    return float(((run(course.network, picture) - picture) ** 2).mean())


@cache
def unnoticed(course: Course) -> np.ndarray:
    """Return the tangle with the smallest error among those far from every digit."""
    tangles = drawn(course)["tangles"]
    errors = ((run(course.network, tangles) - tangles) ** 2).mean(axis=1)
    return tangles[np.where(course.away(tangles) > 8, errors, np.inf).argmin()]


@cache
def at_far(course: Course) -> tuple[np.ndarray, np.ndarray]:
    """Return two pictures on the way from a digit to the tangle: just not far, and just far."""
    far = np.quantile(course.away(course.few), 0.99)
    away = lambda picture: course.away(picture)[0]  # noqa: E731
    return at_limit(course.x_train[0], unnoticed(course), away, far)


@cache
def at_median(course: Course) -> tuple[np.ndarray, np.ndarray]:
    """Return two pictures far from every digit, with errors just below the median and above."""
    median = np.median(((course.copies - course.few) ** 2).mean(axis=1))
    measure = lambda picture: error(course, picture)  # noqa: E731
    return at_limit(unnoticed(course), 1 - course.x[7], measure, median)


ANSWERS = {
    "06.1": Answers(
        right=[
            share,
            lambda c: round(found(c, np.sort(different(c))[len(different(c)) // 20]), 2),
            lambda c: str(share(c)),
            lambda c: share(c) + 0.0059,
            lambda c: share(c) - 0.0059,
        ],
        wrong=[
            (lambda c: share(c) + 0.0061, " is too high"),
            (lambda c: share(c) - 0.0061, " is too low"),
            (lambda c: found(c, np.quantile(pairs(c)["distance"], 0.05)), "5 % of all pairs pass"),
            (lambda c: found(c, np.quantile(different(c), 0.95)), "lets 95 % pass"),
            (lambda c: 1 - share(c), "pairs that is missed"),
            (lambda c: 100 * share(c), "that is per cent"),
            (lambda c: round(100 * share(c)), "that is per cent"),
            (0.05, "0.05 is the share of false alarms"),
            (0.0559, "0.05 is the share of false alarms"),
            (0.0561, "0.0561 is too low"),
            (0.5, "0.5 is too high"),
            (1.001, "that is per cent"),
            (100, "that is per cent"),
            (100.1, "100.1 is too high"),
        ],
        given=pairs,
    ),
    "06.2": Answers(
        right=[
            sevens,
            lambda c: sevens(c).reshape(-1, 28, 28),
            lambda c: np.concatenate([sevens(c), drawn(c)["threes"][:10]]),
            lambda c: mixed(c, 80),
            lambda c: with_twins(c, 10),
            lambda c: with_twins(c, 100, distance=0.91),
            lambda c: np.concatenate([sevens(c)[1:], shifted(own_sevens(c)[:1], 0.91)]),
            lambda c: with_corner(sevens(c), -0.009),
            lambda c: with_corner(sevens(c), 1.009),
        ],
        wrong=[
            (lambda c: drawn(c)["threes"], "of them for 7s; 80 % are asked for"),
            (lambda c: mixed(c, 79), "takes 79% of them for 7s; 80 % are asked for"),
            (lambda c: sevens(c)[:20], "you gave 20 pictures; 100 are ordered"),
            (lambda c: sevens(c)[:99], "you gave 99 pictures; 100 are ordered"),
            (own_sevens, "some are MNIST's own pictures"),
            (
                lambda c: np.tile(c.few[c.labels[:300] == 7], (9, 1))[:100],
                "some are MNIST's own pictures",
            ),
            (lambda c: grainy(own_sevens(c)), "own pictures, or nearly"),
            (lambda c: framed(own_sevens(c)), "own pictures, or nearly"),
            (
                lambda c: np.concatenate([sevens(c)[1:], shifted(own_sevens(c)[:1], 0.89)]),
                "own pictures, or nearly",
            ),
            (lambda c: np.repeat(sevens(c)[:10], 10, axis=0), "some pictures come twice"),
            (lambda c: grainy(np.repeat(sevens(c)[:1], 100, axis=0)), "twice, or nearly"),
            (lambda c: with_twins(c, 11), "twice, or nearly"),
            (lambda c: with_twins(c, 100, distance=0.89), "twice, or nearly"),
            (lambda c: 255 * sevens(c), "not 0 to 1"),
            (lambda c: with_corner(sevens(c), -0.011), "not 0 to 1"),
            (lambda c: with_corner(sevens(c), 1.011), "not 0 to 1"),
        ],
        given=lambda c: {"x_train": c.x_train, "y_train": c.y_train, "x_test": c.few},
    ),
    "06.3": Answers(
        right=[
            unnoticed,
            lambda c: unnoticed(c)[None],
            lambda c: unnoticed(c).reshape(28, 28),
            lambda c: at_median(c)[0],
            lambda c: at_far(c)[1],
        ],
        wrong=[
            (lambda c: at_median(c)[1], "from the nearest digit; its error is"),
            (lambda c: at_far(c)[0], "so it may be a digit"),
            (lambda c: c.x[7], "so it may be a digit"),
            (lambda c: 0 * c.x[7], "so it may be a digit"),
            (lambda c: 1 - c.x[7], "from the nearest digit; its error is"),
            (lambda c: drawn(c)["tangles"][:3], "you gave 3 pictures; answer with one"),
            (lambda c: drawn(c)["tangles"][:2], "you gave 2 pictures; answer with one"),
            (lambda c: 255 * c.x[7], "not 0 to 1"),
        ],
        given=lambda c: {"network": c.network, "x_train": c.x_train, "x_test": c.few},
    ),
}
