"""Networks: build, take apart, load, and make quick enough for a slider."""

from collections.abc import Callable, Sequence
from itertools import zip_longest
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

PIXELS = 28 * 28
ASSETS = Path(__file__).parent / "assets"
TRAINED = ASSETS / "autoencoder.keras"
# Codes of the first 250 bundled test images after each epoch of its training, (101, 250, 2)
REPLAY = ASSETS / "autoencoder_replay.npy"


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
        autoencoder: a chain of layers, one of them named "code".

    Returns:
        encoder, (n, pixels) to (n, code size), and decoder, (n, code size) to (n, pixels).

    Raises:
        ValueError: no layer is named "code".

    Introduced in notebook 01.
    """
    names = [layer.name for layer in autoencoder.layers]
    if "code" not in names:
        raise ValueError(
            f'this model\'s layers are {", ".join(names)}, and none is named "code": '
            'build the layer that makes the code with Dense(2, name="code").'
        )
    code = autoencoder.get_layer("code").output
    signal = start = keras.Input(code.shape[1:], name="latent_point")
    for layer in autoencoder.layers[names.index("code") + 1 :]:
        signal = layer(signal)
    encoder = keras.Model(autoencoder.input, code, name="encoder")
    return encoder, keras.Model(start, signal, name="decoder")


def load_autoencoder(path: str | Path | None = None) -> keras.Model:
    """Load a trained autoencoder: the one that ships with the course, or your own.

    The shipped one is 784-128-64-32-2 and its mirror, trained on all 60,000 MNIST training images
    by `python -m helpers.recipes.autoencoder`.

    Args:
        path: a `.keras` file that you saved; None for the shipped one.

    Returns:
        A model from float32 (n, 784) in [0, 1] to the same, with a layer named "code".

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is no Keras model, or the model does not map 784 pixels to 784.

    Introduced in notebook 01.
    """
    path = TRAINED if path is None else Path(path)
    mend = "train and save one in notebook 03, or use load_autoencoder() for the one that ships."
    if not path.is_file():
        raise FileNotFoundError(f"no model is at {path}: {mend}")
    try:
        model = keras.saving.load_model(path, compile=False)
    except Exception as error:  # Keras raises many kinds for a file that it cannot read
        raise ValueError(f"{path} is not a Keras model that can be loaded here: {mend}") from error
    if (model.input_shape, model.output_shape) != ((None, PIXELS), (None, PIXELS)):
        raise ValueError(
            f"{path} maps {model.input_shape} to {model.output_shape}, but the course needs "
            f"(None, 784) to (None, 784): {mend}"
        )
    split(model)  # complains if no layer is named "code"
    return model


def load_weights(network: keras.Model, name: str) -> dict[str, float]:
    """Fill a network that you built with trained weights that ship with the course.

    `python -m helpers.recipes.beyond` trained them on all 60,000 MNIST training images and
    stores them beside itself, as float16, with what it measured on the 10,000 test images.

    Args:
        network: layers of the same sizes, in the same order, as those that were trained.
        name: "plain", "denoising", "convolutional", "variational", "neighbours" or "plain_2".

    Returns:
        What was measured, such as {"mse": 0.0345}.

    Raises:
        ValueError: no weights go by that name, or they do not fit the network; it is unchanged.

    Introduced in notebook 07.
    """
    if not (path := ASSETS / f"beyond_{name}.npz").is_file():
        shipped = ", ".join(f.stem[7:] for f in sorted(ASSETS.glob("beyond_*.npz")))
        raise ValueError(f'no weights are called "{name}": the names are {shipped}.')
    with np.load(path, allow_pickle=False) as stored:
        weights = [stored[key] for key in stored if key.startswith("weight_")]
        scores = {key: float(stored[key]) for key in stored if not key.startswith("weight_")}
    yours, needed = [w.shape for w in network.get_weights()], [w.shape for w in weights]
    if yours != needed:
        wrong = next((a, b) for a, b in zip_longest(yours, needed) if a != b)
        raise ValueError(
            f'the weights "{name}" do not fit: your network has an array of shape {wrong[0]} where '
            f"they have {wrong[1]}; build it with the layers that stand above in notebook 07."
        )
    network.set_weights([weight.astype("float32") for weight in weights])
    return scores


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
