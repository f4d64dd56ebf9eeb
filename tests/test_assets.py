"""What ships is what was measured: `make bench` measures on all of MNIST, which takes minutes."""

import pytest
from benchmarks import report

from helpers import shipped
from helpers.shipped import FOLDER

# Which files these tests measure themselves, and where.
MEASURED_HERE = {"mnist_5k.npz": "test_mnist.py", "autoencoder_film.npy": "test_training.py"}
SHIPPED = {path.name: path for path in FOLDER.iterdir() if path.is_file()}


@pytest.mark.parametrize("name", sorted(SHIPPED.keys() - MEASURED_HERE))
def test_shipped_file_is_the_one_that_was_measured(name):
    assert report.measured().get(name) == report.sha256(SHIPPED[name]), (
        f"{name} is new or has changed: run `make bench`, which measures it on all of MNIST and "
        "notes its hash in tests/benchmarks/measured.json."
    )


def test_what_is_known_by_its_hash_is_what_was_measured():
    known = {asset.file: asset.sha256 for asset in shipped.SHIPPED.values()}
    assert report.measured().items() <= known.items(), (
        "a file is new: write its hash into helpers/shipped.py, as sha256sum prints it."
    )


def test_nothing_is_listed_that_does_not_ship():
    assert not (report.measured().keys() | MEASURED_HERE) - SHIPPED.keys()
    assert not report.measured().keys() & MEASURED_HERE
