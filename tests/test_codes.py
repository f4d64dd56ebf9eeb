"""helpers.codes: arithmetic on codes, against NumPy and by hand."""

import numpy as np
import pytest

from helpers import codes


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_code_window_is_made_of_percentiles(size, random):
    points = random.normal(size=(1000, size)) * 10 ** np.arange(size) + 3
    low, high = codes.code_window(points)
    assert low.shape == high.shape == (size,)
    for k in range(size):
        assert low[k] == pytest.approx(np.percentile(points[:, k], 2))
        assert high[k] == pytest.approx(np.percentile(points[:, k], 98))
        outside = (points[:, k] < low[k]) | (points[:, k] > high[k])
        assert outside.mean() == pytest.approx(0.04, abs=0.002)
    low, high = codes.code_window(points, percent=0)
    np.testing.assert_array_equal([low, high], [points.min(axis=0), points.max(axis=0)])


def test_decoder_grid_is_a_map_and_calls_the_decoder_once():
    """The decoder draws its two numbers: code 1 in the upper half, code 2 below, and a mark."""
    calls = []

    def decode(points: np.ndarray) -> np.ndarray:
        calls.append(points)
        images = np.empty((len(points), 28, 28), "float32")
        images[:, :14] = points[:, 0, None, None]
        images[:, 14:] = points[:, 1, None, None]
        images[:, 3, 5] = -99  # row 3, column 5: neither turned nor mirrored
        return images.reshape(len(points), 784)

    grid = codes.decoder_grid(decode, np.array([-1.5, 5]), np.array([2.5, 45]), n=4)
    assert grid.shape == (112, 112) and grid.dtype == np.float32
    (points,) = calls
    assert points.shape == (16, 2) and points.dtype == np.float32
    for row in range(4):
        for column in range(4):
            tile = grid[28 * row : 28 * row + 28, 28 * column : 28 * column + 28]
            assert (tile[0, 0], tile[27, 27]) == (-1 + column, 40 - 10 * row)
            assert np.argwhere(tile == -99).tolist() == [[3, 5]]
            assert np.unique(tile[:14]).size == 2 and np.unique(tile[14:]).size == 1


def test_densest_is_in_the_tightest_crowd_of_its_own_digit(random):
    loose, tight, others = (random.normal(size=(30, 2)) for _ in range(3))
    points = np.concatenate([loose, [8, 8] + 0.1 * tight, [8, 8] + 0.01 * others])
    found = codes.densest(points, np.repeat([3, 3, 7], 30))
    assert list(found) == [3, 7]
    assert 30 <= found[3] < 60 <= found[7], "the 7s are no fellows of a 3"
    assert codes.densest(points[:1], np.array([4])) == {4: 0}, "one alone is the densest"


def test_nearest_is_a_row_and_its_distance():
    points = np.array([[0, 0], [3, 4], [-1, 1]], dtype="float32")
    assert codes.nearest(points, np.array([3, 3])) == (1, 1)
    row, away = codes.nearest(points, np.array([-3.0, 2.0]))
    assert row == 2 and away == pytest.approx(5**0.5)


def test_neighbour_accuracy_is_a_vote_of_five():
    train = np.array([[0], [1], [2], [3], [4], [100], [101], [102], [103], [104]], dtype=float)
    labels = np.array([1, 1, 1, 2, 2, 2, 2, 2, 1, 1])
    # At 2 the five vote 3 to 2 for a 1, at 102 for a 2; of these four test digits, three are right.
    test, truth = np.array([[2], [2], [102], [102]]), np.array([1, 1, 2, 1])
    assert codes.neighbour_accuracy(train, labels, test, truth) == 0.75
