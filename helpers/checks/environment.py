"""What of a learner's environment is ready for the course, and how to mend the rest."""

import importlib.metadata
import platform
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYTHONS = (3, 11), (3, 13)  # oldest and newest, as in pyproject.toml

Line = tuple[bool, str, str]  # whether it is ready, its name, a version or what to do


def check_environment() -> None:
    """Print a line for Python, each pinned package and the bundled data: ready, or how to mend it.

    Introduced in notebook 00.
    """
    for ready, name, text in [_python(), *_packages(), _digits()]:
        print(f"{'ready' if ready else 'MEND '}  {name:<16} {text}")


def _python() -> Line:
    oldest, newest = PYTHONS
    supported = oldest <= sys.version_info[:2] <= newest
    wanted = f"{'.'.join(map(str, oldest))} to {'.'.join(map(str, newest))}"
    wrong = f"found {platform.python_version()}, need {wanted}: see README"
    return supported, "Python", wanted if supported else wrong


def _packages() -> list[Line]:
    mend = f"{Path(sys.executable).name} -m pip install -r requirements.txt in the course's folder"
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pins = dict(re.findall(r"^([\w-]+)==([\w.]+)", text, re.MULTILINE))
    pins.pop("tensorflow-cpu", None)  # one of two names of the same thing, by platform
    lines = []
    for name, wanted in pins.items():
        found = _installed(name) or (name == "tensorflow" and _installed("tensorflow-cpu")) or None
        wrong = f"found {found or 'none'}, the course is tested with {wanted}: type {mend}"
        lines.append((found == wanted, name, wanted if found == wanted else wrong))
    return lines


def _installed(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _digits() -> Line:
    there = (ROOT / "helpers" / "assets" / "mnist_5k.npz").is_file()
    wrong = "missing: type git checkout helpers/assets/mnist_5k.npz in the course's folder"
    return there, "5,000 digits", "bundled" if there else wrong
