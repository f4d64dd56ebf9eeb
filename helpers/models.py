"""Networks: build, take apart, load, measure, and make quick enough for a slider."""

import json
import zipfile
from collections.abc import Callable, Sequence
from itertools import zip_longest
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from helpers.halves import take_apart
from helpers.shipped import path_of

PIXELS = 28 * 28


def build_autoencoder(
    hidden: Sequence[int] = (128, 64, 32),
    code_size: int = 2,
    activation: str | None = "gelu",
    output: str | None = "sigmoid",
) -> keras.Model:
    """Build an autoencoder for 28 x 28 images: an encoder, a linear code, the encoder's mirror.

    The layers are named image, encoder_1.., code, decoder_1.., reconstruction.

    Args:
        hidden: widths of the encoder's hidden layers; the decoder has them in reverse. () for none.
        code_size: how many numbers the code has.
        activation: of the hidden layers (None for linear ones).
        output: of the last layer; "sigmoid" keeps the reconstruction in [0, 1].

    Returns:
        An uncompiled model from float32 (n, 784) in [0, 1] to float32 (n, 784).

    Introduced in notebook 03.
    """
    dense = keras.layers.Dense
    image = signal = keras.Input((PIXELS,), name="image")
    for i, width in enumerate(hidden, start=1):
        signal = dense(int(width), activation, name=f"encoder_{i}")(signal)
    signal = dense(int(code_size), name="code")(signal)
    for i, width in enumerate(reversed(hidden), start=1):
        signal = dense(int(width), activation, name=f"decoder_{i}")(signal)
    reconstruction = dense(PIXELS, output, name="reconstruction")(signal)
    return keras.Model(image, reconstruction, name="autoencoder")


def split(autoencoder: keras.Model) -> tuple[keras.Model, keras.Model]:
    """Take an autoencoder apart at its layer "code"; both halves share its weights.

    Args:
        autoencoder: a model with a layer named "code" that all else passes through: functional,
            Sequential, or made of an encoder and a decoder.

    Returns:
        encoder, (n, pixels) to (n, code size), and decoder, (n, code size) to (n, pixels).

    Raises:
        ValueError: there is no such layer, or decoder(encoder(x)) would not be what the model
            gives; the sentence names the layer where it can.

    Introduced in notebook 01.
    """
    return take_apart(autoencoder)


def load_autoencoder(path: str | Path | None = None) -> keras.Model:
    """Load a trained autoencoder: the one that ships with the course, or your own.

    Args:
        path: a `.keras` file that you saved; None for the shipped one, 784-128-64-32-2 and its
            mirror, trained on all 60,000 MNIST training images.

    Returns:
        A model from float32 (n, 784) in [0, 1] to the same, with a layer named "code".

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is no Keras model, or the model does not map 784 pixels to 784.

    Introduced in notebook 01.
    """
    path = Path(path or path_of("autoencoder", ".keras")).expanduser()
    mend = "train and save one in notebook 03, or use load_autoencoder() for the one that ships."
    if not path.is_file():
        raise FileNotFoundError(f"no model is at {path}: {mend}")
    try:
        model = keras.saving.load_model(path, compile=False)
    except Exception as error:  # Keras raises many kinds for a file that it cannot read
        if strangers := _strangers(path):
            raise ValueError(
                f"{path} needs {', '.join(strangers)}, which is not known here: put "
                "@keras.saving.register_keras_serializable() above its definition, and run that "
                "cell before you load."
            ) from error
        raise ValueError(f"{path} is not a Keras model that can be loaded here: {mend}") from error
    if (model.input_shape, model.output_shape) != ((None, PIXELS), (None, PIXELS)):
        raise ValueError(
            f"{path} maps {model.input_shape} to {model.output_shape}, but the course needs "
            f"(None, 784) to (None, 784): {mend}"
        )
    split(model)  # complains if no layer is named "code"
    return model


def _strangers(path: Path) -> list[str]:
    """Return the classes and functions that a `.keras` file needs and Keras does not have."""
    try:
        with zipfile.ZipFile(path) as archive:
            todo = [json.loads(archive.read("config.json"))]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return []
    found = set()
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            module = part.get("module") or ""
            if isinstance(part.get("class_name"), str) and not str(module).startswith("keras"):
                if "registered_name" in part:  # so Keras writes a class or a function down
                    kind = part["class_name"]
                    found.add(str(part["config"]) if kind == "function" else kind)
            todo += part.values()
        elif isinstance(part, list):
            todo += part
    return sorted(found)


def shipped(name: str, network: keras.Model | None = None) -> keras.Model:
    """Load a trained network that ships with the course; `helpers/shipped.py` lists them.

    Args:
        name: "autoencoder", "held_out_2" or "held_out_32", which are whole networks; or "plain_16",
            "denoising", "convolutional", "plain_2", "variational" or "neighbours", weights stored
            as float16 for a network that you build.
        network: yours, to be filled with these weights: layers of the same sizes, in the same
            order, as those that were trained. None for a whole network.

    Returns:
        `network`, or the whole one: from float32 (n, 784) in [0, 1] to the same.

    Raises:
        ValueError: no network goes by that name, or its weights do not fit yours, which is then
            unchanged; or only its weights ship, and you gave none to fill.

    Introduced in notebook 06.
    """
    path = path_of(name, ".keras", ".npz")
    if path.suffix == ".keras":
        whole = load_autoencoder(path)
        if network is None:
            return whole
        weights = whole.get_weights()
    else:
        with np.load(path, allow_pickle=False) as stored:
            weights = [stored[key].astype("float32") for key in stored if key.startswith("weight_")]
    if network is None:
        raise ValueError(
            f'of "{name}" only the weights ship: build its layers as notebook 07 does and give '
            f'them, as in shipped("{name}", network).'
        )
    yours, needed = [w.shape for w in network.get_weights()], [w.shape for w in weights]
    if yours != needed:
        wrong = next((a, b) for a, b in zip_longest(yours, needed) if a != b)
        raise ValueError(
            f'the weights "{name}" do not fit: your network has an array of shape {wrong[0]} where '
            f"they have {wrong[1]}; build it with the layers that stand above in notebook 07."
        )
    network.set_weights(weights)
    return network


def scores(name: str) -> dict[str, float]:
    """Return what was measured of shipped weights on MNIST's own 10,000 test images.

    Args:
        name: "plain_16", "denoising", "convolutional", "plain_2", "variational" or "neighbours".

    Returns:
        Name to number, such as {"mse": 0.0345}: mean squared errors per pixel, in [0, 1], and
        shares of right neighbours, in [0, 1]; the variational losses are sums over an image's
        pixels.

    Raises:
        ValueError: no weights go by that name.

    Introduced in notebook 07.
    """
    with np.load(path_of(name, ".npz"), allow_pickle=False) as stored:
        return {key: float(stored[key]) for key in stored if not key.startswith("weight_")}


def recorded(name: str) -> np.ndarray:
    """Load what was written down while networks were trained.

    Args:
        name: "film", codes of 250 digits after each epoch, float16 (101, 250, 2); or "code_sizes",
            float (8, 4), whose columns are code size, epochs, test MSE of a network and of PCA.

    Raises:
        ValueError: nothing goes by that name.

    Introduced in notebook 05.
    """
    path = path_of(name, ".npy", ".csv")
    return np.load(path) if path.suffix == ".npy" else np.loadtxt(path, delimiter=",", skiprows=1)


def mse(output: np.ndarray, original: np.ndarray) -> float:
    """Return the mean squared error per pixel: 0 for equal pictures, 1 for black instead of white.

    Args:
        output: pictures that came back, float (n, 784) in [0, 1], an array or a tensor.
        original: what they should be, of the same shape.

    Introduced in notebook 03.
    """
    return float(((np.asarray(output) - np.asarray(original)) ** 2).mean())


def compile_decoder(decoder: keras.Model) -> Callable[[Sequence[float]], np.ndarray]:
    """Compile a decoder into a function of one point, hundreds of times quicker than `predict`.

    Args:
        decoder: a model from (n, code size) to (n, 784).

    Returns:
        A function from the code's numbers to a float32 (28, 28) image; it reads the weights that
        the decoder has when it is called, so it stays right if training goes on.

    Introduced in notebook 05.
    """
    size = decoder.input_shape[-1]
    run = tf.function(decoder, input_signature=[tf.TensorSpec((1, size), tf.float32)])

    def decode(point: Sequence[float]) -> np.ndarray:
        return run(tf.constant([point], tf.float32)).numpy().reshape(28, 28)

    decode([0.0] * size)  # compile now, so that the first move of a slider does not wait
    return decode
