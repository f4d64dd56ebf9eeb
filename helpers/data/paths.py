"""What people paste as the name of a folder, and names that cannot be printed."""

import os
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from helpers.data.errors import DataError

_EXAMPLE = 'write its name, such as load_images("~/Pictures/leaves")'


def printable(name: object) -> str:
    """Return a name as text that any screen, file or terminal can take."""
    text = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in str(name))
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def as_folder(given: object) -> Path:
    """Return the folder that is meant; raise DataError if it cannot be one."""
    if isinstance(given, bytes):
        given = os.fsdecode(given)
    if not isinstance(given, (str, os.PathLike)):
        what = repr(given) if given is None or isinstance(given, (int, float)) else "something else"
        if isinstance(given, (list, tuple)):
            what = "a list"
        raise DataError(f"a folder is expected, but this is {printable(what)}: {_EXAMPLE}.")
    name = os.fsdecode(given)
    if os.path.exists(name) and name:
        return Path(name)
    name = name.strip().strip("\"'\u201c\u201d").strip()
    if not name or "\0" in name:
        raise DataError(f"the name of the folder is empty or cannot be one: {_EXAMPLE}.")
    if name.lower().startswith("file:"):
        name = unquote(urlsplit(name).path)
        name = name[1:] if name[2:3] == ":" else name  # /C:/Pictures
    elif "://" in name:
        raise DataError(
            f'"{printable(name[:60])}" is an address on the web: download the pictures into a '
            "folder, and write its name."
        )
    try:
        folder = Path(name).expanduser()
    except RuntimeError:  # nobody of that name
        raise DataError(f'"{printable(name)}" is in nobody\'s home here: {_EXAMPLE}.') from None
    if not os.path.exists(folder):
        if any(sign in folder.name for sign in "*?"):
            raise DataError(
                f'"{printable(name)}" is a pattern: write the folder alone, '
                f'"{printable(folder.parent)}".'
            )
        for other in (name.replace("\\ ", " "), name.replace("\\", "/")):
            if os.path.exists(Path(other).expanduser()):
                return Path(other).expanduser()
    return folder
