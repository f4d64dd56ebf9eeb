"""What travels to the page: a network, its map of codes and a replay of training, as bytes.

Inside zlib lie, one after the other:

1. the length of the header, uint32, little endian;
2. the header, JSON (`_header`);
3. the high bytes of all float16 numbers, then their low bytes (`float16_bytes`). The numbers are
   each layer's kernel and bias, the codes, the errors, the replayed codes; codes are shares of the
   window, 0 at `low` and 1 at `high`;
4. the labels, a byte each;
5. the images, a byte a pixel, 0 for white to `levels` for black.

`unpack` in the page's JavaScript reads it.
"""

import json
import zlib
from collections.abc import Sequence

import keras
import numpy as np
from matplotlib.colors import to_hex

from helpers.codes import densest
from helpers.plots import HUES
from helpers.widgets.latent_map import LatentMap

# The page can run these; its JavaScript has the same list.
ACTIVATIONS = ("linear", "relu", "elu", "gelu", "silu", "tanh", "sigmoid")
LARGEST = 65_504  # that a float16 can hold
LEVELS = 5  # of grey above white in the digits that travel with the page: they are to look at only
REPLAYED_EPOCHS, REPLAYED_DIGITS = 20, 250  # at most
PROBED_PLACES = 12  # along each axis of the map
PROBED = 100  # digits of the map, on which the page has to agree with Keras
EXACT, SAME = 1e-3, 0.03  # of the window for a code, of full ink for a pixel
SAME_PLACE = 0.05  # of the window: the median distance, on either axis, of a replay from its map
UNLIKE = 99  # percent of the map's digits come back with a smaller error than what is unlike them


def dense_layers(autoencoder: keras.Model) -> list[keras.layers.Dense]:
    """Return the layers from the image to its reconstruction.

    Args:
        autoencoder: a chain of Dense layers.

    Raises:
        ValueError: a layer is of another kind, its activation is none of `ACTIVATIONS`, or a weight
            is not finite or does not fit into a float16.
    """
    layers = [x for x in autoencoder.layers if not isinstance(x, keras.layers.InputLayer)]
    for layer in layers:
        if type(layer) is not keras.layers.Dense:  # a subclass may compute anything
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
        if len(layer.get_weights()) != 1 + layer.use_bias:
            raise ValueError(
                f'layer "{layer.name}" holds more than a kernel and a bias, as LoRA and '
                "quantization do, but the explorer knows no more: build it anew and copy the "
                "weights that it ends with."
            )
        if not all((abs(weights) < LARGEST).all() for weights in layer.get_weights()):
            raise ValueError(
                f'layer "{layer.name}" has weights that are no numbers or beyond {LARGEST:,}, so '
                "training went wrong: build it anew and train it with a smaller learning rate."
            )
    return layers


def pack(
    layers: Sequence[keras.layers.Dense], latent_map: LatentMap, replay: np.ndarray | None
) -> bytes:
    """Pack all that the page needs, in the form that this module's docstring describes.

    Args:
        layers: what `dense_layers` returned; one of them is named "code".
        latent_map: the map of the same network.
        replay: codes of the map's first m digits after each epoch, float (epochs + 1, m, 2), or
            None.

    Raises:
        ValueError: the replay has another shape, or does not end where the map's codes are.
    """
    epochs, replayed = _thin(replay, latent_map)
    header = json.dumps(_header(layers, latent_map, epochs, replayed.shape[1])).encode()
    # As shares of the window, since float16 is finest near 0
    low, span = latent_map.low, latent_map.high - latent_map.low
    codes, replayed = (latent_map.codes - low) / span, (replayed - low) / span
    numbers = [*_weights(layers), codes, latent_map.errors, replayed]
    parts = [
        len(header).to_bytes(4, "little"),
        header,
        float16_bytes(np.concatenate([array.ravel() for array in numbers])),
        latent_map.labels.astype(np.uint8).tobytes(),
        np.round(latent_map.images / 255 * LEVELS).astype(np.uint8).tobytes(),
    ]
    return zlib.compress(b"".join(parts), 9)


def check_same(
    layers: Sequence[keras.layers.Dense], latent_map: LatentMap, decoder: keras.Model
) -> None:
    """Refuse a network that the page would not compute as Keras does.

    Args:
        layers: what `dense_layers` returned; the page runs them one after the other, with weights
            of 16 bits.
        latent_map: the map of the same network.
        decoder: of the same network.

    Raises:
        ValueError: a code of the map, or a picture decoded from one, comes out elsewhere.
    """
    cut = [layer.name for layer in layers].index("code") + 1
    flat = latent_map.images[:PROBED].reshape(-1, 784).astype("float32") / 255
    codes = latent_map.codes[:PROBED]
    span = latent_map.high - latent_map.low
    shares = np.stack(np.meshgrid(*[np.linspace(0, 1, PROBED_PLACES)] * 2), axis=-1).reshape(-1, 2)
    places = (latent_map.low + shares * span).astype("float32")  # where the ring can go
    drawn = decoder(places).numpy()
    # With Keras's own weights every difference is one of structure, however little it shows yet.
    for dtype, nearly in (("float32", EXACT), ("float16", SAME)):
        if (abs(_run(layers[:cut], flat, dtype) - codes) / span > nearly).any():
            wrong = "encodes"
        elif (abs(_run(layers[cut:], places, dtype) - drawn) > nearly).any():
            wrong = "decodes"
        else:
            continue
        raise ValueError(
            f"the page, which runs the Dense layers in order with weights of 16 bits, {wrong} "
            "otherwise than this network: build it as a plain chain, each layer used once with "
            "nothing between, and with codes that are not tiny."
        )


def _run(layers: Sequence[keras.layers.Dense], signal: np.ndarray, dtype: str) -> np.ndarray:
    """Send rows of numbers through layers, with weights of this precision."""
    for layer in layers:
        kernel, *bias = (w.astype(dtype).astype("float32") for w in layer.get_weights())
        signal = np.asarray(layer.activation(signal @ kernel + (bias[0] if bias else 0)))
    return signal


def float16_bytes(numbers: np.ndarray) -> bytes:
    """Return the high bytes of all numbers as float16, then their low bytes.

    Neighbours have similar high bytes, so that they compress better when these lie together.
    """
    pairs = numbers.astype("<f2").view(np.uint8)  # low byte, high byte, low byte ...
    return pairs[1::2].tobytes() + pairs[::2].tobytes()


def _header(
    layers: Sequence[keras.layers.Dense], latent_map: LatentMap, epochs: list[int], replayed: int
) -> dict:
    return {
        "layers": [(*layer.kernel.shape, layer.activation.__name__) for layer in layers],
        "encoderLayers": [layer.name for layer in layers].index("code") + 1,
        "points": len(latent_map.codes),
        "epochs": epochs,
        "replayed": replayed,
        "levels": LEVELS,
        "low": latent_map.low.tolist(),
        "high": latent_map.high.tolist(),
        "near": latent_map.near,
        "far": latent_map.far,
        "decimals": latent_map.decimals,
        "unlike": float(np.percentile(latent_map.errors, UNLIKE)),
        "start": latent_map.start.tolist(),
        "typical": densest(latent_map.codes, latent_map.labels),
        "colors": [to_hex(hue) for hue in HUES],
    }


def _weights(layers: Sequence[keras.layers.Dense]) -> list[np.ndarray]:
    weights = []
    for layer in layers:
        weights += layer.get_weights()
        if not layer.use_bias:
            weights.append(np.zeros(layer.units))  # the page always adds one
    return weights


def _thin(replay: np.ndarray | None, latent_map: LatentMap) -> tuple[list[int], np.ndarray]:
    """Return which epochs to show, the early ones closer together, and their codes."""
    if replay is None:
        return [], np.empty((0, 0, 2))
    replay = np.asarray(replay)
    _check_replay(replay, latent_map)
    last = len(replay) - 1
    shares = np.linspace(0, 1, REPLAYED_EPOCHS) ** 2
    epochs = np.unique(np.round(last * shares).astype(int)).tolist()
    return epochs, replay[epochs, :REPLAYED_DIGITS]


def _check_replay(replay: np.ndarray, latent_map: LatentMap) -> None:
    most = len(latent_map.codes)
    fits = replay.ndim == 3 and len(replay) >= 2 and replay.shape[2] == 2
    if not fits or not 0 < replay.shape[1] <= most:
        raise ValueError(
            f"the replay has shape {replay.shape}, but needs (epochs + 1, m, 2) with m at most "
            f"{most}: give it the codes that RecordCodes has saved of images[:m]."
        )
    away = np.abs(replay[-1] - latent_map.codes[: replay.shape[1]])
    if not np.median(away / (latent_map.high - latent_map.low)) < SAME_PLACE:
        raise ValueError(
            "the replay does not end where this network encodes images[:m], so it is of another "
            "network or of other images: record it anew, or leave it out with replay=None."
        )
