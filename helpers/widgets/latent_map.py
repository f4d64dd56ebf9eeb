"""A map of codes: digits encoded into a plane, and how densely they lie there."""

from dataclasses import dataclass

import keras
import numpy as np

from helpers import models
from helpers.codes import code_window, reach

STEPS = 100  # key presses from one edge of the map to the other
BATCH = 1000  # images encoded at once


@dataclass(frozen=True, eq=False)  # arrays have no single answer to ==
class LatentMap:
    """Digits encoded into a plane, the window that shows most of them, and how densely they lie.

    Attributes:
        images: the digits, uint8 (n, 28, 28).
        labels: what they are, (n,) integers from 0 to 9.
        codes: float32 (n, 2), in the code's own units.
        errors: mean squared error of each reconstruction, float32 (n,), pixels in [0, 1].
        low, high: corners (2,) of the window; all but 2 % at either end of each axis lie in it.
        near, far: nine in ten codes are nearer to another than `near`, 99 in 100 than `far`.
        start: the median code, (2,).
        decimals: as many as a key press changes, whatever the scale of this network's codes.
    """

    images: np.ndarray
    labels: np.ndarray
    codes: np.ndarray
    errors: np.ndarray
    low: np.ndarray
    high: np.ndarray
    near: float
    far: float
    start: np.ndarray
    decimals: int

    @classmethod
    def of(cls, autoencoder: keras.Model, images: np.ndarray, labels: np.ndarray) -> "LatentMap":
        """Encode digits with an autoencoder and measure how their codes lie.

        Args:
            autoencoder: with a layer "code" of two numbers.
            images: uint8 (n, 28, 28).
            labels: (n,) integers from 0 to 9.

        Raises:
            ValueError: the code has not two numbers, or a code is not finite; the images are none,
                already prepared for training or not of 784 pixels; the labels are fewer, or no
                digits.
        """
        images, labels = np.asarray(images), np.asarray(labels)
        encoder, decoder = models.split(autoencoder)
        _check_code_size(decoder.input_shape[-1])
        _check_images(images)
        _check_pixels(encoder.input_shape[1:], decoder.output_shape[1:])
        _check_labels(labels, len(images))
        flat = images.reshape(len(images), -1).astype("float32") / 255
        codes = encoder.predict(flat, batch_size=BATCH, verbose=0)
        _check_codes(codes)
        restored = decoder.predict(codes, batch_size=BATCH, verbose=0)
        _check_restored(restored)
        low, high = _window(codes)
        near, far = reach(codes, (90, 99))
        step = (high - low).min() / STEPS
        return cls(
            images=images,
            labels=labels,
            codes=codes,
            errors=((restored - flat) ** 2).mean(axis=1),
            low=low,
            high=high,
            near=near,
            far=far,
            start=np.median(codes, axis=0),
            decimals=max(1, int(np.ceil(-np.log10(step)))),
        )


def _window(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    low, high = code_window(codes)
    dead = high <= low  # an axis that training never used still needs a width
    return low - dead / 2, high + dead / 2


def _check_code_size(size: int) -> None:
    if size != 2:
        raise ValueError(
            f"this autoencoder's code has {size} numbers, but a map has two axes: "
            "build it with code_size=2."
        )


def _check_images(images: np.ndarray) -> None:
    if images.dtype != np.uint8 or images.shape[1:] != (28, 28):
        raise ValueError(
            f"images have shape {images.shape} and dtype {images.dtype}, but the map needs "
            "uint8 (n, 28, 28): give it the images as load_mnist() returns them."
        )


def _check_pixels(given: tuple, returned: tuple) -> None:
    if not given == returned == (models.PIXELS,):
        sizes = [" x ".join(map(str, shape)) for shape in (given, returned)]
        raise ValueError(
            f"this autoencoder maps {sizes[0]} numbers to {sizes[1]}, but the map's digits "
            "have 784 pixels: build it with models.build_autoencoder()."
        )


def _check_labels(labels: np.ndarray, images: int) -> None:
    if images < 2 or images != len(labels):
        raise ValueError(
            f"there are {images} images and {len(labels)} labels, but the map needs as "
            "many of one as of the other, and at least two: try images_test and y_test."
        )
    if labels.ndim != 1 or labels.dtype.kind not in "iu" or not set(labels) <= set(range(10)):
        raise ValueError(
            f"labels have shape {labels.shape} and dtype {labels.dtype}, but the map needs "
            "(n,) whole numbers from 0 to 9: give it y_test as load_mnist() returns it."
        )


def _check_restored(restored: np.ndarray) -> None:
    if not np.isfinite(restored).all():
        raise ValueError(
            f"{np.sum(~np.isfinite(restored).all(axis=1))} of {len(restored)} decoded pictures "
            "hold pixels that are no numbers, so training went wrong: build the network anew and "
            "train it with a smaller learning rate."
        )


def _check_codes(codes: np.ndarray) -> None:
    if not np.isfinite(codes).all():
        raise ValueError(
            f"{np.sum(~np.isfinite(codes).all(axis=1))} of {len(codes)} codes are not finite "
            "numbers, so training went wrong: build the network anew and train it with a "
            "smaller learning rate."
        )
