"""What a live widget leaves in a notebook: one output, or two where a page lives on."""

import helpers  # first: it tells TensorFlow how to compute, which TensorFlow reads once

# isort: split
import builtins
import html
import io
import re

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from PIL import Image
from traitlets.config import Config

from helpers import data, models, plots
from helpers.widgets import DecodeSliders, LatentExplorer, Live

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="module")
def shell():
    """Return an IPython that keeps no history and goes away again."""
    InteractiveShell.clear_instance()
    before = set(vars(builtins))
    yield InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    InteractiveShell.clear_instance()
    for name in set(vars(builtins)) - before:
        delattr(builtins, name)


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray]:
    helpers.setup()
    images, labels = data.load_mnist()[1]
    return images[:30], labels[:30]


@pytest.fixture
def picture() -> plots.Picture:
    return plots.image_rows({"": np.zeros((1, 784))}, "Bare paper.")


def outputs(shell, last) -> list[tuple[dict, dict, str]]:
    """Return what a cell stores that ends with this object: data, metadata, kind of output."""
    with capture_output() as displayed:
        data, metadata = shell.display_formatter.format(last)
    found = [(one.data, one.metadata, "display_data") for one in displayed.outputs]
    return found + [(data, metadata, "execute_result")] * bool(data)


def test_the_widget_and_its_picture_are_one_result(shell, picture):
    button = widgets.Button(description="press")
    ((bundle, metadata, kind),) = outputs(shell, Live(button, picture))
    assert kind == "execute_result"
    assert set(bundle) == {VIEW, "image/png", "text/plain"}
    assert bundle[VIEW]["model_id"] == button.model_id
    assert Image.open(io.BytesIO(bundle["image/png"])).format == "PNG"
    assert bundle["text/plain"] == metadata["image/png"]["alt"] == "Bare paper."


def test_a_page_comes_with_the_widget_and_right_after_the_picture(shell, picture):
    button = widgets.Button(description="press")
    (still, about, first), (bundle, _, second) = outputs(shell, Live(button, picture, "<p>Page"))
    assert first == second == "display_data"
    assert set(still) == {"image/png", "text/plain"}
    assert about["image/png"]["alt"] == "Bare paper." == bundle["text/plain"]
    assert set(bundle) == {VIEW, "text/html", "text/plain"}
    assert bundle["text/html"] == "<p>Page" and bundle[VIEW]["model_id"] == button.model_id


def test_sliders(shell, digits):
    sliders = DecodeSliders(models.build_autoencoder((4,)), *digits)
    ((bundle, metadata, kind),) = outputs(shell, sliders)
    assert kind == "execute_result" and set(bundle) == {VIEW, "image/png", "text/plain"}
    assert bundle[VIEW]["model_id"] == sliders.widget.model_id
    assert "sliders" in metadata["image/png"]["alt"] == bundle["text/plain"]
    assert plt.get_fignums() == []


def test_an_explorer(shell, digits):
    explorer = LatentExplorer(models.build_autoencoder((4,)), *digits)
    (still, about, first), (bundle, _, second) = outputs(shell, explorer)
    assert first == second == "display_data"
    assert set(still) == {"image/png", "text/plain"}
    assert set(bundle) == {VIEW, "text/html", "text/plain"}
    assert "explorer" in about["image/png"]["alt"] == bundle["text/plain"]
    assert bundle[VIEW]["model_id"] == explorer.model_id
    frame = bundle["text/html"]
    page = re.search(r'<iframe[^>]* sandbox="allow-scripts" srcdoc="([^"]*)"></iframe>$', frame)
    assert html.unescape(page[1]) == explorer.to_html()
    assert plt.get_fignums() == []


def test_an_explorers_picture_shows_where_the_ring_is_now(shell, digits):
    explorer = LatentExplorer(models.build_autoencoder((4,)), *digits)
    shown = []
    for z in (explorer.z, explorer.z + 1, explorer.z):
        explorer.z = z
        shown.append(outputs(shell, explorer)[0][0]["image/png"])
    assert shown[0] == shown[2] != shown[1]
