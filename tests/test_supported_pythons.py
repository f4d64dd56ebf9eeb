"""The Pythons that the course supports are said once, in pyproject.toml; other places repeat it."""

import re
import tomllib

import pytest
from contract.reading import ROOT
from packaging.specifiers import SpecifierSet

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
REQUIRED = SpecifierSet(PYPROJECT["project"]["requires-python"])
SUPPORTED = [minor for minor in range(100) if f"3.{minor}" in REQUIRED]  # of Python 3
FIRST, LAST = SUPPORTED[0], SUPPORTED[-1]
# Places that tell a reader or a machine which Pythons are supported, and places that name one.
RANGES = ["README.md", "Makefile", ".ci/run", "helpers/checks"]
NAMED = [*RANGES, "binder/runtime.txt", ".github/workflows", "CONTRIBUTING.md"]


def text(place: str) -> str:
    """Return a file, or all files of a folder; nothing of one that is not there."""
    path = ROOT / place
    files = sorted(path.glob("*.*")) if path.is_dir() else [path] * path.exists()
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def ranges(text: str) -> set[tuple[int, int]]:
    """Return the (first, last) minor version of every range, list and comparison in a text."""
    between = r"(?:\"?, ?\"?| to | or |-| (?:python)?)"
    lists = re.findall(rf"3\.\d\d?(?:{between}3\.\d\d?)+(?![.\d])", text)
    minors = [[int(minor) for minor in re.findall(r"3\.(\d+)", one)] for one in lists]
    bounds = re.findall(r"\(3, (\d+)\) <= sys\.version_info\S* (<=?) \(3, (\d+)\)", text)
    compared = {(int(low), int(high) - (sign == "<")) for low, sign, high in bounds}
    named = re.findall(r"PYTHONS = \(3, (\d+)\), \(3, (\d+)\)", text)
    compared |= {(int(low), int(high)) for low, high in named}
    return compared | {(min(one), max(one)) for one in minors}


def test_supported_pythons_are_a_row():
    assert SUPPORTED == list(range(FIRST, LAST + 1))
    assert REQUIRED.contains(f"3.{LAST}.99") and not REQUIRED.contains("4.0")


@pytest.mark.parametrize("place", RANGES)
def test_place_says_the_same(place):
    assert ranges(text(place)) == {(FIRST, LAST)}, f"{place}, but pyproject.toml says {REQUIRED}"


@pytest.mark.parametrize("place", NAMED)
def test_place_names_only_supported_pythons(place):
    pattern = r"(?:python-version\W+|python-?|py -)3\.(\d+)"
    assert {int(minor) for minor in re.findall(pattern, text(place))} <= set(SUPPORTED)


def test_lock_is_for_the_oldest():
    assert re.findall(r"--python-version 3\.(\d+)", text("Makefile")) == [str(FIRST)]
