"""What the sliders and the explorer both know of a map of codes."""

import keras
import matplotlib.pyplot as plt
import numpy as np
from sklearn.neighbors import NearestNeighbors

from helpers import models, plots
from helpers.codes import code_window

STEPS = 100  # key presses from one edge of the map to the other


class LatentMap:
    """Codes of digits in a plane, the window that shows them, and how thick they lie.

    Args:
        autoencoder: with a layer "code" of two numbers.
        images: the digits of the map, uint8 (n, 28, 28).
        labels: what they are, (n,) integers from 0 to 9.

    Attributes:
        codes: float32 (n, 2), in the code's own units.
        low, high: corners (2,) of the window; all but 2 % at either end of each axis lie in it.
        near, far: nine in ten codes are nearer to another than `near`, 99 in 100 than `far`.
        decimals: as many as a key press changes, whatever the scale of this network's codes.
        start: the middle of the map, (2,).

    Raises:
        ValueError: the code has not two numbers, or a code is not finite; the images are none,
            already prepared for training or not of 784 pixels; the labels are fewer, or no digits.
    """

    def __init__(self, autoencoder: keras.Model, images: np.ndarray, labels: np.ndarray):
        images, labels = np.asarray(images), np.asarray(labels)
        self.encoder, self.decoder = models.split(autoencoder)
        size = self.decoder.input_shape[-1]
        if size != 2:
            raise ValueError(
                f"this autoencoder's code has {size} numbers, but a map has two axes: "
                "build it with code_size=2."
            )
        if images.dtype != np.uint8 or images.shape[1:] != (28, 28):
            raise ValueError(
                f"images have shape {images.shape} and dtype {images.dtype}, but the map needs "
                "uint8 (n, 28, 28): give it the images as load_mnist() returns them."
            )
        pixels = autoencoder.input_shape[-1], self.decoder.output_shape[-1]
        if pixels != (784, 784):
            raise ValueError(
                f"this autoencoder maps {pixels[0]} numbers to {pixels[1]}, but the map's digits "
                "have 784 pixels: build it with models.build_autoencoder()."
            )
        if len(images) < 2 or len(images) != len(labels):
            raise ValueError(
                f"there are {len(images)} images and {len(labels)} labels, but the map needs as "
                "many of one as of the other, and at least two: try images_test and y_test."
            )
        if labels.ndim != 1 or labels.dtype.kind not in "iu" or not set(labels) <= set(range(10)):
            raise ValueError(
                f"labels have shape {labels.shape} and dtype {labels.dtype}, but the map needs "
                "(n,) whole numbers from 0 to 9: give it y_test as load_mnist() returns it."
            )
        flat = images.reshape(len(images), -1).astype("float32") / 255
        codes = self.encoder.predict(flat, batch_size=1000, verbose=0)
        if not np.isfinite(codes).all():
            raise ValueError(
                f"{np.sum(~np.isfinite(codes).all(axis=1))} of {len(codes)} codes are not finite "
                "numbers, so training went wrong: build the network anew and train it with a "
                "smaller learning rate."
            )
        self.images, self.labels, self.codes = images, labels, codes
        restored = self.decoder.predict(codes, batch_size=1000, verbose=0)
        self.errors = ((restored - flat) ** 2).mean(axis=1)
        own = NearestNeighbors(n_neighbors=2).fit(codes).kneighbors(codes)[0][:, 1]
        self.near, self.far = (float(limit) for limit in np.percentile(own, [90, 99]))
        self.low, self.high = code_window(codes)
        dead = self.high <= self.low  # an axis that training never used still needs a width
        self.low, self.high = self.low - dead / 2, self.high + dead / 2
        step = (self.high - self.low).min() / STEPS
        self.decimals = max(1, int(np.ceil(-np.log10(step))))
        self.start = np.median(codes, axis=0)

    def draw(self, ax) -> None:
        plots.latent_map(ax, self.codes, self.labels, window=(self.low, self.high))

    def picture(self, point: np.ndarray, alt: str) -> plots.Picture:
        """Draw the map with a ring at a point, (2,), and what is decoded there."""
        figure, (left, right) = plt.subplots(1, 2, figsize=(7.5, 4.4), width_ratios=[2, 1], dpi=100)
        self.draw(left)
        left.plot(*point, "o", ms=14, mfc="none", mec="black", mew=2.5)
        decoded = self.decoder(np.array([point], "float32")).numpy()
        right.imshow(decoded.reshape(28, 28), vmin=0, vmax=1)
        right.set(title="decoded from the ring", xticks=[], yticks=[])
        right.spines[:].set_visible(False)
        return plots.Picture(figure, alt)
