"""What of a learner's environment is ready for the course, and how to mend the rest."""

import importlib.metadata
import os
import platform
import re
import sys
from pathlib import Path

from helpers import shipped

ROOT = Path(__file__).parents[2]
PYTHONS = (3, 11), (3, 13)  # oldest and newest, as in pyproject.toml

Line = tuple[bool, str, str]  # whether it is ready, its name, a version or what to do


def check_environment() -> None:
    """Print a line for Python, each package and what ships: ready, or how to mend it.

    A damaged file of `helpers/assets` has a line of its own; whole ones go unnamed, but the digits.

    Introduced in notebook 00.
    """
    for ready, name, text in [_python(), *_packages(), *_files()]:
        print(f"{'ready' if ready else 'MEND '}  {name:<16} {text}")


def _python() -> Line:
    oldest, newest = PYTHONS
    supported = oldest <= sys.version_info[:2] <= newest
    wanted = f"{'.'.join(map(str, oldest))} to {'.'.join(map(str, newest))}"
    wrong = f"found {platform.python_version()}, need {wanted}: see README"
    return supported, "Python", wanted if supported else wrong


def _packages() -> list[Line]:
    mend = _pip_install()
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pins = dict(re.findall(r"^([\w-]+)==([\w.]+)", text, re.MULTILINE))
    pins.pop("tensorflow-cpu", None)  # one of two names of the same thing, by platform
    lines = []
    for name, wanted in pins.items():
        found = _installed(name) or (name == "tensorflow" and _installed("tensorflow-cpu")) or None
        wrong = f"found {found or 'none'}, the course is tested with {wanted}: {mend}"
        lines.append((found == wanted, name, wanted if found == wanted else wrong))
    return lines


def _installed(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _pip_install() -> str:
    """Say how this very Python installs them, where the learner stands: in a cell or a terminal.

    It has to be in the course's folder, which the last line of requirements.txt counts from.
    """
    command = f'"{sys.executable}" -m pip install -r requirements.txt'
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        return f"type {command} in the course's folder"
    try:
        folder = os.path.relpath(ROOT)
    except ValueError:  # on Windows, from another drive
        folder = str(ROOT)
    return f'in a cell, run `!cd "{folder}" && {command}`, then restart the kernel'


def _files() -> list[Line]:
    wrong = shipped.damage(shipped.DIGITS)
    others = [(a.file, shipped.damage(a)) for a in shipped.SHIPPED.values()]
    damaged = [(False, file, text) for file, text in others if text]
    return [(not wrong, "5,000 digits", wrong or "bundled"), *damaged]
