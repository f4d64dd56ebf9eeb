"""helpers.plots: what is drawn is what was given, in words too."""

import helpers  # first: it tells TensorFlow how to compute, which TensorFlow reads once

# isort: split
import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.markers import MarkerStyle
from PIL import Image

from helpers import data, plots
from helpers.codes import code_window, densest


@pytest.fixture(autouse=True)
def style():
    """Set the course's figure style, and require that a test leaves no figure open."""
    helpers.setup()
    plt.close("all")
    yield
    plt.close("all")


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(0)


def drawn(picture: plots.Picture) -> list[list[np.ndarray]]:
    """Return the arrays that a picture of image_rows holds, row by row."""
    axes = picture.figure.axes
    columns = len({round(ax.get_position().x0, 6) for ax in axes})
    arrays = []
    for ax in axes:
        (image,) = ax.images
        arrays.append(image.get_array())
    return [arrays[i : i + columns] for i in range(0, len(arrays), columns)]


def pixels(picture: plots.Picture) -> np.ndarray:
    """Return a picture's PNG as RGB, int (height, width, 3)."""
    return np.asarray(Image.open(io.BytesIO(picture.png())).convert("RGB")).astype(int)


# Picture


@pytest.mark.parametrize("alt", ["", "  \n "])
def test_picture_without_words_is_refused(alt):
    figure = plt.figure()
    with pytest.raises(ValueError) as error:
        plots.Picture(figure, alt)
    assert str(error.value) == 'a picture needs words: Picture(figure, "what it shows").'
    with pytest.raises(TypeError):
        plots.Picture(figure)


def test_picture_closes_its_figure_and_no_other():
    other = plt.figure()
    figure = plt.figure()
    picture = plots.Picture(figure, "nothing")
    assert plt.get_fignums() == [other.number]
    assert picture.figure is figure
    picture._repr_mimebundle_()
    assert plt.get_fignums() == [other.number]


def test_what_jupyter_gets():
    figure, ax = plt.subplots(figsize=(6, 3))
    ax.plot([0, 1])
    bundle, metadata = plots.Picture(figure, "A line that rises.")._repr_mimebundle_()
    assert set(bundle) == {"image/png", "text/plain"}
    assert bundle["text/plain"] == "A line that rises."
    assert bundle["image/png"].startswith(b"\x89PNG\r\n\x1a\n")
    assert set(metadata) == {"image/png"}
    assert metadata["image/png"]["alt"] == "A line that rises."


def test_size_on_the_page_is_that_of_the_figure():
    """The PNG is drawn sharper than it is shown, by the same factor both ways: not stretched.

    It may be somewhat larger or smaller than the figure, whose margins are cut to what is drawn.
    """
    figure, ax = plt.subplots(figsize=(6, 3))
    ax.plot([0, 1])
    lone = plots.image_rows({"a row": np.zeros((1, 28, 28))}, "Paper.")
    wide = plots.image_rows({"a": np.zeros((10, 784)), "b": np.zeros((10, 784))}, "Paper.")
    for picture in (plots.Picture(figure, "A line."), lone, wide):
        bundle, metadata = picture._repr_mimebundle_()
        width, height = Image.open(io.BytesIO(bundle["image/png"])).size
        shown = metadata["image/png"]
        assert type(shown["width"]) is type(shown["height"]) is int
        assert width / shown["width"] == pytest.approx(1.6, rel=0.02)
        assert height / shown["height"] == pytest.approx(1.6, rel=0.02)
        inches = picture.figure.get_size_inches()
        assert (shown["width"], shown["height"]) == pytest.approx(100 * inches, rel=0.2)


def test_png_is_the_same_bytes_every_time_and_has_few_colours():
    def picture() -> plots.Picture:
        figure, ax = plt.subplots(figsize=(3, 2))
        ax.imshow(np.arange(100).reshape(10, 10), cmap="viridis")
        return plots.Picture(figure, "A grid.")

    first = picture()
    assert first.png() == first.png() == picture().png()
    assert Image.open(io.BytesIO(first.png())).mode == "P"


def test_colours_survive_the_palette(random):
    """Ten small patches beside all greys, which take most of the 256 colours of a palette.

    A colour may move by 8 of 255 in each channel. The nearest two of the ten are 32 apart.
    """
    figure, axes = plt.subplots(1, 3, figsize=(9, 4))
    axes[0].imshow(np.linspace(0, 1, 90_000).reshape(300, 300), cmap="gray")
    axes[1].imshow(random.random((28, 28)), cmap="gray")
    axes[2].set(xlim=(0, 10), ylim=(0, 1), xticks=[], yticks=[])
    axes[2].spines[:].set_visible(False)
    for digit, color in enumerate(plots.DIGIT_COLORS):
        axes[2].add_patch(plt.Rectangle((digit + 0.2, 0.4), 0.6, 0.03, lw=0, color=color))
    picture = plots.Picture(figure, "Greys and ten patches.")
    shown = pixels(picture).reshape(-1, 3)
    exact = np.array(plots.DIGIT_COLORS) * 255
    between = np.abs(exact[:, None] - exact[None]).max(axis=2)[np.triu_indices(10, 1)]
    assert len(exact) == 10 and between.min() > 30
    for color in exact:
        same = np.abs(shown - color).max(axis=1) <= 8
        assert same.sum() > 50, f"no patch of about {color.round()}"
    greys = np.unique(shown[np.ptp(shown, axis=1) <= 8].mean(axis=1))
    assert greys[0] < 5 and greys[-1] == 255 and np.diff(greys).max() <= 8, "the greys have gaps"


# Images


def test_image_rows_take_every_shape():
    one = np.arange(784).reshape(28, 28)
    for given in (one, one.ravel(), one[None], one.reshape(1, 784), one.tolist()):
        ((shown,),) = drawn(plots.image_rows({"": given}, "A ramp."))
        np.testing.assert_array_equal(shown, one)


def test_image_rows_draw_what_they_are_given_in_order(random):
    images = data.load_mnist()[0][0][:5]
    numbers = random.random((5, 784)).astype("float32") * 1.4 - 0.2
    picture = plots.image_rows({"digits": images, "noise": numbers}, "Digits and noise.")
    rows = drawn(picture)
    assert [len(row) for row in rows] == [5, 5]
    for shown, given in zip(rows, (images, numbers.reshape(5, 28, 28)), strict=True):
        np.testing.assert_array_equal(np.array(shown), given)
    limits = [ax.images[0].get_clim() for ax in picture.figure.axes]
    assert limits == [(0, 255)] * 5 + [(0, 1)] * 5
    names = [ax.get_ylabel() for ax in picture.figure.axes]
    assert names == ["digits", "", "", "", "", "noise", "", "", "", ""]
    assert picture.alt == "Digits and noise." and plt.get_fignums() == []


def test_image_rows_titles_stand_above_the_first_row():
    picture = plots.image_rows(
        {"a": np.zeros((3, 784)), "b": np.zeros((3, 784))}, "Paper.", titles=["x", "y", "z"]
    )
    assert [ax.get_title("center") for ax in picture.figure.axes] == ["x", "y", "z", "", "", ""]


@pytest.mark.parametrize("kind", [np.uint8, np.float32, np.float64])
def test_ink_is_dark_and_upright(kind):
    """Ink only in the upper left quarter; three times too much of it is clipped, not rescaled."""
    images = np.zeros((2, 28, 28), kind)
    images[0, :14, :14] = 255 if kind is np.uint8 else 3
    images[1] = 128 if kind is np.uint8 else 0.5
    picture = plots.image_rows({"": images}, "A square and grey.", size=2)
    grey = pixels(picture).mean(axis=2)
    height, width = grey.shape
    for ax, quarters in zip(picture.figure.axes, ([0, 255, 255, 255], [127] * 4), strict=True):
        box = ax.images[0].get_window_extent().transformed(picture.figure.transFigure.inverted())
        found = [
            grey[
                int(height * (1 - box.y0 - box.height * up)), int(width * (box.x0 + box.width * x))
            ]
            for up in (0.75, 0.25)
            for x in (0.25, 0.75)
        ]
        assert found == pytest.approx(quarters, abs=8)


def test_image_rows_of_different_lengths():
    with pytest.raises(ValueError) as error:
        plots.image_rows({"a": np.zeros((3, 784)), "b": np.zeros((2, 784))}, "Paper.")
    said = str(error.value)
    assert "{'a': 3, 'b': 2}" in said and "images[:n]" in said
    assert "\n" not in said and said.endswith(".")


def test_small_digits_can_be_read_on_white():
    """Contrast as WCAG 2 defines it: (1 + 0.05) / (luminance + 0.05), 3 at least for graphics."""
    parts = np.array(plots.DIGIT_COLORS)
    light = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    contrast = 1.05 / (light @ [0.2126, 0.7152, 0.0722] + 0.05)
    assert contrast.min() == pytest.approx(3.2, abs=0.05)


# The map


def crowd(random, digits=range(10), apart: float = 10) -> tuple[np.ndarray, np.ndarray]:
    """Return 30 codes of each digit around places of their own, in mixed order, and the labels."""
    labels = random.permutation(np.repeat(list(digits), 30))
    centres = apart * np.array([(digit % 4, -(digit // 4)) for digit in range(10)])
    return centres[labels] + random.normal(size=(len(labels), 2)), labels


@pytest.mark.parametrize("digits", [range(10), [7, 3, 5]], ids=["all", "three"])
def test_every_code_is_drawn_as_its_digit(digits, random):
    codes, labels = crowd(random, digits)
    figure, ax = plt.subplots()
    plots.latent_map(ax, codes, labels, "a map")
    assert (ax.get_title("left"), ax.get_xlabel(), ax.get_ylabel()) == ("a map", "code 1", "code 2")
    assert len(ax.collections) == len(digits)
    for digit, cloud in zip(sorted(digits), ax.collections, strict=True):
        np.testing.assert_array_equal(cloud.get_offsets(), codes[labels == digit])
        colors = cloud.get_facecolor()
        assert len(colors) == 1
        np.testing.assert_allclose(colors[0, :3], plots.DIGIT_COLORS[digit])
        marker = MarkerStyle(f"${digit}$")
        shape = marker.get_path().transformed(marker.get_transform())
        np.testing.assert_allclose(cloud.get_paths()[0].vertices, shape.vertices)
    left, right = ax.get_xlim()
    bottom, top = ax.get_ylim()
    assert left < codes[:, 0].min() and codes[:, 0].max() < right
    assert bottom < codes[:, 1].min() and codes[:, 1].max() < top


def test_every_digit_is_named_where_it_is_thickest(random):
    codes, labels = crowd(random)
    figure, ax = plt.subplots(figsize=(7, 6))
    plots.latent_map(ax, codes, labels)
    assert [text.get_text() for text in ax.texts] == [str(digit) for digit in range(10)]
    thickest = densest(codes, labels)
    for digit, text in enumerate(ax.texts):
        place = codes[thickest[digit]]
        np.testing.assert_allclose(text.get_position(), place, rtol=0, atol=1e-6)
        np.testing.assert_allclose(plt.matplotlib.colors.to_rgb(text.get_color()),
                                   plots.DIGIT_COLORS[digit])  # fmt: skip
        assert (text.get_ha(), text.get_va()) == ("center", "center")


def test_a_digit_with_two_islands_is_named_in_one_of_them(random):
    """Its median would lie between them, among others."""
    islands = np.repeat([(-5.0, 0.0), (5.0, 0.0)], [40, 30], axis=0)
    codes = np.concatenate([random.normal(islands, 0.2), random.normal(size=(50, 2))])
    labels = np.repeat([4, 9], [70, 50])
    found = densest(codes, labels)
    assert list(found) == [4, 9] and labels[found[4]] == 4 and labels[found[9]] == 9
    assert np.hypot(*(codes[found[4]] - (-5, 0))) < 1
    reach = np.sort(np.hypot(*(codes[:70, None] - codes[:70]).T), axis=1)[:, 19]
    assert found[4] == reach.argmin()


def test_a_digit_that_occurs_once_is_named_there():
    codes = np.array([(0.0, 1.0), (2.0, 3.0), (4.0, 5.0)])
    assert densest(codes, np.array([7, 1, 7])).keys() == {1, 7}
    assert densest(codes, np.array([7, 1, 7]))[1] == 1


@pytest.mark.parametrize("window", [None, ((-2.0, -3.0), (2.0, 3.0))])
def test_names_never_cover_one_another(window, random):
    """All digits in one crowd, as in the map of a bad encoder."""
    codes, labels = crowd(random, apart=0.05)
    figure, ax = plt.subplots(figsize=(5, 4))
    plots.latent_map(ax, codes, labels, window=window)
    figure.canvas.draw()
    boxes = [plt.matplotlib.text.Text.get_window_extent(text) for text in ax.texts]  # no lines
    centres = np.array([text.get_position() for text in ax.texts])
    assert len(boxes) == 10
    covered = [(i, j) for i in range(10) for j in range(i) if boxes[i].overlaps(boxes[j])]
    assert covered == []
    crowd_middle = np.median(codes, axis=0)
    assert np.abs(centres - crowd_middle).max() < 3, "the names stay with their crowd"


def test_a_line_leads_from_a_name_that_moved_to_its_place(random):
    codes, labels = crowd(random, apart=0.05)
    figure, ax = plt.subplots(figsize=(5, 4))
    plots.latent_map(ax, codes, labels, window=((-20.0, -20.0), (20.0, 20.0)))
    figure.canvas.draw()
    places = codes[list(densest(codes, labels).values())]
    np.testing.assert_array_equal([text.xy for text in ax.texts], places)
    centres = np.array([text.get_position() for text in ax.texts])
    moved = np.hypot(*(ax.transData.transform(centres) - ax.transData.transform(places)).T)
    assert 3 <= (moved > 15).sum() < 10
    for text, pixels_away in zip(ax.texts, moved, strict=True):
        assert (text.arrow_patch is not None) == (pixels_away > 15)
        if text.arrow_patch is not None:
            end = text.arrow_patch.get_path().vertices[-1]
            np.testing.assert_allclose(end, ax.transData.transform(text.xy), atol=2)


def test_window_is_what_is_shown(random):
    codes, labels = crowd(random)
    figure, ax = plt.subplots()
    plots.latent_map(ax, codes, labels, window=code_window(codes, 10))
    low, high = np.percentile(codes, [10, 90], axis=0)
    np.testing.assert_allclose([ax.get_xlim(), ax.get_ylim()], np.array([low, high]).T)
    assert sum(len(cloud.get_offsets()) for cloud in ax.collections) == len(codes)
    for text in ax.texts:
        assert text.get_clip_on(), "a name outside the window is not drawn over the page"


def test_maps_stand_beside_one_another_with_the_grid_at_the_right(random):
    codes, labels = crowd(random)
    maps = {"first": codes, "turned": codes @ [[0, 1], [-1, 0]]}
    window = np.array([-5.0, -30.0]), np.array([40.0, 10.0])
    grid = random.random((56, 56)).astype("float32")
    for drawing in (None, grid):
        picture = plots.latent_maps(maps, labels, "Two maps.", window, drawing)
        assert picture.alt == "Two maps." and plt.get_fignums() == []
        axes = picture.figure.axes
        assert len(axes) == 2 + (drawing is not None)
        assert [ax.get_position().x0 for ax in axes] == sorted(ax.get_position().x0 for ax in axes)
        for ax, (title, points) in zip(axes, maps.items(), strict=False):
            assert ax.get_title("left") == title
            for digit, cloud in enumerate(ax.collections):
                np.testing.assert_array_equal(cloud.get_offsets(), points[labels == digit])
        for ax in axes:
            assert (*ax.get_xlim(), *ax.get_ylim()) == (-5, 40, -30, 10)
    (image,) = axes[-1].images
    np.testing.assert_array_equal(image.get_array(), grid)
    assert image.get_clim() == (0, 1) and image.origin == "upper"
    assert list(image.get_extent()) == [-5, 40, -30, 10]


def test_map_without_a_window_shows_everything(random):
    codes, labels = crowd(random)
    (ax,) = plots.latent_maps({"": codes}, labels, "A map.").figure.axes
    assert ax.get_xlim()[0] < codes[:, 0].min() and ax.get_ylim()[1] > codes[:, 1].max()


def test_grid_needs_its_window(random):
    codes, labels = crowd(random)
    with pytest.raises(ValueError) as error:
        plots.latent_maps({"": codes}, labels, "A map.", grid=np.zeros((56, 56)))
    assert "window=(low, high)" in str(error.value)
    assert plt.get_fignums() == []


IMAGES = np.zeros((2, 784))


@pytest.mark.parametrize(
    ("rows", "said"),
    [({}, "there is no image"), ({"a": IMAGES[:0]}, "there is no image"),
     (IMAGES, "rows need names"), ({"a": np.zeros((2, 100))}, "has shape (2, 100)"),
     ({"a": None}, "has shape ()")],
    ids=["no row", "no image", "no name", "other size", "None"],
)  # fmt: skip
def test_rows_that_cannot_be_drawn(rows, said):
    with pytest.raises(ValueError) as caught:
        plots.image_rows(rows, "Paper.")
    assert said in str(caught.value) and str(caught.value).endswith(".")


@pytest.mark.parametrize("name", ["$5_$.png", "a$b$c", "$", r"\$x$", "caf\udce9.png"])
def test_names_of_files_are_no_mathematics(name):
    assert plots.image_rows({name: IMAGES}, "Paper.", titles=[name, name]).png()
    assert plots.latent_maps({name: np.eye(2)}, np.array([0, 1]), "A map.").png()
