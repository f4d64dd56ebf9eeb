"""Widgets that decode latent coordinates."""

import io

import ipywidgets as widgets
import keras
import matplotlib.pyplot as plt
import numpy as np
from PIL import Image
from sklearn.neighbors import NearestNeighbors

from helpers import models
from helpers.plots import Picture, code_window, latent_map

MAP_SIZE = 400  # pixels, of the square map on the page
DIGIT_SIZE = 140  # pixels, of a digit on the page: each of its own pixels becomes five
STEPS = 100  # key presses from one end of a slider to the other


class Live:
    """A widget, with a picture that stands in for it where no kernel runs (GitHub, a printed page).

    Introduced in notebook 05.
    """

    def __init__(self, widget: widgets.Widget, picture: Picture):
        self.widget, self.picture = widget, picture

    def _repr_mimebundle_(self, include=None, exclude=None):
        data, metadata = self.picture._repr_mimebundle_()
        return {**self.widget._repr_mimebundle_(), **data}, metadata


def to_png(image: np.ndarray) -> bytes:
    """Turn an image into PNG bytes, five times as wide and high, dark ink on white.

    Args:
        image: float (28, 28) in [0, 1], values outside clipped; or uint8 (28, 28), 0 to 255.

    Introduced in notebook 05.
    """
    ink = image if image.dtype == np.uint8 else (255 * np.clip(image, 0, 1)).astype(np.uint8)
    big = np.repeat(np.repeat(255 - ink, DIGIT_SIZE // 28, axis=0), DIGIT_SIZE // 28, axis=1)
    buffer = io.BytesIO()
    Image.fromarray(big).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


class DecodeSliders(Live):
    """Two sliders that decode a point of the map, with the nearest real digit beside it.

    "Off the map" means farther from every code than 99 of 100 codes are from their own nearest
    neighbour.

    Args:
        autoencoder: yours or the shipped one, with a layer "code" of two numbers.
        images: the digits to draw on the map, uint8 (n, 28, 28).
        labels: what they are, (n,) integers from 0 to 9.

    Attributes:
        code_1, code_2: the sliders; set their `.value` from Python to move the point.
        status: the line that tells the point, the nearest digit and its distance.

    Raises:
        ValueError: the code has not two numbers, or the images are already prepared for training.

    Introduced in notebook 05.
    """

    def __init__(self, autoencoder: keras.Model, images: np.ndarray, labels: np.ndarray):
        encoder, decoder = models.split(autoencoder)
        size = decoder.input_shape[-1]
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
        flat = images.reshape(len(images), -1).astype("float32") / 255
        codes = encoder.predict(flat, batch_size=1000, verbose=0)
        self._images, self._labels, self._codes = images, labels, codes
        self._decode = models.compile_decoder(decoder)
        own = NearestNeighbors(n_neighbors=2).fit(codes).kneighbors(codes)[0][:, 1]
        self.far = float(np.percentile(own, 99))
        self._low, self._high = code_window(codes)
        dead = self._high <= self._low  # an axis that training never used still needs a width
        self._high = np.where(dead, self._low + 1, self._high)
        # As many decimals as a key press changes, whatever the scale of this network's codes
        step = (self._high - self._low).min() / STEPS
        self._decimals = max(1, int(np.ceil(-np.log10(step))))

        middle = np.median(codes, axis=0)
        self.code_1, self.code_2 = (self._slider(k, float(middle[k])) for k in (0, 1))
        self.status = widgets.HTML()
        self._marker = widgets.HTML(layout=widgets.Layout(grid_area="1 / 1", margin="0"))
        self._decoded, self._nearest = (
            widgets.Image(layout=widgets.Layout(width=f"{DIGIT_SIZE}px", height=f"{DIGIT_SIZE}px"))
            for _ in range(2)
        )
        self._move()
        for slider in (self.code_1, self.code_2):
            slider.observe(self._move, "value")
        super().__init__(self._page(), self._picture())

    def _slider(self, k: int, value: float) -> widgets.FloatSlider:
        low, high = float(self._low[k]), float(self._high[k])
        step = (high - low) / STEPS
        # On a step, for the page moves any other start to one and tells Python so, late.
        value = low + step * round((value - low) / step)
        return widgets.FloatSlider(
            value, min=low, max=high, step=step,
            description=f"code {k + 1}", readout_format=f".{self._decimals}f",
        )  # fmt: skip

    @property
    def point(self) -> np.ndarray:
        """Where the sliders stand, float (2,), in the code's own units."""
        return np.array([self.code_1.value, self.code_2.value])

    def _move(self, change=None) -> None:
        """Bring the digits, the marker and the status line to where the sliders stand."""
        point = self.point
        distances = np.hypot(*(self._codes - point).T)
        index = distances.argmin()
        distance = distances[index]
        self.decoded = self._decode(point)
        self._decoded.value = to_png(self.decoded)
        self._nearest.value = to_png(self._images[index])
        x, up = MAP_SIZE * (point - self._low) / (self._high - self._low)
        self._marker.value = (
            f'<svg width="{MAP_SIZE}" height="{MAP_SIZE}" role="img" '
            f'aria-label="map of {len(self._codes)} digits; a ring marks the point">'
            f'<g fill="none"><circle cx="{x:.0f}" cy="{MAP_SIZE - up:.0f}" r="9" stroke="white" '
            f'stroke-width="6"/><circle cx="{x:.0f}" cy="{MAP_SIZE - up:.0f}" r="9" '
            'stroke="black" stroke-width="3"/></g></svg>'
        )
        x, y, away = (f"{number:.{self._decimals}f}" for number in (*point, distance))
        place = f"z = ({x}, {y})"
        nearest = f"nearest real digit: a {self._labels[index]}, {away} away"
        cue = " <b>Off the map: no real digit is encoded near here.</b>"
        self.status.value = (
            f'<div aria-live="polite">{place}, {nearest}.{cue if distance > self.far else ""}</div>'
        )

    def _map(self, ax) -> None:
        latent_map(ax, self._codes, self._labels, window=(self._low, self._high))

    def _page(self) -> widgets.Widget:
        side = MAP_SIZE / 100
        figure = plt.figure(figsize=(side, side), dpi=100, layout="none")
        self._map(figure.add_axes((0, 0, 1, 1), xticks=[], yticks=[]))
        buffer = io.BytesIO()
        figure.savefig(buffer, dpi=160)
        plt.close(figure)
        drawn = widgets.Image(value=buffer.getvalue())
        drawn.layout = widgets.Layout(
            grid_area="1 / 1",
            width=f"{MAP_SIZE}px",
            height=f"{MAP_SIZE}px",
            border="1px solid gray",
        )
        board = widgets.GridBox([drawn, self._marker])
        board.layout = widgets.Layout(width=f"{MAP_SIZE + 8}px")
        digits = widgets.HBox(
            [
                widgets.VBox([widgets.Label("decoded from here"), self._decoded]),
                widgets.VBox([widgets.Label("nearest real digit"), self._nearest]),
            ]
        )
        controls = widgets.VBox([self.code_1, self.code_2, digits, self.status])
        controls.layout = widgets.Layout(width="340px", margin="0 0 0 12px")
        return widgets.HBox([board, controls], layout=widgets.Layout(flex_flow="row wrap"))

    def _picture(self) -> Picture:
        figure, (left, right) = plt.subplots(1, 2, figsize=(7.5, 4.4), width_ratios=[2, 1], dpi=100)
        self._map(left)
        left.plot(*self.point, "o", ms=14, mfc="none", mec="black", mew=2.5)
        right.imshow(self.decoded, vmin=0, vmax=1)
        right.set(title="decoded from the ring", xticks=[], yticks=[])
        right.spines[:].set_visible(False)
        return Picture(
            figure,
            "Two sliders move a ring over the map of digits; beside it stands the digit decoded "
            "from the ring's place. Run this cell to use them.",
        )
