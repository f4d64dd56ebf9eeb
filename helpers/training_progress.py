"""Watching a training: its lines of progress, its best weights, and the button that stops it."""

import math
import signal
import threading
import time
from collections.abc import Sequence
from types import FrameType
from typing import Any, Self

import keras
import numpy as np

from helpers import training_images

LINES = 10  # of progress, however many epochs there are
BAR = 10  # characters, when it is full
PATIENCE = 5  # seconds; as long as the slowest step, where Keras compiles
PLAIN = str.maketrans("█≈", "#~")  # for a terminal or a file that knows ASCII only


class Diverged(Exception):
    """A loss or a weight is no finite number any more, so that training cannot go on."""


class StopButton:
    """Notes that the stop button was pressed; training then stops at its next step, by `check`.

    A KeyboardInterrupt wherever Python happens to be may leave TensorFlow half done, or get lost in
    it, and a second one would undo what the first began. So it comes at once only if training has
    not heeded the button for some seconds, and never while `held`.
    """

    def __init__(self) -> None:
        self.pressed_at, self.held = math.inf, False
        self.before: Any = None

    def __enter__(self) -> Self:
        before = signal.getsignal(signal.SIGINT)
        # Only the main thread is interrupted; what is no function of Python's stays as it is.
        if callable(before) and threading.current_thread() is threading.main_thread():
            self.before = signal.signal(signal.SIGINT, self._press)
        return self

    def __exit__(self, *error: object) -> None:
        if self.before is not None:
            signal.signal(signal.SIGINT, self.before)

    def _press(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if now - self.pressed_at > PATIENCE and not self.held:
            raise KeyboardInterrupt
        self.pressed_at = min(self.pressed_at, now)

    def check(self) -> None:
        """Stop here, if the button was pressed."""
        if self.pressed_at < math.inf:
            raise KeyboardInterrupt


class Watcher(keras.callbacks.Callback):
    """Prints a line at even steps and keeps the best weights seen at the end of an epoch.

    Until an epoch has ended, those are the weights from before training.
    """

    def __init__(self, epochs: int, names: Sequence[str], stop: StopButton):
        super().__init__()
        self.epochs, self.watched, self.stop = epochs, names[-1], stop
        self.history: dict[str, list[float]] = {name: [] for name in names}
        self.best_epoch, self.best_loss = 0, math.inf
        self.best_weights: list[np.ndarray] | None = None
        self.shown_at = {round(k * epochs / LINES) for k in range(1, LINES + 1)} | {1}

    @property
    def done(self) -> int:
        """How many epochs have ended."""
        return len(self.history["loss"])

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Note the weights; Keras calls it."""
        self.best_weights = self.model.get_weights()

    def on_train_batch_begin(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Stop between two epochs; Keras calls it."""
        self.stop.check()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Stop where training has no sense or is not wanted any more; Keras calls it."""
        self.stop.check()
        self._refuse_infinite(logs or {})

    def on_test_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Stop where measuring is not wanted any more; Keras calls it."""
        self.stop.check()

    def on_epoch_end(self, index: int, logs: dict[str, float]) -> None:
        """Note the epoch and show it; Keras calls it."""
        self.stop.held = True  # the epoch is noted whole or not at all
        weights = self.model.get_weights()
        self._refuse_infinite(logs, weights)
        for name, value in logs.items():
            self.history.setdefault(name, []).append(float(value))
        if logs[self.watched] < self.best_loss:
            self.best_epoch, self.best_loss = self.done, logs[self.watched]
            self.best_weights = weights
        if self.done in self.shown_at:
            self.show()
        self.stop.held = False
        self.stop.check()

    def _refuse_infinite(self, logs: dict[str, float], weights: Sequence[np.ndarray] = ()) -> None:
        """Training may spoil the weights in an epoch whose loss, measured before, is still fine."""
        losses = [logs[name] for name in ("loss", "val_loss") if name in logs]
        if not (np.isfinite(losses).all() and all(map(training_images.finite, weights))):
            self.stop.held = True
            raise Diverged

    def show(self) -> None:
        """Print the line of the last epoch that has ended."""
        bar = "█" * round(BAR * self.done / self.epochs)
        losses = "   ".join(
            f"{said} ≈ {self.history[name][-1]:.4f}"
            for name, said in (("loss", "loss"), ("val_loss", "held-out loss"))
            if name in self.history
        )
        line = f"epoch {self.done:>3} of {self.epochs}  {bar:<{BAR}}  {losses}"
        try:
            print(line, flush=True)
        except UnicodeEncodeError:
            print(line.translate(PLAIN), flush=True)
