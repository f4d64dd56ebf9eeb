"""The exercises of chapter 06, using the codes."""

from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.checks.judging import Judgement, exercise, judge_number, scalar

if TYPE_CHECKING:  # keras takes seconds to import, and most exercises do without
    import keras

FALSE_ALARMS = 0.05  # share of the different pairs that may pass as same
RANGE = -0.01, 1.01  # of pixels from 0 to 1, where a mean or a sum may be a little off

ORDERED = 100  # pictures
TAKEN = 0.8  # share of them that the referee has to take for 7s
REPEATED = 0.1  # share of them that may be nearly the same as another
# In the middle 20 x 20 pixels, where digits are, a decoded 7 is farther than this from every
# picture of MNIST's, and 7s of two codes are farther than this from each other.
NEARLY = 0.9

NEARLY_ALL = 0.99  # share of the test pictures that are nearer to a training picture than "far"


@exercise("06.1", "a share from 0 to 1, such as 0.25")
def share_of_same_pairs_found(answer: Any, distance: np.ndarray, same: np.ndarray) -> Judgement:
    """Say what share of the same pairs is found at the limit that 5 % of the others pass."""

    def found(limit: float) -> float:
        return float((distance[same] <= limit).mean())

    different = distance[~same]
    right = found(np.quantile(different, FALSE_ALARMS))
    hints = {
        found(np.quantile(distance, FALSE_ALARMS)): (
            "that limit lets 5 % of all pairs pass: use d[~same]."
        ),
        found(np.quantile(different, 1 - FALSE_ALARMS)): (
            "that limit lets 95 % pass: near is the same."
        ),
        1 - right: "that is the share of the same pairs that is missed.",
        FALSE_ALARMS: (
            "0.05 is the share of false alarms; what share of d[same] is below the limit?"
        ),
    }
    if 1 < scalar(answer) <= 100:
        return False, "that is per cent; answer with a share from 0 to 1."
    why = f"{right:.3f} of the same pairs, for 5 % false alarms."
    return judge_number(answer, right, why, hints, tolerance=0.006)


def _pictures(answer: Any) -> np.ndarray:
    pictures = np.asarray(answer, dtype=float).reshape(-1, 784)
    if not len(pictures) or not np.isfinite(pictures).all():
        raise ValueError("there is no picture, or one with a pixel that is no finite number")
    low, high = pictures.min(), pictures.max()
    if low < RANGE[0] or high > RANGE[1]:
        raise ValueError(f"pixels go from {low:.2g} to {high:.2g}, not 0 to 1")
    return pictures


def _middle(pictures: np.ndarray) -> np.ndarray:
    """Return the middle 20 x 20 pixels of pictures, (n, 400)."""
    return pictures.reshape(-1, 28, 28)[:, 4:24, 4:24].reshape(-1, 400)


@exercise("06.2", "100 pictures, an array of shape (100, 784) with pixels from 0 to 1")
def hundred_new_sevens(
    answer: Any, x_train: np.ndarray, y_train: np.ndarray, x_test: np.ndarray
) -> Judgement:
    """Generate 100 new pictures of a 7 that the referee takes for 7s."""
    from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

    pictures = _pictures(answer)
    if len(pictures) < ORDERED:
        return False, f"you gave {len(pictures)} pictures; {ORDERED} are ordered."
    referee = KNeighborsClassifier(10).fit(x_train, y_train)
    middle = _middle(pictures)
    own = np.concatenate([_middle(x_train), _middle(x_test)])
    known = NearestNeighbors(n_neighbors=1).fit(own)
    if (known.kneighbors(middle)[0] < NEARLY).any():
        return False, "some are MNIST's own pictures, or nearly; draw new ones with the decoder."
    others = NearestNeighbors(n_neighbors=2).fit(middle).kneighbors(middle)[0][:, 1]
    if (others < NEARLY).mean() > REPEATED:
        return False, "some pictures come twice, or nearly; draw another code for each."
    taken = (referee.predict(pictures) == 7).mean()
    why = f"the referee takes {taken:.0%} of them for 7s"
    if taken >= TAKEN:
        return True, f"{why}."
    return False, f"{why}; {100 * TAKEN:.0f} % are asked for."


@exercise("06.3", "a picture, 784 numbers from 0 to 1")
def picture_that_fools_the_alarm(
    answer: Any, network: "keras.Model", x_train: np.ndarray, x_test: np.ndarray
) -> Judgement:
    """Find a picture that is far from every digit and yet has a small error."""
    picture = _pictures(answer)
    if len(picture) != 1:
        return False, f"you gave {len(picture)} pictures; answer with one."

    from sklearn.neighbors import NearestNeighbors

    index = NearestNeighbors(n_neighbors=1).fit(x_train)
    far = np.quantile(index.kneighbors(x_test)[0], NEARLY_ALL)
    away = index.kneighbors(picture)[0].item()
    if away <= far:
        return (
            False,
            f"it is {away:.2f} from a training picture, so it may be a digit: {far:.2f} is far.",
        )
    both = np.concatenate([picture, x_test]).astype("float32")
    error, *usual = ((network(both).numpy() - both) ** 2).mean(axis=1)
    median = np.median(usual)
    found = f"its error is {error:.4f}, the median {median:.4f}"
    return error < median, f"it is {away:.2f} from the nearest digit; {found}."
