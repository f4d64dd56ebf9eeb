"""What more than one test file needs."""

import os
from pathlib import Path

import pytest

COURSE = Path(__file__).resolve().parents[1]
NAMED = os.environ.get("COURSE_MNIST")  # read before any test takes it out of the environment


@pytest.fixture(scope="session")
def full_mnist() -> Path:
    """Return the file with all 70,000 MNIST images, or skip the test where there is none."""
    if NAMED:
        return Path(NAMED).expanduser().absolute()
    beside = COURSE.parent / "shared" / "data" / "mnist.npz"
    if not beside.exists():
        pytest.skip("full MNIST not here: set COURSE_MNIST")
    return beside
