"""Draw notebooks/images/map.png, the picture that opens chapter 00.

python -m helpers.recipes.map
"""

from pathlib import Path

import helpers

helpers.setup()

import numpy as np  # noqa: E402 - helpers.setup() has to come first

from helpers import codes, data, models, plots  # noqa: E402

(x_train, y_train), (x_test, y_test) = data.load_mnist()
images, labels = np.concatenate([x_train, x_test]), np.concatenate([y_train, y_test])
encoder, decoder = models.split(models.load_autoencoder())
points = encoder.predict(images.reshape(-1, 784).astype("float32") / 255, verbose=0)
low, high = codes.code_window(points)
grid = codes.decoder_grid(lambda z: decoder.predict(z, verbose=0), low, high, n=20)
title = "5,000 handwritten digits, two numbers each"
picture = plots.latent_maps({title: points}, labels, "For chapter 00.", (low, high), grid)
(Path(__file__).parents[2] / "notebooks" / "images" / "map.png").write_bytes(picture.png())
