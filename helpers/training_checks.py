"""What `training` is given besides images: refused, where it has to be, in one sentence."""

import functools
import importlib.util
import inspect
import operator
from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, TypeVar

import keras
import numpy as np

from helpers.training_images import finite, kind, short

Given = ParamSpec("Given")
Result = TypeVar("Result")

RIGHT = "training.fit(autoencoder, x, epochs=10)"
# Keras's own names for what `fit` does otherwise, and what to do about each.
ELSEWHERE = {
    "y": f"an autoencoder's target is x itself, so run {RIGHT}, or name another one target",
    "validation_data": "images to measure the loss on go in alone, so write held_out=x_test",
    "validation_split": "hold images out yourself with "
    "training.fit(autoencoder, x[:-500], epochs=10, held_out=x[-500:])",
    "verbose": f"it always shows some lines of progress, so run {RIGHT}",
    "shuffle": f"it always shuffles, so run {RIGHT}",
}


def explained(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """Have a call that does not fit the function's arguments explained in a sentence."""
    names = list(inspect.signature(function).parameters)

    @functools.wraps(function)
    def checked(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        for name in kwargs:
            if name not in names:
                known = f"it knows {', '.join(names)}; for more, use Keras's own autoencoder.fit"
                raise ValueError(
                    f"training.fit has no argument {name}: {ELSEWHERE.get(name, known)}."
                )
        by_place = names[: len(args)]
        if "epochs" in by_place:
            count("epochs", args[names.index("epochs")])
        twice = [name for name in by_place if name in kwargs]
        if twice or len(args) > len(names):
            raise ValueError(
                f"training.fit was given {twice[0] if twice else 'too much'}"
                f"{' twice' if twice else ''}: name what comes after x, as in {RIGHT}."
            )
        for name in ("autoencoder", "x", "epochs"):
            if name not in kwargs and name not in by_place:
                raise ValueError(f"training.fit was not told {name}: run {RIGHT}.")
        return function(*args, **kwargs)

    return checked


def count(name: str, given: Any) -> int:
    """Return a whole number from 1 on, also one of NumPy's."""
    if name == "epochs" and (isinstance(given, list | tuple) or getattr(given, "ndim", None)):
        raise ValueError(
            f"{name} is {kind(given)}, but has to be a whole number: an autoencoder's target is "
            f"x itself and labels are not needed, so run {RIGHT}."
        )
    try:
        number = 0 if isinstance(given, bool | np.bool_) else operator.index(given)
    except (TypeError, ValueError):
        number = 0
    if number < 1:
        example = {"epochs": 10, "batch_size": 32}[name]
        raise ValueError(
            f"{name} is {short(given)}, but has to be a whole number from 1 on: "
            f"write {name}={example}."
        )
    return number


def model(name: str, given: Any) -> tuple[tuple | None, tuple | None]:
    """Return the shapes of one input and one output of a Keras model; None where it knows none."""
    if not isinstance(given, keras.Model):
        mend = "build one with autoencoder = models.build_autoencoder()"
        if name == "encoder":
            mend = "take it from your network with encoder, decoder = models.split(autoencoder)"
        raise ValueError(f"{name} is {kind(given)}, but has to be a Keras model: {mend}.")
    if not all(finite(weights) for weights in given.get_weights()):
        raise ValueError(
            f"the weights of this {name} hold NaN or infinite numbers, so training it went wrong "
            "before: build and compile it anew, with a smaller learning rate."
        )
    return _row(name, given, "input"), _row(name, given, "output")


def compiled(autoencoder: keras.Model) -> bool:
    """Refuse a model without a loss; return whether the loss asks for targets from 0 to 1."""
    mend = 'first run autoencoder.compile(optimizer="adam", loss="binary_crossentropy").'
    loss = autoencoder.loss if autoencoder.compiled else None
    makes_its_own = autoencoder.losses or type(autoencoder).train_step is not keras.Model.train_step
    if not autoencoder.compiled or (loss is None and not makes_its_own):
        raise ValueError(f"this model has no loss yet: {mend}")
    if isinstance(loss, str):
        try:
            loss = keras.losses.get(loss)
        except ValueError:
            raise ValueError(f"Keras knows no loss {loss!r}: {mend}") from None
    crossentropy = keras.losses.BinaryCrossentropy
    return isinstance(loss, crossentropy) or loss in (
        crossentropy,
        keras.losses.binary_crossentropy,
    )


def shares_layers(encoder: keras.Model, trained: keras.Model) -> None:
    """Refuse an encoder that training would leave as it is."""
    own, learning = ({id(v) for v in network.weights} for network in (encoder, trained))
    if own and not own & learning:
        raise ValueError(
            "the encoder of RecordCodes shares no layer with the network that is trained, so its "
            "codes would never change: take it from that one, encoder = models.split(network)[0]."
        )


def callback_list(given: Any) -> list[keras.callbacks.Callback]:
    """Return callbacks as a list; one alone and None are allowed."""
    if given is None:
        return []
    several = isinstance(given, Iterable) and not isinstance(given, str | dict)
    found = list(given) if several else [given]
    for callback in found:
        if not isinstance(callback, keras.callbacks.Callback):
            mend = (
                f"write {callback.__name__}(...), with brackets"
                if isinstance(callback, type)
                else "write callbacks=[training.RecordCodes(encoder, x_test)] for one"
            )
            raise ValueError(
                f"a callback is {kind(callback)}, but has to be one of Keras's: {mend}."
            )
        board = isinstance(callback, keras.callbacks.TensorBoard)
        if board and not importlib.util.find_spec("tensorboard"):
            raise ValueError(
                "callbacks has a TensorBoard, a package that the course does not bring: "
                "run %pip install tensorboard, or leave it out."
            )
    return found


def _row(name: str, given: keras.Model, end: str) -> tuple | None:
    try:
        shape = getattr(given, f"{end}_shape")
    except (AttributeError, ValueError, RuntimeError):  # not built yet, or a subclass of Model
        return None
    shapes = list(shape.values()) if isinstance(shape, dict) else shape
    if isinstance(shapes, list) or isinstance(shapes[0], tuple):
        if len(shapes) != 1:
            raise ValueError(
                f"this {name} has {len(shapes)} {end}s, but can have only one here: for more, use "
                f"Keras's own {name}.fit."
            )
        shapes = shapes[0]
    return tuple(shapes[1:])
