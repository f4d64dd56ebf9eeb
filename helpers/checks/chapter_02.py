"""The exercises of chapter 02, building the autoencoder."""

from typing import Any

from helpers.checks.judging import Judgement, exercise, judge_number, wrong_shapes

CODE_SIZE = 16  # that 02.2 asks for
# The layers of the network that 02.3 asks about, and the outputs of each
PUZZLE = {"a": 784, "b": 256, "c": 64, "d": 128, "e": 8, "f": 64, "g": 256, "h": 784}


@exercise("02.1", "a whole number, such as 3922")
def parameters_of_784_32_784(answer: Any) -> Judgement:
    """Count the parameters of an autoencoder whose code has 32 numbers."""
    return judge_number(
        answer,
        50992,
        "25,120 to the code and 25,872 back.",
        hints={
            2 * 784 * 32: "the biases are missing: 32 in the first layer, 784 in the second.",
            784 * 32 + 32: "that is the first layer; add the second.",
            32 * 784 + 784: "that is the second layer; add the first.",
            3922: "3922 is the count for a code of 2 numbers.",
        },
    )


@exercise("02.2", "a keras.Model from 784 numbers to 784")
def autoencoder_with_a_code_of_16(answer: Any) -> Judgement:
    """Build a three-layer autoencoder whose code has 16 numbers."""
    if wrong := wrong_shapes(answer):
        return False, wrong
    names = [layer.name for layer in answer.layers]
    if "code" not in names:
        return False, f'no layer is named "code"; the names are {", ".join(names)}.'
    size = answer.get_layer("code").output.shape[-1]
    if size != CODE_SIZE:
        return False, f"the code has {size} numbers; {CODE_SIZE} are asked for."
    own = [layer for layer in answer.layers if layer.weights]
    if len(own) != 2 or own[1].input is not own[0].output:
        return False, "between 784 and 784 numbers there should be the code and nothing else."
    return True, f"784 to {size} to 784, with {answer.count_params():,} parameters."


@exercise("02.3", 'the name of a layer, such as "a"')
def layer_that_makes_the_code(answer: Any) -> Judgement:
    """Find the layer that makes the code in a deeper autoencoder, `puzzle`."""
    name = answer.strip().lower()
    if name == "e":
        return True, "8 numbers, fewer than anywhere else: that is the code."
    if name == "d":
        return False, "d stands in the middle of the list, but 128 is not the narrowest place."
    return False, f"{name} has {PUZZLE[name]} outputs, and another layer has fewer."
