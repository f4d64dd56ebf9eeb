"""Draw simple faces into a folder: a data set whose knobs are known, and a folder in a mess."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageDraw

from helpers.data.errors import DataError
from helpers.data.paths import as_folder, printable

KNOBS = ("face width", "hair", "shade of hair", "eyes apart", "nose", "smile")
_SIDE = 112  # pixels of a finished picture
_SKIN, _LINE, _LIPS = (252, 226, 202), (50, 30, 30), (150, 25, 45)
_HAIR = ((45, 225), (30, 175), (25, 90))  # red, green and blue of the darkest and the lightest


def random_knobs(count: int, seed: int = 0) -> np.ndarray:
    """Turn the six knobs of each face at random, each independently of the others.

    Args:
        count: how many faces.
        seed: another seed, other faces.

    Returns:
        float (count, 6), evenly spread over 0 to 1; `KNOBS` names the columns.

    Introduced in notebook extra.
    """
    return np.random.default_rng(seed).uniform(size=(count, len(KNOBS)))


def _draw_face(knobs: Sequence[float]) -> Image.Image:
    """Draw one face in colour on white.

    Args:
        knobs: six numbers from 0 to 1 in the order of `KNOBS`.

    Returns:
        a picture in RGB, 112 x 112 pixels.
    """
    width, hair, shade, apart, nose, smile = (float(knob) for knob in knobs)
    # Twice as large, for smooth edges: 224 pixels a side, so 112 is the middle.
    picture = Image.new("RGB", (2 * _SIDE, 2 * _SIDE), "white")
    draw = ImageDraw.Draw(picture)

    def oval(x, y, across, up, fill):
        draw.ellipse((x - across, y - up, x + across, y + up), fill=fill)

    half = 54 + 26 * width
    color = tuple(round(a + shade * (b - a)) for a, b in _HAIR)
    ends = 120 + 90 * hair  # how far down the hair reaches
    draw.rounded_rectangle((112 - half - 14, 60, 112 + half + 14, ends), 24, color)
    oval(112, 98, half + 14, 88, color)
    oval(112, 124, half, 86, _SKIN)
    draw.chord((112 - half, 38, 112 + half, 210), 205, 335, color)
    for side in (-1, 1):
        x = 112 + side * (20 + 22 * apart)
        oval(x, 112, 15, 14, "white")
        oval(x, 112, 9, 9, _LINE)
    tip = 130 + 18 * nose
    draw.line((112, 116, 105, tip, 117, tip), _LINE, 6, joint="curve")
    bend = 26 * (2 * smile - 1)
    mouth = [(112 + 32 * t, 176 + bend * (0.5 - t * t)) for t in np.linspace(-1, 1, 15)]
    draw.line(mouth, _LIPS, 10, joint="curve")
    return picture.reduce(2)


def _made(folder: str | Path) -> Path:
    """Make a folder, with those above it, that can be written; raise DataError if it cannot."""
    path = as_folder(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise DataError(
            f'"{printable(path)}" is a file, or lies in one: write the name of a folder.'
        ) from None
    except OSError as error:
        raise DataError(
            f'the folder "{printable(path)}" cannot be made ({error.strerror}): write the name of '
            "a folder of your own."
        ) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise DataError(
            f'the folder "{printable(path)}" cannot be written: write the name of a folder of '
            "your own."
        )
    return path


def draw_faces(folder: str | Path, count: int, seed: int = 0) -> Path:
    """Draw faces into a folder as face_1.png, face_2.png, ...

    Args:
        folder: made if it does not exist, with those above it; files of the same names
            are drawn anew.
        count: how many faces.
        seed: of `random_knobs`, which says how each face is drawn.

    Returns:
        the folder.

    Raises:
        DataError: the folder cannot be made or written, or an argument is wrong.

    Introduced in notebook extra.
    """
    if isinstance(count, (bool, np.bool_)) or not isinstance(count, (int, np.integer)) or count < 1:
        raise DataError(
            f"count is {printable(repr(count)[:40])}, but has to be a whole number of faces from 1 "
            "on: write draw_faces(folder, count=1000)."
        )
    folder = _made(folder)
    for number, knobs in enumerate(random_knobs(count, seed), start=1):
        _draw_face(knobs).save(folder / f"face_{number}.png")
    return folder


def draw_mess(folder: str | Path) -> Path:
    """Make a folder such as real ones are: three odd pictures, four files that are no use.

    wide.png shows three faces side by side; transparent.png has nothing behind its face; lying.jpg
    is stored on its side, with a note that says so, as cameras do. half.png is cut short, empty.jpg
    is empty, IMG_7.heic is of a format that pillow cannot read, notes.txt is a text.

    Args:
        folder: made if it does not exist, with those above it; files of the same names
            are written anew.

    Returns:
        the folder.

    Raises:
        DataError: the folder cannot be made or written, or an argument is wrong.

    Introduced in notebook extra.
    """
    folder = _made(folder)
    first, second, third = (_draw_face(knobs) for knobs in random_knobs(3))
    wide = Image.new("RGB", (3 * _SIDE, _SIDE))
    for k, face in enumerate((first, second, third)):
        wide.paste(face, (k * _SIDE, 0))
    wide.save(folder / "wide.png")
    clear = third.convert("RGBA")
    ImageDraw.floodfill(clear, (0, 0), (0, 0, 0, 0), thresh=40)
    clear.save(folder / "transparent.png")
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # turn me clockwise by a quarter
    first.rotate(90).save(folder / "lying.jpg", exif=exif)
    (folder / "half.png").write_bytes((folder / "wide.png").read_bytes()[:2000])
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "IMG_7.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
    (folder / "notes.txt").write_text("photograph Ada")
    return folder
