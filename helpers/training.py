"""Training that a person can watch and interrupt."""

import gc
import math
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from helpers import _memory

LINES = 10  # of progress, however many epochs there are
BAR = 10  # characters, when it is full
# Batches that run before Python is asked again, and so before an interrupt is noticed, at most.
# All of MNIST in batches of 32 is five times as many.
STEPS_AT_ONCE = 375
HELD_OUT_BATCH = 250  # images


class _Watcher(keras.callbacks.Callback):
    """Prints a line at even steps and keeps the best weights seen at the end of an epoch."""

    def __init__(self, epochs: int, watched: str):
        super().__init__()
        self.epochs, self.watched = epochs, watched
        self.history: dict[str, list[float]] = {}
        self.best_epoch, self.best_loss = 0, math.inf
        self.best_weights: list[np.ndarray] | None = None
        self.shown_at = {round(k * epochs / LINES) for k in range(1, LINES + 1)} | {1}

    def on_epoch_end(self, index: int, logs: dict[str, float]) -> None:
        epoch = index + 1
        for name, value in logs.items():
            self.history.setdefault(name, []).append(float(value))
        if logs[self.watched] < self.best_loss:
            self.best_epoch, self.best_loss = epoch, logs[self.watched]
            self.best_weights = self.model.get_weights()
        if epoch in self.shown_at:
            self._show(epoch, logs)

    def _show(self, epoch: int, logs: dict[str, float]) -> None:
        bar = "█" * round(BAR * epoch / self.epochs)
        losses = "   ".join(
            f"{said} ≈ {logs[name]:.4f}"
            for name, said in (("loss", "loss"), ("val_loss", "held-out loss"))
            if name in logs
        )
        print(f"epoch {epoch:>3} of {self.epochs}  {bar:<{BAR}}  {losses}", flush=True)


class RecordCodes(keras.callbacks.Callback):
    """Write down the codes of some images before training and after each epoch.

    Given to a second training, it goes on where the first one ended. After a training that was
    interrupted, the last codes are those of the weights that were kept.

    Args:
        encoder: shares its layers with the network that is trained, as those of `models.split` do.
        images: float32 (m, 784) in [0, 1].

    Attributes:
        codes: list of float32 (m, code size), the first from before training.

    Introduced in notebook 03.
    """

    def __init__(self, encoder: keras.Model, images: np.ndarray):
        super().__init__()
        self.encoder, self.images = encoder, images
        self.codes: list[np.ndarray] = []

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Record the codes from before training; Keras calls it."""
        if not self.codes:
            self._record()

    def on_epoch_end(self, index: int, logs: dict[str, Any] | None = None) -> None:
        """Record the codes of this epoch; Keras calls it."""
        self._record()

    def _record(self) -> None:
        self.codes.append(self.encoder(self.images).numpy())


def fit(
    autoencoder: keras.Model,
    x: np.ndarray,
    epochs: int,
    target: np.ndarray | None = None,
    held_out: np.ndarray | None = None,
    batch_size: int = 32,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> dict[str, list[float]]:
    """Train with a line of progress now and then; interrupting it keeps the best weights so far.

    The same updates as `autoencoder.fit(x, x)`, in about half the time: up to 375 of them run
    before Python is asked again. "Best" is the lowest held-out loss at the end of an epoch, or the
    lowest training loss where nothing is held out. A run that finishes keeps its last weights.

    Args:
        autoencoder: a compiled model from (n, pixels) to (n, pixels).
        x: inputs, float32 (n, pixels), normally in [0, 1].
        epochs: how often to go through x.
        target: what to reconstruct, same shape as x; None for x itself.
        held_out: images to measure the loss on after each epoch, float32 (m, pixels).
        batch_size: images to each update.
        callbacks: of Keras's, to be called as well.

    Returns:
        The losses after each epoch: {"loss": [...], "val_loss": [...]}, the latter with held_out.

    Raises:
        ValueError: x still holds whole numbers or has not two dimensions, or the model is not
            compiled.

    Introduced in notebook 03.
    """
    _refuse_unprepared(autoencoder, x)
    watcher = _Watcher(epochs, "loss" if held_out is None else "val_loss")
    steps_before = autoencoder.steps_per_execution
    _set_steps(autoencoder, min(STEPS_AT_ONCE, math.ceil(len(x) / batch_size)))
    try:
        autoencoder.fit(
            x,
            x if target is None else target,
            validation_data=None if held_out is None else (held_out, held_out),
            validation_batch_size=HELD_OUT_BATCH,
            epochs=epochs,
            batch_size=batch_size,
            verbose=0,
            callbacks=[watcher, *callbacks],
        )
    except KeyboardInterrupt:
        _keep_best(autoencoder, watcher, callbacks)
    finally:
        _set_steps(autoencoder, steps_before)
        gc.collect()  # Keras leaves its copies of x in reference cycles; a small machine needs them
        _memory.give_back()  # some 25 MB of what compiling the training left over
    return watcher.history


def _refuse_unprepared(autoencoder: keras.Model, x: np.ndarray) -> None:
    if not autoencoder.compiled:
        raise ValueError(
            "this model has no loss yet: first run "
            'autoencoder.compile(optimizer="adam", loss="binary_crossentropy").'
        )
    if x.ndim != 2 or x.dtype.kind != "f":
        raise ValueError(
            f"x has shape {x.shape} and dtype {x.dtype}, but training needs float (n, pixels): "
            'run x = x.reshape(len(x), -1).astype("float32") / 255.'
        )


def _keep_best(
    autoencoder: keras.Model, watcher: _Watcher, callbacks: Sequence[keras.callbacks.Callback]
) -> None:
    """Put the best weights back after an interrupt, and say which they are."""
    if watcher.best_weights is None:
        print("interrupted within the first epoch: nothing better than the start to keep")
        return
    autoencoder.set_weights(watcher.best_weights)
    for callback in callbacks:
        if isinstance(callback, RecordCodes):
            callback._record()
    print(f"interrupted: kept the best weights so far, those of epoch {watcher.best_epoch}")


def _set_steps(model: keras.Model, steps: int) -> None:
    """Set how many batches run at once, and drop what Keras compiled for another number.

    Without the second half, `predict` runs its old one-batch function but counts the new number of
    batches, and returns only some of the rows.
    """
    model.steps_per_execution = steps
    model.train_function = model.test_function = model.predict_function = None
