"""One picture file becomes a small square of ink, whatever pixels it is made of."""

import os
import stat
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from helpers.data.errors import DataError
from helpers.data.paths import printable

_MOST_PIXELS = 30_000_000  # that one picture may unpack to; with transparency, 120 MB
_WHITE_IN_16_BITS = 65535
_SCANS = (255, 1023, 4095, 16383)  # white of 8, 10, 12 and 14 bits, often kept in files of 16
_WHITES = (1, 255, 4095, _WHITE_IN_16_BITS)  # that programs write into float and 32-bit files
_TOO_DARK = 16  # pictures that reach less than a 16th of white would be drawn as all black
_REDUCING_GAP = 3  # pillow's manual: from 3 on, shrinking in two steps looks like shrinking in one


@dataclass
class Deep:
    """A square whose pixels hold more than 8 bits; the whole folder says what white is."""

    values: np.ndarray
    high: float
    low: float
    orientation: int
    has_16_bits: bool


def read(path: Path, size: int) -> np.ndarray | Deep:
    """Turn one picture file into ink, uint8 (size, size), 0 (white) to 255 (black), or a Deep.

    Raises DataError if that cannot be done.
    """
    again, name = "copy or download it again", printable(path.name)
    try:
        # What pillow only warns of, odd metadata or great size, is none of a learner's business.
        if not stat.S_ISREG(os.stat(path).st_mode):  # opening a pipe would wait for ever
            fix = "put in a copy of the picture itself"
            raise DataError(f"{name} is a pipe, socket or device, not a file: {fix}.")
        with warnings.catch_warnings(action="ignore"), open(path, "rb") as file:
            if not file.read(1):
                raise DataError(f"{name} is empty: {again}.")
            file.seek(0)
            with Image.open(file) as picture:
                return _ink(picture, name, size)
    except UnidentifiedImageError:
        fix = "if it is a photo, save it as JPEG or PNG"
        raise DataError(f"{name} is no picture in a format known here: {fix}.") from None
    except (PermissionError, FileNotFoundError) as error:
        fix = "allow yourself to read it, or put in a copy"
        raise DataError(f"{name} cannot be opened ({error.strerror}): {fix}.") from None
    except (Image.DecompressionBombError, MemoryError):
        raise DataError(f"{name} has too many pixels to unpack: save it smaller.") from None
    except DataError:
        raise
    except OSError as error:
        if error.filename is not None:  # the system's own refusal, such as a link to itself
            fix = "put in a copy of the picture itself"
            raise DataError(f"{name} cannot be opened ({error.strerror}): {fix}.") from None
        raise DataError(f"{name} is cut short or damaged: {again}.") from None
    except Exception:  # damage raises OSError, SyntaxError, ValueError, struct.error, zlib.error...
        raise DataError(f"{name} is cut short or damaged: {again}.") from None


def _ink(picture: Image.Image, name: str, size: int) -> np.ndarray | Deep:
    """Cut a square out of the middle and shrink it; turn it, lay it on white, make it grey."""
    picture.draft("L", (2 * size, 2 * size))  # a JPEG can be unpacked at an eighth of its size
    if (pixels := picture.width * picture.height) > _MOST_PIXELS:
        raise DataError(
            f"{name} has {_millions(pixels)} million pixels, over {_MOST_PIXELS / 1e6:.0f} million "
            "would fill the memory: save it smaller, or as JPEG."
        )
    picture.load()
    orientation = _orientation(picture)
    has_16_bits = picture.mode.startswith("I;16")
    if has_16_bits:
        picture = picture.convert("I")
    elif picture.has_transparency_data:
        picture = picture.convert("RGBA")
    elif picture.mode not in ("L", "I", "F"):
        picture = picture.convert("RGB")
    if picture.mode == "F":
        picture = _without_nan(picture)
    side = min(picture.size)
    left, top = (picture.width - side) / 2, (picture.height - side) / 2
    box = (left, top, left + side, top + side)
    square = picture.resize(
        (size, size), Image.Resampling.BILINEAR, box, reducing_gap=_REDUCING_GAP
    )
    if square.mode in "IF":
        original = np.asarray(picture)
        low, high = original.min(), original.max()
        values = np.asarray(square, dtype=np.float64)
        return Deep(values, float(high), float(low), orientation, has_16_bits)
    if square.mode == "RGBA":
        square = Image.alpha_composite(Image.new("RGBA", square.size, "white"), square)
    square = square.convert("L")
    return _upright(square, orientation)


def _upright(square: Image.Image, orientation: int) -> np.ndarray:
    square = Image.fromarray(np.asarray(square))  # without its metadata, which may be damaged
    square.getexif()[ExifTags.Base.Orientation] = orientation
    return 255 - np.asarray(ImageOps.exif_transpose(square))


def _orientation(picture: Image.Image) -> int:
    try:
        orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # the note is damaged, in as many ways as files are; the picture is not
        return 1
    return orientation if orientation in range(1, 9) else 1


def _millions(pixels: int) -> str:
    """Write 30,006,000 as 30.006, so that it is not said to be over itself."""
    return (
        f"{pixels / 1e6:.0f}" if pixels >= _MOST_PIXELS + 1e6 else f"{pixels / 1e6:.6f}".rstrip("0")
    )


def _without_nan(picture: Image.Image) -> Image.Image:
    values = np.array(picture)
    finite = values[np.isfinite(values)]
    low, high = (finite.min(), finite.max()) if finite.size else (0, 0)
    return Image.fromarray(np.nan_to_num(values, nan=low, posinf=high, neginf=low))


def develop(deep: dict[int, Deep], images: np.ndarray) -> list[str]:
    """Write the deep pictures of a folder into their places; return what is to be said of them.

    One range for all of a kind keeps them comparable: the darker of two stays the darker.
    """
    said = []
    scans = [one for one in deep.values() if one.has_16_bits and 0 < one.high <= _SCANS[-1]]
    brightest = max((one.high for one in scans), default=0)
    scan_white = min((white for white in _SCANS if white >= brightest), default=_SCANS[-1])
    if scans:
        said.append(
            f"{_pictures(len(scans))} of 16 bits hold only values up to {brightest:.0f}: "
            f"{scan_white} is taken for white in them."
        )
    free = [one for one in deep.values() if not one.has_16_bits]
    black, white = _range(free)
    if free:
        said.append(
            f"{_pictures(len(free))} of 32 bits: {black:g} is taken for black and {white:g} for "
            "white in all of them."
        )
    for k, one in deep.items():
        if not one.has_16_bits:
            low, high = black, white
        else:
            low, high = 0, scan_white if 0 < one.high <= _SCANS[-1] else _WHITE_IN_16_BITS
        values = np.clip((one.values - low) * (255 / (high - low)), 0, 255)
        square = Image.fromarray(values.round().astype(np.uint8))
        images[k] = _upright(square, one.orientation)
    return said


def _pictures(count: int) -> str:
    return f"{count:,} picture{'s' * (count > 1)}"


def _range(free: list[Deep]) -> tuple[float, float]:
    """Return which values are black and white in float and 32-bit pictures."""
    low = min((one.low for one in free), default=0)
    high = max((one.high for one in free), default=1)
    for white in _WHITES:
        if low >= 0 and high <= white and (high * _TOO_DARK >= white or high == 0):
            return 0, white
    return (low, high) if low < high else (min(low, 0), max(high, 0) or 1)
