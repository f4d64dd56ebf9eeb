"""Two sliders that decode a point of the map, in plain ipywidgets."""

import io
import math

import ipywidgets as widgets
import keras
import matplotlib.pyplot as plt
import numpy as np

from helpers import codes, models, plots
from helpers.widgets.latent_map import STEPS, LatentMap
from helpers.widgets.live import Live, still_map

# Sizes on the page, in pixels
MAP_SIZE = 400  # a side of the map
BOARD_WIDTH = MAP_SIZE + 8  # the map with its borders and margins
DIGIT_SIZE = 28 * plots.ENLARGED  # a side of a digit
CONTROLS_WIDTH = 340  # two digits beside one another
FINE = 30  # binary digits of a slider's length; the page counts in 53
DPI = 100  # of the map's figure, whose size matplotlib takes in inches

ALT = (
    "Two sliders move a ring over the map of digits; beside it stands the digit decoded from the "
    "ring's place. Run this cell to use them."
)


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
        decoded: what is decoded from the point, float32 (28, 28) in [0, 1].
        status: the line that tells the point, the nearest digit and its distance.
        far: the distance from which on a point is off the map.

    Raises:
        ValueError: the code has not two numbers, or a code is not finite; the images are none,
            already prepared for training or not of 784 pixels; the labels are fewer, or no digits.

    Introduced in notebook 05.
    """

    def __init__(self, autoencoder: keras.Model, images: np.ndarray, labels: np.ndarray):
        self._latent_map = LatentMap.of(autoencoder, images, labels)
        self.far = self._latent_map.far
        _, decoder = models.split(autoencoder)
        self._decode = models.compile_decoder(decoder)
        self.code_1, self.code_2 = (_slider(self._latent_map, axis) for axis in (0, 1))
        self.status = widgets.HTML()
        self._ring = widgets.HTML(layout=widgets.Layout(grid_area="1 / 1", margin="0"))
        self._decoded_image, self._nearest_image = _digit_image(), _digit_image()
        self._move()
        for slider in (self.code_1, self.code_2):
            slider.observe(self._move, "value")
        picture = still_map(self._latent_map, self.point, self.decoded, ALT)
        super().__init__(self._arranged(), picture)

    @property
    def point(self) -> np.ndarray:
        """Where the sliders stand, float (2,), in the code's own units."""
        return np.array([self.code_1.value, self.code_2.value])

    def _move(self, change=None) -> None:
        """Bring the digits, the ring and the status line to where the sliders stand."""
        index, distance = codes.nearest(self._latent_map.codes, self.point)
        self.decoded = self._decode(self.point.tolist())
        self._decoded_image.value = plots.to_png(self.decoded)
        self._nearest_image.value = plots.to_png(self._latent_map.images[index])
        self._ring.value = _ring_svg(self._latent_map, self.point)
        self.status.value = _status_html(self._latent_map, self.point, index, distance)

    def _arranged(self) -> widgets.Widget:
        """Return all parts, the controls beside the map or, where it is narrow, under it."""
        board = widgets.GridBox([_map_image(self._latent_map), self._ring])
        board.layout = widgets.Layout(width=f"{BOARD_WIDTH}px")
        digits = widgets.HBox(
            [
                widgets.VBox([widgets.Label("decoded from here"), self._decoded_image]),
                widgets.VBox([widgets.Label("nearest real digit"), self._nearest_image]),
            ]
        )
        controls = widgets.VBox([self.code_1, self.code_2, digits, self.status])
        controls.layout = widgets.Layout(width=f"{CONTROLS_WIDTH}px", margin="0 0 0 12px")
        return widgets.HBox([board, controls], layout=widgets.Layout(flex_flow="row wrap"))


def _slider(latent_map: LatentMap, axis: int) -> widgets.FloatSlider:
    corners_and_start = latent_map.low, latent_map.high, latent_map.start
    low, high, start = (float(place[axis]) for place in corners_and_start)
    # The page moves a value that is not on a step to one, be it by the last bit, and tells Python
    # so, late: after Run All it would undo what later cells had set. In whole numbers of a power of
    # two the page's arithmetic is exact, on every machine.
    unit = 2.0 ** (math.floor(math.log2(high - low)) - FINE)
    low, step = (unit * round(size / unit) for size in (low, (high - low) / STEPS))
    return widgets.FloatSlider(
        low + step * round((start - low) / step), min=low, max=low + STEPS * step, step=step,
        description=f"code {axis + 1}", readout_format=f".{latent_map.decimals}f",
    )  # fmt: skip


def _digit_image() -> widgets.Image:
    size = f"{DIGIT_SIZE}px"
    return widgets.Image(layout=widgets.Layout(width=size, height=size))


def _map_image(latent_map: LatentMap) -> widgets.Image:
    """Return the map without margins, so that a share of the window is one of the image."""
    side = MAP_SIZE / DPI
    figure = plt.figure(figsize=(side, side), dpi=DPI, layout="none")
    ax = figure.add_axes((0, 0, 1, 1), xticks=[], yticks=[])
    window = latent_map.low, latent_map.high
    plots.latent_map(ax, latent_map.codes, latent_map.labels, window=window)
    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=DPI * plots.SHARPNESS)
    plt.close(figure)
    size = f"{MAP_SIZE}px"
    # It shares the one cell of a grid with the ring, which so lies on it.
    layout = widgets.Layout(grid_area="1 / 1", width=size, height=size, border="1px solid gray")
    return widgets.Image(value=buffer.getvalue(), layout=layout)


def _ring_svg(latent_map: LatentMap, point: np.ndarray) -> str:
    """Return a ring, black with a white rim, to lie on the map."""
    x, up = MAP_SIZE * (point - latent_map.low) / (latent_map.high - latent_map.low)
    circle = f'<circle cx="{x:.0f}" cy="{MAP_SIZE - up:.0f}" r="9"'
    return (
        f'<svg width="{MAP_SIZE}" height="{MAP_SIZE}" role="img" '
        f'aria-label="map of {len(latent_map.codes)} digits; a ring marks the point">'
        f'<g fill="none">{circle} stroke="white" stroke-width="6"/>'
        f'{circle} stroke="black" stroke-width="3"/></g></svg>'
    )


def _status_html(latent_map: LatentMap, point: np.ndarray, nearest: int, distance: float) -> str:
    """Return the point and its nearest digit in words, which a screen reader says on each move."""
    x, y, away = (f"{number:.{latent_map.decimals}f}" for number in (*point, distance))
    off_the_map = distance > latent_map.far
    cue = " <b>Off the map: no real digit is encoded near here.</b>" if off_the_map else ""
    return (
        f'<div aria-live="polite">z = ({x}, {y}), '
        f"nearest real digit: a {latent_map.labels[nearest]}, {away} away.{cue}</div>"
    )
