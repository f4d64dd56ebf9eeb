"""Images that `training` is given: an array of floats, or one sentence that mends them."""

import math
from typing import Any

import numpy as np
import tensorflow as tf

OVERSHOOT = 0.01  # by which resizing a picture may leave [0, 1]
UNDIVIDED = 10  # no image of positive numbers is as bright once it is divided
BYTE = 255  # the brightest that a pixel of one byte can be
BYTE_FROM = 16  # up to here go the pixels of scikit-learn's digits


def images(name: str, given: Any, row: tuple | None = None, *, unit: bool = False) -> np.ndarray:
    """Return images as a float array, without a copy where they are one.

    Args:
        name: what to call them in a sentence.
        given: an array, tensor or list of images.
        row: the shape that one image has to have, None for any size; None if nobody knows.
        unit: whether they have to lie in [0, 1], as the target of a cross-entropy.
    """
    values = _array(name, given, row)
    if values.dtype.kind not in "fiub":
        raise ValueError(
            f"{name} holds no numbers but {values.dtype}: give images as float (n, pixels), as in "
            f"{name} = data.flatten(images)."
        )
    if not values.size:
        raise ValueError(
            f"{name} is empty, of shape {values.shape}: look at what selected its images, "
            "since training needs at least one."
        )
    sides = max(2, values.ndim) if row is None else len(row) + 1
    if values.ndim != sides or values.dtype.kind != "f":
        _refuse_form(name, values, row)
    if row and any(size not in (None, n) for size, n in zip(row, values.shape[1:], strict=True)):
        raise ValueError(
            f"{name} has shape {values.shape}, but this network needs {_batch(row)}: "
            f"build one for it with keras.Input({values.shape[1:]}), or give it other images."
        )
    _refuse_values(name, values, unit)
    return values


def own_target(name: str, values: np.ndarray, row: tuple | None) -> None:
    """Refuse images that are their own target, but not of the shape that the network gives back."""
    here = values.shape[1:]
    if row is not None and (
        len(row) != len(here)
        or any(size not in (None, n) for size, n in zip(row, here, strict=True))
    ):
        raise ValueError(
            f"this network makes {_batch(row)} of {name}, which has shape {values.shape}, and the "
            "two cannot be compared: give its last layer as many numbers as an image has."
        )


def inputs_and_target(
    x: Any, target: Any, taken: tuple | None, made: tuple | None, unit: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return x and what to reconstruct, for a network that makes rows `made` of rows `taken`."""
    x = images("x", x, taken, unit=unit and target is None)
    if target is None:
        own_target("x", x, made)
        return x, x
    target = images("target", target, x.shape[1:] if made is None else made, unit=unit)
    if len(target) != len(x):
        raise ValueError(
            f"x has {len(x)} images and target has {len(target)}, but each needs its own: "
            "cut both alike, or leave target out to reconstruct x itself."
        )
    return x, target


def _array(name: str, given: Any, row: tuple | None) -> np.ndarray:
    if isinstance(given, tf.data.Dataset):
        part = "batch[0]" if isinstance(given.element_spec, tuple) else "batch"
        raise ValueError(
            f"{name} is a data set of TensorFlow's, but has to be one array of images: "
            f"run {name} = np.concatenate([{part} for batch in {name}])."
        )
    listed = isinstance(given, tuple | list)
    pair = listed and len(given) == 2 and getattr(given[0], "ndim", 0) > len(row or (1,))
    if pair or not (hasattr(given, "__array__") or listed):
        raise ValueError(
            f"{name} is {'a pair' if pair else kind(given)}, but has to be one array of images, "
            f"float (n, pixels): write {name}=x_test or the name of yours."
        )
    try:
        return np.asarray(given)
    except Exception:  # of NumPy's, TensorFlow's or Keras's, each with its own words
        raise ValueError(
            f"{name} is {kind(given)} and makes no array: its images have to be numbers, and of "
            f"one size, as in {name} = data.flatten(images)."
        ) from None


def _refuse_form(name: str, values: np.ndarray, row: tuple | None) -> None:
    """Say how to get from these numbers to floats of the right number of dimensions."""
    flat = row is None or len(row) == 1
    line = name
    if row and None in row:
        line += "[..., None]"
    elif values.ndim != (2 if flat else len(row or ()) + 1):
        rows = "1" if values.ndim == 1 else f"len({name})"
        line += f".reshape({rows}, {'-1' if row is None or flat else str(row)[1:-1]})"
    if values.dtype.kind != "f":
        line += '.astype("float32")'
    if values.max() > 1:
        line += f" / {_brightest(name, float(values.max()))}"
    mend = f"run {name} = {line}"
    if values.ndim < 2 and (row is None or values.size != math.prod(side or 0 for side in row)):
        mend = (
            "labels are neither images nor a target, so run training.fit(net, x_train, epochs=10)"
        )
    raise ValueError(
        f"{name} has shape {values.shape} and dtype {values.dtype}, but training needs float "
        f"{'(n, pixels)' if row is None or flat else _batch(row)}: {mend}."
    )


def _refuse_values(name: str, values: np.ndarray, unit: bool) -> None:
    low, high = float(values.min()), float(values.max())
    if not math.isfinite(high - low):
        raise ValueError(
            f"{name} holds NaN or infinite numbers: leave those images out with "
            f"{name} = {name}[[np.isfinite(image).all() for image in {name}]]."
        )
    outside = unit and not -OVERSHOOT <= low <= high <= 1 + OVERSHOOT
    if outside or (low >= 0 and high > UNDIVIDED):
        mend = f"({name} - {name}.min()) / ({name}.max() - {name}.min())"
        if low >= 0:
            mend = f"{name} / {_brightest(name, high)}"
        raise ValueError(
            f"{name} goes from {low:.4g} to {high:.4g}, but training needs numbers from 0 to 1: "
            f"run {name} = {mend}."
        )
    if low >= 0 and 0 < high <= 1.001 / BYTE:
        raise ValueError(
            f"{name} goes from {low:.2g} to {high:.2g} only, as if divided by 255 twice: "
            f"run {name} = {name} * 255."
        )


def _brightest(name: str, high: float) -> str:
    """Return what to divide by; a byte goes up to 255, others up to what is there."""
    return "255" if BYTE_FROM < high <= BYTE else f"{name}.max()"


def finite(values: np.ndarray) -> bool:
    """Tell whether all are finite; NaN spreads to both ends, and no copy is made."""
    return not values.size or bool(np.isfinite(values.min()) and np.isfinite(values.max()))


def _batch(row: tuple) -> str:
    return f"(n, {', '.join('any' if size is None else str(size) for size in row)})"


def kind(given: Any) -> str:
    """Say what was given: itself, where that is short, or of which type it is."""
    if given is None or isinstance(given, bool | int | float | str):
        return short(given)
    if isinstance(given, type):
        return f"the class {given.__name__}"
    shape = getattr(given, "shape", None)
    of_shape = f" of shape {tuple(shape)}" if isinstance(shape, tuple | tf.TensorShape) else ""
    return f"of the type {type(given).__name__}{of_shape}"


def short(given: Any) -> str:
    """Write something as Python does, but no more than 40 characters of it."""
    said = " ".join(repr(given).split())
    return said if len(said) <= 40 else f"{said[:37]}..."
