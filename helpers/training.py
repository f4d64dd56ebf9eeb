"""Training that a person can watch and interrupt."""

import gc
import math
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from helpers import _memory, training_checks, training_images
from helpers.training_progress import Diverged, StopButton, Watcher

# Batches that run before Python is asked again, and so before an interrupt is noticed, at most.
# All of MNIST in batches of 32 is five times as many.
STEPS_AT_ONCE = 375
HELD_OUT_BATCH = 250  # images


class RecordCodes(keras.callbacks.Callback):
    """Write down the codes of some images before training and after each epoch.

    Given to a second training, it goes on where the first one ended. After a training that was
    interrupted or that stopped at a loss of NaN, the last codes are those of the weights that were
    kept.

    Args:
        encoder: shares its layers with the network that is trained, as those of `models.split` do.
        images: float32 (m, pixels) in [0, 1], as the encoder takes them; a tensor or a list too.

    Attributes:
        codes: list of float32 (m, code size), in the code's own units, the first from before
            training.

    Raises:
        ValueError: `encoder` is no Keras model, or `images` are not prepared as `fit` asks of x; at
            the start of training, that the encoder shares no layer with the network.

    Introduced in notebook 03.
    """

    def __init__(self, encoder: keras.Model, images: np.ndarray):
        super().__init__()
        taken, _ = training_checks.model("encoder", encoder)
        self.encoder, self.images = encoder, training_images.images("images", images, taken)
        self.codes: list[np.ndarray] = []

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Record the codes from before training; Keras calls it."""
        training_checks.shares_layers(self.encoder, self.model)
        if not self.codes:
            self._record()

    def on_epoch_end(self, index: int, logs: dict[str, Any] | None = None) -> None:
        """Record the codes of this epoch; Keras calls it."""
        self._record()

    def _record(self) -> None:
        self.codes.append(self.encoder(self.images).numpy())


@training_checks.explained
def fit(
    autoencoder: keras.Model,
    x: np.ndarray,
    epochs: int,
    target: np.ndarray | None = None,
    held_out: np.ndarray | None = None,
    batch_size: int = 32,
    callbacks: Sequence[keras.callbacks.Callback] | keras.callbacks.Callback | None = (),
) -> dict[str, list[float]]:
    """Train with a line of progress now and then; interrupting it keeps the best weights so far.

    The same updates as `autoencoder.fit(x, x)`, in about half the time: up to 375 of them run
    before Python is asked again. "Best" is the lowest held-out loss at the end of an epoch, or the
    lowest training loss where nothing is held out. A run that finishes keeps its last weights. One
    that is interrupted, or whose loss becomes NaN or infinite, gets its best weights back, or those
    from before training if no epoch has ended; how it ended is printed.

    Args:
        autoencoder: a compiled model from (n, pixels) to (n, pixels), or of any other shapes that
            x and target have.
        x: inputs, float (n, pixels), normally in [0, 1]; an array, a tensor or a list.
        epochs: how often to go through x, from 1 on.
        target: what to reconstruct, same shape as x; None for x itself. With a binary
            cross-entropy, in [0, 1].
        held_out: images to measure the loss on after each epoch, float (m, pixels).
        batch_size: images to each update, from 1 on.
        callbacks: of Keras's, to be called as well, one or several. Since up to 375 updates run at
            once, what such a callback does for a batch it does once for all of these.

    Returns:
        The losses after each whole epoch: {"loss": [...], "val_loss": [...]}, the latter with
        held_out. Shorter than `epochs` if training stopped before, and empty lists if it stopped
        within the first. An epoch that ended in NaN is not among them.

    Raises:
        ValueError: an argument is not as described. Images of 0 to 255, whole numbers, NaN, another
            shape than the network's, none at all, and a model without a loss are refused.

    Introduced in notebook 03.
    """
    taken, made = training_checks.model("autoencoder", autoencoder)
    unit = training_checks.compiled(autoencoder)
    epochs = training_checks.count("epochs", epochs)
    batch_size = training_checks.count("batch_size", batch_size)
    callbacks = training_checks.callback_list(callbacks)
    x, target = training_images.inputs_and_target(x, target, taken, made, unit)
    names = ["loss"]
    if held_out is not None:
        names.append("val_loss")
        held_out = training_images.images("held_out", held_out, taken, unit=unit)
        training_images.own_target("held_out", held_out, made)
    with StopButton() as stop:
        watcher = Watcher(epochs, names, stop)
        steps_before = autoencoder.steps_per_execution
        try:
            _set_steps(autoencoder, min(STEPS_AT_ONCE, math.ceil(len(x) / batch_size)))
            autoencoder.fit(
                x,
                target,
                validation_data=None if held_out is None else (held_out, held_out),
                validation_batch_size=HELD_OUT_BATCH,
                epochs=epochs,
                batch_size=batch_size,
                verbose=0,
                callbacks=[watcher, *callbacks],
            )
            stop.check()
            stop.held = True  # training is over, whoever presses now
            _say_if_short(autoencoder, watcher)
        except (KeyboardInterrupt, Diverged) as ended:
            stop.held = True
            _keep_best(autoencoder, watcher, callbacks, diverged=isinstance(ended, Diverged))
        finally:
            _set_steps(autoencoder, steps_before)
            gc.collect()  # Keras's copies of x are in reference cycles; a small machine needs them
            _memory.give_back()  # some 25 MB of what compiling the training left over
    return watcher.history


def _say_if_short(autoencoder: keras.Model, watcher: Watcher) -> None:
    if 0 < watcher.done < watcher.epochs:
        if watcher.done not in watcher.shown_at:
            watcher.show()
        why = ", as a callback asked" if autoencoder.stop_training else ""
        print(f"stopped after {watcher.done} of {watcher.epochs} epochs{why}")


def _keep_best(
    autoencoder: keras.Model,
    watcher: Watcher,
    callbacks: Sequence[keras.callbacks.Callback],
    diverged: bool,
) -> None:
    """Put the best weights back after training broke off, and say which they are."""
    if watcher.best_weights is not None:  # otherwise training had not touched them
        autoencoder.set_weights(watcher.best_weights)
    for variable in autoencoder.optimizer.variables:  # NaN there would spoil the next training
        if not training_images.finite(np.asarray(variable)):
            variable.assign(np.zeros(variable.shape))
    if watcher.done:
        for callback in callbacks:
            if isinstance(callback, RecordCodes):
                callback._record()
        kept = f"kept the best weights so far, those of epoch {watcher.best_epoch}"
    else:
        kept = "the weights are those from before training"
    if diverged:
        print(
            f"stopped in epoch {watcher.done + 1}, since the loss is no finite number any more "
            f"(NaN): {kept}; try a smaller learning rate"
        )
    elif watcher.done:
        print(f"interrupted: {kept}")
    else:
        print(f"interrupted within the first epoch: {kept}")


def _set_steps(model: keras.Model, steps: int) -> None:
    """Set how many batches run at once, and drop what Keras compiled for another number.

    Without the second half, `predict` runs its old one-batch function but counts the new number of
    batches, and returns only some of the rows.
    """
    model.steps_per_execution = steps
    model.train_function = model.test_function = model.predict_function = None
