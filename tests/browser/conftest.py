"""One JupyterLab and one Chromium for all browser tests: starting them takes longer than a test."""

import pytest
from browser.lab import open_chromium, open_jupyterlab


@pytest.fixture(scope="session")
def chromium():
    with open_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def jupyterlab(chromium, tmp_path_factory):  # no Chromium, no need of a server
    with open_jupyterlab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab
