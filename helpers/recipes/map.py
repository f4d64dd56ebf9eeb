"""Draw notebooks/images/map.png, the picture that opens chapter 00.

python -m helpers.recipes.map
"""

from pathlib import Path

import numpy as np

import helpers
from helpers import codes, data, models, plots

PICTURE = Path(__file__).parents[2] / "notebooks" / "images" / "map.png"

if __name__ == "__main__":
    helpers.setup()
    (x_train, y_train), (x_test, y_test) = data.load_mnist()
    images, labels = np.concatenate([x_train, x_test]), np.concatenate([y_train, y_test])
    encoder, decoder = models.split(models.load_autoencoder())
    points = encoder.predict(data.flatten(images), verbose=0)
    low, high = codes.code_window(points)
    grid = codes.decoder_grid(lambda z: decoder.predict(z, verbose=0), low, high, n=20)
    title = "5,000 handwritten digits, two numbers each"
    drawn = plots.latent_maps({title: points}, labels, "For chapter 00.", (low, high), grid)
    PICTURE.write_bytes(drawn.png())
