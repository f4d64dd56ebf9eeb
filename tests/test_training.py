"""helpers.training: the same updates as plain Keras, in words a person can follow."""

import helpers  # first: it tells TensorFlow how to compute, which TensorFlow reads once

# isort: split
import re
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


def network(hidden=()) -> keras.Model:
    """Build and compile the same small autoencoder every time, and rewind the random numbers."""
    keras.utils.set_random_seed(3)
    model = models.build_autoencoder(hidden)
    model.compile(optimizer="adam", loss="binary_crossentropy")
    return model


def assert_same_weights(ours: list[np.ndarray], theirs: list[np.ndarray]) -> None:
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one, other)


def progress(capfd) -> list[dict]:
    """Return what was printed, line by line; anything that is no line of progress fails."""
    out, err = capfd.readouterr()
    assert err == ""
    matches = [LINE.fullmatch(line) for line in out.splitlines()]
    assert all(matches), out
    return [match.groupdict() for match in matches]


def interrupt(*args, **kwargs):
    raise KeyboardInterrupt


# The same updates as Keras


@pytest.mark.parametrize(
    ("hidden", "rows", "batch_size", "epochs"),
    [
        ((16,), 1000, 32, 3),  # the last batch is smaller
        ((), 20, 32, 2),  # less than a batch
        ((), 4000, 8, 1),  # 500 updates, which is more than run at once, and no multiple of it
    ],
)
def test_bit_for_bit_the_same_as_keras(hidden, rows, batch_size, epochs, digits):
    x = digits[:rows]
    literal, ours = network(hidden), network(hidden)
    keras.utils.set_random_seed(4)
    expected = literal.fit(x, x, epochs=epochs, batch_size=batch_size, verbose=0)
    keras.utils.set_random_seed(4)
    history = training.fit(ours, x, epochs, batch_size=batch_size)
    assert history == expected.history
    assert_same_weights(ours.get_weights(), literal.get_weights())
    assert int(ours.optimizer.iterations) == epochs * -(-rows // batch_size)
    assert len(set(history["loss"])) == epochs


def test_plain_fit_goes_on_as_if_nothing_had_been(digits):
    x = digits[:500]
    literal, ours = network(), network()
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


def test_target_other_than_the_input(digits):
    clean = digits[:500]
    noisy = clean + np.random.default_rng(0).normal(0, 0.3, clean.shape).astype("float32")
    literal, ours, without = network(), network(), network()
    keras.utils.set_random_seed(4)
    expected = literal.fit(noisy, clean, epochs=2, verbose=0)
    keras.utils.set_random_seed(4)
    assert training.fit(ours, noisy, 2, target=clean) == expected.history
    assert_same_weights(ours.get_weights(), literal.get_weights())
    keras.utils.set_random_seed(4)
    assert training.fit(without, noisy, 2) != expected.history


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
    inked = keras.losses.binary_crossentropy(held_out, ours(held_out)).numpy().mean()
    assert history["val_loss"][-1] == pytest.approx(inked, rel=1e-5)
    assert ours.evaluate(held_out, held_out, verbose=0) == pytest.approx(inked, rel=1e-5)
    shown = progress(capfd)
    for name, losses in history.items():
        assert [line[name] for line in shown] == [f"{loss:.4f}" for loss in losses]


# Afterwards


@pytest.mark.parametrize(
    ("before", "end"),
    [
        ("predict", "finished"),
        ("predict", "interrupted"),
        ("nothing", "failed"),
    ],
)
def test_all_rows_come_back_afterwards(before, end, digits, others, monkeypatch):
    """Once, `predict` returned 32 of 1,000 rows.

    Keras keeps the function that it compiled, even if the number of batches at once changes.
    """
    model = network()
    if before == "predict":
        model.predict(others, verbose=0)
    if end == "finished":
        training.fit(model, digits, 1)
    elif end == "interrupted":
        monkeypatch.setattr(training._Watcher, "on_train_batch_end", interrupt)
        training.fit(model, digits, 1)
    else:
        monkeypatch.setattr(training._Watcher, "on_train_batch_end", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            training.fit(model, digits, 1)
    restored = model.predict(others, verbose=0)
    assert restored.shape == (1000, 784)
    np.testing.assert_allclose(restored, model(others), rtol=0, atol=1e-6)
    inked = keras.losses.binary_crossentropy(others, restored).numpy().mean()
    assert model.evaluate(others, others, verbose=0) == pytest.approx(inked, rel=1e-4)
    assert model.steps_per_execution == 1


def test_own_number_of_steps_is_put_back(digits):
    model = network()
    model.compile("adam", "binary_crossentropy", steps_per_execution=7)
    training.fit(model, digits[:500], 1)
    assert model.steps_per_execution == 7
    assert model.predict(digits[:500], verbose=0).shape == (500, 784)


# What it prints


def test_progress_of_a_run(digits, capfd):
    history = training.fit(network(), digits[:64], 25)
    shown = progress(capfd)
    assert list(history) == ["loss"] and len(history["loss"]) == 25 and 10 <= len(shown) <= 11
    for line in shown:
        assert line["epochs"] == "25" and line["val_loss"] is None
        assert line["loss"] == f"{history['loss'][int(line['epoch']) - 1]:.4f}"


def test_few_lines_from_the_first_epoch_to_the_last(capfd):
    for epochs in (*range(1, 41), 75, 99, 100, 101, 999):
        watcher = training._Watcher(epochs, "loss")
        watcher.set_model(SimpleNamespace(get_weights=list))
        for index in range(epochs):
            watcher.on_epoch_end(index, {"loss": 1 / (index + 1)})
        lines = capfd.readouterr().out.splitlines()
        numbers = [int(LINE.fullmatch(line)["epoch"]) for line in lines]
        assert len(numbers) <= 11 and (epochs > 10 or len(numbers) == epochs)
        assert numbers[0] == 1 and numbers[-1] == epochs and numbers == sorted(set(numbers))
        assert np.diff(numbers).max(initial=1) <= -(-epochs // 10), "the steps are even"
        bars = [line.count("█") for line in lines]
        assert bars == sorted(bars) and bars[-1] == 10, "the bar grows to its full length"
        assert bars[0] <= max(1, 10 / epochs) + 0.5
        assert len({line.index("loss") for line in lines}) == 1, "the losses stand in a column"


# Interrupting it


@pytest.fixture
def troubled(monkeypatch) -> SimpleNamespace:
    """Make a run whose fourth epoch starts from noise, and that is interrupted when you say.

    `weights` receives the weights at the end of every epoch.
    """
    run = SimpleNamespace(weights=[])
    plain = training._Watcher.on_epoch_end

    def begin(watcher, index, logs=None):
        if index == 3:
            random = np.random.default_rng(0)
            noise = [random.normal(size=w.shape) for w in watcher.model.get_weights()]
            watcher.model.set_weights(noise)

    def end(watcher, index, logs=None):
        plain(watcher, index, logs)
        run.weights.append(watcher.model.get_weights())
        if index + 1 == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(training._Watcher, "on_epoch_begin", begin)
    monkeypatch.setattr(training._Watcher, "on_epoch_end", end)
    return run


@pytest.mark.parametrize("held_out", [False, True])
def test_interrupting_keeps_the_best_weights_so_far(held_out, troubled, digits, others, capfd):
    model = network()
    more = {"held_out": others[:100]} if held_out else {}
    history = training.fit(model, digits[:500], 20, **more)
    watched = history["val_loss" if held_out else "loss"]
    assert len(history["loss"]) == len(watched) == len(troubled.weights) == 5
    assert np.argmin(watched) == 2, "the best epoch is the third, neither the first nor the last"
    assert_same_weights(model.get_weights(), troubled.weights[2])
    out, err = capfd.readouterr()
    assert out.splitlines()[-1] == "interrupted: kept the best weights so far, those of epoch 3"
    assert err == ""
    if held_out:
        kept = model.evaluate(others[:100], others[:100], verbose=0)
        assert kept == pytest.approx(watched[2], rel=1e-5)


def test_best_means_the_lowest_held_out_loss_where_there_is_one(digits, monkeypatch):
    """Ink where paper was gets worse for the held-out images, while the training loss falls."""
    weights = []
    plain = training._Watcher.on_epoch_end

    def end(watcher, index, logs=None):
        plain(watcher, index, logs)
        weights.append(watcher.model.get_weights())
        if index + 1 == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(training._Watcher, "on_epoch_end", end)
    model = network()
    history = training.fit(model, digits[:500], 20, held_out=1 - digits[:100])
    assert np.argmin(history["loss"]) == 2 and np.argmin(history["val_loss"]) == 0
    assert_same_weights(model.get_weights(), weights[0])


def test_a_run_that_finishes_keeps_its_last_weights(digits, monkeypatch):
    weights = []
    plain = training._Watcher.on_epoch_end

    def end(watcher, index, logs=None):
        plain(watcher, index, logs)
        weights.append(watcher.model.get_weights())

    monkeypatch.setattr(training._Watcher, "on_epoch_end", end)
    model = network()
    history = training.fit(model, digits[:500], 3, held_out=1 - digits[:100])
    assert np.argmin(history["val_loss"]) == 0
    assert_same_weights(model.get_weights(), weights[2])


def test_interrupting_in_the_middle_of_an_epoch(digits, monkeypatch):
    weights = []
    plain = training._Watcher.on_epoch_end

    def end(watcher, index, logs=None):
        plain(watcher, index, logs)
        weights.append(watcher.model.get_weights())

    def batch_end(watcher, index, logs=None):
        if len(weights) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(training._Watcher, "on_epoch_end", end)
    monkeypatch.setattr(training._Watcher, "on_train_batch_end", batch_end)
    model = network()
    history = training.fit(model, digits[:500], 20)
    assert len(history["loss"]) == 2
    assert_same_weights(model.get_weights(), weights[1])
    assert int(model.optimizer.iterations) == 3 * 16, "the third epoch had begun"


@pytest.mark.parametrize("moment", ["on_train_batch_end", "on_test_batch_end"])
def test_interrupting_the_first_epoch_leaves_a_usable_model(
    moment, digits, others, monkeypatch, capfd
):
    model = network()
    with monkeypatch.context() as patch:
        patch.setattr(training._Watcher, moment, interrupt)
        assert training.fit(model, digits[:500], 5, held_out=others[:100]) == {}
    out, err = capfd.readouterr()
    assert out.startswith("interrupted within the first epoch") and out.count("\n") == 1
    assert err == ""
    assert np.isfinite(model.predict(others, verbose=0)).all()
    history = training.fit(model, digits[:500], 2, held_out=others)
    assert len(history["loss"]) == 2
    seen = model.evaluate(others, others, verbose=0)
    assert history["val_loss"][-1] == pytest.approx(seen, rel=1e-5), "measured on the new images"


# What it refuses


def one_sentence(error, *parts) -> str:
    said = str(error.value)
    assert "\n" not in said and said.endswith(".") and len(said) < 300, said
    for part in parts:
        assert str(part) in said, f"{part!r} is not in: {said}"
    return said


def test_uncompiled_model(digits):
    model = models.build_autoencoder((16,))
    with pytest.raises(ValueError) as error:
        training.fit(model, digits[:100], 1)
    said = one_sentence(error, "no loss yet", "autoencoder.compile(")
    exec(said.split("first run ")[1].rstrip("."), {"autoencoder": model})
    training.fit(model, digits[:100], 1)


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
        training.fit(model, namespace["x"], 1)


# The article's network on all of MNIST


def test_codes_are_recorded_from_the_start_and_after_each_epoch(digits, others):
    mine = models.build_autoencoder((8,))
    mine.compile("adam", "binary_crossentropy")
    encoder, _ = models.split(mine)
    film = training.RecordCodes(encoder, others[:30])
    expected = [encoder.predict(others[:30], verbose=0)]
    once = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: expected.append(encoder(others[:30]).numpy())
    )
    training.fit(mine, digits[:200], epochs=3, callbacks=[film, once])
    assert len(film.codes) == 4 and not np.allclose(film.codes[0], film.codes[-1])
    np.testing.assert_allclose(film.codes, expected, atol=1e-5)
    training.fit(mine, digits[:200], epochs=2, callbacks=[film])
    assert np.shape(film.codes) == (6, 30, 2), "a second fit goes on with the same film"


def test_a_film_that_was_interrupted_ends_with_the_weights_that_are_kept(digits, others):
    mine = models.build_autoencoder((8,))
    mine.compile("adam", "binary_crossentropy")
    encoder, _ = models.split(mine)
    film = training.RecordCodes(encoder, others[:30])

    def spoil(epoch, logs):
        if epoch == 2:
            raise KeyboardInterrupt

    stop = keras.callbacks.LambdaCallback(on_epoch_begin=spoil)
    training.fit(mine, digits[:200], epochs=5, callbacks=[film, stop])
    np.testing.assert_allclose(film.codes[-1], encoder.predict(others[:30], verbose=0), atol=1e-5)


def test_the_film_that_ships_ends_with_the_network_that_ships(others):
    film = np.load(models.REPLAY)
    assert film.shape == (101, 250, 2) and np.isfinite(film).all()
    encoder, _ = models.split(models.load_autoencoder())
    codes = encoder.predict(others[:250], verbose=0)
    np.testing.assert_allclose(film[-1], codes, atol=0.01)
    assert np.ptp(film[0], axis=0).max() < np.ptp(codes, axis=0).min()


@pytest.fixture(scope="module")
def article(full_mnist) -> SimpleNamespace:
    """Train the article's network literally: plain Keras, all 60,000 images, 5 epochs of 32."""
    helpers.setup(0)
    with np.load(full_mnist, allow_pickle=False) as stored:
        x = stored["x_train"].reshape(60000, 784).astype("float32") / 255
    image = keras.Input((784,))
    code = keras.layers.Dense(2)(image)
    autoencoder = keras.Model(image, keras.layers.Dense(784)(code))
    autoencoder.compile(optimizer="adam", loss="binary_crossentropy")
    start = autoencoder.get_weights()
    keras.utils.set_random_seed(0)
    history = autoencoder.fit(x, x, epochs=5, batch_size=32, verbose=0)
    encodings = keras.Model(image, code).predict(x, batch_size=1000, verbose=0)
    return SimpleNamespace(
        x=x, model=autoencoder, start=start, losses=history.history["loss"], encodings=encodings
    )


def test_articles_network_reaches_its_known_loss(article):
    """The loss it is known for is 0.2475.

    Seeds 0, 1, 2 gave 0.2539, 0.2683, 0.2456, so a start decides about the second digit, and the
    processor about the third. The band is as wide as the starts are apart, around the known value.
    A network that stalls stays above 0.4; one with a sigmoid, at its best, is below 0.23.
    """
    assert article.losses[-1] == pytest.approx(0.2475, abs=0.025)
    assert len(article.losses) == 5 and article.losses[0] > article.losses[-1]
    assert article.encodings.shape == (60000, 2)
    assert np.linalg.matrix_rank(np.cov(article.encodings.T)) == 2


def test_fit_reaches_the_same_loss_on_all_of_mnist(article):
    model = keras.models.clone_model(article.model)
    model.set_weights(article.start)
    model.compile(optimizer="adam", loss="binary_crossentropy")
    keras.utils.set_random_seed(0)
    losses = training.fit(model, article.x, 5)["loss"]
    assert losses[-1] == pytest.approx(article.losses[-1], abs=0.002)
