"""An autoencoder taken apart at its code, along the graph of its layers; the halves are proved."""

from itertools import pairwise

import keras
import numpy as np

ROWS = 32  # of random pixels, on which decoder(encoder(x)) must equal the model
SAME = 1e-4  # of the largest output: more than float32 rounds off, less than a picture shows


def take_apart(autoencoder: keras.Model) -> tuple[keras.Model, keras.Model]:
    """Return the encoder and the decoder of a model, which share its weights.

    Args:
        autoencoder: a model with one layer named "code" that all else passes through; or one made
            of two models, in a row or as its attributes `encoder` and `decoder`.

    Raises:
        ValueError: there is no such place, or the halves do not compute what the model does.
    """
    if not isinstance(autoencoder, keras.Model):
        raise ValueError(
            f"a network is needed, but this is of the kind {type(autoencoder).__name__}: give a "
            "keras.Model, such as models.load_autoencoder() returns."
        )
    if not _has_graph(autoencoder):
        return _proved(autoencoder, *_attributes(autoencoder))
    if (counts := (len(autoencoder.inputs), len(autoencoder.outputs))) != (1, 1):
        raise ValueError(
            f"this model has {counts[0]} inputs and {counts[1]} outputs, but an autoencoder has "
            "one of each: build keras.Model(image, reconstruction)."
        )
    layers = [x for x in autoencoder.layers if not isinstance(x, keras.layers.InputLayer)]
    names = [layer.name for layer in layers]
    if "code" in names:
        return _at_code(autoencoder, layers)
    for layer, following in pairwise(layers):
        nested = isinstance(layer, keras.Model) and isinstance(following, keras.Model)
        ends_in_code = isinstance(layer, keras.Model) and layer.layers[-1].name == "code"
        if ends_in_code or (nested and len(layers) == 2):
            cut = layers.index(layer) + 1
            start = autoencoder.inputs[0].shape[1:]
            encoder = _chained(layers[:cut], start, "image", "encoder")
            decoder = _chained(layers[cut:], encoder.output_shape[1:], "latent_point", "decoder")
            return _proved(autoencoder, encoder, decoder)
    inside = [x.name for x in layers if isinstance(x, keras.Model) and _holds_code(x)]
    if inside:
        raise ValueError(
            f'the layer "code" is inside the model "{inside[0]}", with more behind it: take that '
            f'part alone, as in split(autoencoder.get_layer("{inside[0]}")).'
        )
    listed = ", ".join(layer.name for layer in autoencoder.layers)
    raise ValueError(
        f'this model\'s layers are {listed}, and none is named "code": '
        'build the layer that makes the code with Dense(2, name="code").'
    )


def _has_graph(model: keras.Model) -> bool:
    """Whether Keras knows how the layers are joined, as it does not of a class with a `call`."""
    try:
        return bool(model.inputs) and bool(model.outputs)
    except (AttributeError, ValueError):
        return False


def _holds_code(model: keras.Model) -> bool:
    return any(layer.name == "code" for layer in model.layers)


def _attributes(model: keras.Model) -> tuple[keras.Model, keras.Model]:
    """Return the parts that a class of one's own calls its encoder and its decoder."""
    encoder, decoder = getattr(model, "encoder", None), getattr(model, "decoder", None)
    if isinstance(model, keras.Sequential):
        raise ValueError(
            "this Sequential does not know yet what goes in: begin it with keras.Input((784,))."
        )
    if encoder is None or decoder is None or not (_has_graph(encoder) and _has_graph(decoder)):
        raise ValueError(
            f"this {type(model).__name__} does not say how its layers are joined, so it cannot be "
            "taken apart: build it as keras.Model(image, reconstruction), or give it models named "
            "encoder and decoder."
        )
    return (
        _chained([encoder], encoder.inputs[0].shape[1:], "image", "encoder"),
        _chained([decoder], decoder.inputs[0].shape[1:], "latent_point", "decoder"),
    )


def _chained(layers: list, shape: tuple, start: str, name: str) -> keras.Model:
    """Send an input of this shape through layers, one after the other."""
    signal = first = keras.Input(shape, name=start)
    for layer in layers:
        signal = layer(signal)
    return keras.Model(first, signal, name=name)


def _at_code(autoencoder: keras.Model, layers: list) -> tuple[keras.Model, keras.Model]:
    if _uses(autoencoder, "code") > 1:
        raise ValueError(
            'the layer "code" is used more than once, so it is not clear which of its outputs is '
            "the code: use it once, and another layer in the other places."
        )
    code = autoencoder.get_layer("code").output
    encoder = keras.Model(autoencoder.inputs[0], code, name="encoder")
    if _is_chain(autoencoder, layers):
        after = layers[[layer.name for layer in layers].index("code") + 1 :]
        chain = _chained(after, code.shape[1:], "latent_point", "decoder")
        return _proved(autoencoder, encoder, chain)
    try:
        decoder = keras.Model(code, autoencoder.outputs[0], name="decoder")
    except ValueError:
        raise ValueError(
            f"{_second_way(layers)} gets something that does not pass through the code, so the "
            "decoder cannot be taken out: let all that it needs come from the code."
        ) from None
    return _proved(autoencoder, encoder, decoder)


def _is_chain(model: keras.Model, layers: list) -> bool:
    """Whether the layers alone say it all: each used once, of one input, and nothing between."""
    if isinstance(model, keras.Sequential):
        return True
    if not all(isinstance(step, keras.layers.Layer) for step in model.operations):
        return False
    once = all(_uses(model, layer.name) == 1 for layer in layers)
    return once and not any(isinstance(layer.input, list | tuple | dict) for layer in layers)


def _uses(model: keras.Model, name: str) -> int:
    """Return in how many places of a model a layer is used."""
    try:
        places = {x["name"]: x.get("inbound_nodes") for x in model.get_config()["layers"]}
    except (NotImplementedError, KeyError, TypeError):  # a layer that cannot be written down
        return 1
    return len(places.get(name) or [1])


def _second_way(layers: list) -> str:
    """Name the first layer that joins several inputs."""
    for layer in layers:
        try:
            joins = isinstance(layer.input, list | tuple) and len(layer.input) > 1
        except (AttributeError, ValueError):  # used in several places
            joins = True
        if joins:
            return f'the layer "{layer.name}"'
    return "the output"


def _proved(
    whole: keras.Model, encoder: keras.Model, decoder: keras.Model
) -> tuple[keras.Model, keras.Model]:
    """Return the halves if they compute what the whole does; NaN for NaN, too."""
    shape = [size or 1 for size in encoder.input_shape[1:]]
    random = np.random.default_rng(0)
    x = random.random((ROWS, *shape), "float32")
    x[::2] = 3 * random.standard_normal(x[::2].shape)  # farther than pixels go, on both sides of 0
    expected, again, found = (np.asarray(y) for y in (whole(x), whole(x), decoder(encoder(x))))
    if not np.array_equal(expected, again, equal_nan=True):
        raise ValueError(
            "this model gives another picture each time, since a layer draws at random: take it "
            "apart by hand, from the mean of what it draws."
        )
    scale = max(1e-6, float(np.nanmax(np.abs(expected), initial=0)))
    same = found.shape == expected.shape and np.allclose(
        found / scale, expected / scale, rtol=0, atol=SAME, equal_nan=True
    )
    if not same:
        raise ValueError(
            'this model does more than pass its layers in order, so its halves at "code" would '
            "give other pictures: build it as one chain, each step a layer used once."
        )
    return encoder, decoder
