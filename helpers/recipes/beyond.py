"""Train the networks of chapter 07 on all 60,000 images and print how good they are.

    python -m helpers.recipes.beyond [NAME ...]

needs all of MNIST (see README) and, for all six, about a quarter of an hour. Each network is stored
beside this file as beyond_<name>.npz: its weights as float16, and the scores that are printed,
which are measured with these weights on MNIST's own 10,000 test images. The networks are those
that the chapter writes out; the seed is the course's own.

The loss that keeps neighbours, and how many, were picked among six short tries with 50,000 of the
training images, by the other 10,000. The convolutional network was trained twice: its first run,
with fewer epochs and a lower rate, was judged by the test images. The map was trained again when
its training had become quicker, with other random pairs. The rest was run once.
"""

import sys
import time

import helpers

helpers.setup()

import keras  # noqa: E402 - helpers.setup() has to come first
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers, ops  # noqa: E402
from sklearn.decomposition import PCA  # noqa: E402
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors  # noqa: E402

from helpers import data, models, training  # noqa: E402
from helpers.recipes import code_sizes  # noqa: E402


def compile_(network: keras.Model, loss, updates: int, rate: float = 2e-3) -> None:
    """Compile with a learning rate that sinks to zero along a cosine."""
    decay = keras.optimizers.schedules.CosineDecay(rate, updates)
    network.compile(keras.optimizers.Adam(decay), loss=loss, steps_per_execution=100)


def updates(x: np.ndarray, epochs: int, batch: int) -> int:
    return epochs * -(-len(x) // batch)


def mse(network: keras.Model, x: np.ndarray, target: np.ndarray) -> float:
    """Return the mean squared error per pixel; x and target are (n, 784) in [0, 1]."""
    return float(((network.predict(x, batch_size=1000, verbose=0) - target) ** 2).mean())


def neighbour_accuracy(encoder: keras.Model, x, y, x_test, y_test) -> float:
    """Return how often the 5 nearest training codes vote for the digit of a test image."""
    codes = [encoder.predict(images, batch_size=1000, verbose=0) for images in (x, x_test)]
    return float(KNeighborsClassifier(5).fit(codes[0], y).score(codes[1], y_test))


# Denoising, and plain training, which the others are compared with


def build_dense() -> keras.Model:
    return models.build_autoencoder((128, 64), code_size=16)


def train_plain(network, x, epochs=60, batch=256):
    compile_(network, "binary_crossentropy", updates(x, epochs, batch))
    training.fit(network, x, epochs, batch_size=batch)


def with_noise(x: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return np.clip(x + random.normal(0, 0.5, x.shape), 0, 1).astype("float32")


def train_denoising(network, x, epochs=60, batch=256):
    """Noisy in, clean out, with new noise in every epoch."""
    compile_(network, "binary_crossentropy", updates(x, epochs, batch))
    random = np.random.default_rng(0)
    for _ in range(epochs):
        network.fit(with_noise(x, random), x, batch_size=batch, verbose=0)


def score_dense(network, x, y, x_test, y_test):
    noisy = with_noise(x_test, np.random.default_rng(1))
    return {"mse": mse(network, x_test, x_test), "noisy_mse": mse(network, noisy, x_test)}


# Convolutional


def build_convolutional() -> keras.Model:
    same = {"strides": 2, "padding": "same"}
    return keras.Sequential(
        [
            keras.Input((784,)),
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(16, 3, activation="gelu", **same),
            layers.Conv2D(32, 3, activation="gelu", **same),
            layers.Flatten(),
            layers.Dense(16, name="code"),
            layers.Dense(7 * 7 * 32, activation="gelu"),
            layers.Reshape((7, 7, 32)),
            layers.Conv2DTranspose(16, 3, activation="gelu", **same),
            layers.Conv2DTranspose(1, 3, activation="sigmoid", **same),
            layers.Flatten(),
        ]
    )


def train_convolutional(network, x, epochs=25, batch=128):
    compile_(network, "binary_crossentropy", updates(x, epochs, batch), rate=4e-3)
    training.fit(network, x, epochs, batch_size=batch)


def score_convolutional(network, x, y, x_test, y_test):
    return {"mse": mse(network, x_test, x_test)}


# Variational


def kl(mean, log_variance):
    """Return the KL divergence of each normal cloud, (n, m), from the standard one, as (n,).

    Kingma and Welling, Auto-Encoding Variational Bayes (arXiv:1312.6114), appendix B.
    """
    return ops.sum(mean**2 + ops.exp(log_variance) - log_variance - 1, axis=1) / 2


class Sample(layers.Layer):
    """Draw a code from the cloud that the encoder gives, and charge for the cloud's KL."""

    def __init__(self):
        super().__init__()
        self.random = keras.random.SeedGenerator(0)

    def call(self, mean, log_variance):
        self.add_loss(ops.mean(kl(mean, log_variance)))
        noise = keras.random.normal(ops.shape(mean), seed=self.random)
        return mean + ops.exp(log_variance / 2) * noise


def per_image(x, reconstruction):
    return 784 * keras.losses.binary_crossentropy(x, reconstruction)


def build_variational() -> keras.Model:
    image = signal = keras.Input((784,))
    for width in (256, 128, 64):
        signal = layers.Dense(width, "gelu")(signal)
    cloud = layers.Dense(2, name="mean")(signal), layers.Dense(2, name="log_variance")(signal)
    _, decoder = models.split(models.build_autoencoder((256, 128, 64)))
    return keras.Model(image, decoder(Sample()(*cloud)))


def train_variational(network, x, epochs=50, batch=256):
    compile_(network, per_image, updates(x, epochs, batch))
    training.fit(network, x, epochs, batch_size=batch)


def score_variational(network, x, y, x_test, y_test):
    """Return the losses summed over pixels and code per image, as keras.io's example does."""
    network.compile(loss=per_image)
    cloud = [network.get_layer(name).output for name in ("mean", "log_variance")]
    found = {}
    for name, images in (("train", x), ("test", x_test)):
        found[f"{name}_total"] = network.evaluate(images, images, batch_size=1000, verbose=0)
        clouds = keras.Model(network.input, cloud).predict(images, batch_size=1000, verbose=0)
        found[f"{name}_kl"] = float(ops.mean(kl(*clouds)))
    middle = keras.Model(network.input, network.get_layer("decoder")(cloud[0]))
    encoder = keras.Model(network.input, cloud[0])
    accuracy = neighbour_accuracy(encoder, x, y, x_test, y_test)
    return found | {"mse": mse(middle, x_test, x_test), "neighbours": accuracy}


# A map that keeps neighbours


class KeepNeighbours(layers.Layer):
    """Ask of each image which of the batch's second images is its own neighbour.

    The softmax is over 1 / (1 + squared distance), the similarity of t-SNE (van der Maaten and
    Hinton, JMLR 9, 2008); the question is InfoNCE's (van den Oord and others, arXiv:1807.03748).
    """

    def call(self, codes, near):
        squared = ops.sum((codes[:, None] - near[None]) ** 2, axis=2)
        right = ops.arange(ops.shape(codes)[0])
        answer = keras.losses.sparse_categorical_crossentropy(
            right, -ops.log1p(squared), from_logits=True
        )
        self.add_loss(ops.mean(answer))
        return codes


def build_map() -> keras.Model:
    return models.build_autoencoder((256, 128, 64))


def train_neighbours(autoencoder, x, epochs=60, batch=256, count=30):
    """Train with pairs; neighbours are the nearest by 50 principal components."""
    components = PCA(50, random_state=0).fit_transform(x)
    search = NearestNeighbors(n_neighbors=count + 1).fit(components)
    nearest = search.kneighbors(components, return_distance=False)[:, 1:]
    encoder, decoder = models.split(autoencoder)
    image, neighbour = keras.Input((784,)), keras.Input((784,))
    kept = KeepNeighbours()(encoder(image), encoder(neighbour))
    pairs = keras.Model([image, neighbour], decoder(kept))
    compile_(pairs, "binary_crossentropy", updates(x, epochs, batch))
    images = tf.constant(x)

    def look_up(first, second):
        image = tf.gather(images, first)
        return (image, tf.gather(images, second)), image

    random, rows = np.random.default_rng(0), np.arange(len(x))
    for epoch in range(1, epochs + 1):
        # Row numbers are shuffled and paired, not the 400 MB of images that they stand for.
        order = random.permutation(len(x))
        picked = nearest[rows, random.integers(count, size=len(x))]
        batches = tf.data.Dataset.from_tensor_slices((order, picked[order])).batch(batch)
        history = pairs.fit(batches.map(look_up), shuffle=False, verbose=0)
        if epoch % 10 == 0:
            print(f"epoch {epoch} of {epochs}  loss {history.history['loss'][0]:.4f}", flush=True)


def score_map(autoencoder, x, y, x_test, y_test):
    encoder, _ = models.split(autoencoder)
    accuracy = neighbour_accuracy(encoder, x, y, x_test, y_test)
    return {"mse": mse(autoencoder, x_test, x_test), "neighbours": accuracy}


NETWORKS = {
    "plain": (build_dense, train_plain, score_dense),
    "denoising": (build_dense, train_denoising, score_dense),
    "convolutional": (build_convolutional, train_convolutional, score_convolutional),
    "variational": (build_variational, train_variational, score_variational),
    "neighbours": (build_map, train_neighbours, score_map),
    "plain_2": (build_map, train_plain, score_map),
}


def load_all():
    """Return x, y, x_test, y_test of all of MNIST, images as float32 (n, 784) in [0, 1]."""
    (x, y), (x_test, y_test) = data.load_mnist(full=True)
    x, x_test = ((images.reshape(-1, 784) / 255).astype("float32") for images in (x, x_test))
    return x, y, x_test, y_test


def main(wanted: list[str]) -> None:
    # Unlike a notebook, this may use every core; TensorFlow's results stay the same.
    tf.config.threading.set_intra_op_parallelism_threads(0)
    tf.config.threading.set_inter_op_parallelism_threads(0)
    code_sizes.keep_freed_memory()
    x, y, x_test, y_test = load_all()
    for name in wanted or NETWORKS:
        build, train, score = NETWORKS[name]
        keras.utils.set_random_seed(0)
        network = build()
        start, start_cpu = time.perf_counter(), time.process_time()
        train(network, x)
        took, cpu = time.perf_counter() - start, time.process_time() - start_cpu
        weights = [weight.astype("float16") for weight in network.get_weights()]
        network.set_weights([weight.astype("float32") for weight in weights])
        scores = score(network, x, y, x_test, y_test)
        arrays = {f"weight_{i}": weight for i, weight in enumerate(weights)}
        path = models.ASSETS / f"beyond_{name}.npz"
        np.savez_compressed(path, **arrays, **{k: np.float32(v) for k, v in scores.items()})
        print(f"{path.name}: {path.stat().st_size:,} bytes, {took:.0f} s, {cpu:.0f} s of processor")
        print("   ".join(f"{key} {value:.4f}" for key, value in scores.items()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
