"""Networks that learners bring: what `split`, sliders and explorer make of each, or say of it."""

import helpers  # first: it tells TensorFlow how to compute, which TensorFlow reads once

# isort: split
import keras
import numpy as np
import pytest
from keras import ops

from helpers import data, models
from helpers.widgets import DecodeSliders, LatentExplorer

Dense = keras.layers.Dense


@pytest.fixture(autouse=True)
def seeded():
    helpers.setup()


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray]:
    images, labels = data.load_mnist()[1]
    return images[:40], labels[:40]


def joined(before=lambda x: x, after=lambda code: code, last=Dense) -> keras.Model:
    """Return 784-2-784 with something done to the image or to the code."""
    image = keras.Input((784,), name="image")
    code = Dense(2, name="code")(before(image))
    return keras.Model(image, last(784, "sigmoid", name="reconstruction")(after(code)))


def pair(size: int, **names) -> tuple[keras.Model, keras.Model]:
    encoder = keras.Sequential(
        [keras.Input((784,)), Dense(8), Dense(size, **names)], name="encoder"
    )
    return encoder, keras.Sequential([keras.Input((size,)), Dense(784)], name="decoder")


def nested(**names) -> keras.Model:
    encoder, decoder = pair(2, **names)
    image = keras.Input((784,))
    return keras.Model(image, decoder(encoder(image)))


class OfParts(keras.Model):
    """As TensorFlow's tutorial on autoencoders builds them."""

    def __init__(self, factor: float = 1):
        super().__init__()
        self.factor = factor
        self.encoder, self.decoder = pair(2)

    def call(self, x):
        return self.factor * self.decoder(self.encoder(x))


class OfLayers(keras.Model):
    def __init__(self):
        super().__init__()
        self.code, self.out = Dense(2, name="code"), Dense(784)

    def call(self, x):
        return self.out(self.code(x))


def called(model: keras.Model) -> keras.Model:
    model(np.zeros((1, 784), "float32"))
    return model


class Tenfold(Dense):
    def call(self, inputs):
        return 10 * super().call(inputs)


class Draw(keras.layers.Layer):
    def call(self, code):
        return code + keras.random.normal(ops.shape(code))


def used_twice() -> keras.Model:
    layer = Dense(2)
    return joined(after=lambda code: layer(layer(code)))


def skip() -> keras.Model:
    image = keras.Input((784,))
    hidden = Dense(8)(image)
    code = Dense(2, name="code")(hidden)
    both = keras.layers.Add(name="sum")([Dense(8)(code), hidden])
    return keras.Model(image, Dense(784)(both))


def code_used_twice() -> keras.Model:
    image, code = keras.Input((784,)), Dense(784, name="code")
    return keras.Model(image, code(code(image)))


def code_within() -> keras.Model:
    within = keras.Sequential([keras.Input((784,)), Dense(2, name="code"), Dense(9)], name="within")
    return keras.Sequential([keras.Input((784,)), within, Dense(784)])


def with_outputs() -> keras.Model:
    image = keras.Input((784,))
    code = Dense(2, name="code")(image)
    return keras.Model(image, [Dense(784)(code), code])


def tied() -> keras.Model:
    image, layer = keras.Input((784,)), Dense(784)
    return keras.Model(image, layer(Dense(784)(Dense(2, name="code")(layer(image)))))


COME_APART = {
    "an operation behind the code": lambda: joined(after=lambda code: code * 3),
    "a function behind the code": lambda: joined(after=lambda code: ops.tanh(5 * code)),
    "a bend that most codes never reach": lambda: joined(after=lambda c: ops.clip(c, -50, 50)),
    "an operation before the code": lambda: joined(before=lambda x: 2 * x - 1),
    "a layer used twice": used_twice,
    "one layer on both sides": tied,
    "a subclass of Dense": lambda: joined(last=Tenfold),
    "Sequential": lambda: keras.Sequential(
        [keras.Input((784,)), Dense(2, name="code"), Dense(784)]
    ),
    "a model of two models": nested,
    "whose first ends in the code": lambda: nested(name="code"),
    "Sequential of two models": lambda: keras.Sequential([keras.Input((784,)), *pair(2)]),
    "a class with encoder and decoder": lambda: called(OfParts()),
    "noise in training only": lambda: joined(before=keras.layers.GaussianNoise(0.3)),
}


@pytest.mark.parametrize("build", COME_APART.values(), ids=COME_APART)
def test_halves_equal_the_whole_and_share_its_weights(build):
    whole = build()
    encoder, decoder = models.split(whole)
    x = np.random.default_rng(3).random((20, 784), "float32")
    assert decoder.input_shape == encoder.output_shape == (None, 2)
    np.testing.assert_allclose(decoder(encoder(x)), whole(x), atol=1e-5)
    for weight in whole.weights:
        weight.assign(weight + 0.01)
    np.testing.assert_allclose(decoder(encoder(x)), whole(x), atol=1e-4)


SAID = {
    "a skip past the code": (skip, ['"sum"', "does not pass through the code"]),
    "the code layer used twice": (code_used_twice, ['"code" is used more than once']),
    "a code deep within": (code_within, ['inside the model "within"', "get_layer"]),
    "two outputs": (with_outputs, ["1 inputs and 2 outputs"]),
    "a layer that draws": (lambda: joined(after=Draw()), ["draws at random"]),
    "a class of layers": (lambda: called(OfLayers()), ["OfLayers", "encoder and decoder"]),
    "a class that does more": (lambda: called(OfParts(2)), ["does more than"]),
    "a Sequential without input": (
        lambda: keras.Sequential([Dense(2, name="code"), Dense(784)]),
        ["keras.Input((784,))"],
    ),
    "no code": (lambda: keras.Sequential([keras.Input((784,)), Dense(784, name="a")]), ["code"]),
    "the pair of halves": (lambda: pair(2), ["tuple", "keras.Model"]),
    "a path": (lambda: "my_autoencoder.keras", ["str", "load_autoencoder()"]),
    "nothing": (lambda: None, ["NoneType"]),
}


@pytest.mark.parametrize("take", [models.split, LatentExplorer, DecodeSliders])
@pytest.mark.parametrize(("build", "parts"), SAID.values(), ids=SAID)
def test_what_cannot_come_apart_is_said_in_a_sentence(build, parts, take, digits):
    with pytest.raises(ValueError) as error:
        take(build(), *(() if take is models.split else digits))
    said = str(error.value)
    assert "\n" not in said and said.endswith(".") and len(said) < 300, said
    assert all(part in said for part in parts), said


def with_lora() -> keras.Model:
    model = joined()
    model.get_layer("code").enable_lora(1)
    return model


def tiny() -> keras.Model:
    model = joined()
    kernel = np.random.default_rng(0).random((784, 2), "float32")
    model.get_layer("code").set_weights([1e-8 * kernel, np.zeros(2, "float32")])
    return model


NOT_IN_THE_PAGE = {
    "an operation behind the code": (COME_APART["an operation behind the code"], "decodes"),
    "an operation before the code": (COME_APART["an operation before the code"], "encodes"),
    "a layer used twice": (used_twice, "decodes"),
    "a subclass of Dense": (COME_APART["a subclass of Dense"], "Tenfold"),
    "LoRA": (with_lora, "LoRA"),
    "codes too small for 16 bits": (tiny, "encodes"),
    "models in a model": (nested, "Sequential"),
}


@pytest.mark.parametrize(("build", "part"), NOT_IN_THE_PAGE.values(), ids=NOT_IN_THE_PAGE)
def test_the_page_refuses_what_it_would_compute_otherwise(build, part, digits):
    network = build()
    DecodeSliders(network, *digits)  # which ask Keras, and may
    with pytest.raises(ValueError) as error:
        LatentExplorer(network, *digits)
    said = str(error.value)
    assert part in said and "\n" not in said and said.endswith(".") and len(said) < 300, said


@pytest.mark.parametrize("take", [LatentExplorer, DecodeSliders])
@pytest.mark.parametrize("layer", ["encoder_1", "decoder_2"])
def test_weights_that_are_no_numbers_are_named(take, layer, digits):
    network = models.build_autoencoder()
    kernel, bias = network.get_layer(layer).get_weights()
    bias[0] = np.nan
    network.get_layer(layer).set_weights([kernel, bias])
    with pytest.raises(ValueError, match="no numbers|not finite numbers"):
        take(network, *digits)


def test_a_file_that_needs_an_unknown_class_says_which(tmp_path, monkeypatch):
    joined(last=Tenfold).save(tmp_path / "mine.keras")
    monkeypatch.delattr("test_networks.Tenfold")
    with pytest.raises(ValueError) as error:
        models.load_autoencoder(tmp_path / "mine.keras")
    said = str(error.value)
    assert "Tenfold" in said and "register_keras_serializable" in said and "\n" not in said
    assert "not a Keras model" not in said


def test_home_may_be_a_tilde(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    joined().save(tmp_path / "mine.keras")
    assert models.load_autoencoder("~/mine.keras").count_params() == joined().count_params()


def test_a_bend_that_no_picture_reaches_is_in_the_decoder_all_the_same():
    _, decoder = models.split(joined(after=lambda code: ops.clip(code, -50, 50)))
    far, edge = (np.full((1, 2), place, "float32") for place in (400, 50))
    np.testing.assert_array_equal(decoder(far), decoder(edge))
