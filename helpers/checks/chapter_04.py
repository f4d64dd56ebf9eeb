"""The exercises of chapter 04, taking encoder and decoder out."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.checks.judging import Judgement, exercise, wrong_shapes

if TYPE_CHECKING:  # keras takes seconds to import, and most exercises do without
    import keras

# In units of the code: a point this near to the right one is the right one, rounded ...
ROUNDED = 0.06
# ... and one this near to the code of the picture times 255 has forgotten to divide.
UNSCALED = 1
SAME_PICTURE = 1e-4  # of two pixels that the same weights computed


@exercise("04.1", "two numbers, such as [0.1, 0.2]")
def code_of_the_given_picture(answer: Any, encoder: "keras.Model", image: np.ndarray) -> Judgement:
    """Encode the given picture with the encoder of the deep network."""
    code = np.asarray(answer, dtype=float)
    right = encoder.predict(image[None], verbose=0)[0]
    if code.size != right.size:
        return False, f"a code has {right.size} numbers; you gave an array of shape {code.shape}."
    off = _distance(code.ravel(), right)
    if off < ROUNDED:
        return True, "that is where this picture lies."
    if _distance(code.ravel(), encoder.predict(255 * image[None], verbose=0)[0]) < UNSCALED:
        return False, "this is the code of pixels from 0 to 255; the network was trained on 0 to 1."
    return False, f"your point is {off:.2f} away from the code of the given picture."


def _distance(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.sqrt(((a - b) ** 2).sum()))


@exercise("04.2", "a keras.Model from 2 numbers to 784")
def decoder_of_the_deep_network(answer: Any, autoencoder: "keras.Model") -> Judgement:
    """Build the decoder from the layers that stand behind the code of the deep network."""
    if wrong := wrong_shapes(answer, inputs=2, wanted="a decoder maps 2 numbers to 784"):
        return False, wrong
    points = np.random.default_rng(0).normal(size=(20, 2)).astype("float32")
    right = points
    names = [layer.name for layer in autoencoder.layers]
    after = autoencoder.layers[names.index("code") + 1 :]
    for layer in after:
        right = layer(right)
    if np.allclose(answer.predict(points, verbose=0), right, atol=SAME_PICTURE):
        return True, "the same four layers, with the weights that they were trained to."
    own = [layer for layer in answer.layers if layer.weights]
    if any(layer not in after for layer in own):
        return False, "some of its layers are new, so their weights are untrained: use get_layer."
    return False, f"it draws other pictures: send the point through {len(after)} layers, in order."


@exercise("04.3", 'the name of a file, such as "my_encoder.keras"')
def file_of_the_encoder_alone(answer: Any, encoder: "keras.Model") -> Judgement:
    """Save the encoder alone in a file from which it can be loaded again."""
    import keras

    if not Path(answer).is_file():
        return False, f"there is no file {answer} here: first run encoder.save({str(answer)!r})."
    loaded = keras.saving.load_model(answer, compile=False)
    if loaded.output_shape != encoder.output_shape:
        return False, (
            f"the file's model gives {loaded.output_shape}, the encoder {encoder.output_shape}: "
            "save the encoder, not the whole autoencoder."
        )
    probe = np.eye(*loaded.input_shape[1:]).astype("float32")  # a picture for each single pixel
    same = np.allclose(loaded.predict(probe, verbose=0), encoder.predict(probe, verbose=0))
    return same, "it gives the same codes." if same else "it gives other codes: save it again."
