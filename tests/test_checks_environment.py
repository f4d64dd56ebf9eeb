"""helpers.checks.check_environment: what is ready, and how to mend the rest."""

import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import checks

COURSE = Path(__file__).parents[1]
PINS = dict(
    re.findall(r"^([\w-]+)==([\w.]+)", (COURSE / "requirements.txt").read_text(), re.MULTILINE)
)
TYPE_THIS = " -m pip install -r requirements.txt"


@pytest.fixture
def installed(monkeypatch) -> dict[str, str]:
    """Pretend that exactly these packages are installed; change the dictionary to your liking."""
    packages = dict(PINS)

    def version(name: str) -> str:
        if name not in packages:
            raise importlib.metadata.PackageNotFoundError(name)
        return packages[name]

    monkeypatch.setattr(importlib.metadata, "version", version)
    return packages


def environment(capsys) -> tuple[list[str], list[str]]:
    """Return the names of what is ready, and the lines that say how to mend the rest."""
    checks.check_environment()
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert err == "" and all(line.startswith(("ready  ", "MEND   ")) for line in lines)
    ready = [re.split(r"  +", line)[1] for line in lines if line.startswith("ready")]
    return ready, [line for line in lines if line.startswith("MEND")]


def test_everything_is_ready(installed, capsys):
    ready, mend = environment(capsys)
    assert mend == []
    assert set(ready) == {"Python", "5,000 digits", *PINS} - {"tensorflow-cpu"}


def test_this_environment_is_the_pinned_one(capsys):
    assert environment(capsys)[1] == []


@pytest.mark.parametrize("name", sorted({*PINS} - {"tensorflow", "tensorflow-cpu"}))
def test_missing_package(name, installed, capsys):
    del installed[name]
    ready, (line,) = environment(capsys)
    assert name not in ready
    assert name in line and PINS[name] in line and TYPE_THIS in line
    assert "None" not in line, "a learner does not know Python's None"


def test_wrong_version(installed, capsys):
    installed["numpy"] = "1.26.4"
    _, (line,) = environment(capsys)
    assert "numpy" in line and "1.26.4" in line and PINS["numpy"] in line
    assert f'type "{sys.executable}"{TYPE_THIS} in the course' in line


@pytest.mark.parametrize("name", ["tensorflow", "tensorflow-cpu"])
def test_tensorflow_goes_by_two_names(name, installed, capsys):
    del installed[name]
    assert environment(capsys)[1] == []
    other = {"tensorflow": "tensorflow-cpu"}.get(name, "tensorflow")
    installed[other] = "2.15.0"
    _, (line,) = environment(capsys)
    assert "tensorflow" in line and "2.15.0" in line and TYPE_THIS in line
    del installed[other]
    _, (line,) = environment(capsys)
    assert "tensorflow" in line and TYPE_THIS in line


@pytest.mark.parametrize(("version", "fine"), [
    ((3, 10, 9), False), ((3, 11, 0), True), ((3, 13, 7), True), ((3, 14, 0), False),
])  # fmt: skip
def test_python(version, fine, installed, capsys, monkeypatch):
    text = ".".join(map(str, version))
    monkeypatch.setattr(sys, "version_info", version)
    monkeypatch.setattr(platform, "python_version", lambda: text)
    ready, mend = environment(capsys)
    assert ("Python" in ready) == fine
    if not fine:
        (line,) = mend
        assert f"found {text}, need 3.11 to 3.13" in line and "README" in line


def test_in_a_cell_the_command_is_one_for_a_cell(tmp_path):
    """It names the kernel's own Python and goes to the course's folder, wherever the cell is."""
    code = (
        "import importlib.metadata as m, sys; from helpers.checks import check_environment as f;"
        "from IPython.core.interactiveshell import InteractiveShell as S; S.instance();"
        "m.version = lambda name: '0'; f()"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=COURSE / "notebooks",
        env=os.environ | {"PYTHONPATH": str(COURSE), "IPYTHONDIR": str(tmp_path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    (line,) = [line for line in run.stdout.splitlines() if "numpy" in line]
    assert f'`!cd ".." && "{sys.executable}"{TYPE_THIS}`' in line and "restart" in line


POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"
# What became of a file that ships -> what its line says.
DAMAGES = {
    "mnist_5k.npz": (None, "5,000 digits", "is missing"),
    "autoencoder.keras": (lambda b: b[:-100], "autoencoder.keras", "damaged"),
    "autoencoder_film.npy": (lambda b: b"", "autoencoder_film.npy", "damaged"),
    "plain_2.npz": (lambda b: POINTER, "plain_2.npz", "git LFS"),
    "code_sizes.csv": (lambda b: b[: len(b) // 2], "code_sizes.csv", "damaged"),
    "neighbours.npz": (lambda b: b.replace(b"\n", b"\r\n"), "neighbours.npz", "damaged"),
    "held_out_2.keras": (lambda b: b[:9] + b"?" + b[10:], "held_out_2.keras", "damaged"),
}


def test_ready_is_only_what_is_whole(tmp_path):
    """In a copy of the course with damaged data, which a process of its own imports."""
    shutil.copytree(COURSE / "helpers", tmp_path / "helpers", ignore=lambda *_: ["node_modules"])
    shutil.copy(COURSE / "requirements.txt", tmp_path)
    for file, (spoil, _, _) in DAMAGES.items():
        path = tmp_path / "helpers/assets" / file
        content = path.read_bytes()
        path.unlink()
        if spoil:
            path.write_bytes(spoil(content))
    run = subprocess.run(
        [sys.executable, "-c", "from helpers.checks import check_environment as f; f()"],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = [line for line in run.stdout.splitlines() if line.startswith("MEND")]
    assert len(lines) == len(DAMAGES)
    for file, (_, name, problem) in DAMAGES.items():
        (line,) = [line for line in lines if f"  {name} " in line]
        assert problem in line and f"`git checkout helpers/assets/{file}`" in line
