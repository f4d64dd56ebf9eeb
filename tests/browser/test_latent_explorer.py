"""The latent explorer in the hands of a learner: in JupyterLab, and in an exported page offline."""

import helpers  # noqa: F401, first: it tells TensorFlow how to behave, which TensorFlow reads once

# isort: split
import base64
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import keras
import numpy as np
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from browser.lab import (
    NOTEBOOKS,
    choose,
    open_notebook,
    photograph,
    run_all,
    wait_until,
    wait_until_idle,
)
from nbconvert import HTMLExporter
from playwright.sync_api import Frame, Locator, Page, expect

from helpers import data, models
from helpers.widgets import explorer, payload

CHAPTER = "05_plotting_the_latent_space.ipynb"
STATUS = re.compile(r"z = \((-?[\d.]+), (-?[\d.]+)\), nearest digit (\d), distance ([\d.]+)")
# What Python hands over, in a notebook of its own: an explorer and what hears of its moves.
LISTENER = (
    "import helpers\n\nhelpers.setup()",
    "import ipywidgets as widgets\n\n"
    "from helpers import data, models\n"
    "from helpers.widgets import explorer\n\n"
    "_, (images, labels) = data.load_mnist()\n"
    "latent = explorer.LatentExplorer(models.load_autoencoder(), images, labels)\n"
    'slider = widgets.FloatSlider(min=-9, max=9, description="linked")\n'
    'link = widgets.jslink((slider, "value"), (latent, "code_1"))\n'
    "heard = []\n"
    "latent.on_change(heard.append)\n"
    "display(slider, latent, latent)",
    "print('moves heard:', len(heard), 'last', [round(float(v), 3) for v in latent.z])",
    "latent.z = [0.5, -0.5]",
    "import time\n\ntime.sleep(10)\nprint('slept')",
)


# Chapter 05's explorer in a notebook that holds nothing else; test_lab.py runs the chapter.
ALONE = (
    "import helpers\n\nhelpers.setup()",
    "import numpy as np\n\n"
    "from helpers import data, models\n"
    "from helpers.widgets import LatentExplorer\n\n"
    "(train, y_train), (test, y_test) = data.load_mnist()\n"
    "x, y = np.concatenate([test, train[:1000]]), np.concatenate([y_test, y_train[:1000]])\n"
    'latent = LatentExplorer(models.load_autoencoder(), x, y, replay=models.recorded("film"))\n'
    "latent",
)


# The page's own arithmetic, without Jupyter


@pytest.fixture(scope="module")
def script(chromium) -> Iterator[Page]:
    """A bare page in which `lx` is the module helpers/widgets/explorer.js."""
    page = chromium.new_page()
    page.goto("about:blank")
    source = base64.b64encode(explorer.SCRIPT.read_bytes()).decode()
    page.evaluate(
        f"async () => {{ window.lx = await import('data:text/javascript;base64,{source}') }}"
    )
    # Numbers travel as bytes: as a list of JSON, a thousand images take longer than their test.
    page.evaluate(
        """() => {
            window.toBytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0))
            window.toText = (array) => {
                const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
                let text = ""
                for (let k = 0; k < bytes.length; k += 4096) {
                    text += String.fromCharCode(...bytes.subarray(k, k + 4096))
                }
                return btoa(text)
            }
        }"""
    )
    yield page
    page.close()


def unpack(page: Page, payload: bytes) -> None:
    """Let the page hold what Python packed, as `held`, and an explorer of it, as `latent`."""
    page.evaluate(
        """async (text) => {
            window.held = await lx.unpack(toBytes(text))
            window.latent?.remove()
            window.latent = lx.mount(document.body, held)
        }""",
        base64.b64encode(payload).decode(),
    )


def held(page: Page, name: str, kind: str = "float32") -> np.ndarray:
    """Return an array that the page holds."""
    text = page.evaluate("(name) => toText(held[name])", name)
    return np.frombuffer(base64.b64decode(text), kind)


def run(page: Page, way: str, rows: np.ndarray) -> np.ndarray:
    """Send rows of numbers through the network in the page: "encode" or "decode"."""
    text = page.evaluate(
        """([way, text, width]) => {
            const rows = new Float32Array(toBytes(text).buffer)
            const found = []
            for (let k = 0; k < rows.length; k += width) {
                found.push(...latent[way](rows.subarray(k, k + width)))
            }
            return toText(Float32Array.from(found))
        }""",
        [way, base64.b64encode(rows.astype("float32").tobytes()).decode(), rows.shape[1]],
    )
    return np.frombuffer(base64.b64decode(text), "float32").reshape(len(rows), -1)


def autoencoder_with(activation: str) -> keras.Model:
    keras.utils.set_random_seed(3)
    network = models.build_autoencoder(hidden=(16,), activation=activation, output="linear")
    for layer in network.layers[1:]:  # biases too, which start as zeros
        layer.set_weights(
            [np.random.default_rng(1).normal(0, 0.3, w.shape) for w in layer.get_weights()]
        )
    return network


@pytest.fixture(scope="module")
def digits():
    _, (images, labels) = data.load_mnist()
    return images, labels


def test_javascript_equals_keras_on_a_thousand_inputs(script, digits):
    autoencoder = models.load_autoencoder()
    encoder, decoder = models.split(autoencoder)
    unpack(script, explorer.LatentExplorer(autoencoder, *digits).payload)
    random = np.random.default_rng(0)
    flat = digits[0].reshape(-1, 784).astype("float32") / 255
    images = np.concatenate([random.random((500, 784), "float32"), random.permutation(flat)[:500]])
    codes = encoder.predict(images, verbose=0)
    span = np.ptp(encoder.predict(flat, verbose=0), axis=0)
    off = np.abs(run(script, "encode", images) - codes) / span
    assert off.max() < 0.01, f"codes differ by {off.max():.2%} of their range"
    low, high = np.percentile(codes[500:], [0, 100], axis=0)
    points = (low + random.random((1000, 2)) * (high - low)).astype("float32")
    off = 255 * np.abs(run(script, "decode", points) - decoder.predict(points, verbose=0))
    assert off.max() < 2, f"pixels differ by {off.max():.2f} of 255"


def assert_page_runs_what_keras_runs(script: Page, autoencoder: keras.Model, digits) -> None:
    encoder, decoder = models.split(autoencoder)
    images, labels = digits[0][:60], digits[1][:60]
    unpack(script, explorer.LatentExplorer(autoencoder, images, labels).payload)
    flat = images.reshape(-1, 784).astype("float32") / 255
    codes = encoder.predict(flat, verbose=0)
    assert np.allclose(run(script, "encode", flat), codes, atol=0.01 * np.ptp(codes))
    assert np.allclose(run(script, "decode", codes), decoder.predict(codes, verbose=0), atol=0.01)


def test_layers_without_bias_and_narrow_ones(script, digits):
    """The code is where it is named, not where a layer happens to have two units."""
    image = signal = keras.Input((784,))
    for units in (8, 2):
        signal = keras.layers.Dense(units, "elu", use_bias=False)(signal)
    signal = keras.layers.Dense(2, name="code", use_bias=False)(signal)
    signal = keras.layers.Dense(2, "elu")(signal)
    autoencoder = keras.Model(image, keras.layers.Dense(784, use_bias=False)(signal))
    assert_page_runs_what_keras_runs(script, autoencoder, digits)
    assert held(script, "images", "uint8").size == 60 * 784


@pytest.mark.parametrize("axis", [0, 1])
def test_digits_on_a_dead_axis_are_drawn(axis, script, digits):
    mine = models.build_autoencoder((16,), 2)
    kernel, bias = mine.get_layer("code").get_weights()
    kernel[:, axis] = 0
    mine.get_layer("code").set_weights([kernel, bias])
    unpack(script, explorer.LatentExplorer(mine, digits[0][:200], digits[1][:200]).payload)
    inked = script.evaluate(
        """(axis) => {
            const held_by = document.body.appendChild(document.createElement("div"))
            const explorer = lx.mount(held_by, held)
            const board = held_by.querySelector(".map canvas")
            const { data } = board.getContext("2d").getImageData(0, 0, board.width, board.height)
            explorer.remove()
            // Where along the live axis there is ink: darker than paper and hatching
            const inked = new Array(board.width).fill(0)
            for (let k = 0; k < data.length; k += 4) {
                const place = [k / 4 % board.width, Math.floor(k / 4 / board.width)]
                if (Math.min(...data.slice(k, k + 3)) < 190) inked[place[1 - axis]] = 1
            }
            return [inked.reduce((a, b) => a + b) / board.width, held_by.childElementCount]
        }""",
        axis,
    )
    # The ten big labels alone would ink a third.
    assert inked[0] > 0.5 and inked[1] == 0


def test_it_can_be_built_outside_the_document(script, digits):
    unpack(script, explorer.LatentExplorer(models.load_autoencoder(), *digits).payload)
    theme = script.evaluate(
        "() => { const e = document.createElement('div'); lx.mount(e, held);"
        " return e.firstChild.dataset.theme }"
    )
    assert theme == "light"


@pytest.mark.parametrize("activation", payload.ACTIVATIONS)
def test_javascript_knows_the_activation(activation, script, digits):
    autoencoder = autoencoder_with(activation)
    assert_page_runs_what_keras_runs(script, autoencoder, digits)


def test_the_page_gets_what_python_has(script, digits):
    images, labels = digits
    replay = models.recorded("film")
    widget = explorer.LatentExplorer(models.load_autoencoder(), images, labels, replay=replay)
    unpack(script, widget.payload)
    encoder, _ = models.split(models.load_autoencoder())
    codes = encoder.predict(images.reshape(-1, 784).astype("float32") / 255, verbose=0)
    found, errors, film = (held(script, name) for name in ("codes", "errors", "replay"))
    classes, pixels = (held(script, name, "uint8") for name in ("labels", "images"))
    fine = 0.004 * np.ptp(codes)
    assert np.allclose(found.reshape(-1, 2), codes, rtol=0, atol=fine)
    assert np.array_equal(classes, labels)
    assert np.abs(pixels.reshape(images.shape) / 5 - images / 255).max() <= 0.1 + 1e-6
    assert 0.02 < errors.mean() < 0.05
    epochs = script.evaluate("() => held.epochs")
    assert epochs[0] == 0 and epochs[-1] == len(replay) - 1 and len(epochs) <= 20
    assert np.allclose(film.reshape(len(epochs), -1, 2), replay[epochs], rtol=0, atol=fine)


# The explorer, wherever it lives


class Explorer:
    """What a learner can do with an explorer, on a page or in a frame of one."""

    def __init__(self, page: Page, root: Locator, frame: Page | Frame):
        self.page, self.root, self.frame = page, root, frame
        self.map = root.locator(".map")

    def tab(self, name: str) -> None:
        self.root.get_by_role("tab", name=name).click()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def status(self) -> tuple[float, float, int, float]:
        assert (found := STATUS.search(self.root.locator(".status").text_content()))
        x, y, digit, distance = found.groups()
        return float(x), float(y), int(digit), float(distance)

    def z(self) -> np.ndarray:
        return np.array(self.status()[:2])

    def pixels(self, name: str) -> np.ndarray:
        """Return how dark a digit's picture is drawn, (28, 28) in 0 to 1."""
        return self._read(self.root.get_by_role("img", name=name, exact=True))

    def _read(self, canvas: Locator) -> np.ndarray:
        found = canvas.evaluate("(c) => [...c.getContext('2d').getImageData(0, 0, 28, 28).data]")
        shades = np.reshape(found, (28, 28, 4))[..., 0] / 255
        return 1 - shades if shades[0, 0] > 0.5 else shades

    def film(self, row: int, step: int) -> np.ndarray:
        """Return a picture of the walk: row 0 on the map, 1 mixed pixels; steps 0 to 8."""
        strip = self.root.locator(".strip").nth(row)
        return self._read(strip.locator("canvas").nth(step))

    def drag(self, *places: tuple[float, float], on: Locator | None = None) -> None:
        """Press at the first place, given in shares of the element, and move to the others."""
        element = on or self.map
        element.scroll_into_view_if_needed()
        box = element.bounding_box()
        spots = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
        self.page.mouse.move(*spots[0])
        self.page.mouse.down()
        for spot in spots[1:]:
            self.page.mouse.move(*spot, steps=6)
        self.page.mouse.up()

    def settle(self, what: str, is_so) -> None:
        wait_until(self.page, is_so, what)


SEVEN = [(0.25, 0.25), (0.75, 0.25), (0.45, 0.85)]


def assert_the_ring_can_be_dragged(one: Explorer) -> None:
    one.tab("Look")
    before = one.pixels("decoded from the ring")
    one.drag((0.3, 0.6), (0.8, 0.5))
    low = np.array([float(r.get_attribute("min")) for r in one.root.locator(".place input").all()])
    high = np.array([float(r.get_attribute("max")) for r in one.root.locator(".place input").all()])
    assert np.allclose(one.z(), low + np.array([0.8, 0.5]) * (high - low), atol=0.01 * (high - low))
    assert np.abs(one.pixels("decoded from the ring") - before).max() > 0.3
    for k, name in enumerate(("code 1", "code 2")):
        slider = one.root.get_by_role("slider", name=name)
        assert abs(float(slider.input_value()) - one.z()[k]) < 0.02 * (high - low)[k]


def assert_sliders_move_the_ring(one: Explorer) -> None:
    for k, name in enumerate(("code 1", "code 2")):
        slider = one.root.get_by_role("slider", name=name)
        slider.focus()
        for key, sign in (("ArrowRight", 1), ("ArrowLeft", -1), ("Shift+ArrowRight", 1)):
            before = one.z()
            for _ in range(1 if "Shift" in key else 6):
                one.press(key)
            moved = one.z() - before
            assert np.sign(moved[k]) == sign and moved[1 - k] == 0, (name, key, moved)


def assert_keys_move_the_ring(one: Explorer) -> None:
    one.tab("Look")
    one.map.focus()
    one.press("Home")
    start = one.z()
    one.press("Shift+ArrowRight", "Shift+ArrowUp")
    big = one.z() - start
    assert (big > 0).all()
    one.press("Home")
    assert np.array_equal(one.z(), start)
    for _ in range(10):
        one.press("ArrowRight")
    assert one.z() - start == pytest.approx([big[0], 0], abs=0.02)
    one.press("ArrowLeft", "ArrowDown")
    one.press("n")
    *_, digit, distance = one.status()
    assert distance == 0
    first = one.z()
    one.press("n")
    assert one.status()[3] == 0 and not np.array_equal(one.z(), first)
    spoken = one.root.locator("[aria-live=polite]")
    one.settle("the live line tells what is shown", lambda: STATUS.search(spoken.text_content()))


def assert_pointing_shows_a_digit(one: Explorer) -> None:
    one.tab("Look")
    one.map.focus()
    one.press("Home", "n")
    here = one.root.locator(".ring").bounding_box()
    one.drag((0.95, 0.5))
    assert "Nearest real digit" in one.root.locator(".heading").text_content()
    one.page.mouse.move(here["x"] + here["width"] / 2, here["y"] + here["height"] / 2)
    heading = one.root.locator(".heading")
    expect(heading).to_have_text(re.compile(r"^Under the pointer: a \d, error 0\.\d{3}$"))
    original, restored = one.pixels("original"), one.pixels("reconstruction")
    assert original.max() > 0.7 and restored.max() > 0.3
    error = float(heading.text_content().split()[-1])
    assert ((original - restored) ** 2).mean() == pytest.approx(error, abs=0.01)
    one.root.get_by_role("tab", name="Look").hover()
    expect(heading).to_contain_text("Nearest real digit")


def assert_the_cue_warns_off_the_map(one: Explorer) -> None:
    one.tab("Look")
    one.map.focus()
    one.press("Home")
    cue = one.root.locator(".cue")
    one.press("n")
    assert cue.text_content() == "Among real digits."
    one.drag((0.5, 0.5), (0.004, 0.996))
    assert cue.text_content() == "Off the map: no real digit is encoded near here."
    assert one.root.get_attribute("data-cue") == "off"


def assert_walks_play(one: Explorer) -> None:
    one.tab("Walk")
    scrub = one.root.get_by_role("slider", name="from A to B")
    scrub.fill("0")
    start = one.z()
    faded = "the cross-fade of pixels"
    assert np.abs(one.pixels(faded) - one.film(1, 0)).max() < 0.02
    scrub.fill("1")
    end = one.z()
    scrub.fill("0.5")
    assert one.z() == pytest.approx((start + end) / 2, abs=0.02)
    assert np.abs(one.pixels(faded) - (one.film(1, 0) + one.film(1, 8)) / 2).max() < 0.02
    assert np.abs(one.pixels("the walk on the map") - one.film(0, 4)).max() < 0.02
    # To other digits, and played by key: it runs by itself to its end.
    one.drag((0.85, 0.45))
    one.root.get_by_role("button", name="End here").click()
    assert scrub.input_value() == "1"
    one.map.focus()
    one.press("p")
    one.settle("the walk plays", lambda: 0 < float(scrub.input_value()) < 1)
    one.press("p")  # pause
    paused = scrub.input_value()
    one.page.wait_for_timeout(200)
    assert scrub.input_value() == paused
    one.press("p")
    one.settle("the walk ends", lambda: scrub.input_value() == "1")
    expect(one.root.get_by_role("button", name="Play")).to_be_visible()
    # Whoever takes the ring, or asks for the nearest digit, stops it.
    for take in ("n", "Home", "ArrowRight"):
        one.map.focus()
        one.press("p")
        one.settle("it plays again", lambda: 0 < float(scrub.input_value()) < 1)
        one.press(take)
        expect(one.root.get_by_role("button", name="Play")).to_be_visible()
        there = one.z()
        one.page.wait_for_timeout(100)
        assert np.array_equal(one.z(), there)


def assert_a_drawing_lands_on_the_map(one: Explorer) -> None:
    one.tab("Draw")
    sheet = one.root.get_by_role("application", name=re.compile("^Draw a digit"))
    verdict = one.root.locator(".verdict")
    one.drag(*SEVEN, on=sheet)
    expect(verdict).to_have_text(
        re.compile(r"^Encoded as z = .* Like real digits: the nearest is a \d\.$")
    )
    seen = one.pixels("as the encoder gets it")
    assert seen.max() > 0.9 and np.ptp(np.flatnonzero(seen.any(axis=1))) + 1 in (20, 21)
    encoder, _ = models.split(models.load_autoencoder())
    code = encoder.predict(seen.reshape(1, 784).astype("float32"), verbose=0)[0]
    assert one.z() == pytest.approx(code, abs=0.1)
    captions = one.root.locator(".alike figcaption").all_text_contents()
    assert captions.count("7") >= 2, captions
    one.root.get_by_role("button", name="Clear").click()
    expect(verdict).to_have_text("Draw a digit.")
    # Nothing like a digit: the whole sheet, back and forth
    one.drag(*[(x, y) for y in np.arange(0.06, 1, 0.06) for x in (0.05, 0.95)], on=sheet)
    expect(verdict).to_contain_text("nlike anything in the data")
    # By keyboard: a stroke from the middle downwards
    sheet.focus()
    one.press("Delete")
    expect(verdict).to_have_text("Draw a digit.")
    one.press("Shift+ArrowUp", "Shift+ArrowUp", " ", *["Shift+ArrowDown"] * 4)
    expect(verdict).to_contain_text("Encoded as z =")
    assert one.pixels("as the encoder gets it").sum(axis=0).argmax() in (13, 14)
    assert one.root.locator(".alike figcaption").first.text_content() == "1"
    # P leaves the sheet for the walk, and keeps the keyboard.
    one.press("p")
    expect(one.root.get_by_role("button", name="Pause")).to_be_focused()
    one.press("p")
    expect(one.root.get_by_role("button", name="Play")).to_be_visible()
    one.tab("Draw")
    sheet.focus()
    one.press("Backspace")
    expect(verdict).to_have_text("Draw a digit.")


def assert_training_is_replayed(one: Explorer) -> None:
    one.tab("Training")
    epoch = one.root.get_by_role("slider", name="epoch")
    shown = "(map) => map.querySelector('canvas').toDataURL()"
    epoch.fill("0")
    assert epoch.get_attribute("aria-valuetext") == "untrained"
    first = one.map.evaluate(shown)
    epoch.fill(epoch.get_attribute("max"))
    assert re.fullmatch(r"after \d+", epoch.get_attribute("aria-valuetext"))
    assert one.map.evaluate(shown) != first
    epoch.focus()
    one.press("Home", "p")
    one.settle("the replay plays", lambda: 0 < float(epoch.input_value()))
    one.press("p")
    one.tab("Look")
    assert one.root.locator(".ring").is_visible()


def assert_nothing_bars_anyone(one: Explorer) -> None:
    one.frame.evaluate(AXE_SCRIPT)
    for name in ("Look", "Walk", "Draw", "Training"):
        one.tab(name)
        found = one.frame.evaluate("() => axe.run('.latent-explorer')")
        assert found["passes"]
        faults = [
            (v["id"], [node["html"][:120] for node in v["nodes"]]) for v in found["violations"]
        ]
        assert not faults, f"{name}: {faults}"
    one.tab("Look")


def assert_focus_goes_round(one: Explorer) -> None:
    """Tab reaches every part, in the order in which they stand, and each shows that it has it."""
    one.tab("Walk")
    one.map.focus()
    one.press("Tab", "Shift+Tab")  # a hand that came by mouse needs no outline, one by key does
    order = []
    for _ in range(8):
        order.append(
            one.frame.evaluate(
                "() => { const e = document.activeElement; const s = getComputedStyle(e);"
                "return [e.getAttribute('aria-label') || e.textContent, s.outlineStyle] }"
            )
        )
        one.press("Tab")
    names = [re.sub(r"^Map of.*", "map", name) for name, _ in order]
    assert names == [
        "map", "code 1", "code 2", "Walk", "Start here", "End here",
        "▶ Play", "from A to B",
    ]  # fmt: skip
    assert {style for _, style in order} == {"solid"}


EVERYTHING = [
    assert_the_ring_can_be_dragged,
    assert_sliders_move_the_ring,
    assert_keys_move_the_ring,
    assert_pointing_shows_a_digit,
    assert_the_cue_warns_off_the_map,
    assert_walks_play,
    assert_a_drawing_lands_on_the_map,
    assert_training_is_replayed,
    assert_focus_goes_round,
    assert_nothing_bars_anyone,
]
NAMES = [check.__name__.removeprefix("assert_") for check in EVERYTHING]


@pytest.fixture(scope="module")
def in_jupyterlab(chromium, jupyterlab) -> Iterator[Explorer]:
    """An explorer in JupyterLab, after Run All."""
    jupyterlab.write("alone.ipynb", *ALONE)
    with open_notebook(chromium, jupyterlab, "alone.ipynb") as page:
        run_all(page)
        root = page.locator("section.latent-explorer")
        root.scroll_into_view_if_needed()
        expect(root.locator(".status")).to_contain_text("z = (")
        yield Explorer(page, root, page)


@pytest.mark.parametrize("check", EVERYTHING, ids=NAMES)
def test_in_jupyterlab(check, in_jupyterlab):
    check(in_jupyterlab)


def test_it_follows_jupyterlabs_theme(in_jupyterlab):
    one = in_jupyterlab
    one.tab("Look")
    for theme in ("dark", "light"):
        one.page.emulate_media(color_scheme=theme)
        expect(one.root).to_have_attribute("data-theme", theme)
        photograph(one.page, f"explorer-{theme}")
        assert_nothing_bars_anyone(one)


def test_it_answers_while_the_kernel_is_busy_and_when_it_is_gone(chromium, jupyterlab):
    jupyterlab.write("listener.ipynb", *LISTENER)
    with open_notebook(chromium, jupyterlab, "listener.ipynb") as page:
        cells = page.locator(".jp-CodeCell")
        for _ in range(2):
            page.keyboard.press("Shift+Enter")
        root, other = (page.locator("section.latent-explorer").nth(k) for k in (0, 1))
        for view in (root, other):
            expect(view.locator(".status")).to_contain_text("z = (", timeout=60_000)
        one = Explorer(page, root, page)

        # A drag is heard in Python, but not each of its many moves
        one.drag((0.2, 0.2), (0.7, 0.3), (0.3, 0.6), (0.6, 0.6))
        page.wait_for_timeout(500)
        run_cell(page, 2)
        told = cells.nth(2).locator(".jp-OutputArea-output")
        expect(told).to_contain_text("moves heard")
        moves, x, y = re.search(r": (\d+) last \[(\S+), (\S+)\]", told.text_content()).groups()
        assert 1 <= int(moves) <= 18
        assert one.z() == pytest.approx([float(x), float(y)], abs=0.02)
        assert Explorer(page, other, page).status() == one.status()  # a second view of the same
        # The slider that is linked in the page stands where the ring is, and moves it
        linked = page.get_by_role("slider").and_(page.locator(".noUi-handle"))
        assert float(linked.get_attribute("aria-valuetext")) == pytest.approx(one.z()[0], abs=0.1)
        linked.focus()
        before = one.z()
        linked.press("ArrowRight")
        one.settle("the link moves the ring", lambda: one.z()[0] > before[0])
        assert one.z()[1] == before[1]
        # Python moves the ring
        run_cell(page, 3)
        one.settle("Python moves it", lambda: np.allclose(one.z(), [0.5, -0.5]))

        # Busy for ten seconds
        run_cell(page, 4)
        page.locator(".jp-Notebook-ExecutionIndicator[data-status=busy]").wait_for(state="attached")
        assert_answers(one)
        expect(cells.nth(4).locator(".jp-InputPrompt")).to_have_text("[*]:")  # still
        expect(cells.nth(4).locator(".jp-OutputArea")).to_contain_text("slept", timeout=20_000)
        wait_until_idle(page)
        # Gone
        choose(page, "Kernel", "Shut Down Kernel")
        wait_until(
            page,
            lambda: jupyterlab.request("GET", "api/kernels") == [] or no_kernel(page),
            "no kernel",
        )
        page.wait_for_timeout(500)
        assert_answers(one)


def no_kernel(page: Page) -> bool:
    return page.get_by_text("No Kernel").count() > 0


def run_cell(page: Page, number: int) -> None:
    page.locator(".jp-CodeCell").nth(number).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")


def assert_answers(one: Explorer) -> None:
    assert_the_ring_can_be_dragged(one)
    assert_keys_move_the_ring(one)
    one.tab("Draw")
    sheet = one.root.locator(".sheet")
    one.drag(*SEVEN, on=sheet)
    expect(one.root.locator(".verdict")).to_contain_text("Encoded as z =")
    one.root.get_by_role("button", name="Clear").click()


def portrait(one: Explorer, name: str) -> None:
    """Save the explorer alone, if anyone wants to see; README opens with such a picture."""
    if folder := os.environ.get("COURSE_SCREENSHOTS"):
        one.page.mouse.move(0, 0)
        one.root.screenshot(path=f"{folder}/{name}.png")


# The exported page, from disk, without a network and without a kernel


@contextmanager
def exported(chromium, folder, **settings) -> Iterator[Explorer]:
    page_file = folder / "chapter.html"
    if not page_file.exists():
        html, _ = HTMLExporter().from_filename(str(NOTEBOOKS / CHAPTER))
        page_file.write_text(html, encoding="utf-8")
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, **settings)
    context.set_offline(True)
    try:
        page = context.new_page()
        page.goto(page_file.as_uri(), wait_until="domcontentloaded")
        holder = page.locator("iframe.latent-explorer-page")
        holder.scroll_into_view_if_needed()
        frame = holder.element_handle().content_frame()
        root = frame.locator("section.latent-explorer")
        expect(root.locator(".status")).to_contain_text("z = (")
        yield Explorer(page, root, frame)
    finally:
        context.close()


@pytest.fixture(scope="module")
def in_a_page(chromium, tmp_path_factory) -> Iterator[Explorer]:
    with exported(chromium, tmp_path_factory.mktemp("export")) as one:
        yield one


@pytest.mark.parametrize("check", EVERYTHING, ids=NAMES)
def test_in_an_exported_page_offline(check, in_a_page):
    check(in_a_page)


def test_the_exported_page_shows_no_second_picture(in_a_page):
    stored = json.loads((NOTEBOOKS / CHAPTER).read_text(encoding="utf-8"))
    (outputs,) = [
        cell["outputs"] for cell in stored["cells"] if "LatentExplorer(" in "".join(cell["source"])
    ]
    assert ["image/png" in output["data"] for output in outputs] == [True, False]
    hidden = in_a_page.page.locator(".jp-OutputArea-child:has(+ * iframe.latent-explorer-page)")
    assert hidden.count() == 1 and not hidden.is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_drawn_for_the_theme(theme, chromium, tmp_path):
    with exported(chromium, tmp_path, color_scheme=theme) as one:
        one.tab("Draw")
        one.drag(*SEVEN, on=one.root.locator(".sheet"))
        one.map.focus()
        for name in ("Draw", "Walk", "Training", "Look"):
            one.tab(name)
            portrait(one, f"explorer-{name}-{theme}")
        assert one.root.get_attribute("data-theme") == theme
        shades = one.root.locator("figure canvas").first.evaluate(
            "(c) => [...c.getContext('2d').getImageData(0, 0, 1, 1).data]"
        )
        assert (shades[0] > 200) == (theme == "light")


@pytest.mark.parametrize("settings", [{"color_scheme": "dark"}, {"reduced_motion": "reduce"}])
def test_an_exported_page_heeds_what_the_reader_asked_for(settings, chromium, tmp_path):
    with exported(chromium, tmp_path, **settings) as one:
        assert_nothing_bars_anyone(one)
        one.tab("Walk")
        scrub = one.root.get_by_role("slider", name="from A to B")
        one.root.get_by_role("button", name="Play").click()
        seen = set()
        for _ in range(40):
            seen.add(float(scrub.input_value()))
            one.page.wait_for_timeout(20)
        steps = {value for value in seen if abs(8 * value - round(8 * value)) > 0.02}
        assert bool(steps) == ("reduced_motion" not in settings), seen


def test_a_finger_can_do_it_too(chromium, tmp_path):
    with exported(chromium, tmp_path, has_touch=True) as one:
        before = one.z()
        box = one.map.bounding_box()
        one.page.touchscreen.tap(box["x"] + 0.8 * box["width"], box["y"] + 0.5 * box["height"])
        one.settle("a tap moves the ring", lambda: not np.array_equal(one.z(), before))
        assert one.map.evaluate("(map) => getComputedStyle(map).touchAction") == "none"
