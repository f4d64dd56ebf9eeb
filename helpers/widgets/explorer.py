"""The latent explorer: a map of codes in the page, which answers without a kernel."""

import base64
import html
from collections.abc import Callable, Sequence
from pathlib import Path

import anywidget
import keras
import numpy as np
import traitlets
from IPython.display import display

from helpers import models
from helpers.widgets.latent_map import LatentMap
from helpers.widgets.live import Live, still_map
from helpers.widgets.payload import check_same, dense_layers, pack

SCRIPT, STYLE = (Path(__file__).with_name(f"explorer.{kind}") for kind in ("js", "css"))
ALT = (
    "The latent explorer: a map of digits with a ring, and the digit decoded from the ring's place."
    " Run this cell to use it."
)
# Beside the explorer's own style. A frame does not grow with its page: 610 px hold the map and the
# panel beside it, 1090 px the panel under the map, as it lies in windows too narrow for both.
# The last rule hides the still picture (see `Live`) right before a widget or a page that lives;
# GitHub and whatever else shows neither has no such neighbour, so the picture stays.
OUTPUT_STYLE = """
.latent-explorer-page { width: 100%; height: 610px; border: 0 }
@media (max-width: 900px) { .latent-explorer-page { height: 1090px } }
.jp-OutputArea-child:has(.jp-RenderedImage):has(
  + .jp-OutputArea-child :is(.latent-explorer, .latent-explorer-page)) { display: none }
"""


class LatentExplorer(anywidget.AnyWidget):
    """A map of codes to walk with your hands: drag, point, walk, draw, replay.

    The encoder and the decoder run in the page, so that it answers while the kernel is busy and
    after it has gone; a saved notebook and its HTML export hold a copy that lives without either.

    Args:
        autoencoder: yours or the shipped one: dense layers only, with a layer "code" of two.
        images: the digits of the map, uint8 (n, 28, 28); 2,000 make a good one.
        labels: what they are, (n,) integers from 0 to 9.
        replay: codes of images[:m] after each epoch of training, float (epochs + 1, m, 2), its
            first row from the untrained network; None for no replay.

    Attributes:
        code_1, code_2: where the ring stands, in the code's own units; `jslink` a slider's value
            to them and it moves without the kernel.
        z: both as an array, (2,); set it to move the ring.
        payload: what the page is given, bytes; helpers/widgets/payload.py describes them.

    Raises:
        ValueError: the network has other layers or activations than the page can run, the code has
            not two numbers, a weight or a code is not finite, or there are no images.

    Introduced in notebook 05.
    """

    _esm, _css = SCRIPT.read_text("utf-8"), STYLE.read_text("utf-8") + OUTPUT_STYLE
    code_1 = traitlets.Float().tag(sync=True)
    code_2 = traitlets.Float().tag(sync=True)
    payload = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        autoencoder: keras.Model,
        images: np.ndarray,
        labels: np.ndarray,
        replay: np.ndarray | None = None,
    ):
        _, self._decoder = models.split(autoencoder)
        layers = dense_layers(autoencoder)
        self._latent_map = LatentMap.of(autoencoder, images, labels)
        check_same(layers, self._latent_map, self._decoder)
        super().__init__(payload=pack(layers, self._latent_map, replay))
        self.z = self._latent_map.start

    @property
    def z(self) -> np.ndarray:
        """Where the ring stands, float (2,), in the code's own units; set it to move the ring."""
        return np.array([self.code_1, self.code_2])

    @z.setter
    def z(self, point: Sequence[float] | np.ndarray) -> None:
        if np.shape(point) != (2,) or not np.isfinite(point).all():
            raise ValueError(
                f"z was given {point!r}, but a point of the map is two numbers: try z = [0.5, -1]."
            )
        with self.hold_sync(), self.hold_trait_notifications():  # one message, one move
            self.code_1, self.code_2 = map(float, point)

    def on_change(self, callback: Callable[[np.ndarray], None]) -> None:
        """Call `callback(z)` when the ring has moved, at most ten times a second."""
        told = [tuple(self.z)]

        def tell(change):
            if tuple(self.z) != told[0]:
                told[0] = tuple(self.z)
                callback(self.z)

        self.observe(tell, ["code_1", "code_2"])

    def to_html(self) -> str:
        """Return a page of its own that needs no kernel and no network, as HTML text."""
        data = base64.b64encode(self.payload).decode()
        return (
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Latent explorer</title>'
            f"<style>body {{ margin: 0; background: Canvas }} html {{ color-scheme: light dark }}\n"
            f'{self._css}</style><main></main><script type="module">\n'
            f"{self._esm}\n"
            f'const bytes = Uint8Array.from(atob("{data}"), (one) => one.charCodeAt(0))\n'
            'mount(document.querySelector("main"), await unpack(bytes))\n</script></html>'
        )

    def _ipython_display_(self) -> None:
        decoded = self._decoder(np.array([self.z], "float32")).numpy().reshape(28, 28)
        picture = still_map(self._latent_map, self.z, decoded, ALT)
        display(Live(self, picture, self._frame()))

    def _frame(self) -> str:
        """Return the page in a frame that lets its script run but keeps it off the notebook."""
        return (
            f'<style>{OUTPUT_STYLE}</style><iframe class="latent-explorer-page" '
            'title="Latent explorer" '
            f'sandbox="allow-scripts" srcdoc="{html.escape(self.to_html())}"></iframe>'
        )
