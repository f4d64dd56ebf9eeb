"""Draw notebooks/images/map.png, the picture that opens chapter 00.

python helpers/assets/make_map.py
"""

from pathlib import Path

import helpers

helpers.setup()

import numpy as np  # noqa: E402 - helpers.setup() has to come first

from helpers import data, models, plots  # noqa: E402

(x_train, y_train), (x_test, y_test) = data.load_mnist()
images, labels = np.concatenate([x_train, x_test]), np.concatenate([y_train, y_test])
encoder, decoder = models.split(models.load_autoencoder())
codes = encoder.predict(images.reshape(-1, 784).astype("float32") / 255, verbose=0)
low, high = plots.code_window(codes)
grid = plots.decoder_grid(lambda points: decoder.predict(points, verbose=0), low, high, n=20)
title = "5,000 handwritten digits, two numbers each"
picture = plots.latent_maps({title: codes}, labels, "For chapter 00.", (low, high), grid)
(Path(__file__).parents[2] / "notebooks" / "images" / "map.png").write_bytes(picture.png())
