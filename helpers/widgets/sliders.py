"""Two sliders that decode a point of the map, in plain ipywidgets."""

import io

import ipywidgets as widgets
import keras
import matplotlib.pyplot as plt
import numpy as np

from helpers import codes, models
from helpers.plots import ENLARGED, to_png
from helpers.widgets.latent_map import STEPS, LatentMap
from helpers.widgets.live import Live

MAP_SIZE = 400  # pixels, of the square map on the page
DIGIT_SIZE = 28 * ENLARGED  # pixels, of a digit on the page


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
        far: the distance from which on a point is off the map.

    Raises:
        ValueError: as `helpers.latent.LatentMap` does.

    Introduced in notebook 05.
    """

    def __init__(self, autoencoder: keras.Model, images: np.ndarray, labels: np.ndarray):
        self._map = LatentMap(autoencoder, images, labels)
        self.far = self._map.far
        self._decode = models.compile_decoder(self._map.decoder)
        self.code_1, self.code_2 = (self._slider(k) for k in (0, 1))
        self.status = widgets.HTML()
        self._marker = widgets.HTML(layout=widgets.Layout(grid_area="1 / 1", margin="0"))
        self._decoded, self._nearest = (
            widgets.Image(layout=widgets.Layout(width=f"{DIGIT_SIZE}px", height=f"{DIGIT_SIZE}px"))
            for _ in range(2)
        )
        self._move()
        for slider in (self.code_1, self.code_2):
            slider.observe(self._move, "value")
        still = self._map.picture(
            self.point,
            "Two sliders move a ring over the map of digits; beside it stands the digit decoded "
            "from the ring's place. Run this cell to use them.",
        )
        super().__init__(self._page(), still)

    def _slider(self, k: int) -> widgets.FloatSlider:
        low, high, value = (float(v[k]) for v in (self._map.low, self._map.high, self._map.start))
        step = (high - low) / STEPS
        # On a step, for the page moves any other start to one and tells Python so, late.
        value = low + step * round((value - low) / step)
        return widgets.FloatSlider(
            value, min=low, max=high, step=step,
            description=f"code {k + 1}", readout_format=f".{self._map.decimals}f",
        )  # fmt: skip

    @property
    def point(self) -> np.ndarray:
        """Where the sliders stand, float (2,), in the code's own units."""
        return np.array([self.code_1.value, self.code_2.value])

    def _move(self, change=None) -> None:
        """Bring the digits, the marker and the status line to where the sliders stand."""
        point, low, high = self.point, self._map.low, self._map.high
        index, distance = codes.nearest(self._map.codes, point)
        self.decoded = self._decode(point)
        self._decoded.value = to_png(self.decoded)
        self._nearest.value = to_png(self._map.images[index])
        x, up = MAP_SIZE * (point - low) / (high - low)
        self._marker.value = (
            f'<svg width="{MAP_SIZE}" height="{MAP_SIZE}" role="img" '
            f'aria-label="map of {len(self._map.codes)} digits; a ring marks the point">'
            f'<g fill="none"><circle cx="{x:.0f}" cy="{MAP_SIZE - up:.0f}" r="9" stroke="white" '
            f'stroke-width="6"/><circle cx="{x:.0f}" cy="{MAP_SIZE - up:.0f}" r="9" '
            'stroke="black" stroke-width="3"/></g></svg>'
        )
        x, y, away = (f"{number:.{self._map.decimals}f}" for number in (*point, distance))
        place = f"z = ({x}, {y})"
        nearest = f"nearest real digit: a {self._map.labels[index]}, {away} away"
        cue = " <b>Off the map: no real digit is encoded near here.</b>"
        self.status.value = (
            f'<div aria-live="polite">{place}, {nearest}.{cue if distance > self.far else ""}</div>'
        )

    def _page(self) -> widgets.Widget:
        side = MAP_SIZE / 100
        figure = plt.figure(figsize=(side, side), dpi=100, layout="none")
        self._map.draw(figure.add_axes((0, 0, 1, 1), xticks=[], yticks=[]))
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
