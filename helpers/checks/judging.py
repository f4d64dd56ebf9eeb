"""What all judges share: the table of the exercises, and tools that more than one chapter uses.

A judge is a function of an answer and, by name, of what the notebook gives beside it. It returns
whether the answer is right, and a sentence that says why or how far off it is. An answer of a wrong
kind may break it: `check` turns the error into a sentence that says what is expected.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

Judgement = tuple[bool, str]
Judge = Callable[..., Judgement]

SAME = 1e-6  # relative; a wrong number that is this near to a known one gets that one's hint


class Exercise(NamedTuple):
    """An exercise of a notebook, as `check` knows it.

    Attributes:
        expected: the kind of answer, such as "a whole number, such as 100".
        judge: says whether an answer is right, and why; its parameters after the first are the
            names of what the notebook has to give beside the answer.
    """

    expected: str
    judge: Judge


_registered: dict[str, Exercise] = {}
EXERCISES: Mapping[str, Exercise] = MappingProxyType(_registered)


def exercise(number: str, expected: str) -> Callable[[Judge], Judge]:
    """Make the function below the judge of an exercise.

    Args:
        number: the exercise's, such as "03.2".
        expected: the kind of answer, such as "a whole number, such as 100".

    Returns:
        A decorator; it enters the judge in `EXERCISES` and leaves it as it is.
    """

    def register(judge: Judge) -> Judge:
        _registered[number] = Exercise(expected, judge)
        return judge

    return register


def scalar(answer: Any) -> float:
    """Return a number, also one that stands alone in an array, a tensor, a list or a text.

    Raises:
        TypeError, ValueError: it is no number, more than one, or nan.
    """
    value = float(np.asarray(answer).item())
    if np.isnan(value):
        raise ValueError("nan comes from 0 / 0 or from a logarithm of 0")
    return value


def judge_number(
    answer: Any, right: float, why: str, hints: Mapping[float, str], tolerance: float = 0
) -> Judgement:
    """Judge a number.

    Args:
        answer: what the learner found, in a form that `scalar` reads.
        right: the number that is right.
        why: a sentence for who finds it.
        hints: sentences for the wrong numbers that are easy to arrive at.
        tolerance: how far off an answer, or a wrong number with a hint, may be.

    Returns:
        Whether the answer is right, and a sentence.
    """
    value = scalar(answer)
    if abs(value - right) <= tolerance:
        return True, why
    for wrong, hint in hints.items():
        if abs(value - wrong) <= max(tolerance, SAME * abs(wrong)):
            return False, hint
    return False, f"{value:g} is too {'high' if value > right else 'low'}."


def wrong_shapes(
    model: Any, inputs: int = 784, wanted: str = "it should map 784 to 784"
) -> str | None:
    """Say that a model does not map as many numbers as it should to a picture's 784.

    Args:
        model: what the learner answers with, a keras.Model if all is well.
        inputs: how many numbers it should take.
        wanted: the same in words.

    Returns:
        A sentence, or None if the shapes are right.

    Raises:
        AttributeError: it is no model.
    """
    shapes = model.input_shape, model.output_shape
    if shapes == ((None, inputs), (None, 784)):
        return None
    return f"the model maps {shapes[0]} to {shapes[1]}; {wanted}."
