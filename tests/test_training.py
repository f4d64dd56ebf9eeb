"""helpers.training: the same updates as plain Keras, in words a person can follow."""

import helpers  # first: it tells TensorFlow how to compute, which TensorFlow reads once

# isort: split
import _thread
import contextlib
import io
import math
import re
import signal
import threading
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from helpers import data, models, training

LINE = re.compile(
    r"epoch +(?P<epoch>\d+) of (?P<epochs>\d+)  █* *  loss ≈ (?P<loss>\d+\.\d{4})"
    r"(   held-out loss ≈ (?P<val_loss>\d+\.\d{4}))?"
)


@pytest.fixture(autouse=True)
def seeded():
    helpers.setup()


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    """Return the 4,000 bundled training images, float32 (4000, 784) in [0, 1]."""
    return flat(data.load_mnist()[0][0])


@pytest.fixture(scope="module")
def others() -> np.ndarray:
    """Return the 1,000 bundled test images, float32 (1000, 784) in [0, 1]."""
    return flat(data.load_mnist()[1][0])


def flat(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1).astype("float32") / 255


def network(**options) -> keras.Model:
    """Build and compile the same small autoencoder every time, and rewind the random numbers."""
    keras.utils.set_random_seed(3)
    model = models.build_autoencoder(())
    model.compile(optimizer="adam", loss="binary_crossentropy", **options)
    return model


def assert_same_weights(ours: list[np.ndarray], theirs: list[np.ndarray]) -> None:
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one, other)


def assert_all_rows_come_back(model: keras.Model, images: np.ndarray) -> None:
    """Once, `predict` returned 32 of 1,000 rows.

    Keras keeps the function that it compiled, even if the number of batches at once changes.
    """
    restored = model.predict(images, verbose=0)
    assert restored.shape == images.shape
    np.testing.assert_allclose(restored, model(images), rtol=0, atol=1e-6)
    assert model.evaluate(images, images, verbose=0) == pytest.approx(loss(model, images), rel=1e-4)


def loss(model: keras.Model, images: np.ndarray) -> float:
    return float(keras.losses.binary_crossentropy(images, model(images)).numpy().mean())


def progress(out: str) -> list[dict]:
    """Return what was printed, line by line; anything that is no line of progress fails."""
    matches = [LINE.fullmatch(line) for line in out.splitlines()]
    assert all(matches), out
    return [match.groupdict() for match in matches]


class Trouble(keras.callbacks.Callback):
    """Note the weights after each epoch, fill them with noise before one, interrupt after one."""

    def __init__(self, noise_before=None, interrupt_after=None):
        super().__init__()
        self.noise_before, self.interrupt_after = noise_before, interrupt_after
        self.weights = []

    def on_epoch_begin(self, index, logs=None):
        if index + 1 == self.noise_before:
            random = np.random.default_rng(0)
            self.model.set_weights([random.normal(size=w.shape) for w in self.model.get_weights()])

    def on_epoch_end(self, index, logs=None):
        self.weights.append(self.model.get_weights())
        if index + 1 == self.interrupt_after:
            raise KeyboardInterrupt


def interrupt(batch, logs=None):
    raise KeyboardInterrupt


# The same updates as Keras


@pytest.mark.parametrize(
    ("rows", "batch_size", "epochs"),
    [
        (1000, 32, 3),  # the last batch is smaller
        (20, 32, 2),  # less than a batch
        (4000, 8, 1),  # 500 updates, which is more than run at once, and no multiple of it
    ],
)
def test_bit_for_bit_the_same_as_keras(rows, batch_size, epochs, digits):
    x = digits[:rows]
    literal, ours = network(), network()
    keras.utils.set_random_seed(4)
    expected = literal.fit(x, x, epochs=epochs, batch_size=batch_size, verbose=0)
    keras.utils.set_random_seed(4)
    history = training.fit(ours, x, epochs, batch_size=batch_size)
    assert history == expected.history
    assert_same_weights(ours.get_weights(), literal.get_weights())
    assert int(ours.optimizer.iterations) == epochs * math.ceil(rows / batch_size)
    assert len(set(history["loss"])) == epochs


def test_plain_fit_goes_on_as_if_nothing_had_been(digits):
    """Also in a model that has a number of steps of its own."""
    x = digits[:500]
    literal, ours = network(), network(steps_per_execution=7)
    keras.utils.set_random_seed(4)
    expected = [literal.fit(x, x, verbose=0).history["loss"] for _ in range(3)]
    keras.utils.set_random_seed(4)
    losses = [
        ours.fit(x, x, verbose=0).history["loss"],
        training.fit(ours, x, 1)["loss"],
        ours.fit(x, x, verbose=0).history["loss"],
    ]
    assert losses == expected
    assert_same_weights(ours.get_weights(), literal.get_weights())
    assert ours.steps_per_execution == 7
    assert_all_rows_come_back(ours, x)


def test_target_other_than_the_input(digits):
    clean = digits[:500]
    noisy = clean + np.random.default_rng(0).normal(0, 0.3, clean.shape).astype("float32")
    literal, ours = network(), network()
    keras.utils.set_random_seed(4)
    expected = literal.fit(noisy, clean, epochs=2, verbose=0)
    keras.utils.set_random_seed(4)
    assert training.fit(ours, noisy, 2, target=clean) == expected.history
    assert_same_weights(ours.get_weights(), literal.get_weights())


def test_held_out_loss_is_that_of_the_held_out_images(digits, others, capfd):
    """Also if Keras has compiled an evaluation of one batch at a time before."""
    literal, ours = network(), network()
    held_out = np.concatenate([others, 1 - others, others])  # in batches that differ
    ours.evaluate(held_out, held_out, verbose=0)
    keras.utils.set_random_seed(4)
    expected = literal.fit(digits[:500], digits[:500], epochs=3, verbose=0)
    keras.utils.set_random_seed(4)
    history = training.fit(ours, digits[:500], 3, held_out=held_out)
    assert history["loss"] == expected.history["loss"], "held-out images are not trained on"
    assert_same_weights(ours.get_weights(), literal.get_weights())
    assert list(history) == ["loss", "val_loss"] and len(history["val_loss"]) == 3
    measured = loss(ours, held_out)
    assert history["val_loss"][-1] == pytest.approx(measured, rel=1e-5)
    assert ours.evaluate(held_out, held_out, verbose=0) == pytest.approx(measured, rel=1e-5)
    out, err = capfd.readouterr()
    assert err == ""
    for name, losses in history.items():
        assert [line[name] for line in progress(out)] == [f"{loss:.4f}" for loss in losses]


# What it prints


class Instant(keras.Model):
    """Learns nothing, and calls its callbacks as Keras does."""

    def fit(self, x, y, epochs, callbacks, **others):
        for callback in callbacks:
            callback.set_model(self)
            callback.on_train_begin()
        for index in range(epochs):
            for callback in callbacks:
                callback.on_epoch_end(index, {"loss": 1 / (index + 1)})


@pytest.mark.parametrize("epochs", [*range(1, 13), 15, 19, 25, 36, 75, 99, 101, 999])
def test_few_lines_from_the_first_epoch_to_the_last(epochs, monkeypatch, capfd):
    monkeypatch.setattr("gc.collect", lambda: None)  # slow, and nothing is left to collect here
    instant = Instant()
    instant.compile(loss="mse")
    history = training.fit(instant, np.zeros((1, 784), "float32"), epochs)
    out, err = capfd.readouterr()
    assert err == "" and list(history) == ["loss"] and len(history["loss"]) == epochs
    shown = progress(out)
    for line in shown:
        assert line["epochs"] == str(epochs) and line["val_loss"] is None
        assert line["loss"] == f"{history['loss'][int(line['epoch']) - 1]:.4f}"
    numbers = [int(line["epoch"]) for line in shown]
    assert len(numbers) <= 11 and (epochs > 10 or len(numbers) == epochs)
    assert numbers[0] == 1 and numbers[-1] == epochs and numbers == sorted(set(numbers))
    assert np.diff(numbers).max(initial=1) <= math.ceil(epochs / 10), "the steps are even"
    lines = out.splitlines()
    bars = [line.count("█") for line in lines]
    assert bars == sorted(bars) and bars[-1] == 10, "the bar grows to its full length"
    assert bars[0] <= max(1, 10 / epochs) + 0.5
    assert len({line.index("loss") for line in lines}) == 1, "the losses stand in a column"


# How it ends


def run(x: np.ndarray, epochs: int, trouble: Trouble, others: np.ndarray, **more):
    """Train with a film of the codes; return all that a test asks about.

    `predict` is called before, so that Keras has compiled it for one batch at a time.
    """
    model = network()
    model.predict(others, verbose=0)
    encoder, _ = models.split(model)
    film = training.RecordCodes(encoder, others[:30])
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        history = training.fit(model, x, epochs, callbacks=[film, trouble], **more)
    return SimpleNamespace(
        model=model,
        history=history,
        after_epoch=dict(enumerate(trouble.weights, start=1)),
        film=film.codes,
        codes=encoder(others[:30]).numpy(),
        said=said.getvalue().splitlines(),
    )


@pytest.fixture(scope="module")
def interrupted(digits, others):
    """A run whose fourth epoch starts from noise, interrupted after the fifth."""
    helpers.setup()
    return run(digits[:500], 20, Trouble(noise_before=4, interrupt_after=5), others)


def test_interrupting_keeps_the_best_weights_so_far(interrupted, others):
    losses = interrupted.history["loss"]
    assert len(losses) == len(interrupted.after_epoch) == 5
    assert np.argmin(losses) == 2, "the best epoch is the third, neither the first nor the last"
    assert_same_weights(interrupted.model.get_weights(), interrupted.after_epoch[3])
    assert progress("\n".join(interrupted.said[:-1]))[0]["epoch"] == "1"
    assert "interrupted" in interrupted.said[-1] and "epoch 3" in interrupted.said[-1]
    assert_all_rows_come_back(interrupted.model, others)
    assert interrupted.model.steps_per_execution == 1


def test_a_film_that_was_interrupted_ends_with_the_weights_that_are_kept(interrupted):
    *_, last_epoch, last = interrupted.film
    assert len(interrupted.film) == 1 + 5 + 1, "before, after each epoch, after the weights' return"
    np.testing.assert_allclose(last, interrupted.codes, atol=1e-5)
    assert not np.allclose(last_epoch, last, atol=0.1), "the last epoch's codes were others"
    np.testing.assert_allclose(last, interrupted.film[3], atol=1e-5)


def test_best_means_the_lowest_held_out_loss_where_there_is_one(digits, others):
    """Ink where paper was gets worse for the held-out images, while the training loss falls."""
    held_out = 1 - digits[:100]
    ended = run(digits[:500], 20, Trouble(interrupt_after=3), others, held_out=held_out)
    history = ended.history
    assert np.argmin(history["loss"]) == 2 and np.argmin(history["val_loss"]) == 0
    assert_same_weights(ended.model.get_weights(), ended.after_epoch[1])
    kept = ended.model.evaluate(held_out, held_out, verbose=0)
    assert kept == pytest.approx(history["val_loss"][0], rel=1e-5)
    assert "epoch 1" in ended.said[-1]


def test_a_run_that_finishes_keeps_its_last_weights(digits, others):
    ended = run(digits[:500], 3, Trouble(), others, held_out=1 - digits[:100])
    assert np.argmin(ended.history["val_loss"]) == 0, "the last weights are not the best"
    assert_same_weights(ended.model.get_weights(), ended.after_epoch[3])
    assert len(ended.film) == 1 + 3 and "interrupted" not in ended.said[-1]
    assert_all_rows_come_back(ended.model, others)
    assert ended.model.steps_per_execution == 1


def test_interrupting_in_the_middle_of_an_epoch(digits, others):
    class InTheThirdEpoch(Trouble):
        def on_train_batch_end(self, batch, logs=None):
            if len(self.weights) == 2:
                raise KeyboardInterrupt

    ended = run(digits[:500], 20, InTheThirdEpoch(), others)
    assert len(ended.history["loss"]) == 2
    assert_same_weights(ended.model.get_weights(), ended.after_epoch[2])
    assert int(ended.model.optimizer.iterations) == 3 * 16, "the third epoch had begun"


def test_interrupting_the_first_epoch_leaves_a_usable_model(digits, others, capfd):
    """Also in the middle of measuring the held-out images, which Keras holds on to."""
    model = network()
    for moment in ("on_train_batch_end", "on_test_batch_end"):
        stop = keras.callbacks.Callback()
        setattr(stop, moment, interrupt)
        seen = {"held_out": others[:100], "callbacks": [stop]}
        assert training.fit(model, digits[:500], 5, **seen) == {"loss": [], "val_loss": []}
        out, err = capfd.readouterr()
        assert out.startswith("interrupted within the first epoch") and out.count("\n") == 1
        assert err == ""
        assert np.isfinite(model.predict(others, verbose=0)).all()
    history = training.fit(model, digits[:500], 2, held_out=others)
    assert len(history["loss"]) == 2
    measured = model.evaluate(others, others, verbose=0)
    assert history["val_loss"][-1] == pytest.approx(measured, rel=1e-5), "of the new images"


def press(again_after: float = 0) -> threading.Timer:
    """Press the stop button, once now and once more, if asked, from elsewhere."""
    signal.raise_signal(signal.SIGINT)
    again = threading.Timer(again_after, _thread.interrupt_main)
    if again_after:
        again.start()
    return again


@pytest.mark.parametrize("moment", ["on_train_begin", "on_epoch_begin", "on_train_batch_begin"])
def test_the_button_within_the_first_epoch(moment, digits, others, capfd):
    """The weights that were there before come back, though training had begun to change them."""
    model = network()
    before = model.get_weights()
    stop = keras.callbacks.Callback()
    setattr(stop, moment, lambda *args, **more: press())
    assert training.fit(model, digits[:500], 5, held_out=others, callbacks=stop) == {
        "loss": [],
        "val_loss": [],
    }
    assert_same_weights(model.get_weights(), before)
    said = capfd.readouterr().out
    assert said.startswith("interrupted within the first epoch") and "before training" in said
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.fixture
def late_presses_are_harmless():
    """A press that comes only when a test is over would end pytest."""
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("again_after", [0.001, 0.01, 0.03])
@pytest.mark.usefixtures("late_presses_are_harmless")
def test_the_button_twice_at_the_end_of_an_epoch(again_after, digits, others, capfd):
    """The second used to escape while the best weights were put back, and `losses` with it."""

    class Twice(Trouble):
        def on_epoch_end(self, index, logs=None):
            super().on_epoch_end(index, logs)
            if index == 1:
                self.again = press(again_after)
                press()

    twice, model = Twice(), network()
    losses = training.fit(model, digits[:500], 9, held_out=others, callbacks=[twice])
    twice.again.join()
    assert len(losses["loss"]) == len(losses["val_loss"]) == 2
    assert_same_weights(model.get_weights(), twice.weights[np.argmin(losses["val_loss"])])
    assert "interrupted: kept" in capfd.readouterr().out


def test_a_callback_that_ends_training_is_told_of(digits, capfd):
    class Enough(keras.callbacks.Callback):
        def on_epoch_end(self, index, logs=None):
            self.model.stop_training = index == 1

    assert len(training.fit(network(), digits[:100], 50, callbacks=Enough())["loss"]) == 2
    *lines, last = capfd.readouterr().out.splitlines()
    assert [line["epoch"] for line in progress("\n".join(lines))] == ["1", "2"]
    assert "stopped after 2 of 50 epochs" in last


class Spoil(Trouble):
    """Let the loss, the held-out loss, or only the last update's weights become NaN."""

    def __init__(self, epoch: int, when: str):
        super().__init__()
        self.epoch, self.when = epoch, when

    def spoil(self, when):
        if len(self.weights) + 1 == self.epoch and when == self.when:
            self.model.set_weights([w * np.nan for w in self.model.get_weights()])
            for variable in self.model.optimizer.variables[2:]:  # as a gradient of NaN does
                variable.assign(variable * np.nan)

    def on_epoch_begin(self, index, logs=None):
        self.spoil("training")

    def on_test_begin(self, logs=None):
        self.spoil("measuring")

    def on_train_batch_end(self, batch, logs=None):
        self.spoil("last update")


@pytest.mark.parametrize("epoch", [1, 3])
@pytest.mark.parametrize("when", ["training", "measuring", "last update"])
def test_a_loss_of_nan_stops_the_run(epoch, when, digits, others, capfd):
    model = network()
    before = model.get_weights()
    film = training.RecordCodes(models.split(model)[0], others[:9])
    spoil, x = Spoil(epoch, when), digits[:300]
    more = {"held_out": others[:99]} if when == "measuring" else {}
    losses = training.fit(model, x, 9, callbacks=[film, spoil], **more)
    assert all(len(kept) == epoch - 1 and np.isfinite(kept).all() for kept in losses.values())
    assert_same_weights(
        model.get_weights(), [before, *spoil.weights][np.argmin([9, *losses["loss"]])]
    )
    last = capfd.readouterr().out.splitlines()[-1]
    assert f"stopped in epoch {epoch}" in last and "NaN" in last
    assert ("before training" if epoch == 1 else "those of epoch 2") in last
    assert np.isfinite(film.codes).all()
    assert np.isfinite(training.fit(model, x, 1)["loss"]).all(), "it can be trained further"


@pytest.mark.parametrize(
    ("encoding", "bar"),
    [("utf-8", "█"), ("cp437", "█"), ("cp1252", "#"), ("ascii", "#")],
)
def test_lines_survive_what_cannot_print_the_bar(encoding, bar, digits):
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    with contextlib.redirect_stdout(file):
        assert len(training.fit(network(), digits[:100], 2)["loss"]) == 2
    first, last = file.buffer.getvalue().decode(encoding).splitlines()
    assert first.count(bar) == 5 and last.count(bar) == 10 and "loss " in last


def test_all_rows_come_back_after_a_failure(digits, others):
    model = network()
    failing = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        training.fit(model, digits[:500], 1, callbacks=[failing])
    assert_all_rows_come_back(model, others)
    assert model.steps_per_execution == 1


# Codes written down


def test_codes_are_recorded_from_the_start_and_after_each_epoch(digits, others):
    model = network()
    encoder, _ = models.split(model)
    film = training.RecordCodes(encoder, others[:30])
    expected = [encoder.predict(others[:30], verbose=0)]
    once = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: expected.append(encoder(others[:30]).numpy())
    )
    training.fit(model, digits[:200], epochs=3, callbacks=[film, once])
    assert len(film.codes) == 4 and not np.allclose(film.codes[0], film.codes[-1])
    np.testing.assert_allclose(film.codes, expected, atol=1e-5)
    training.fit(model, digits[:200], epochs=2, callbacks=[film])
    assert np.shape(film.codes) == (6, 30, 2), "a second fit goes on with the same film"


def test_the_film_that_ships_ends_with_the_network_that_ships(others):
    film = models.recorded("film")
    assert film.shape == (101, 250, 2) and np.isfinite(film).all()
    encoder, _ = models.split(models.load_autoencoder())
    codes = encoder.predict(others[:250], verbose=0)
    np.testing.assert_allclose(film[-1], codes, atol=0.01)
    assert np.ptp(film[0], axis=0).max() < np.ptp(codes, axis=0).min()


# What it refuses


def one_sentence(error, *parts) -> str:
    said = str(error.value)
    assert "\n" not in said and said.endswith(".") and len(said) < 300, said
    for part in parts:
        assert str(part) in said, f"{part!r} is not in: {said}"
    return said


def test_uncompiled_model(digits):
    model = models.build_autoencoder(())
    with pytest.raises(ValueError) as error:
        training.fit(model, digits[:100], 1)
    said = one_sentence(error, "no loss yet", "autoencoder.compile(")
    exec(said.split("first run ")[1].rstrip("."), {"autoencoder": model})
    assert model.compiled and model.loss == "binary_crossentropy"


@pytest.mark.parametrize("kind", ["whole numbers", "three dimensions", "both"])
def test_images_that_are_not_prepared(kind):
    images = data.load_mnist()[0][0][:100]
    x = {
        "whole numbers": images.reshape(-1, 784),
        "three dimensions": images.astype("float32") / 255,
        "both": images,
    }[kind]
    model = network()
    before = model.get_weights()
    with pytest.raises(ValueError) as error:
        training.fit(model, x, 1)
    said = one_sentence(error, x.shape, x.dtype, "needs float (n, pixels)")
    assert_same_weights(model.get_weights(), before)
    if kind != "three dimensions":  # those are rescaled already
        namespace = {"x": x}
        exec(said.split("run ")[1].rstrip("."), namespace)
        np.testing.assert_array_equal(namespace["x"], flat(images))
        assert namespace["x"].dtype == np.float32, "as all that is trained on above"


# The article's network on all of MNIST


def test_articles_network_reaches_its_known_loss(full_mnist):
    """Plain Keras, literally: 5 epochs of 32. The loss it is known for is 0.2475.

    Seeds 0, 1, 2 gave 0.2539, 0.2683, 0.2456, so a start decides about the second digit, and the
    processor about the third. The band is as wide as the starts are apart, around the known value.
    A network that stalls stays above 0.4; one with a sigmoid, at its best, is below 0.23.
    """
    with np.load(full_mnist, allow_pickle=False) as stored:
        x = flat(stored["x_train"])
    assert x.shape == (60000, 784)
    image = keras.Input((784,))
    code = keras.layers.Dense(2)(image)
    autoencoder = keras.Model(image, keras.layers.Dense(784)(code))
    autoencoder.compile(optimizer="adam", loss="binary_crossentropy")
    keras.utils.set_random_seed(0)
    losses = autoencoder.fit(x, x, epochs=5, batch_size=32, verbose=0).history["loss"]
    assert losses[-1] == pytest.approx(0.2475, abs=0.025)
    assert len(losses) == 5 and losses[0] > losses[-1]
    encodings = keras.Model(image, code).predict(x, batch_size=1000, verbose=0)
    assert encodings.shape == (60000, 2)
    assert np.linalg.matrix_rank(np.cov(encodings.T)) == 2
