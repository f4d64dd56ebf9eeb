"""Arithmetic on codes: windows, grids, crowds and neighbours. Arrays in, arrays out."""

from collections.abc import Callable

import numpy as np
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors


def code_window(codes: np.ndarray, percent: float = 2) -> tuple[np.ndarray, np.ndarray]:
    """Find the corners between which most codes lie.

    Codes of an autoencoder have no fixed range, so a window has to be read from the codes.

    Args:
        codes: float (n, m), in the code's own units.
        percent: how much to leave out at either end of each axis, 0 to 50.

    Returns:
        low and high, float (m,) each, in the same units.

    Introduced in notebook 05.
    """
    low, high = np.percentile(codes, [percent, 100 - percent], axis=0)
    return low, high


def decoder_grid(decode: Callable, low: np.ndarray, high: np.ndarray, n: int = 16) -> np.ndarray:
    """Decode the middles of n x n equal tiles that fill a window, in one call.

    Args:
        decode: a decoder; it is given float32 (n * n, 2) and returns (n * n, 784).
        low: corner (2,) of the window at the lower left, in the code's own units.
        high: corner (2,) at the upper right; the window's edges are those of the returned image.
        n: tiles along each axis.

    Returns:
        One image, float32 (28 n, 28 n); code 1 grows to the right, code 2 grows upwards.

    Introduced in notebook 05.
    """
    middles = (np.arange(n) + 0.5) / n
    (left, bottom), (width, height) = low, np.subtract(high, low)
    across, up = np.meshgrid(left + width * middles, bottom + height * middles[::-1])
    points = np.stack([across.ravel(), up.ravel()], axis=1).astype("float32")
    tiles = np.asarray(decode(points)).reshape(n, n, 28, 28)
    return tiles.transpose(0, 2, 1, 3).reshape(28 * n, 28 * n)


def densest(codes: np.ndarray, labels: np.ndarray, crowd: int = 20) -> dict[int, int]:
    """Find where each digit is thickest: the code whose fellows of the same digit crowd nearest.

    Args:
        codes: float (n, m), in the code's own units.
        labels: (n,) integers.
        crowd: how many fellows have to be near, at most; of fewer, all.

    Returns:
        Label to the row of that code.
    """
    found = {}
    for digit in np.unique(labels):
        own = np.flatnonzero(labels == digit)
        fellows = NearestNeighbors(n_neighbors=min(crowd, len(own))).fit(codes[own])
        found[int(digit)] = int(own[fellows.kneighbors(codes[own])[0][:, -1].argmin()])
    return found


def nearest(codes: np.ndarray, point: np.ndarray) -> tuple[int, float]:
    """Find the code that is nearest to a point.

    Args:
        codes: float (n, 2), in the code's own units.
        point: (2,), in the same units.

    Returns:
        Its row, and how far away it is.
    """
    distances = np.hypot(*(codes - point).T)
    return int(distances.argmin()), float(distances.min())


def neighbour_accuracy(
    train_codes: np.ndarray, y_train: np.ndarray, test_codes: np.ndarray, y_test: np.ndarray
) -> float:
    """Measure how often the five nearest training codes name a test image's digit rightly.

    Args:
        train_codes: float (n, m), codes of training images, or any other numbers that stand for
            them, such as their pixels.
        y_train: (n,), their digits.
        test_codes: float (k, m), the same of test images.
        y_test: (k,), their digits.

    Returns:
        The share of test images whose digit wins the vote of the five, 0 to 1.

    Introduced in notebook 07.
    """
    return float(KNeighborsClassifier(5).fit(train_codes, y_train).score(test_codes, y_test))


def reach(codes: np.ndarray, percents: tuple[float, float]) -> tuple[float, float]:
    """Measure how far codes lie from their own nearest neighbour.

    Args:
        codes: float (n, m), n at least two.
        percents: two shares of the codes, in percent.

    Returns:
        Two distances in the code's own units: that share of the codes is no farther than this
        from the nearest other code.
    """
    distances = NearestNeighbors(n_neighbors=2).fit(codes).kneighbors(codes)[0]
    low, high = np.percentile(distances[:, 1], percents)  # in column 0 each code finds itself
    return float(low), float(high)
