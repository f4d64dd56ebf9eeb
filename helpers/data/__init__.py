"""The images: MNIST's digits, or a folder of yours, ready for a network.

`load_mnist` and `load_images` load, `flatten` prepares, `DataError` says what went wrong. Keras is
loaded only to download.
"""

from helpers.data.errors import DataError
from helpers.data.folder import load_images
from helpers.data.mnist import flatten, load_mnist

__all__ = ["DataError", "flatten", "load_images", "load_mnist"]
