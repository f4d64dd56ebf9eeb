"""The exercises of the extra chapter, your own images."""

from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.checks.judging import Judgement, exercise, judge_number

if TYPE_CHECKING:  # keras takes seconds to import, and most exercises do without
    import keras

SAME_PIXEL = 0.02  # two pictures whose pixels differ less are the same, rounded
SAME_ERROR = 1e-5  # relative; errors that differ less are a tie


@exercise("extra.1", "a whole number, such as 100")
def columns_that_stay(answer: Any) -> Judgement:
    """Count the columns of a photo of 400 x 300 pixels that are in the square."""
    return judge_number(
        answer,
        300,
        "300 of 400: the 50 on the left and on the right are cut.",
        hints={
            400: "400 is the whole width, but a square of 400 would be higher than the photo.",
            100: "100 columns are cut away, 50 on either side; how many stay?",
            350: "350 would be left if only one side were cut; the square comes from the middle.",
            28: "28 columns come out of shrinking; how many go in?",
        },
    )


@exercise("extra.2", "the 784 pixels of a picture")
def picture_halfway(
    answer: Any, decoder: "keras.Model", codes: np.ndarray, pictures: np.ndarray
) -> Judgement:
    """Decode the middle of the codes of the first two held-out pictures."""
    given = np.asarray(answer, dtype=float).ravel()
    if not np.isfinite(given).all() or given.size == 0:
        raise ValueError("pixels are finite numbers")
    if given.size == codes.shape[1]:
        return False, f"these {given.size} numbers are a code: give it to decoder.predict."
    right = decoder.predict(codes[:2].mean(axis=0, keepdims=True), verbose=0)[0]
    if given.size != right.size:
        return False, f"a picture has {right.size} numbers; you gave {given.size}."
    if _same(given, right):
        return True, "one picture from the middle of two codes."
    if _same(given, pictures[:2].mean(axis=0)):
        return False, "this mixes the pixels, so both pictures shine through: mix the codes."
    for i in (0, 1):
        if _same(given, decoder.predict(codes[[i]], verbose=0)[0]):
            return False, f"this is picture {i} alone: take the mean of codes[0] and codes[1]."
    off = np.abs(given - right).mean()
    return False, f"your pixels are off by {off:.3f} on average: decode the mean of codes[:2]."


def _same(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(np.abs(a - b).max() < SAME_PIXEL)


@exercise("extra.3", 'the name of a file, such as "face_5.png"')
def picture_copied_worst(
    answer: Any, autoencoder: "keras.Model", pictures: np.ndarray, names: list[str]
) -> Judgement:
    """Find the held-out picture that the autoencoder copies worst."""
    if not isinstance(answer, str):
        raise ValueError("take the name at that place in names_test")
    if answer not in names:
        return False, f"no held-out picture is called {answer}: choose from names_test."
    errors = ((autoencoder.predict(pictures, verbose=0) - pictures) ** 2).mean(axis=1)
    error = errors[list(names).index(answer)]
    worse = int((errors > error * (1 + SAME_ERROR)).sum())
    if worse == 0:
        return True, f"its error is ≈ {errors.max() / np.median(errors):.1f} times the usual one."
    if worse == len(names) - 1:
        return False, "that one is copied best: argmax finds the largest error, argmin the least."
    return False, f"{worse} of {len(names)} held-out pictures are copied worse."
