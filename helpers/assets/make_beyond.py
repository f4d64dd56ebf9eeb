"""Train the networks of chapter 07 on all 60,000 images and print how good they are.

    python helpers/assets/make_beyond.py [plain|denoising|convolutional|variational|neighbours ...]

needs all of MNIST (see README) and, for all five, about twenty minutes on two cores. Each is
stored beside this file as beyond_<name>.npz: its weights as float16, which changes no digit of the
scores printed here, and the scores themselves, measured on MNIST's own 10,000 test images.

Sizes and epochs were picked on the last 10,000 training images, with a network trained on the
others. The networks are those that the chapter writes out; the seed is the course's own.
"""

import sys
import time
from pathlib import Path

import helpers

helpers.setup()

import keras  # noqa: E402 - helpers.setup() has to come first
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers, ops  # noqa: E402
from sklearn.decomposition import PCA  # noqa: E402
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors  # noqa: E402

from helpers import data, models, training  # noqa: E402

HERE = Path(__file__).parent


def compiled(network: keras.Model, loss, x: np.ndarray, epochs: int, batch: int, rate=2e-3):
    """Compile with a learning rate that sinks to zero along a cosine, and return the network."""
    decay = keras.optimizers.schedules.CosineDecay(rate, epochs * -(-len(x) // batch))
    network.compile(keras.optimizers.Adam(decay), loss=loss)
    return network


def mse(network: keras.Model, x: np.ndarray, target: np.ndarray) -> float:
    """Return the mean squared error per pixel; x and target are (n, 784) in [0, 1]."""
    return float(((network.predict(x, batch_size=1000, verbose=0) - target) ** 2).mean())


def plain(x, y, x_test, y_test):
    """784-128-64-16 and its mirror, the network that two others are compared with."""
    network = models.build_autoencoder((128, 64), code_size=16)
    training.fit(compiled(network, "binary_crossentropy", x, 60, 256), x, 60, batch_size=256)
    return network, lambda: {"mse": mse(network, x_test, x_test)} | noisy_scores(network, x_test)


def with_noise(x: np.ndarray, random: np.random.Generator) -> np.ndarray:
    noise = random.normal(0, 0.5, x.shape).astype("float32")
    return np.clip(x + noise, 0, 1)


def noisy_scores(network, x_test):
    noisy = with_noise(x_test, np.random.default_rng(1))
    return {"noisy_mse": mse(network, noisy, x_test)}


def denoising(x, y, x_test, y_test):
    """The same layers, from noisy images to clean ones, with new noise in every epoch."""
    network = models.build_autoencoder((128, 64), code_size=16)
    compiled(network, "binary_crossentropy", x, 60, 256)
    random = np.random.default_rng(0)
    for _ in range(60):
        network.fit(with_noise(x, random), x, batch_size=256, verbose=0)
    return network, lambda: {"mse": mse(network, x_test, x_test)} | noisy_scores(network, x_test)


def convolutional(x, y, x_test, y_test):
    """Two convolutions down to 7 x 7 x 32, a code of 16 numbers, and two back."""
    network = keras.Sequential(
        [
            keras.Input((784,)),
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(16, 3, strides=2, padding="same", activation="gelu"),
            layers.Conv2D(32, 3, strides=2, padding="same", activation="gelu"),
            layers.Flatten(),
            layers.Dense(16, name="code"),
            layers.Dense(7 * 7 * 32, activation="gelu"),
            layers.Reshape((7, 7, 32)),
            layers.Conv2DTranspose(16, 3, strides=2, padding="same", activation="gelu"),
            layers.Conv2DTranspose(1, 3, strides=2, padding="same", activation="sigmoid"),
            layers.Flatten(),
        ]
    )
    training.fit(compiled(network, "binary_crossentropy", x, 15, 128), x, 15, batch_size=128)
    return network, lambda: {"mse": mse(network, x_test, x_test)}


class Sample(layers.Layer):
    """Draw a code from the cloud that the encoder gives, and charge for the cloud's distance.

    The KL divergence from the standard normal distribution, summed over the code's numbers:
    Kingma and Welling, Auto-Encoding Variational Bayes (arXiv:1312.6114), appendix B.
    """

    def __init__(self, **options):
        super().__init__(**options)
        self.random = keras.random.SeedGenerator(0)

    def call(self, mean, log_variance):
        kl = ops.sum(mean**2 + ops.exp(log_variance) - log_variance - 1, axis=1) / 2
        self.add_loss(ops.mean(kl))
        noise = keras.random.normal(ops.shape(mean), seed=self.random)
        return mean + ops.exp(log_variance / 2) * noise


def per_image(x, reconstruction):
    return 784 * keras.losses.binary_crossentropy(x, reconstruction)


def variational(x, y, x_test, y_test):
    """784-256-128-64-2 and its mirror, with a code that is drawn from a cloud."""
    encoder, decoder = models.split(models.build_autoencoder((256, 128, 64)))
    signal = encoder.layers[-2].output
    mean, log_variance = encoder.output, layers.Dense(2, name="log_variance")(signal)
    network = keras.Model(encoder.input, decoder(Sample()(mean, log_variance)))
    training.fit(compiled(network, per_image, x, 60, 256), x, 60, batch_size=256)

    def scores():
        found = {}
        for name, images in (("train", x), ("test", x_test)):
            total = network.evaluate(images, images, batch_size=1000, verbose=0)
            means, logs = keras.Model(encoder.input, [mean, log_variance]).predict(
                images, batch_size=1000, verbose=0
            )
            kl = ((means**2 + np.exp(logs) - logs - 1).sum(axis=1) / 2).mean()
            found |= {f"{name}_total": total, f"{name}_kl": kl}
        halves = keras.Sequential([encoder, decoder])
        return found | {"mse": mse(halves, x_test, x_test)}

    return network, scores


class KeepNeighbours(layers.Layer):
    """Ask of each image which of the batch's second images is its own neighbour.

    The softmax is over 1 / (1 + squared distance), the similarity of t-SNE (van der Maaten and
    Hinton, JMLR 9, 2008); the question is InfoNCE (van den Oord and others, arXiv:1807.03748).
    """

    def call(self, codes, near):
        squared = ops.sum((codes[:, None] - near[None]) ** 2, axis=2)
        right = ops.arange(ops.shape(codes)[0])
        answer = keras.losses.sparse_categorical_crossentropy(
            right, -ops.log1p(squared), from_logits=True
        )
        self.add_loss(ops.mean(answer))
        return codes


def neighbours(x, y, x_test, y_test):
    """784-256-128-64-2 and its mirror; images that are neighbours by 50 components stay so."""
    epochs, batch, count = 60, 256, 10
    components = PCA(50, random_state=0).fit_transform(x)
    search = NearestNeighbors(n_neighbors=count + 1).fit(components)
    nearest = search.kneighbors(components, return_distance=False)[:, 1:]
    autoencoder = models.build_autoencoder((256, 128, 64))
    encoder, decoder = models.split(autoencoder)
    image, neighbour = keras.Input((784,)), keras.Input((784,))
    codes = KeepNeighbours()(encoder(image), encoder(neighbour))
    network = keras.Model([image, neighbour], decoder(codes))
    compiled(network, "binary_crossentropy", x, epochs, batch)
    network.steps_per_execution = 100
    random = np.random.default_rng(0)
    for epoch in range(1, epochs + 1):
        picked = nearest[np.arange(len(x)), random.integers(count, size=len(x))]
        history = network.fit([x, x[picked]], x, batch_size=batch, verbose=0)
        if epoch % 6 == 0:
            print(
                f"epoch {epoch:>3} of {epochs}  loss {history.history['loss'][0]:.4f}", flush=True
            )

    def scores():
        codes, test_codes = (
            encoder.predict(images, batch_size=1000, verbose=0) for images in (x, x_test)
        )
        found = KNeighborsClassifier(5).fit(codes, y).score(test_codes, y_test)
        return {"mse": mse(autoencoder, x_test, x_test), "neighbours": found}

    return autoencoder, scores


def main(wanted: list[str]) -> None:
    makers = {f.__name__: f for f in (plain, denoising, convolutional, variational, neighbours)}
    # Unlike a notebook, this may use every core; it changes no result.
    tf.config.threading.set_intra_op_parallelism_threads(0)
    (x, y), (x_test, y_test) = data.load_mnist(full=True)
    x, x_test = ((images.reshape(-1, 784) / 255).astype("float32") for images in (x, x_test))
    for name in wanted or makers:
        keras.utils.set_random_seed(0)
        start = time.perf_counter()
        network, measure = makers[name](x, y, x_test, y_test)
        took = time.perf_counter() - start
        weights = [weight.astype("float16") for weight in network.get_weights()]
        network.set_weights(weights)
        scores = measure()
        path = HERE / f"beyond_{name}.npz"
        arrays = {f"weight_{i}": weight for i, weight in enumerate(weights)}
        np.savez_compressed(path, **arrays, **{k: np.float32(v) for k, v in scores.items()})
        print(f"{path.name}: {path.stat().st_size:,} bytes, trained in {took:.0f} s")
        print("   ".join(f"{key} {value:.4f}" for key, value in scores.items()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
