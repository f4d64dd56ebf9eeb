"""The workshop behind `data.load_images`: a folder's files become small grey squares."""

import difflib
import os
import re
import warnings
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 30_000_000  # that one picture may unpack to; with transparency, 120 MB
FEW = 100  # pictures; fewer than that are learnt by heart
SENTENCES = 8  # about files that are left out, before the rest is only counted
LEFT_BY_SYSTEMS = {"thumbs.db", "desktop.ini", "icon\r"}  # by Windows and macOS, in many folders


class Unusable(Exception):
    """Say in one sentence what is wrong with a folder or a file, and how to mend it."""


def load(folder: str | Path, size: int) -> tuple[np.ndarray, list[str]]:
    """Do what `data.load_images` promises; raises Unusable if no picture comes of it."""
    if not isinstance(size, int) or not 1 <= size <= 256:
        raise Unusable(
            f"size is {size!r}, but has to be a whole number of pixels from 1 to 256: write "
            "load_images(folder, size=28)."
        )
    paths = files(Path(folder).expanduser())
    images = np.empty((len(paths), size, size), np.uint8)
    names, left_out = [], []
    for done, path in enumerate(paths, start=1):
        try:
            images[len(names)] = read(path, size)
            names.append(path.name)
        except Unusable as trouble:
            left_out.append(str(trouble))
        if len(paths) >= 300 and done % (len(paths) // 10) == 0:
            print(f"{done:,} of {len(paths):,} files", flush=True)
    for sentence in left_out[:SENTENCES]:
        print(f"left out: {sentence}")
    if more := len(left_out[SENTENCES:]):
        print(f"left out: {more:,} more file{'s' * (more > 1)}, for reasons like these.")
    if not names:
        raise Unusable(f'no file in "{folder}" can be used; the first: {left_out[0]}')
    print(f"{len(names):,} picture{'s' * (len(names) > 1)} loaded, {size} x {size} pixels each")
    if len(names) < FEW:
        print(f"That is few: below {FEW} a network learns them by heart, so add more if you can.")
    return images[: len(names)], names


def files(folder: Path) -> list[Path]:
    """Return the visible files in a folder, img2 before img10; raise Unusable if there is none."""
    try:
        with os.scandir(folder) as entries:
            inside = [(Path(entry), entry.is_dir()) for entry in entries if _counts(entry)]
    except FileNotFoundError:
        raise Unusable(f'there is no folder "{folder}"{_instead(folder)}.') from None
    except NotADirectoryError:
        raise Unusable(
            f'"{folder}" is a file, not a folder: name the folder that it is in, and unpack it '
            "first if it is an archive."
        ) from None
    except OSError as error:
        raise Unusable(
            f'the folder "{folder}" cannot be read ({error.strerror}): allow yourself to read it, '
            "or copy the pictures into a folder of your own."
        ) from None
    found = [path for path, is_folder in inside if not is_folder]
    if not found:
        folders = sorted(path.name for path, is_folder in inside if is_folder)
        deeper = f'name one of its folders, such as "{Path(folder, *folders[:1])}"'
        fix = deeper if folders else "copy your pictures into it, or name another folder"
        raise Unusable(f'the folder "{folder}" holds no pictures: {fix}.')
    return sorted(found, key=lambda path: (_natural(path.name), path.name))


def _counts(entry: os.DirEntry) -> bool:
    """Whether an entry is a file, folder or broken link, and neither hidden nor a system's own."""
    hidden = entry.name.startswith(".") or entry.name.lower() in LEFT_BY_SYSTEMS
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


def read(path: Path, size: int) -> np.ndarray:
    """Turn one picture file into ink, uint8 (size, size), 0 (white) to 255 (black).

    Raises Unusable if that cannot be done.
    """
    again = "copy or download it again"
    try:
        # What pillow only warns of, odd metadata or great size, is none of a learner's business.
        with warnings.catch_warnings(action="ignore"), open(path, "rb") as file:
            if not file.read(1):
                raise Unusable(f"{path.name} is empty: {again}.")
            file.seek(0)
            with Image.open(file) as picture:
                return _ink(picture, path.name, size)
    except UnidentifiedImageError:
        fix = "if it is a photo, save it as JPEG or PNG"
        raise Unusable(f"{path.name} is no picture in a format known here: {fix}.") from None
    except (PermissionError, FileNotFoundError) as error:
        fix = "allow yourself to read it, or put in a copy"
        raise Unusable(f"{path.name} cannot be opened ({error.strerror}): {fix}.") from None
    except (Image.DecompressionBombError, MemoryError):
        raise Unusable(f"{path.name} has too many pixels to unpack: save it smaller.") from None
    except Unusable:
        raise
    except Exception:  # damage raises OSError, SyntaxError, ValueError, struct.error, zlib.error...
        raise Unusable(f"{path.name} is cut short or damaged: {again}.") from None


def _ink(picture: Image.Image, name: str, size: int) -> np.ndarray:
    """Cut a square out of the middle and shrink it; turn it, lay it on white, make it grey."""
    picture.draft("L", (2 * size, 2 * size))  # a JPEG can be unpacked at an eighth of its size
    if (pixels := picture.width * picture.height) > MOST_PIXELS:
        text = f"{name} has {pixels / 1e6:.0f} million pixels, over {MOST_PIXELS / 1e6:.0f} million"
        raise Unusable(f"{text} would fill the memory: save it smaller, or as JPEG.")
    picture.load()
    orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
    brightest = 65535 if picture.mode.startswith("I;16") else None
    if brightest:
        picture = picture.convert("I")
    elif picture.has_transparency_data:
        picture = picture.convert("RGBA")
    elif picture.mode not in ("L", "I", "F"):
        picture = picture.convert("RGB")
    side = min(picture.size)
    left, top = (picture.width - side) / 2, (picture.height - side) / 2
    box = (left, top, left + side, top + side)
    square = picture.resize((size, size), Image.Resampling.BILINEAR, box, reducing_gap=3)
    if square.mode in "IF":
        square = _eight_bits(square, brightest)
    if square.mode == "RGBA":
        square = Image.alpha_composite(Image.new("RGBA", square.size, "white"), square)
    square = square.convert("L")
    square.getexif()[ExifTags.Base.Orientation] = orientation
    return 255 - np.asarray(ImageOps.exif_transpose(square))


def _eight_bits(picture: Image.Image, brightest: int | None) -> Image.Image:
    """Bring pixels of 16 or 32 bits to 0 to 255; pillow itself would cut off what is above."""
    values = np.nan_to_num(np.asarray(picture, dtype=np.float64))
    low, high = 0, brightest
    if brightest is None:  # nothing says what is white, so take the range that is there
        low, high = values.min(), values.max()
    values = (values - low) * (255 / max(high - low, 1e-9))
    return Image.fromarray(values.round().astype(np.uint8))
