"""Draw notebooks/images/map.png, the picture that opens README and chapter 00.

    python helpers/assets/make_map.py
"""

from pathlib import Path

import helpers

helpers.setup()

import matplotlib.pyplot as plt  # noqa: E402 - helpers.setup() has to come first
import numpy as np  # noqa: E402

from helpers import data, models, plots  # noqa: E402

(x_train, y_train), (x_test, y_test) = data.load_mnist()
images, labels = np.concatenate([x_train, x_test]), np.concatenate([y_train, y_test])
encoder, decoder = models.split(models.load_autoencoder())
codes = encoder.predict(images.reshape(-1, 784).astype("float32") / 255, verbose=0)
low, high = window = plots.code_window(codes)

figure, (left, right) = plt.subplots(1, 2, figsize=(12, 6))
plots.latent_map(left, codes, labels, "5,000 handwritten digits, two numbers each", window)
grid = plots.decoder_grid(lambda points: decoder.predict(points, verbose=0), low, high, n=20)
right.imshow(grid, extent=(low[0], high[0], low[1], high[1]), aspect="auto", vmin=0, vmax=1)
right.set(title="what the decoder draws at each place", xlabel="code 1")
picture = plots.Picture(figure, "The map and what the decoder draws on it.")
(Path(__file__).parents[2] / "notebooks" / "images" / "map.png").write_bytes(picture.png())
