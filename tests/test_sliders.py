"""DecodeSliders: moving a slider shows the right digit, in the right place, in words too."""

import helpers  # first: it tells TensorFlow how to compute, which TensorFlow reads once

# isort: split
import io
import math
import re
from types import SimpleNamespace

import ipywidgets as widgets
import keras
import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from helpers import data, models, plots
from helpers.widgets import DecodeSliders

SIDE = 400  # pixels, of the map on the page
CUE = "Off the map"
STATUS = re.compile(
    r'<div aria-live="polite">z = \((-?[\d.]+), (-?[\d.]+)\), '
    r"nearest real digit: a (\d), ([\d.]+) away\.( <b>Off the map: [a-z ]+\.</b>)?</div>"
)


@pytest.fixture(autouse=True)
def seeded():
    helpers.setup()


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray]:
    """Return test images, uint8 (200, 28, 28), and their labels: fewer are drawn sooner."""
    images, labels = data.load_mnist()[1]
    return images[:200], labels[:200]


def rescaled(scale: float) -> keras.Model:
    """Return the shipped network with codes that are so many times larger, but the same output."""
    model = models.load_autoencoder()
    code, after = model.get_layer("code"), model.get_layer("decoder_1")
    code.set_weights([weight * scale for weight in code.get_weights()])
    kernel, bias = after.get_weights()
    after.set_weights([kernel / scale, bias])
    return model


def walk(network: keras.Model, images: np.ndarray, labels: np.ndarray) -> SimpleNamespace:
    """Return the widget as it starts, and what it should know, computed without it."""
    encoder, decoder = models.split(network)
    codes = np.array(encoder(images.reshape(-1, 784).astype("float32") / 255))
    low, high = np.percentile(codes, [2, 98], axis=0)
    sliders = DecodeSliders(network, images, labels)
    walker = SimpleNamespace(
        sliders=sliders, decoder=decoder, codes=codes, images=images, labels=labels,
        low=low, high=high, start=sliders.point, first=sliders.decoded,
    )  # fmt: skip
    walker.first_shown = decoded(walker).value, ring(walker)
    return walker


@pytest.fixture(scope="module")
def shipped(digits) -> SimpleNamespace:
    helpers.setup()
    return walk(models.load_autoencoder(), *digits)


@pytest.fixture(scope="module", params=[1, 100, 0.01], ids=["shipped", "100 times", "a 100th"])
def walker(request, digits, shipped) -> SimpleNamespace:
    """Return the sliders over the shipped network, and over learners' networks of other scales."""
    helpers.setup()
    return shipped if request.param == 1 else walk(rescaled(request.param), *digits)


def move(walker, point) -> None:
    walker.sliders.code_1.value, walker.sliders.code_2.value = map(float, point)


def places(walker, count: int = 6) -> np.ndarray:
    """Return points anywhere in the window, (count, 2)."""
    return np.random.default_rng(0).uniform(walker.low, walker.high, (count, 2))


def by_hand(walker, point) -> tuple[int, float]:
    """Return which code is nearest to a point and how far away it is, by plain Python."""
    away = [math.dist(code, point) for code in walker.codes.tolist()]
    return min(range(len(away)), key=away.__getitem__), min(away)


def tree(widget: widgets.Widget) -> list[widgets.Widget]:
    """Return a widget and all that it shows."""
    return [widget, *(w for child in getattr(widget, "children", ()) for w in tree(child))]


def beside(walker, label: str) -> widgets.Image:
    """Return the image below the label with that text."""
    (box,) = [
        widget
        for widget in tree(walker.sliders.widget)
        if isinstance(widget, widgets.VBox)
        and any(isinstance(w, widgets.Label) and w.value == label for w in widget.children)
    ]
    (image,) = [widget for widget in box.children if isinstance(widget, widgets.Image)]
    return image


def chart(walker) -> widgets.Image:
    """Return the image of the map."""
    shown = tree(walker.sliders.widget)
    (image,) = [w for w in shown if isinstance(w, widgets.Image) and w.layout.width == f"{SIDE}px"]
    return image


def decoded(walker) -> widgets.Image:
    return beside(walker, "decoded from here")


def status(walker) -> re.Match:
    match = STATUS.fullmatch(walker.sliders.status.value)
    assert match, walker.sliders.status.value
    return match


def ring(walker) -> tuple[float, float]:
    """Return where the ring is on the map, in pixels from its upper left corner."""
    (drawing,) = [
        widget.value
        for widget in tree(walker.sliders.widget)
        if isinstance(widget, widgets.HTML) and "<svg" in widget.value
    ]
    centres = set(re.findall(r'<circle cx="([-\d.]+)" cy="([-\d.]+)"', drawing))
    assert len(centres) == 1, "white and black ring have the same centre"
    return tuple(map(float, *centres))


# to_png


def opened(png: bytes) -> np.ndarray:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    image = Image.open(io.BytesIO(png))
    assert image.mode == "L"
    return np.asarray(image)


def test_png_is_five_times_as_large_and_dark_on_white():
    image = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    shown = opened(plots.to_png(image))
    assert shown.shape == (140, 140)
    for row, column in [(0, 0), (3, 20), (27, 27), (27, 0)]:
        block = shown[5 * row : 5 * row + 5, 5 * column : 5 * column + 5]
        assert np.unique(block).tolist() == [255 - image[row, column]]


def test_png_of_floats_is_that_of_their_bytes():
    whole = np.resize(np.arange(256, dtype=np.uint8), (28, 28))
    for kind in ("float32", "float64"):
        assert plots.to_png((whole / 255).astype(kind)) == plots.to_png(whole)


def test_png_clips_floats_and_leaves_its_input_alone():
    image = np.full((28, 28), 0.5, "float32")
    image[0, :4] = [-0.01, -7, 1.01, 300]
    before = image.copy()
    shown = opened(plots.to_png(image))[0, ::5]
    assert shown[:4].tolist() == [255, 255, 0, 0] and shown[4] in (127, 128)
    np.testing.assert_array_equal(image, before)


# Moving


def test_decoded_image_follows(walker):
    shown = set()
    for point in places(walker):
        move(walker, point)
        expected = np.reshape(walker.decoder(point[None].astype("float32")), (28, 28))
        np.testing.assert_allclose(walker.sliders.decoded, expected, rtol=0, atol=1e-5)
        assert decoded(walker).value == plots.to_png(walker.sliders.decoded)
        shown.add(decoded(walker).value)
    assert len(shown) == 6, "another point, another picture"


def test_each_slider_is_heard(walker):
    for slider in (walker.sliders.code_1, walker.sliders.code_2):
        move(walker, (walker.low + walker.high) / 2)
        before = decoded(walker).value, walker.sliders.status.value, ring(walker)
        slider.value = slider.max
        after = decoded(walker).value, walker.sliders.status.value, ring(walker)
        assert all(old != new for old, new in zip(before, after, strict=True))


def test_nearest_digit_and_distance_against_brute_force(walker):
    for point in [*places(walker), *walker.codes[:3]]:
        if (point < walker.low).any() or (point > walker.high).any():
            continue
        move(walker, point)
        index, distance = by_hand(walker, point)
        x, y, label, away, _ = status(walker).groups()
        assert int(label) == walker.labels[index]
        for text, exact in ((x, point[0]), (y, point[1]), (away, distance)):
            rounding = 0.51 * 10.0 ** -len(text.partition(".")[2])
            assert float(text) == pytest.approx(exact, rel=1e-5, abs=rounding)
        shown = beside(walker, "nearest real digit").value
        assert shown == plots.to_png(walker.images[index])


def test_a_key_press_changes_the_words(walker):
    """Whoever does not see the picture has only these; so has who answers with them."""
    move(walker, (walker.low + walker.high) / 2)
    for slider in (walker.sliders.code_1, walker.sliders.code_2):
        before = status(walker).group(1, 2)
        slider.value += slider.step
        assert status(walker).group(1, 2) != before


def test_off_the_map_cue(walker):
    between = ((walker.codes[:, None] - walker.codes[None]) ** 2).sum(axis=2) ** 0.5
    np.fill_diagonal(between, np.inf)
    far = np.percentile(between.min(axis=1), 99)
    assert walker.sliders.far == pytest.approx(far, rel=1e-3)
    points = places(walker, 200)
    distances = np.array([by_hand(walker, point)[1] for point in points])
    for side in (distances / far > 1.01, distances / far < 0.99):
        nearest_to_the_border = np.abs(distances[side] / far - 1).argsort()[:3]
        for point in points[side][nearest_to_the_border]:
            move(walker, point)
            off = by_hand(walker, point)[1] > far
            assert (CUE in walker.sliders.status.value) == off == bool(status(walker)[5])
    inside = (walker.codes > walker.low).all(axis=1) & (walker.codes < walker.high).all(axis=1)
    move(walker, walker.codes[inside][0])
    assert CUE not in walker.sliders.status.value, "on a real digit one is on the map"


def test_ring_is_where_the_point_is(walker):
    for share in ([0, 0], [1, 1], [0.25, 0.1], [0.5, 1]):
        move(walker, walker.low + np.array(share) * (walker.high - walker.low))
        expected = (SIDE * share[0], SIDE - SIDE * share[1])
        assert ring(walker) == pytest.approx(expected, abs=1.01)


def test_ring_is_on_the_digit_that_matplotlib_drew():
    """With few digits on the map, the colour under the ring tells which one it is on."""
    images, labels = data.load_mnist()[1]
    few = np.concatenate([np.flatnonzero(labels == digit)[:4] for digit in range(10)])
    walker = walk(models.load_autoencoder(), images[few], labels[few])
    drawn = np.asarray(Image.open(io.BytesIO(chart(walker).value)).convert("RGB")).astype(float)
    assert drawn.shape[0] == drawn.shape[1]
    sharper = len(drawn) / SIDE
    span = walker.high - walker.low
    between = np.abs((walker.codes[:, None] - walker.codes[None]) / span).max(axis=2)
    names = np.array([np.median(walker.codes[walker.labels == d], axis=0) for d in range(10)])
    from_names = np.abs((walker.codes[:, None] - names[None]) / span).max(axis=2).min(axis=1)
    tried = 0
    for i, code in enumerate(walker.codes):
        margin = np.minimum(code - walker.low, walker.high - code) / span
        lonely = np.sort(between[i])[1] > 0.03 and from_names[i] > 0.06
        if margin.min() < 0.03 or not lonely:
            continue
        move(walker, code)
        x, y = (round(sharper * k) for k in ring(walker))
        under = drawn[y - 6 : y + 7, x - 6 : x + 7].reshape(-1, 3)
        color = 255 * np.array(plots.DIGIT_COLORS[walker.labels[i]])
        off = np.abs(under - color).max(axis=1).min()
        assert off < 40, f"no {walker.labels[i]} under the ring at {x}, {y}"
        tried += 1
    assert tried >= 5


# What the callback may cost


def test_moving_calls_no_predict_and_draws_no_figure(shipped, monkeypatch):
    def forbidden(*args, **kwargs):
        raise AssertionError("too slow for a slider")

    for name in ("predict", "predict_on_batch", "__call__"):
        monkeypatch.setattr(keras.Model, name, forbidden)
    for name in ("figure", "subplots", "savefig"):
        monkeypatch.setattr(plt, name, forbidden)
    for name in ("__init__", "savefig", "draw"):
        monkeypatch.setattr(matplotlib.figure.Figure, name, forbidden)
    before = decoded(shipped).value
    for point in places(shipped):
        move(shipped, point)
        assert decoded(shipped).value != before
        before = decoded(shipped).value


def test_moving_updates_in_place(shipped):
    move(shipped, shipped.low)
    before, drawn = tree(shipped.sliders.widget), chart(shipped).value
    move(shipped, shipped.high)
    after = tree(shipped.sliders.widget)
    assert [widget.model_id for widget in before] == [widget.model_id for widget in after]
    assert chart(shipped).value == drawn


# The sliders and their words


def test_sliders_span_the_window(walker):
    for k, slider in enumerate((walker.sliders.code_1, walker.sliders.code_2)):
        assert slider.description == f"code {k + 1}"
        assert slider.min == pytest.approx(walker.low[k], rel=1e-4)
        assert slider.max == pytest.approx(walker.high[k], rel=1e-4)
        assert slider.step == pytest.approx((slider.max - slider.min) / 100)


def test_starts_in_the_middle_of_the_digits(walker):
    # On the step next to it: the page would move any other start to a step, and say so late.
    step = (walker.high - walker.low) / 100
    steps = (walker.start - walker.low) / step
    assert steps == pytest.approx(np.round(steps), abs=1e-3)
    assert (abs(walker.start - np.median(walker.codes, axis=0)) <= 0.501 * step).all()
    shown, (x, y) = walker.first_shown
    assert shown == plots.to_png(walker.first)
    share = (walker.start - walker.low) / (walker.high - walker.low)
    assert (x, SIDE - y) == pytest.approx(SIDE * share, abs=1.01)


def test_words_for_who_cannot_see_it(shipped):
    """ipywidgets gives an image no alternative text, so the status line says what it shows."""
    move(shipped, shipped.low)
    shown = tree(shipped.sliders.widget)
    assert shipped.sliders.status in shown
    assert isinstance(shipped.sliders.status, widgets.HTML)
    assert shipped.sliders.status.value.startswith('<div aria-live="polite">')
    (marker,) = [w.value for w in shown if isinstance(w, widgets.HTML) and "<svg" in w.value]
    assert 'role="img"' in marker and 'aria-label="map of 200 digits; a ring' in marker


# A picture where there is no kernel


def test_picture_shows_the_start(shipped):
    left, right = shipped.sliders.picture.figure.axes
    np.testing.assert_allclose(right.images[0].get_array(), shipped.first, atol=1e-6)
    assert right.images[0].get_clim() == (0, 1)
    (mark,) = [line for line in left.lines if line.get_marker() == "o"]
    np.testing.assert_allclose(mark.get_xydata(), [shipped.start])
    assert sum(len(cloud.get_offsets()) for cloud in left.collections) == 200
    np.testing.assert_allclose(left.get_xlim(), [shipped.low[0], shipped.high[0]], rtol=1e-4)
    np.testing.assert_allclose(left.get_ylim(), [shipped.low[1], shipped.high[1]], rtol=1e-4)


def test_no_figure_is_left_open(shipped):
    assert plt.get_fignums() == []


# Other networks


def test_another_scale_is_the_same_walk(walker, shipped):
    """At the same place of its window, a rescaled network shows the same picture and digit."""
    for share in ([0.1, 0.2], [0.5, 0.9], [0.8, 0.4]):
        seen = []
        for one in (shipped, walker):
            move(one, one.low + np.array(share) * (one.high - one.low))
            seen.append((one.sliders.decoded, status(one)[3], ring(one), status(one)[5]))
        np.testing.assert_allclose(seen[0][0], seen[1][0], rtol=0, atol=1e-3)
        assert seen[0][1:] == seen[1][1:]


def on_its_step(slider) -> float:
    """Return where the page puts a slider's first value, by noUiSlider's own arithmetic."""
    low, high = slider.min, slider.max
    percent = (slider.value + abs(low) if low < 0 else slider.value - low) * 100 / (high - low)
    step = slider.step * 100 / (high - low)
    return math.floor(percent / step + 0.5) * step * (high - low) / 100 + low


@pytest.mark.parametrize("scale", [1, 1.0001, 1 / 3, 0.9, 7, 1e-3, 12345.6])
def test_the_page_leaves_the_first_value_as_it_is(scale, digits):
    """Else it corrects the last bit, and after Run All undoes what later cells have set."""
    sliders = DecodeSliders(rescaled(scale), digits[0][:30], digits[1][:30])
    for slider in (sliders.code_1, sliders.code_2):
        assert on_its_step(slider) == slider.value
        assert slider.max - slider.min == pytest.approx(100 * slider.step)


def test_untrained_network_of_a_learner(digits):
    mine = models.build_autoencoder((16,), 2)
    mine.compile("adam", "mse")
    walker = walk(mine, digits[0][:50], digits[1][:50])
    for point in places(walker, 3):
        move(walker, point)
        assert int(status(walker)[3]) == walker.labels[by_hand(walker, point)[0]]


def test_what_the_map_refuses(digits):
    with pytest.raises(ValueError, match="code has 3 numbers"):
        DecodeSliders(models.build_autoencoder((), 3), digits[0][:5], digits[1][:5])


@pytest.mark.filterwarnings("error")
def test_axis_that_training_left_dead(digits):
    """With a ReLU code, a whole axis may stay at 0."""
    mine = models.build_autoencoder((16,), 2)
    kernel, bias = mine.get_layer("code").get_weights()
    kernel[:, 1] = 0
    mine.get_layer("code").set_weights([kernel, bias])
    walker = walk(mine, digits[0][:50], digits[1][:50])
    walker.sliders.code_2.value = walker.sliders.code_2.max
    assert walker.sliders.code_2.min < 0 < walker.sliders.code_2.max
    assert CUE in walker.sliders.status.value
    assert ring(walker)[1] == pytest.approx(0, abs=1)
    walker.sliders.code_2.value = walker.sliders.code_2.min
    assert ring(walker)[1] == pytest.approx(SIDE, abs=1)
