"""What is installed: requirements, the lock, and what helpers say they need."""

import ast
import fnmatch
import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
HELPERS = ROOT / "helpers"
BUILD = HELPERS / "widgets" / "js"  # makes what lies beside it; no learner needs it
FILES = [path for path in HELPERS.rglob("*") if path.is_file() and BUILD not in path.parents]
INPUTS = ["requirements.txt", "tests/requirements.txt", "binder/requirements.txt"]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DEPENDENCIES = [Requirement(line) for line in PYPROJECT["project"]["dependencies"]]
MACHINES = [("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("win32", "AMD64")]
# recipes/sample.py runs in a scratch environment, as it says.
SCRATCH = {"mlxtend"}


def requirement_lines(name: str) -> list[str]:
    """Return the lines of a requirements file that name a package."""
    lines = (ROOT / name).read_text().splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-"))]


def pin(line: str) -> tuple[str, str]:
    """Split `name==version; marker # reason` into (name, version); anything looser fails."""
    requirement = Requirement(line.split("#")[0])
    (specifier,) = requirement.specifier
    assert specifier.operator == "==" and "*" not in specifier.version, line
    return requirement.name.lower().replace("_", "-"), specifier.version


@pytest.mark.parametrize("name", INPUTS)
def test_every_requirement_is_pinned_and_has_a_reason(name):
    for line in requirement_lines(name):
        pin(line)
        assert re.search(r"  # \w.{5,}$", line), f"{name}: no reason given: {line}"


@pytest.mark.parametrize("name", INPUTS)
def test_every_requirement_is_in_the_lock(name):
    lock = {pin(line) for line in requirement_lines("constraints.txt")}
    assert {pin(line) for line in requirement_lines(name)} <= lock, "run `make lock`"


def test_lock_is_pinned_and_says_how_it_was_made():
    lines = requirement_lines("constraints.txt")
    assert len(lines) > 100
    for line in lines:
        pin(line)
    assert "make lock" in (ROOT / "constraints.txt").read_text().split("\n\n")[0]


def test_lock_holds_what_builds_our_own_package():
    # README's install without a network builds `-e .`, so setuptools must be among the wheels.
    lock = dict(map(pin, requirement_lines("constraints.txt")))
    assert int(lock["setuptools"].split(".")[0]) >= 77
    assert 'requires = ["setuptools>=77"]' in (ROOT / "pyproject.toml").read_text()


def test_requirements_begin_with_the_lock_and_end_with_the_helpers():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    assert (lines[0], lines[-1]) == ("-c constraints.txt", "-e .")
    assert (ROOT / "tests/requirements.txt").read_text().startswith("-c ../constraints.txt\n")
    assert (ROOT / "binder/requirements.txt").read_text().startswith("-r ../requirements.txt\n")


CONFIGURATION = [
    "Makefile",
    "pyproject.toml",
    "constraints.txt",
    ".ci/run",
    ".github/workflows/ci.yml",
    ".pre-commit-config.yaml",
    "CITATION.cff",
    "binder/postBuild",
]


@pytest.mark.parametrize("name", [*CONFIGURATION, *INPUTS])
def test_no_address_and_no_path_of_one_machine(name):
    text = (ROOT / name).read_text()
    assert not re.search(r"://|index-url|find-links|(?<![\w.$}])/(root|home|work|tmp|opt)/", text)


# --- the package


def third_party(path: Path) -> set[str]:
    """Return the packages that a module imports, anywhere in it, but Python's own and ours."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module.split(".")[0])
    return found - sys.stdlib_module_names - {"helpers"}


def test_helpers_declare_what_they_import():
    modules = [path for path in FILES if path.suffix == ".py"]
    imported = set().union(*map(third_party, modules)) - SCRATCH
    brings = importlib.metadata.packages_distributions()
    declared = {need.name for need in DEPENDENCIES if not need.marker or need.marker.evaluate()}
    found = {canonicalize_name(name) for module in imported for name in brings[module]}
    assert found == declared


@pytest.mark.parametrize("needed", DEPENDENCIES, ids=lambda needed: needed.name)
def test_every_dependency_is_in_the_lock_for_the_same_machines(needed):
    locked = [Requirement(line.split("#")[0]) for line in requirement_lines("constraints.txt")]
    (lock,) = [pinned for pinned in locked if pinned.name == needed.name]
    assert needed.specifier.contains(pin(str(lock))[1])
    for system, machine in MACHINES:
        where = {"sys_platform": system, "platform_machine": machine}
        wanted = needed.marker is None or needed.marker.evaluate(where)
        assert wanted == (lock.marker is None or lock.marker.evaluate(where)), where


def test_a_wheel_holds_what_helpers_read():
    kept = PYPROJECT["tool"]["setuptools"]["package-data"]["helpers"]
    for path in FILES:
        name = path.relative_to(HELPERS).as_posix()
        if path.suffix == ".py":
            assert (path.parent / "__init__.py").exists(), f"{name} is in no package"
        elif "__pycache__" not in path.parts:
            assert any(fnmatch.fnmatch(name, pattern) for pattern in kept), name


def test_importing_helpers_is_free_and_works_from_any_folder(tmp_path):
    code = "import json, sys, helpers; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout))
    assert not loaded & {"numpy", "keras", "tensorflow", "matplotlib", "sklearn", "ipywidgets"}
    own = {name for name in loaded if name.startswith("helpers")}
    assert own == {"helpers", "helpers._settings"}  # what has to be set before Keras loads
