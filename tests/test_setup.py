"""The way in: make. Nothing is installed here.

`make` is run with a Python that only says what it was asked, so each test takes milliseconds.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
INPUTS = ["requirements.txt", "tests/requirements.txt", "binder/requirements.txt"]

# Pretends to be the Python it is told to be, writes down how it was called, and installs nothing.
# As `-m venv X` it copies itself into X/bin, as the real one would. A call that stands in the file
# `fails` fails.
FAKE_PYTHON = """#!/bin/sh
case "$*" in
    *version_info*) echo "VERSION"; exit ;;
    *platform*) echo "MACHINE"; exit ;;
    *"-m venv "*) mkdir -p "$3/bin"; [ "$0" -ef "$3/bin/python" ] || cp "$0" "$3/bin/python" ;;
esac
echo "$*" >> "FOLDER/calls"
! grep -qsxF -e "$*" "FOLDER/fails"
"""
FAKE_NPM = """#!/bin/sh
echo "npm $*" >> "FOLDER/calls"
! grep -qsxF -e "npm $*" "FOLDER/fails"
"""


def script(path: Path, text: str) -> Path:
    """Write an executable file."""
    path.write_text(text)
    path.chmod(0o755)
    return path


class Course:
    """A copy of what make looks at, in a folder where nothing is installed."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir()
        for name in ["Makefile", "pyproject.toml", "constraints.txt", *INPUTS]:
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
        (folder / "helpers/widgets/js/node_modules").mkdir(parents=True)
        (folder / "helpers/widgets/js/package-lock.json").touch()
        script(self.bin / "npm", FAKE_NPM.replace("FOLDER", str(folder)))
        self.python("python3", "3.12")

    def python(self, name: str, version: str, machine: str = "Linux-x86_64") -> Path:
        """Put a Python of this version on the PATH."""
        text = FAKE_PYTHON.replace("VERSION", version).replace("MACHINE", machine)
        return script(self.bin / name, text.replace("FOLDER", str(self.folder)))

    def make(self, *arguments: str, **env: str) -> subprocess.CompletedProcess:
        """Run make as from a terminal in which only `env` is set."""
        path = f"{self.bin}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            ["make", *arguments],
            cwd=self.folder,
            env={"PATH": path, "LC_ALL": "C", **env},
            capture_output=True,
            text=True,
        )

    def calls(self) -> list[str]:
        """Take what Python was asked to do since the last look."""
        file = self.folder / "calls"
        lines = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return lines

    def refusal(self, *arguments: str, **env: str) -> str:
        """Run make, require that it did nothing but print one line, and return that line."""
        before = sorted(self.folder.rglob("*"))
        done = self.make(*arguments, **env)
        assert done.returncode != 0
        assert sorted(self.folder.rglob("*")) == before
        (line,) = (done.stdout + done.stderr).splitlines()
        return re.fullmatch(r"Makefile:\d+: \*\*\* (.*)\.  Stop\.", line)[1]


VENV = "-m venv .venv"
INSTALL = "-m pip install -r requirements.txt"
INSTALL_TESTS = "-m pip install -r tests/requirements.txt"
LAB = "-m jupyterlab --LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb"
TEST = "-m pytest"


@pytest.fixture
def course(tmp_path) -> Course:
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    return Course(tmp_path)


# --- Makefile: a Python that does not fit


@pytest.mark.parametrize("target", ["lab", "test", "gates", "refresh", "bench", "lock"])
@pytest.mark.parametrize("version", ["3.10", "3.14", "2.7"])
def test_unsupported_python_is_refused_in_one_line(course, target, version):
    course.python("python3", version)
    expected = f"found {version}, need 3.11-3.13, set PYTHON=python3.12"
    assert course.refusal(target) == expected


@pytest.mark.parametrize("target", ["lab", "test"])
def test_missing_python_is_refused_in_one_line(course, target):
    line = course.refusal(target, "PYTHON=python9")
    assert line == "found no python9, need 3.11-3.13, set PYTHON=python3.12"


def test_intel_mac_is_refused_in_one_line(course):
    course.python("python3", "3.12", "Darwin-x86_64")
    assert "Intel" in course.refusal("lab")
    course.python("python3", "3.12", "Darwin-arm64")
    assert course.make("lab").returncode == 0


def test_python_may_be_named_by_argument_or_environment(course):
    course.python("python3", "3.14")
    course.python("python3.11", "3.11")
    assert course.make("lab", "PYTHON=python3.11").returncode == 0
    shutil.rmtree(course.folder / ".venv")
    assert course.make("lab", PYTHON="python3.11").returncode == 0


def test_environment_of_another_python_is_refused(course):
    course.make("lab")
    course.python("python3.13", "3.13")
    line = course.refusal("lab", "PYTHON=python3.13")
    assert line.startswith("found 3.12 in .venv, need 3.13 as PYTHON=python3.13 says")
    assert line.endswith("rm -rf .venv")


def test_environment_whose_python_is_gone_is_refused(course):
    course.make("lab")
    (course.folder / ".venv/bin/python").unlink()
    assert "a broken Python in .venv" in course.refusal("lab", "PYTHON=python3")


def test_environment_once_made_needs_no_other_python(course):
    course.make("lab")
    course.calls()
    course.python("python3", "3.14")  # as after an upgrade of the system
    assert course.make("lab").returncode == 0
    assert [call.split(" --no")[0] for call in course.calls()] == [LAB]


# --- Makefile: nothing twice


def test_lab_and_test_install_once(course):
    course.make("lab", DISPLAY=":0")
    assert [call.removesuffix(" --allow-root") for call in course.calls()] == [VENV, INSTALL, LAB]
    course.make("test")
    assert course.calls() == [INSTALL_TESTS, TEST]
    course.make("test")
    assert course.calls() == [TEST]
    course.make("lab", DISPLAY=":0")
    assert [call.removesuffix(" --allow-root") for call in course.calls()] == [LAB]


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("requirements.txt", [VENV, INSTALL, INSTALL_TESTS]),
        ("constraints.txt", [VENV, INSTALL, INSTALL_TESTS]),
        ("pyproject.toml", [VENV, INSTALL, INSTALL_TESTS]),
        ("tests/requirements.txt", [INSTALL_TESTS]),
        ("binder/requirements.txt", []),
    ],
)
def test_a_changed_file_is_installed_again(course, changed, again):
    course.make("test")
    course.calls()
    done = course.folder / ".venv/test.done"
    later = done.stat().st_mtime + 1
    os.utime(course.folder / changed, (later, later))
    course.make("test")
    assert course.calls() == [*again, TEST]


def test_an_interrupted_install_runs_again(course):
    (course.folder / "fails").write_text(INSTALL)
    assert course.make("test").returncode != 0
    assert course.calls() == [VENV, INSTALL]
    (course.folder / "fails").unlink()
    assert course.make("test").returncode == 0
    assert course.calls() == [VENV, INSTALL, INSTALL_TESTS, TEST]


# --- Makefile: what fails, fails


@pytest.mark.parametrize("target", ["test", "bench"])
def test_make_fails_with_its_tests(course, target):
    assert course.make(target).returncode == 0
    command = course.calls()[-1]
    assert command.startswith(TEST)
    (course.folder / "fails").write_text(command)
    assert course.make(target).returncode != 0


NPM = "npm --prefix helpers/widgets/js"
GATES = [f"{NPM} ci", f"{NPM} run check", "-m ruff format --check .", "-m ruff check .", "-m mypy"]


def test_gates_are_these(course):
    assert course.make("gates").returncode == 0
    assert [call for call in course.calls() if re.match("-m (ruff|mypy)|npm", call)] == GATES


@pytest.mark.parametrize("gate", GATES)
def test_gates_fail_with_any_of_them(course, gate):
    (course.folder / "fails").write_text(gate)
    assert course.make("gates").returncode != 0


# --- Makefile: where JupyterLab opens


@pytest.mark.parametrize("user", ["0", "1000"])
@pytest.mark.parametrize("screen", [{}, {"DISPLAY": ":0"}, {"WAYLAND_DISPLAY": "wayland-0"}])
@pytest.mark.parametrize("system", ["Linux", "Darwin"])
def test_browser_and_root_are_asked_for_only_where_they_exist(course, user, screen, system):
    script(course.bin / "id", f"#!/bin/sh\necho {user}\n")
    script(course.bin / "uname", f"#!/bin/sh\necho {system}\n")
    course.make("lab", **screen)
    expected = LAB
    if not screen and system == "Linux":
        expected += " --no-browser"
    if user == "0":
        expected += " --allow-root"
    assert course.calls()[-1] == expected


def test_token_and_address_stay_as_jupyter_has_them():
    makefile = (ROOT / "Makefile").read_text()
    assert not re.search(r"token|password|--ip|0\.0\.0\.0", makefile)
