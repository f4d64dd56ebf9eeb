"""CI: what .ci/run does on a clean machine, and who calls it. Nothing is installed here."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def script(path: Path, text: str) -> Path:
    """Write an executable file."""
    path.write_text(text)
    path.chmod(0o755)
    return path


def run_ci(tmp_path: Path, readme: str = README, failing: str = "none") -> tuple[int, str]:
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
    script(tools / "make", f"#!/bin/sh\n{said}\n[ $1 != {failing} ] || exit 2\n")
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
        "apt-get install --yes --no-install-recommends chromium nodejs npm python3-venv",
        "make gates PYTHON=python3.12 COURSE_MNIST=",
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
@pytest.mark.parametrize("failing", ["gates", "test"])
def test_ci_fails_with_the_gates_and_with_the_tests(tmp_path, failing):
    assert run_ci(tmp_path, failing=failing)[0] != 0


@needs_bash
def test_ci_fails_without_readmes_command(tmp_path):
    assert run_ci(tmp_path, readme="no command\n")[0] != 0


@needs_bash
def test_ci_can_be_run():
    assert os.access(ROOT / ".ci/run", os.X_OK)


def workflow(name: str) -> dict:
    text = (ROOT / ".github/workflows" / f"{name}.yml").read_text(encoding="utf-8")
    return yaml.load(text, yaml.BaseLoader)  # with which `on` stays a word


def test_workflow_runs_the_same_on_every_change():
    ci = workflow("ci")
    assert set(ci["on"]) == {"push", "pull_request"}
    (job,) = ci["jobs"].values()
    *actions, command = job["steps"]
    assert command == {"run": ".ci/run"}
    assert all(re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"]) for step in actions)


def test_workflow_may_only_read():
    assert workflow("ci")["permissions"] == {"contents": "read"}


def test_hooks_fetch_nothing_and_are_gates():
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    (repository,) = yaml.safe_load(text)["repos"]
    assert repository["repo"] == "local"
    assert {hook["language"] for hook in repository["hooks"]} == {"system"}
    makefile = (ROOT / "Makefile").read_text().replace(".venv/bin/python -m ", ".venv/bin/")
    gates = re.search(r"^gates:.*\n(?:\t.*\n)+", makefile, flags=re.MULTILINE)[0]
    for hook in repository["hooks"]:
        assert hook["entry"].removeprefix("make ") in gates
