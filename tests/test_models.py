"""helpers.models: the networks compute what the mathematics says, and come apart whole."""

import helpers  # first: it tells TensorFlow how to compute, which TensorFlow reads once

# isort: split
import io
import json
import zipfile

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy.linalg import subspace_angles
from scipy.special import erf
from sklearn.decomposition import PCA

from helpers import data, models
from helpers.shipped import path_of

TRAINED = path_of("autoencoder", ".keras")
ACTIVATIONS = {
    "gelu": lambda z: z * (1 + erf(z / np.sqrt(2))) / 2,
    "elu": lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    None: lambda z: z,
}
# What a learner may build: hidden widths, code size, hidden activation, output.
SHAPES = [
    ((128, 64, 32), 2, "gelu", "sigmoid"),
    ((64, 32), 16, "elu", "sigmoid"),
    ((20,), 1, "gelu", None),
    ((), 2, None, "sigmoid"),
    ((), 3, None, None),
]


@pytest.fixture(autouse=True)
def seeded():
    helpers.setup()


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    """Return 200 of the bundled test images, float32 (200, 784) in [0, 1]."""
    return flat(data.load_mnist()[1][0][:200])


@pytest.fixture(scope="module")
def shipped() -> keras.Model:
    return models.load_autoencoder()


def flat(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1).astype("float32") / 255


def unsettle(model: keras.Model) -> None:
    """Give every weight a random value, the biases too: those start at 0, where they hide."""
    random = np.random.default_rng(1)
    for weight in model.weights:
        fan_in = weight.shape[0] if len(weight.shape) == 2 else 10
        weight.assign(random.normal(size=weight.shape) * np.sqrt(2 / fan_in))


def forward(weights, activations, x: np.ndarray) -> list[np.ndarray]:
    """Return what each dense layer puts out, in float64 NumPy."""
    outputs = [np.asarray(x, dtype=np.float64)]
    for kernel, bias, activation in zip(weights[::2], weights[1::2], activations, strict=True):
        outputs.append(ACTIVATIONS[activation](outputs[-1] @ kernel + bias))
    return outputs[1:]


def doubles(model: keras.Model) -> list[np.ndarray]:
    return [weight.astype(np.float64) for weight in model.get_weights()]


def one_sentence(error, *parts) -> str:
    """Require one line that ends in a full stop and holds every part."""
    said = str(error.value)
    assert "\n" not in said and said.endswith(".") and len(said) < 500, said
    for part in parts:
        assert str(part) in said, f"{part!r} is not in: {said}"
    return said


# Against NumPy


@pytest.mark.parametrize(("hidden", "size", "activation", "output"), SHAPES)
def test_forward_pass(hidden, size, activation, output, digits):
    model = models.build_autoencoder(hidden, size, activation, output)
    unsettle(model)
    activations = [activation] * len(hidden) + [None] + [activation] * len(hidden) + [output]
    computed = forward(doubles(model), activations, digits)
    encoder, _ = models.split(model)
    scale = max(1, np.abs(computed[-1]).max())
    np.testing.assert_allclose(model(digits) / scale, computed[-1] / scale,
                               rtol=0, atol=1e-5)  # fmt: skip
    code = computed[len(hidden)]
    scale = max(1, np.abs(code).max())
    np.testing.assert_allclose(encoder(digits) / scale, code / scale,
                               rtol=0, atol=1e-5)  # fmt: skip


def test_forward_pass_of_the_shipped_network(shipped, digits):
    activations = ["gelu"] * 3 + [None] + ["gelu"] * 3 + ["sigmoid"]
    computed = forward(doubles(shipped), activations, digits)
    np.testing.assert_allclose(shipped(digits), computed[-1], rtol=0, atol=1e-5)


@pytest.mark.parametrize("activation", ["gelu", "elu"])
def test_gradients_of_the_loss_against_finite_differences(activation, digits):
    """Central differences in float64, for 20 weights of every array, against GradientTape.

    The tolerance is 1e-5 of the array's largest gradient: Keras computes in float32, of which a
    sum over 784 pixels leaves about six digits.
    """
    model = models.build_autoencoder((3,), 2, activation)
    unsettle(model)
    x = digits[:5]
    with tf.GradientTape() as tape:
        loss = keras.losses.BinaryCrossentropy()(x, model(x))
    gradients = [gradient.numpy() for gradient in tape.gradient(loss, model.trainable_weights)]

    weights = doubles(model)
    target = x.astype(np.float64)

    def entropy() -> float:
        guess = forward(weights, [activation, None, activation, "sigmoid"], target)[-1]
        return float(-(target * np.log(guess) + (1 - target) * np.log(1 - guess)).mean())

    assert float(loss) == pytest.approx(entropy(), rel=1e-6)
    random, step = np.random.default_rng(0), 1e-5
    for weight, gradient in zip(weights, gradients, strict=True):
        largest = float(np.abs(gradient).max())
        assert largest > 1e-6, "a gradient of 0 would agree with anything"
        for index in random.choice(weight.size, min(20, weight.size), replace=False):
            before = weight.flat[index]
            weight.flat[index] = before + step
            above = entropy()
            weight.flat[index] = before - step
            slope = (above - entropy()) / (2 * step)
            weight.flat[index] = before
            assert gradient.flat[index] == pytest.approx(slope, rel=0, abs=1e-5 * largest)


# Against PCA


def test_linear_autoencoder_finds_the_plane_of_pca(digits):
    pca = PCA(2).fit(digits.astype(np.float64))
    best = ((pca.inverse_transform(pca.transform(digits)) - digits) ** 2).mean()
    network = models.build_autoencoder((), 2, output=None)

    def angle() -> float:
        """Return the larger principal angle between the decoder's plane and PCA's, in degrees."""
        plane = network.get_layer("reconstruction").kernel.numpy()
        return float(np.degrees(subspace_angles(plane.T, pca.components_.T).max()))

    assert angle() > 45, "an untrained plane is far from PCA's"
    updates = 2000
    rate = keras.optimizers.schedules.CosineDecay(0.03, updates)
    network.compile(keras.optimizers.Adam(rate), loss="mse", steps_per_execution=updates)
    all_at_once = tf.data.Dataset.from_tensors((digits, digits)).repeat()
    network.fit(all_at_once, steps_per_epoch=updates, shuffle=False, verbose=0)
    error = ((network.predict(digits, verbose=0) - digits) ** 2).mean()
    assert angle() < 0.5
    assert best * (1 - 1e-5) < error < best * (1 + 1e-4), "nothing linear can be better than PCA"


# Building


@pytest.mark.parametrize(("hidden", "size", "activation", "output"), SHAPES)
def test_layers_are_named_and_mirrored(hidden, size, activation, output):
    model = models.build_autoencoder(hidden, size, activation, output)
    numbers = range(1, len(hidden) + 1)
    assert [layer.name for layer in model.layers] == [
        "image", *(f"encoder_{i}" for i in numbers), "code",
        *(f"decoder_{i}" for i in numbers), "reconstruction",
    ]  # fmt: skip
    widths = [*hidden, size, *hidden[::-1], 784]
    assert [layer.units for layer in model.layers[1:]] == widths
    fan_in = [784, *widths[:-1]]
    assert model.count_params() == sum((n + 1) * k for n, k in zip(fan_in, widths, strict=True))
    names = [keras.activations.serialize(layer.activation) for layer in model.layers[1:]]
    inner, last = activation or "linear", output or "linear"
    assert names == [inner] * len(hidden) + ["linear"] + [inner] * len(hidden) + [last]
    assert not model.compiled


def test_sizes_may_be_numpy_numbers(tmp_path):
    """Keras refuses NumPy's integers, and sizes computed with NumPy are such."""
    widths = np.array([32, 16])
    model = models.build_autoencoder(widths, np.int64(3))
    assert [layer.units for layer in model.layers[1:]] == [32, 16, 3, 16, 32, 784]
    model.save(tmp_path / "mine.keras")
    models.load_autoencoder(tmp_path / "mine.keras")


def test_default_is_the_architecture_of_the_shipped_network(shipped):
    fresh = models.build_autoencoder()
    layers = [json.dumps(model.get_config()["layers"]) for model in (fresh, shipped)]
    assert layers[0] == layers[1]


# Taking apart


@pytest.mark.parametrize("shape", ["shipped", *SHAPES], ids=str)
def test_decoder_of_encoder_is_the_autoencoder(shape, shipped, digits):
    model = shipped if shape == "shipped" else models.build_autoencoder(*shape)
    if model is not shipped:
        unsettle(model)
    encoder, decoder = models.split(model)
    codes = encoder(digits).numpy()
    size = 2 if shape == "shipped" else shape[1]
    assert codes.shape == (200, size) and codes.std(axis=0).min() > 0.1
    whole = model(digits)
    np.testing.assert_allclose(decoder(codes), whole, rtol=1e-5, atol=1e-6)


def test_halves_share_the_weights(digits):
    model = models.build_autoencoder((16,), 2)
    encoder, decoder = models.split(model)
    halves = {"encoder": encoder, "decoder": decoder}
    before = {name: half.get_weights() for name, half in halves.items()}
    model.compile("adam", "binary_crossentropy")
    model.train_on_batch(digits, digits)
    for name, half in halves.items():
        for old, new in zip(before[name], half.get_weights(), strict=True):
            assert not np.array_equal(old, new), f"the {name} did not learn"
    together = encoder.get_weights() + decoder.get_weights()
    for ours, theirs in zip(together, model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    codes = encoder(digits).numpy()
    whole = model(digits)
    np.testing.assert_allclose(decoder(codes), whole, rtol=0, atol=1e-6)


def test_split_needs_a_layer_named_code():
    image = keras.Input((784,), name="image")
    middle = keras.layers.Dense(2, name="bottleneck")(image)
    model = keras.Model(image, keras.layers.Dense(784, name="out")(middle))
    with pytest.raises(ValueError) as error:
        models.split(model)
    one_sentence(error, "image, bottleneck, out", 'none is named "code"', 'Dense(2, name="code")')


def test_split_of_a_sequential_model(digits):
    dense = keras.layers.Dense
    model = keras.Sequential([keras.Input((784,)), dense(2, name="code"), dense(784, "sigmoid")])
    encoder, decoder = models.split(model)
    np.testing.assert_allclose(decoder(encoder(digits)), model(digits), rtol=0, atol=1e-6)


# Measuring


def test_mse_is_the_mean_over_all_pixels():
    original = np.array([[0, 1], [0.5, 0.25]], dtype="float32")
    output = np.array([[0.5, 1], [0.5, 0.75]], dtype="float32")
    assert models.mse(output, original) == models.mse(tf.constant(output), original) == 0.125
    assert models.mse(0, original) == pytest.approx((1 + 0.25 + 0.0625) / 4)
    assert isinstance(models.mse(output, output), float)


# Loading


def test_own_model_is_loaded_as_it_was_saved(tmp_path, digits):
    mine = models.build_autoencoder((16,), 5, "elu")
    mine.compile("adam", "binary_crossentropy")
    mine.train_on_batch(digits, digits)
    mine.save(tmp_path / "mine.keras")
    for path in (tmp_path / "mine.keras", str(tmp_path / "mine.keras")):
        loaded = models.load_autoencoder(path)
        expected = mine.predict(digits, verbose=0)
        np.testing.assert_array_equal(loaded.predict(digits, verbose=0), expected)
        assert not loaded.compiled


@pytest.mark.parametrize("path", ["nowhere.keras", "."], ids=["no file", "a folder"])
def test_no_such_file(path, tmp_path):
    with pytest.raises(FileNotFoundError) as error:
        models.load_autoencoder(tmp_path / path)
    one_sentence(error, tmp_path / path, "notebook 03", "load_autoencoder()")


@pytest.mark.parametrize("name", ["mine.keras", "mine.txt"])
@pytest.mark.parametrize("content", ["text", "half"])
def test_no_keras_file(name, content, tmp_path):
    whole = TRAINED.read_bytes()
    path = tmp_path / name
    path.write_bytes(b"my notes" if content == "text" else whole[: len(whole) // 2])
    with pytest.raises(ValueError) as error:
        models.load_autoencoder(path)
    one_sentence(error, path, "is not a Keras model", "notebook 03", "load_autoencoder()")


def test_model_of_other_shapes(tmp_path, shipped):
    encoder, _ = models.split(shipped)
    encoder.save(tmp_path / "encoder.keras")
    with pytest.raises(ValueError) as error:
        models.load_autoencoder(tmp_path / "encoder.keras")
    one_sentence(
        error, tmp_path / "encoder.keras", "(None, 784) to (None, 2)", "needs (None, 784) to "
        "(None, 784)", "load_autoencoder()",
    )  # fmt: skip


def test_model_without_a_code(tmp_path):
    image = keras.Input((784,), name="image")
    model = keras.Model(image, keras.layers.Dense(784, name="out")(image))
    model.save(tmp_path / "mine.keras")
    with pytest.raises(ValueError) as error:
        models.load_autoencoder(tmp_path / "mine.keras")
    one_sentence(error, "image, out", 'none is named "code"', 'Dense(2, name="code")')


# Decoding one point


@pytest.mark.parametrize("size", [1, 2, 16])
def test_compiled_decoder_equals_predict_also_after_training(size, digits):
    model = models.build_autoencoder((16,), size)
    unsettle(model)
    _, decoder = models.split(model)
    decode = models.compile_decoder(decoder)
    points = np.random.default_rng(0).normal(size=(5, size))

    def compare() -> np.ndarray:
        expected = decoder.predict(points.astype("float32"), verbose=0).reshape(-1, 28, 28)
        for point, image in zip(points, expected, strict=True):
            for form in (point, point.astype("float32"), list(point), tuple(point)):
                decoded = decode(form)
                assert decoded.shape == (28, 28) and decoded.dtype == np.float32
                np.testing.assert_allclose(decoded, image, rtol=0, atol=1e-6)
        return expected

    before = compare()
    model.compile(keras.optimizers.Adam(0.1), "binary_crossentropy")
    model.train_on_batch(digits, digits)
    assert np.abs(compare() - before).max() > 0.01, "training changed nothing"


# The shipped network


def test_shipped_file_is_small_and_holds_no_optimizer():
    assert TRAINED.stat().st_size <= 1_200_000
    with zipfile.ZipFile(TRAINED) as archive:
        config = json.loads(archive.read("config.json"))
        with archive.open("model.weights.h5") as file, h5py.File(io.BytesIO(file.read())) as stored:
            assert "optimizer" not in stored
    assert not config["compile_config"]


def test_shipped_network_on_the_bundled_digits(shipped, digits):
    """These are among its training images, so this bar only says that the weights are trained."""
    assert ((shipped.predict(digits, verbose=0) - digits) ** 2).mean() < 0.036
