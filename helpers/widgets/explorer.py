"""The latent explorer: a map of codes in the page, which answers without a kernel."""

import base64
import html
import json
import zlib
from collections.abc import Callable
from pathlib import Path

import anywidget
import keras
import numpy as np
import traitlets
from IPython.display import display
from matplotlib.colors import to_hex

from helpers.codes import densest
from helpers.plots import HUES
from helpers.widgets.latent_map import LatentMap

SCRIPT, STYLE = (Path(__file__).with_name(f"explorer.{kind}") for kind in ("js", "css"))
# The page can run these; explorer.js has the same list.
ACTIVATIONS = ("linear", "relu", "elu", "gelu", "silu", "tanh", "sigmoid")
LEVELS = 5  # of grey above white in the digits that travel with the page: they are to look at only
FRAMES, REPLAYED = 20, 250  # epochs and digits of the replay, at most
# Of the page that stands in for the widget where no kernel runs; and the picture right before it is
# for where no page can live (GitHub, print).
AROUND = """
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

    Raises:
        ValueError: the network has other layers or activations than the page can run, the code has
            not two numbers, a weight or a code is not finite, or there are no images.

    Introduced in notebook 05.
    """

    _esm, _css = SCRIPT.read_text("utf-8"), STYLE.read_text("utf-8") + AROUND
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
        layers = _dense_layers(autoencoder)
        self._map = LatentMap(autoencoder, images, labels)
        payload = _pack(layers, self._map, replay)
        super().__init__(payload=payload)
        self.z = self._map.start

    @property
    def z(self) -> np.ndarray:
        return np.array([self.code_1, self.code_2])

    @z.setter
    def z(self, point) -> None:
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
        alt = (
            "The latent explorer: a map of digits with a ring, and the digit decoded from the "
            "ring's place. Run this cell to use it."
        )
        display(self._map.picture(self.z, alt))
        page = html.escape(self.to_html())
        frame = (
            f'<style>{AROUND}</style><iframe class="latent-explorer-page" title="Latent explorer" '
            f'sandbox="allow-scripts" srcdoc="{page}"></iframe>'
        )
        data, metadata = self._repr_mimebundle_()
        display({**data, "text/html": frame, "text/plain": alt}, metadata=metadata, raw=True)


def _dense_layers(autoencoder: keras.Model) -> list[keras.layers.Dense]:
    """Return the layers from the image to its reconstruction; complain about any other kind."""
    layers = [x for x in autoencoder.layers if not isinstance(x, keras.layers.InputLayer)]
    for layer in layers:
        if not isinstance(layer, keras.layers.Dense):
            raise ValueError(
                f'layer "{layer.name}" is a {type(layer).__name__}, but the explorer runs Dense '
                "layers only: give it a network such as models.build_autoencoder() makes."
            )
        name = getattr(layer.activation, "__name__", "of another kind")
        if name not in ACTIVATIONS or layer.activation is not keras.activations.get(name):
            raise ValueError(
                f'layer "{layer.name}" has an activation {name}, but the explorer knows '
                f"{', '.join(ACTIVATIONS)}: build the layer with one of these."
            )
        if not all((abs(weights) < 65_504).all() for weights in layer.get_weights()):
            raise ValueError(
                f'layer "{layer.name}" has weights that are no numbers or beyond 65,504, so '
                "training went wrong: build it anew and train it with a smaller learning rate."
            )
    return layers


def _pack(layers: list[keras.layers.Dense], space: LatentMap, replay) -> bytes:
    """Pack all that the page needs; `unpack` in explorer.js reads it.

    Inside zlib: the length of a header (uint32), the header (JSON), the high bytes of all float16
    numbers (weights, codes, errors, replay), their low bytes, labels and images (a byte a pixel).
    """
    epochs, shown = _thin(space, replay)
    weights = []
    for layer in layers:
        bias = [] if layer.use_bias else [np.zeros(layer.units)]  # the page always adds one
        weights += [array.ravel() for array in [*layer.get_weights(), *bias]]
    header = {
        "layers": [(*layer.kernel.shape, layer.activation.__name__) for layer in layers],
        "encoderLayers": [layer.name for layer in layers].index("code") + 1,
        "points": len(space.codes),
        "epochs": epochs,
        "replayed": shown.shape[1],
        "levels": LEVELS,
        "low": space.low.tolist(),
        "high": space.high.tolist(),
        "near": space.near,
        "far": space.far,
        "decimals": space.decimals,
        "unlike": float(np.percentile(space.errors, 99)),
        "start": space.start.tolist(),
        "typical": densest(space.codes, space.labels),
        "colors": [to_hex(hue) for hue in HUES],
    }
    # As shares of the window, since float16 is finest near 0
    codes, shown = ((one - space.low) / (space.high - space.low) for one in (space.codes, shown))
    halves = np.concatenate([*weights, codes.ravel(), space.errors, shown.ravel()])
    halves = halves.astype("<f2").view(np.uint8)
    head = json.dumps(header).encode()
    body = (
        len(head).to_bytes(4, "little") + head + halves[1::2].tobytes() + halves[::2].tobytes()
        + space.labels.astype(np.uint8).tobytes()
        + np.round(space.images / 255 * LEVELS).astype(np.uint8).tobytes()
    )  # fmt: skip
    return zlib.compress(body, 9)


def _thin(space: LatentMap, replay: np.ndarray | None) -> tuple[list[int], np.ndarray]:
    """Return which epochs to show, the early ones closer together, and their codes."""
    if replay is None:
        return [], np.empty((0, 0, 2))
    replay = np.asarray(replay)
    most = len(space.codes)
    if (
        replay.ndim != 3
        or replay.shape[2] != 2
        or len(replay) < 2
        or not 0 < replay.shape[1] <= most
    ):
        raise ValueError(
            f"the replay has shape {replay.shape}, but needs (epochs + 1, m, 2) with m at most "
            f"{most}: give it the codes that RecordCodes has saved of images[:m]."
        )
    apart = np.abs(replay[-1] - space.codes[: replay.shape[1]]) / (space.high - space.low)
    if not np.median(apart) < 0.05:
        raise ValueError(
            "the replay does not end where this network encodes images[:m], so it is of another "
            "network or of other images: record it anew, or leave it out with replay=None."
        )
    last = len(replay) - 1
    epochs = np.unique(np.round(last * np.linspace(0, 1, FRAMES) ** 2).astype(int)).tolist()
    return epochs, replay[epochs, :REPLAYED]
