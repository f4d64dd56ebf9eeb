"""What helpers.training is given, and what it says or does: tables that read like documentation."""

import helpers  # first: it tells TensorFlow how to compute, which TensorFlow reads once

# isort: split
import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers import models, training

helpers.setup()
X = np.random.default_rng(0).random((40, 784), dtype="float32")
X[:, :2] = 0, 1
PIXELS = (255 * X).astype("uint8")
LABELS = np.arange(40) % 10
SETS = tf.data.Dataset.from_tensor_slices(X).batch(10)
PAIRS = tf.data.Dataset.from_tensor_slices((X, X)).batch(10)
WITH_NAN, WITH_INF = X.copy(), X.copy()
WITH_NAN[3, 5], WITH_INF[3, 5] = np.nan, np.inf


def compiled(model: keras.Model, loss="binary_crossentropy", **more) -> keras.Model:
    model.compile("adam", loss=loss, **more)
    return model


@pytest.fixture(scope="module")
def net() -> keras.Model:
    """Return one network for all: what it has learned does not matter here."""
    return compiled(models.build_autoencoder(()))


def dense(n_in: int, n_out: int, **options) -> keras.Model:
    return compiled(keras.Sequential([keras.Input((n_in,)), keras.layers.Dense(n_out)]), **options)


def convolutional(loss="mse") -> keras.Model:
    layers = [keras.Input((28, 28, 1)), keras.layers.Conv2D(1, 3, padding="same")]
    return compiled(keras.Sequential(layers), loss)


def said(error: pytest.ExceptionInfo) -> str:
    text = str(error.value)
    assert "\n" not in text and len(text) < 300 and text.endswith("."), text
    assert not text.endswith(").") or "=" in text or "(" in text, text
    return text


def assert_refused(wanted: str, call, model: keras.Model | None = None) -> None:
    """Each part, between dots, stands in the one sentence that comes, and nothing was trained."""
    before = model.get_weights() if model else []
    with pytest.raises(ValueError) as error:
        call()
    text = said(error)
    for part in wanted.split(" ... "):
        assert part in text, f"{part!r} is not in: {text}"
    for one, other in zip(before, model.get_weights() if model else [], strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        # What is no number of epochs
        ((X, X), "epochs is of the type ndarray ... target is x itself ... fit(autoencoder, x, "),
        ((X, LABELS), "epochs is of the type ndarray of shape (40,) ... labels are not needed"),
        ((X, X, 10, 32), "epochs is of the type ndarray"),
        ((X, X.tolist()), "epochs is of the type list"),
        ((X, tf.constant(X)), "epochs is of the type EagerTensor of shape (40, 784)"),
        ((X, 0), "epochs is 0 ... from 1 on ... epochs=10"),
        ((X, -3), "epochs is -3"),
        ((X, 2.5), "epochs is 2.5"),
        ((X, 2.0), "epochs is 2.0"),
        ((X, float("nan")), "epochs is nan"),
        ((X, "3"), "epochs is '3'"),
        ((X, True), "epochs is True"),
        ((X, np.True_), "epochs is np.True_"),
        ((X, None), "epochs is None"),
        # x
        ((PIXELS, 1), 'x has shape (40, 784) and dtype uint8 ... x.astype("float32") / 255'),
        ((PIXELS > 99, 1), 'dtype bool ... run x = x.astype("float32").'),
        ((X.reshape(-1, 28, 28), 1), "(40, 28, 28) ... run x = x.reshape(len(x), -1)."),
        ((X[0], 1), "(784,) ... run x = x.reshape(1, -1)."),
        ((LABELS, 1), "(40,) ... labels are neither images nor a target"),
        ((X * 255, 1), "x goes from ... to 255 ... run x = x / 255."),
        ((X * 16, 1), "x goes from ... to 16 ... run x = x / x.max()."),
        ((X * 65535, 1), "x goes from ... run x = x / x.max()."),
        ((X * 2 - 1, 1), "x goes from -1 to 1 ... numbers from 0 to 1 ... (x - x.min()) / ("),
        ((X / 255, 1), "divided by 255 twice ... x = x * 255"),
        ((WITH_NAN, 1), "x holds NaN ... np.isfinite"),
        ((WITH_INF, 1), "x holds NaN or infinite"),
        ((X[LABELS == 11], 1), "x is empty, of shape (0, 784)"),
        (([], 1), "x is empty"),
        ((X[:, :100], 1), "x has shape (40, 100) ... needs (n, 784)"),
        ((SETS, 1), "data set of TensorFlow's ... np.concatenate([batch for batch in x])"),
        ((PAIRS, 1), "np.concatenate([batch[0] for batch in x])"),
        (((X, X), 1), "x is a pair ... one array of images"),
        (((X.reshape(-1, 28, 28), LABELS), 1), "x is a pair"),
        (([X[0], X[1, :5]], 1), "x is of the type list and makes no array"),
        ((keras.Input((784,)), 1), "x is of the type KerasTensor"),
        ((iter(X), 1), "x is of the type"),
        ((None, 1), "x is None"),
        (("pictures", 1), "x is 'pictures'"),
        (({"image": X}, 1), "x is of the type dict"),
        ((np.full((4, 784), "ink"), 1), "x holds no numbers"),
        ((X * 1j, 1), "x holds no numbers but complex64"),
        # What is missing, doubled or too much
        ((), "was not told x ... fit(autoencoder, x, epochs=10)"),
        ((X,), "was not told epochs"),
        ((X, 1, X, X, 8, (), 1), "too much"),
    ],
)
def test_what_is_given_by_place(given, sentence, net):
    assert_refused(sentence, lambda: training.fit(net, *given), net)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"batch_size": 0}, "batch_size is 0 ... from 1 on ... batch_size=32"),
        ({"batch_size": -1}, "batch_size is -1"),
        ({"batch_size": 2.5}, "batch_size is 2.5"),
        ({"batch_size": "32"}, "batch_size is '32'"),
        ({"batch_size": None}, "batch_size is None"),
        ({"batch_size": False}, "batch_size is False"),
        ({"batch_size": [32]}, "batch_size is [32]"),
        ({"target": PIXELS}, "target has shape (40, 784) and dtype uint8 ... / 255"),
        ({"target": X * 255}, "target goes from ... run target = target / 255"),
        ({"target": X - 0.5}, "target goes from -0.5 to 0.5 ... from 0 to 1"),
        ({"target": WITH_NAN}, "target holds NaN"),
        ({"target": X[:30]}, "x has 40 images and target has 30"),
        ({"target": X[:, :1]}, "target has shape (40, 1) ... needs (n, 784)"),
        ({"target": X.reshape(-1, 28, 28)}, "target = target.reshape(len(target), -1)"),
        ({"target": LABELS}, "labels are neither"),
        ({"target": X[:0]}, "target is empty"),
        ({"target": SETS}, "target is a data set"),
        ({"held_out": (X, X)}, "held_out is a pair ... held_out=x_test"),
        ({"held_out": [X, X]}, "held_out is a pair"),
        ({"held_out": 0.2}, "held_out is 0.2 ... one array of images"),
        ({"held_out": True}, "held_out is True"),
        ({"held_out": PIXELS}, "held_out has shape (40, 784) and dtype uint8"),
        ({"held_out": X * 255}, "held_out goes from"),
        ({"held_out": WITH_NAN}, "held_out holds NaN"),
        ({"held_out": X[:0]}, "held_out is empty"),
        ({"held_out": X[:, :9]}, "held_out has shape (40, 9) ... needs (n, 784)"),
        ({"held_out": LABELS}, "(40,) ... labels are neither"),
        ({"held_out": SETS}, "held_out is a data set"),
        ({"callbacks": 5}, "a callback is 5, but has to be one of Keras's"),
        ({"callbacks": "film"}, "a callback is 'film'"),
        ({"callbacks": [None]}, "a callback is None"),
        ({"callbacks": [print]}, "a callback is of the type"),
        (
            {"callbacks": keras.callbacks.EarlyStopping},
            "EarlyStopping ... write EarlyStopping(...)",
        ),
        ({"callbacks": [training.RecordCodes]}, "write RecordCodes(...)"),
        ({"callbacks": {"film": 1}}, "a callback is of the type dict"),
        ({"y": X}, "no argument y ... target"),
        ({"validation_data": (X, X)}, "no argument validation_data ... held_out=x_test"),
        ({"validation_split": 0.1}, "no argument validation_split ... held_out=x[-500:]"),
        ({"verbose": 0}, "no argument verbose"),
        ({"shuffle": True}, "no argument shuffle"),
        ({"sample_weight": LABELS}, "no argument sample_weight ... autoencoder.fit"),
        ({"epoch": 3}, "no argument epoch: it knows autoencoder, x, epochs, "),
        ({"epochs": 3}, "epochs twice"),
    ],
)
def test_what_is_given_by_name(given, sentence, net):
    assert_refused(sentence, lambda: training.fit(net, X, 1, **given), net)


def test_a_tutorials_line_with_all_its_arguments(net):
    more = {"epochs": 10, "batch_size": 8, "validation_data": (X, X)}
    assert_refused("no argument validation_data", lambda: training.fit(net, X, X, **more), net)
    wanted = "epochs is of the type ndarray ... target is x itself"
    assert_refused(wanted, lambda: training.fit(net, X, X, epochs=10), net)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: None, "autoencoder is None ... Keras model ... models.build_autoencoder()"),
        (lambda: "my.keras", "autoencoder is 'my.keras'"),
        (lambda: keras.Model, "autoencoder is the class"),
        (lambda: models.split(models.build_autoencoder()), "autoencoder is of the type tuple"),
        (lambda: X, "autoencoder is of the type ndarray"),
        (models.build_autoencoder, "no loss yet ... autoencoder.compile("),
        (lambda: dense(784, 784, loss=None), "no loss yet"),
        (lambda: dense(784, 784, loss="crossentropy_"), "knows no loss 'crossentropy_'"),
        (lambda: dense(784, 2), "makes (n, 2) of x ... cannot be compared"),
        (lambda: dense(100, 784), "x has shape (40, 784) ... needs (n, 100)"),
        (convolutional, "run x = x.reshape(len(x), 28, 28, 1)."),
        (lambda: spoiled(dense(784, 784)), "weights of this autoencoder hold NaN"),
        (lambda: two_inputs(), "has 2 inputs"),
    ],
)
def test_networks_that_cannot_be_trained(make, sentence):
    model = make()
    assert_refused(sentence, lambda: training.fit(model, X, 1))


def spoiled(model: keras.Model) -> keras.Model:
    model.set_weights([np.full_like(weights, np.nan) for weights in model.get_weights()])
    return model


def two_inputs() -> keras.Model:
    one, other = keras.Input((784,)), keras.Input((784,))
    return compiled(keras.Model([one, other], keras.layers.Add()([one, other])))


# What works


@pytest.mark.parametrize(
    "given",
    [
        {"x": tf.constant(X), "callbacks": None, "epochs": np.int64(1)},
        {"x": X.tolist(), "callbacks": keras.callbacks.EarlyStopping("loss")},
        {"x": list(X), "callbacks": (c for c in [keras.callbacks.TerminateOnNaN()])},
        {"x": X.astype("float64"), "target": tf.constant(X), "batch_size": np.uint8(8)},
        {"x": X[::-1] * 1.005, "held_out": X.tolist(), "epochs": np.array(1)},
        {"x": 0 * X, "target": X.tolist(), "epochs": tf.constant(1), "batch_size": 1000},
    ],
)
def test_it_trains_on(given, net):
    given = {"x": X, "epochs": 1} | given
    history = training.fit(net, **given)
    assert set(history) == ({"loss", "val_loss"} if "held_out" in given else {"loss"})
    assert all(len(losses) == 1 and np.isfinite(losses).all() for losses in history.values())


@pytest.mark.parametrize(
    ("make", "x"),
    [
        (convolutional, X.reshape(-1, 28, 28, 1)),
        (lambda: dense(784, 784, loss="mse"), 20 * (X - X.mean(axis=0))),
        (lambda: dense(784, 784, loss=keras.losses.BinaryCrossentropy()), X),
        (lambda: compiled(keras.Sequential([keras.layers.Dense(784)]), "mse"), X),
    ],
    ids=["images with sides", "of no fixed range, with MSE", "loss as an object", "not built yet"],
)
def test_other_networks_and_images(make, x, capsys):
    assert len(training.fit(make(), x, 2)["loss"]) == 2
    assert capsys.readouterr().out.count("epoch") == 2


@pytest.mark.parametrize(
    "given",
    [PIXELS.reshape(-1, 28, 28), PIXELS, X * 255, X[0], WITH_NAN, X / 255, PIXELS > 99, SETS],
)
def test_the_sentence_brings_the_line_that_mends(given, net):
    encoder, names = models.split(net)[0], {"images": given, "np": np}
    with pytest.raises(ValueError) as error:
        training.RecordCodes(encoder, given)
    exec(said(error).rstrip(".").replace("with images =", "run images =").split("run ")[1], names)
    training.RecordCodes(encoder, names["images"])


# The film


@pytest.mark.parametrize(
    ("encoder", "images", "sentence"),
    [
        (True, PIXELS, "images has shape (40, 784) and dtype uint8 ... / 255"),
        (True, X * 255, "images goes from"),
        (True, WITH_NAN, "images holds NaN"),
        (True, X[:, :9], "images has shape (40, 9) ... needs (n, 784)"),
        (True, X.reshape(-1, 28, 28), "images = images.reshape(len(images), -1)"),
        (True, X[:0], "images is empty"),
        (True, None, "images is None"),
        (X, X, "encoder is of the type ndarray ... Keras model ... models.split(autoencoder)"),
        (None, X, "encoder is None"),
    ],
)
def test_film_of_what(encoder, images, sentence, net):
    encoder = models.split(net)[0] if encoder is True else encoder
    assert_refused(sentence, lambda: training.RecordCodes(encoder, images))


def test_film_of_another_networks_encoder(net):
    film = training.RecordCodes(models.split(models.build_autoencoder())[0], X)
    wanted = "shares no layer ... models.split(network)[0]"
    assert_refused(wanted, lambda: training.fit(net, X, 1, callbacks=film), net)
