"""Figures: arrays in, a picture with its alt text out."""

import io
import re
from collections.abc import Mapping, Sequence

import matplotlib
import matplotlib.colors
import matplotlib.patheffects
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from helpers.codes import densest

# Petroff's ten colours, chosen to be told apart with any colour vision (arXiv:2107.02270)
HUES = matplotlib.color_sequences["petroff10"]
# Dark enough to read small digits on white: a contrast of 3.2 at least.
DIGIT_COLORS = [tuple(0.7 * part for part in matplotlib.colors.to_rgb(hue)) for hue in HUES]
HALO = [matplotlib.patheffects.withStroke(linewidth=3, foreground="white")]
ENLARGED = 5  # pixels a side on the page, for each pixel of a digit in a widget
SHARPNESS = 1.6  # pixels drawn for each pixel shown, so that figures stay crisp on fine screens


class Picture:
    """A finished figure with a text that says what it shows; Jupyter displays it.

    The page gets a PNG with its words. The figure is closed, so that it is not shown twice.

    Args:
        figure: any matplotlib figure; it stays as `.figure`.
        alt: a sentence or two for who cannot see it; it stays as `.alt`.

    Raises:
        ValueError: the words are empty.

    Introduced in notebook 01.
    """

    def __init__(self, figure: Figure, alt: str):
        if not alt.strip():
            raise ValueError('a picture needs words: Picture(figure, "what it shows").')
        self.figure, self.alt = figure, alt
        plt.close(figure)

    def png(self) -> bytes:
        """Return the picture as PNG bytes, of at most 256 colours to keep the notebook small."""
        buffer = io.BytesIO()
        self.figure.savefig(buffer, dpi=self.figure.dpi * SHARPNESS, bbox_inches="tight")
        image = Image.open(buffer).convert("RGB")
        image = image.quantize(256, Image.Quantize.MAXCOVERAGE, 1, dither=Image.Dither.NONE)
        buffer = io.BytesIO()
        image.save(buffer, "PNG", optimize=True)
        return buffer.getvalue()

    def _repr_mimebundle_(self, include=None, exclude=None):
        png = self.png()
        # Of the PNG, not of the figure: its margins were cut, and it must not be stretched back.
        width, height = (round(n / SHARPNESS) for n in Image.open(io.BytesIO(png)).size)
        size_and_words = {"width": width, "height": height, "alt": self.alt}
        return {"image/png": png, "text/plain": self.alt}, {"image/png": size_and_words}


def image_rows(
    rows: Mapping[str, np.ndarray], alt: str, titles: Sequence[str] | None = None, size: float = 0.8
) -> Picture:
    """Draw rows of images under one another, dark ink on white, each row with its name.

    Args:
        rows: name to images, (n, 28, 28) or (n, 784), n the same in all. uint8 is drawn from 0 to
            255 and float from 0 to 1; values outside are clipped.
        alt: what the picture shows.
        titles: n short texts above the first row.
        size: height and width of an image in inches.

    Returns:
        The picture, for Jupyter to show.

    Raises:
        ValueError: there is no image, or the rows have different numbers of images or pixels.

    Introduced in notebook 01.
    """
    if not isinstance(rows, Mapping):
        raise ValueError('rows need names: image_rows({"digits": images}, "what it shows").')
    blocks = {name: _squares(name, images) for name, images in rows.items()}
    if not all(map(len, blocks.values())) or not blocks:
        raise ValueError('there is no image to draw: image_rows({"digits": images[:8]}, "...").')
    counts = {name: len(images) for name, images in blocks.items()}
    if (count := max(counts.values())) != min(counts.values()):
        raise ValueError(f"rows hold {counts} images, but must be equal: cut them to images[:n].")
    margin = 0.1 + 0.085 * max(len(str(name)) for name in blocks)
    figure, axes = plt.subplots(
        len(blocks), count, figsize=(size * count + margin, (size + 0.05) * len(blocks) + 0.25),
        squeeze=False,
    )  # fmt: skip
    for row, (name, images) in zip(axes, blocks.items(), strict=True):
        for ax, image in zip(row, images, strict=True):
            ax.imshow(image, vmin=0, vmax=255 if image.dtype == np.uint8 else 1)
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set_visible(False)
        row[0].set_ylabel(_plain(name), rotation=0, ha="right", va="center")
    for ax, title in zip(axes[0], titles or [], strict=False):
        ax.set_title(_plain(title), fontsize="small", loc="center")
    return Picture(figure, alt)


def _squares(name: object, images: np.ndarray) -> np.ndarray:
    given = np.asarray(images)
    if given.size % 784 or given.dtype.kind not in "buif":
        raise ValueError(
            f'row "{name}" has shape {given.shape}, but images of 28 x 28 numbers are drawn: '
            "give it (n, 28, 28) or (n, 784)."
        )
    return given.reshape(-1, 28, 28)


def _plain(text: object) -> str:
    """Keep matplotlib from reading what stands between two $ as mathematics, as in file names."""
    shown = str(text).encode("utf-8", "backslashreplace").decode("utf-8")
    return re.sub(r"(?<!\\)\$", r"\\$", shown)


def latent_maps(
    maps: Mapping[str, np.ndarray],
    labels: np.ndarray,
    alt: str,
    window: tuple[np.ndarray, np.ndarray] | None = None,
    grid: np.ndarray | None = None,
) -> Picture:
    """Draw maps of two-number codes beside one another, each point as its digit.

    Args:
        maps: title to codes, float (n, 2) in the codes' own units, n the same in all.
        labels: (n,) integers from 0 to 9.
        alt: what the picture shows.
        window: corners, low (2,) and high (2,), of the part to show; None for all of it.
        grid: an image from `helpers.codes.decoder_grid` over the same window, drawn at the right.

    Returns:
        The picture, for Jupyter to show.

    Raises:
        ValueError: there is a grid, but no window.

    Introduced in notebook 05.
    """
    if not isinstance(maps, Mapping) or not maps:
        raise ValueError('maps need names: latent_maps({"my map": codes}, labels, "...").')
    if grid is not None and window is None:
        raise ValueError("a grid has no axes of its own: say window=(low, high), its corners.")
    count = len(maps) + (grid is not None)
    figure, axes = plt.subplots(1, count, figsize=(1.5 + 4.5 * count, 5), squeeze=False)
    for ax, (title, codes) in zip(axes[0], maps.items(), strict=False):
        latent_map(ax, codes, labels, title, window)
    if grid is not None and window is not None:
        (left, bottom), (right, top) = window
        axes[0, -1].imshow(grid, extent=(left, right, bottom, top), aspect="auto", vmin=0, vmax=1)
        axes[0, -1].set(title="what the decoder draws there", xlabel="code 1")
    return Picture(figure, alt)


def latent_map(
    ax: Axes,
    codes: np.ndarray,
    labels: np.ndarray,
    title: str = "",
    window: tuple[np.ndarray, np.ndarray] | None = None,
) -> None:
    """Scatter two-number codes, each point drawn as its digit, each named where it is thickest.

    Names that would lie on one another are moved apart; a line leads from each to its place.

    Args:
        ax: where to draw.
        codes: float (n, 2), in the code's own units.
        labels: (n,) integers from 0 to 9.
        title: of the map.
        window: corners, low (2,) and high (2,), of the part to show; None for all of it.
    """
    for digit in np.unique(labels):
        x, y = codes[labels == digit].T
        ax.scatter(x, y, marker=f"${digit}$", s=26, linewidths=0, color=DIGIT_COLORS[digit])
    ax.set(title=_plain(title), xlabel="code 1", ylabel="code 2")
    if window is not None:
        (left, bottom), (right, top) = window
        ax.set(xlim=(left, right), ylim=(bottom, top))
    thickest = densest(codes, labels)
    corners = np.array([ax.get_xlim(), ax.get_ylim()]).T
    places = _moved_apart(codes[list(thickest.values())], corners, ax)
    for (digit, i), place in zip(thickest.items(), places, strict=True):
        color = DIGIT_COLORS[digit]
        line = {"arrowstyle": "-", "color": color, "lw": 1.5, "path_effects": HALO, "shrinkB": 0}
        way = np.diff(ax.transData.transform([codes[i], place]), axis=0)[0]
        moved = np.hypot(*way) > 15  # pixels: as far as the digit itself reaches
        ax.annotate(
            str(digit), xy=codes[i], xytext=place, ha="center", va="center", fontsize=17,
            fontweight="bold", color=color, path_effects=HALO, clip_on=True,
            arrowprops=line if moved else None, zorder=4 if moved else 3,
        )  # fmt: skip


def _moved_apart(places: np.ndarray, corners: np.ndarray, ax: Axes, gap: float = 20) -> np.ndarray:
    """Move places, (n, 2), as little as it takes until none is within `gap` points of another."""
    box = ax.get_window_extent()
    scale = np.array([box.width, box.height]) * 72 / ax.figure.dpi / (corners[1] - corners[0])
    places = places * scale
    for _ in range(100):
        away = places[:, None] - places[None]
        distance = np.linalg.norm(away, axis=2) + 1e-9
        push = np.clip(gap - distance, 0, None) / 2
        np.fill_diagonal(push, 0)
        places = places + (away / distance[..., None] * push[..., None]).sum(axis=1) / 2
    return places / scale


def to_png(image: np.ndarray) -> bytes:
    """Turn an image into PNG bytes, five times as wide and high, dark ink on white.

    Args:
        image: float (28, 28) in [0, 1], values outside clipped; or uint8 (28, 28), 0 to 255.

    Returns:
        A PNG file of 140 x 140 grey pixels, as an `ipywidgets.Image` takes it.

    Introduced in notebook 05.
    """
    ink = image if image.dtype == np.uint8 else (255 * np.clip(image, 0, 1)).astype(np.uint8)
    big = np.repeat(np.repeat(255 - ink, ENLARGED, axis=0), ENLARGED, axis=1)
    buffer = io.BytesIO()
    Image.fromarray(big).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
