"""Pictures from a folder: files of any format and size become small grey squares."""

import difflib
import os
import re
import warnings
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from helpers.data.errors import DataError

_LARGEST_SIZE = 256  # pixels, of the squares that are returned
_MOST_PIXELS = 30_000_000  # that one picture may unpack to; with transparency, 120 MB
_FEW = 100  # pictures; fewer than that are learnt by heart
_MANY = 300  # files; from here on it takes seconds, so each tenth is reported
_SENTENCES = 8  # about files that are left out, before the rest is only counted
_LEFT_BY_SYSTEMS = {"thumbs.db", "desktop.ini", "icon\r"}  # Windows and macOS, in many folders
_WHITE_IN_16_BITS = 65535
_REDUCING_GAP = 3  # pillow's manual: from 3 on, shrinking in two steps looks like shrinking in one


def load_images(folder: str | Path, size: int = 28) -> tuple[np.ndarray, list[str]]:
    """Load a folder of pictures as small grey squares, and print what is left out and why.

    Each picture is cut to the square in its middle, shrunk, turned upright (EXIF), laid on white
    where it is transparent, and made grey. Of an animation the first frame counts. Hidden files
    and the folders inside are passed over. Only one picture at a time is unpacked.

    Args:
        folder: its name; pictures of any format that pillow reads, in any size, 8 or 16 bits.
        size: height and width of the result in pixels, 1 to 256; the other helpers draw 28.

    Returns:
        images, uint8 (n, size, size), 0 (white) to 255 (black) like MNIST's ink; and the names of
        their n files. Both are in natural order: img2 before img10.

    Raises:
        DataError: the folder is missing or closed to you, no file in it can be used, or size is
            out of range; the message says what to do.

    Introduced in notebook extra.
    """
    if not isinstance(size, int) or not 1 <= size <= _LARGEST_SIZE:
        raise DataError(
            f"size is {size!r}, but has to be a whole number of pixels from 1 to {_LARGEST_SIZE}: "
            "write load_images(folder, size=28)."
        )
    paths = _files_in(Path(folder).expanduser())
    images = np.empty((len(paths), size, size), np.uint8)
    names: list[str] = []
    left_out: list[str] = []
    for done, path in enumerate(paths, start=1):
        try:
            images[len(names)] = _read(path, size)
            names.append(path.name)
        except DataError as error:
            left_out.append(str(error))
        if len(paths) >= _MANY and done % (len(paths) // 10) == 0:
            print(f"{done:,} of {len(paths):,} files", flush=True)
    for sentence in left_out[:_SENTENCES]:
        print(f"left out: {sentence}")
    if more := len(left_out[_SENTENCES:]):
        print(f"left out: {more:,} more file{'s' * (more > 1)}, for reasons like these.")
    if not names:
        raise DataError(f'no file in "{folder}" can be used; the first: {left_out[0]}')
    print(f"{len(names):,} picture{'s' * (len(names) > 1)} loaded, {size} x {size} pixels each")
    if len(names) < _FEW:
        print(f"That is few: below {_FEW} a network learns them by heart, so add more if you can.")
    return images[: len(names)], names


def _files_in(folder: Path) -> list[Path]:
    """Return the visible files in a folder, img2 before img10; raise DataError if there is none."""
    try:
        with os.scandir(folder) as entries:
            inside = [(Path(entry), entry.is_dir()) for entry in entries if _counts(entry)]
    except FileNotFoundError:
        raise DataError(f'there is no folder "{folder}"{_instead(folder)}.') from None
    except NotADirectoryError:
        raise DataError(
            f'"{folder}" is a file, not a folder: name the folder that it is in, and unpack it '
            "first if it is an archive."
        ) from None
    except OSError as error:
        raise DataError(
            f'the folder "{folder}" cannot be read ({error.strerror}): allow yourself to read it, '
            "or copy the pictures into a folder of your own."
        ) from None
    found = [path for path, is_folder in inside if not is_folder]
    if not found:
        folders = sorted(path.name for path, is_folder in inside if is_folder)
        deeper = f'name one of its folders, such as "{Path(folder, *folders[:1])}"'
        fix = deeper if folders else "copy your pictures into it, or name another folder"
        raise DataError(f'the folder "{folder}" holds no pictures: {fix}.')
    return sorted(found, key=lambda path: (_natural(path.name), path.name))


def _counts(entry: os.DirEntry) -> bool:
    """Whether an entry is a file, folder or broken link, and not hidden or left by a system."""
    hidden = entry.name.startswith(".") or entry.name.lower() in _LEFT_BY_SYSTEMS
    return not hidden and (entry.is_file() or entry.is_dir() or entry.is_symlink())


def _instead(folder: Path) -> str:
    """Say which folder may be meant by a name that does not exist."""
    beside = folder.parent.iterdir() if folder.parent.is_dir() else []
    names = [path.name for path in beside if path.is_dir()]
    close = difflib.get_close_matches(folder.name, names, n=1)
    if close:
        return f', but there is "{folder.with_name(close[0])}"'
    return ': write the whole way to it, such as "~/Pictures/leaves"'


def _natural(name: str) -> list:
    """Return a key that sorts the numbers in names as numbers."""
    parts = re.split(r"([0-9]+)", name.casefold())
    return [int(part) if i % 2 else part for i, part in enumerate(parts)]


def _read(path: Path, size: int) -> np.ndarray:
    """Turn one picture file into ink, uint8 (size, size), 0 (white) to 255 (black).

    Raises DataError if that cannot be done.
    """
    again = "copy or download it again"
    try:
        # What pillow only warns of, odd metadata or great size, is none of a learner's business.
        with warnings.catch_warnings(action="ignore"), open(path, "rb") as file:
            if not file.read(1):
                raise DataError(f"{path.name} is empty: {again}.")
            file.seek(0)
            with Image.open(file) as picture:
                return _ink(picture, path.name, size)
    except UnidentifiedImageError:
        fix = "if it is a photo, save it as JPEG or PNG"
        raise DataError(f"{path.name} is no picture in a format known here: {fix}.") from None
    except (PermissionError, FileNotFoundError) as error:
        fix = "allow yourself to read it, or put in a copy"
        raise DataError(f"{path.name} cannot be opened ({error.strerror}): {fix}.") from None
    except (Image.DecompressionBombError, MemoryError):
        raise DataError(f"{path.name} has too many pixels to unpack: save it smaller.") from None
    except DataError:
        raise
    except Exception:  # damage raises OSError, SyntaxError, ValueError, struct.error, zlib.error...
        raise DataError(f"{path.name} is cut short or damaged: {again}.") from None


def _ink(picture: Image.Image, name: str, size: int) -> np.ndarray:
    """Cut a square out of the middle and shrink it; turn it, lay it on white, make it grey."""
    picture.draft("L", (2 * size, 2 * size))  # a JPEG can be unpacked at an eighth of its size
    if (pixels := picture.width * picture.height) > _MOST_PIXELS:
        raise DataError(
            f"{name} has {pixels / 1e6:.0f} million pixels, over {_MOST_PIXELS / 1e6:.0f} million "
            "would fill the memory: save it smaller, or as JPEG."
        )
    picture.load()
    orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
    has_16_bits = picture.mode.startswith("I;16")
    if has_16_bits:
        picture = picture.convert("I")
    elif picture.has_transparency_data:
        picture = picture.convert("RGBA")
    elif picture.mode not in ("L", "I", "F"):
        picture = picture.convert("RGB")
    side = min(picture.size)
    left, top = (picture.width - side) / 2, (picture.height - side) / 2
    box = (left, top, left + side, top + side)
    square = picture.resize(
        (size, size), Image.Resampling.BILINEAR, box, reducing_gap=_REDUCING_GAP
    )
    if square.mode in "IF":
        square = _eight_bits(square, white=_WHITE_IN_16_BITS if has_16_bits else None)
    if square.mode == "RGBA":
        square = Image.alpha_composite(Image.new("RGBA", square.size, "white"), square)
    square = square.convert("L")
    square.getexif()[ExifTags.Base.Orientation] = orientation
    return 255 - np.asarray(ImageOps.exif_transpose(square))


def _eight_bits(picture: Image.Image, white: int | None) -> Image.Image:
    """Bring pixels of 16 or 32 bits to 0 to 255; pillow itself would cut off what is above.

    If nothing says which value is white, the range that is there goes from black to white.
    """
    values = np.nan_to_num(np.asarray(picture, dtype=np.float64))
    low, high = (values.min(), values.max()) if white is None else (0, white)
    values = (values - low) * (255 / max(high - low, 1e-9))  # a blank picture has no range
    return Image.fromarray(values.round().astype(np.uint8))
