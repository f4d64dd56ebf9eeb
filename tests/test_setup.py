"""The ways in: Makefile, README, requirements and CI. Nothing is installed here.

`make` is run with a Python that only says what it was asked, so each test takes milliseconds.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
INPUTS = ["requirements.txt", "tests/requirements.txt", "binder/requirements.txt"]

# Pretends to be the Python it is told to be, writes down how it was called, and installs nothing.
# As `-m venv FOLDER` it copies itself into FOLDER/bin, as the real one would.
FAKE_PYTHON = """#!/bin/sh
here=$(dirname "$0")
case "$*" in
    *version_info*) echo "VERSION" ;;
    *platform*) echo "MACHINE" ;;
    *) echo "$*" >> CALLS ;;
esac
case "$*" in
    *"-m venv "*) mkdir -p "$3/bin"; [ "$0" -ef "$3/bin/python" ] || cp "$0" "$3/bin/python" ;;
    *"-m pip "*) [ ! -e no_network ] ;;
    *"-m pytest"*) [ ! -e a_test_fails ] ;;
esac
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
        self.python("python3", "3.12")

    def python(self, name: str, version: str, machine: str = "Linux-x86_64") -> Path:
        """Put a Python of this version on the PATH."""
        text = FAKE_PYTHON.replace("VERSION", version).replace("MACHINE", machine)
        return script(self.bin / name, text.replace("CALLS", f"'{self.folder}/calls'"))

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


@pytest.mark.parametrize("target", ["lab", "test", "refresh", "bench", "lock"])
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
    (course.folder / "no_network").touch()
    assert course.make("test").returncode != 0
    assert course.calls() == [VENV, INSTALL]
    (course.folder / "no_network").unlink()
    assert course.make("test").returncode == 0
    assert course.calls() == [VENV, INSTALL, INSTALL_TESTS, TEST]


@pytest.mark.parametrize("target", ["test", "bench"])
def test_make_fails_with_its_tests(course, target):
    assert course.make(target).returncode == 0
    (course.folder / "a_test_fails").touch()
    assert course.make(target).returncode != 0


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


# --- requirements and the lock


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


CONFIGURATION = ["Makefile", "pyproject.toml", "constraints.txt", ".ci/run", "binder/postBuild"]


@pytest.mark.parametrize("name", [*CONFIGURATION, *INPUTS])
def test_no_address_and_no_path_of_one_machine(name):
    text = (ROOT / name).read_text()
    assert not re.search(r"://|index-url|find-links|(?<![\w.$}])/(root|home|work|tmp|opt)/", text)


def test_importing_helpers_is_free_and_works_from_any_folder(tmp_path):
    code = "import json, sys, helpers; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout))
    assert not loaded & {"numpy", "keras", "tensorflow", "matplotlib", "sklearn", "ipywidgets"}
    assert [name for name in loaded if name.startswith("helpers")] == ["helpers"]


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]])
def test_ruff_is_content(command):
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "."], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


# --- README


def blocks(language: str) -> list[str]:
    """Return README's code blocks in a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def nonempty(block: str) -> list[str]:
    """Return a block's lines without the empty ones."""
    return [line for line in block.splitlines() if line]


def test_readme_opens_with_a_picture_that_is_described():
    first = README.split("\n\n")[1]
    alt, path = re.fullmatch(r"!\[(.*)\]\((.*)\)", first).groups()
    assert len(alt) > 60
    assert (ROOT / path).is_file()


def test_readmes_two_commands_are_make_targets():
    commands = re.findall(r"^make (\w+)", blocks("sh")[0], flags=re.MULTILINE)
    assert commands == ["lab", "test"]
    mentioned = set(re.findall(r"`make (\w+)`", README)) | set(commands)
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    assert mentioned <= set(targets)


def test_plain_lines_do_what_make_does(course):
    course.make("lab", DISPLAY=":0")
    course.make("test")
    made = [call.removesuffix(" --allow-root") for call in course.calls()]
    plain = nonempty(blocks("sh")[1])
    assert [line.split("python", 1)[1].lstrip("3 ") for line in plain] == made


def test_windows_lines_are_the_same():
    windows = blocks("powershell")[0].replace("py -3.12", "python3")
    unix = windows.replace(r".venv\Scripts", ".venv/bin").replace("\\", "/")
    assert nonempty(unix) == nonempty(blocks("sh")[1])


def test_binder_address():
    assert README.count("OWNER/REPO") <= 1
    (address,) = re.findall(r"^\[binder\]: (\S+)$", README, flags=re.MULTILINE)
    start, page = address.split("?urlpath=lab/tree/")
    assert re.fullmatch(r"https://mybinder\.org/v2/gh/[\w.-]+/[\w.-]+/HEAD", start)
    assert page == "notebooks/00_start_here.ipynb"
    assert re.search(r"\[!\[[^\]]+\]\(https://mybinder\.org/badge_logo\.svg\)\]\[binder\]", README)


def test_chapter_table_is_what_the_notebooks_say():
    rows = re.findall(r"^\| \[(.+?)\]\((.+?)\) \| (\d+) \| (.+) \|$", README, flags=re.MULTILINE)
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert [path for _, path, _, _ in rows] == [f"notebooks/{path.name}" for path in notebooks]
    for (title, _, minutes, _), path in zip(rows, notebooks, strict=True):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        opening = "".join(cells[0]["source"])
        assert re.search(r"\*\*Time:\*\* (\d+) minutes", opening)[1] == minutes
        assert opening.startswith("# " + title.replace(" ", " · ", 1))


def test_links_in_readme_lead_somewhere():
    for path in re.findall(r"\]\((?!https://)([^)#]+)\)", README):
        assert (ROOT / path).exists(), path


def test_offline_lines_name_the_same_folder():
    offline = [block for block in blocks("sh") if "wheel" in block]
    assert "pip wheel --wheel-dir wheels -r requirements.txt" in offline[0]
    assert "pip install --no-index --find-links wheels -r requirements.txt" in offline[1]
    assert "wheels/" in (ROOT / ".gitignore").read_text().splitlines()


def test_licence_says_what_readme_says():
    licence = (ROOT / "LICENSE").read_text()
    assert licence.startswith("MIT License\n")
    assert "CC BY 4.0" in licence and "CC BY 4.0" in README
    assert "mlxtend 0.25.0" in README


# --- CI


def run_ci(tmp_path: Path, readme: str = README, make_status: int = 0) -> tuple[int, str]:
    """Run .ci/run on a machine where make only says how it was called; return (status, output)."""
    checkout = tmp_path / "checkout"
    (checkout / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci/run", checkout / ".ci/run")
    (checkout / "README.md").write_text(readme, encoding="utf-8")
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("bash", "dirname", "grep", "sh"):
        (tools / name).symlink_to(shutil.which(name))
    script(tools / "apt-get", '#!/bin/sh\necho "apt-get $*"\n')
    said = 'echo "make $* PYTHON=$PYTHON COURSE_MNIST=$COURSE_MNIST"'
    script(tools / "make", f"#!/bin/sh\n{said}\nexit {make_status}\n")
    for version, status in {"python3": 1, "python3.13": 1, "python3.12": 0}.items():
        script(tools / version, f"#!/bin/sh\nexit {status}\n")
    done = subprocess.run(
        [shutil.which("bash"), ".ci/run"],
        cwd=checkout,
        env={"PATH": str(tools), "CI": "true"},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout


needs_bash = pytest.mark.skipif(sys.platform == "win32", reason="CI runs on Debian")


@needs_bash
def test_ci_installs_what_is_missing_and_runs_readmes_command(tmp_path):
    status, output = run_ci(tmp_path)
    assert status == 0
    assert output.splitlines() == [
        "apt-get update",
        "apt-get install --yes --no-install-recommends chromium python3-venv",
        "README says: make test",
        "make test PYTHON=python3.12 COURSE_MNIST=",
    ]


@needs_bash
def test_ci_names_full_mnist_where_it_is_there(tmp_path):
    file = tmp_path / "shared/data/mnist.npz"
    file.parent.mkdir(parents=True)
    file.touch()
    assert f"COURSE_MNIST={file}" in run_ci(tmp_path)[1]


@needs_bash
def test_ci_fails_with_the_tests_and_without_readmes_command(tmp_path):
    assert run_ci(tmp_path, make_status=2)[0] == 2
    shutil.rmtree(tmp_path / "checkout")
    shutil.rmtree(tmp_path / "bin")
    assert run_ci(tmp_path, readme="no command\n")[0] != 0


@needs_bash
def test_ci_can_be_run():
    assert os.access(ROOT / ".ci/run", os.X_OK)
