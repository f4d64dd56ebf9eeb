"""Pictures from a folder: files of any format and size become small grey squares."""

import difflib
import operator
import os
import re
from pathlib import Path

import numpy as np

from helpers.data.errors import DataError
from helpers.data.ink import Deep, develop, read
from helpers.data.paths import as_folder, printable

_LARGEST_SIZE = 256  # pixels, of the squares that are returned
_FEW = 100  # pictures; fewer than that are learnt by heart
_MANY = 300  # files; from here on it takes seconds, so each tenth is reported
_SENTENCES = 8  # about files that are left out, before the rest is only counted
_LEFT_BY_SYSTEMS = {"thumbs.db", "desktop.ini", "icon\r"}  # Windows and macOS, in many folders


def load_images(folder: str | Path, size: int = 28) -> tuple[np.ndarray, list[str]]:
    """Load a folder of pictures as small grey squares, and print what is left out and why.

    Each picture is cut to the square in its middle, shrunk, turned upright (EXIF), laid on white
    where it is transparent, and made grey. Of an animation the first frame counts. Hidden files
    are passed over, the folders inside are named. Only one picture at a time is unpacked.

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
    size = _checked(size)
    paths, folders = _files_in(as_folder(folder))
    images = np.empty((len(paths), size, size), np.uint8)
    names: list[str] = []
    left_out: list[str] = []
    deep: dict[int, Deep] = {}
    for done, path in enumerate(paths, start=1):
        try:
            square = read(path, size)
            if isinstance(square, Deep):
                deep[len(names)] = square
            else:
                images[len(names)] = square
            names.append(path.name)
        except DataError as error:
            left_out.append(str(error))
        if len(paths) >= _MANY and done % (len(paths) // 10) == 0:
            print(f"{done:,} of {len(paths):,} files", flush=True)
    for sentence in develop(deep, images):
        print(sentence)
    if folders:
        others = f" and {len(folders) - 3} more" if len(folders) > 3 else ""
        shown = ", ".join(map(printable, folders[:3]))
        print(f"passed over: the folders inside ({shown}{others}); load them one by one.")
    for sentence in left_out[:_SENTENCES]:
        print(f"left out: {sentence}")
    if rest := len(left_out[_SENTENCES:]):
        print(f"left out: {rest:,} more file{'s' * (rest > 1)}, for reasons like these.")
    if not names:
        raise DataError(f'no file in "{printable(folder)}" can be used; the first: {left_out[0]}')
    print(f"{len(names):,} picture{'s' * (len(names) > 1)} loaded, {size} x {size} pixels each")
    if len(names) < _FEW:
        print(f"That is few: below {_FEW} a network learns them by heart, so add more if you can.")
    return images[: len(names)], names


def _checked(size: int) -> int:
    try:
        whole = 0 if isinstance(size, (bool, np.bool_)) else operator.index(size)
    except TypeError:
        whole = 0
    if not 1 <= whole <= _LARGEST_SIZE:
        raise DataError(
            f"size is {printable(repr(size)[:40])}, but has to be a whole number of pixels from 1 "
            f"to {_LARGEST_SIZE}: write load_images(folder, size=28)."
        )
    return whole


def _files_in(folder: Path) -> tuple[list[Path], list[str]]:
    """Return the visible files in a folder, img2 before img10, and the folders' names.

    Raises DataError if there is no file.
    """
    shown = printable(folder)
    try:
        with os.scandir(folder) as entries:
            inside = [(Path(entry), _is_folder(entry)) for entry in entries if _counts(entry)]
    except FileNotFoundError:
        raise DataError(f'there is no folder "{shown}"{_instead(folder)}.') from None
    except NotADirectoryError:
        raise DataError(
            f'"{shown}" is a file, not a folder: name the folder that it is in, and unpack it '
            "first if it is an archive."
        ) from None
    except OSError as error:
        raise DataError(
            f'the folder "{shown}" cannot be read ({error.strerror}): allow yourself to read it, '
            "or copy the pictures into a folder of your own."
        ) from None
    found = [path for path, is_folder in inside if not is_folder]
    folders = sorted(path.name for path, is_folder in inside if is_folder)
    if not found:
        deeper = f'name one of its folders, such as "{printable(Path(folder, *folders[:1]))}"'
        fix = deeper if folders else "copy your pictures into it, or name another folder"
        raise DataError(f'the folder "{shown}" holds no pictures: {fix}.')
    return sorted(found, key=lambda path: (_natural(path.name), path.name)), folders


def _counts(entry: os.DirEntry) -> bool:
    """Whether an entry is neither hidden nor left by a system."""
    return not entry.name.startswith(".") and entry.name.lower() not in _LEFT_BY_SYSTEMS


def _is_folder(entry: os.DirEntry) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # such as a link to itself, which is left out when it is opened
        return False


def _instead(folder: Path) -> str:
    """Say which folder may be meant by a name that does not exist."""
    try:
        names = [path.name for path in folder.parent.iterdir() if path.is_dir()]
    except OSError:
        names = []
    close = difflib.get_close_matches(folder.name, names, n=1)
    if close:
        return f', but there is "{printable(folder.with_name(close[0]))}"'
    return ': write the whole way to it, such as "~/Pictures/leaves"'


def _natural(name: str) -> list:
    """Return a key that sorts the numbers in names as numbers."""
    parts = re.split(r"([0-9]+)", name.casefold())
    return [int(part) if i % 2 else part for i, part in enumerate(parts)]
