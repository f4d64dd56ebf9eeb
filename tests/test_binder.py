"""What Binder would build, rendered by repo2docker itself; building it would need Docker."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("repo2docker does not run on Windows", allow_module_level=True)

from repo2docker.app import Repo2Docker
from repo2docker.buildpacks import PythonBuildPack

ROOT = Path(__file__).parents[1]


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """Copy what Binder would clone, but for the parts that no build looks at, and stand in it."""
    lines = (ROOT / ".gitignore").read_text().splitlines()
    ignored = [line.rstrip("/") for line in lines if not line.startswith("#")]
    leave_out = shutil.ignore_patterns(".git", "notebooks", "tests", *ignored)
    copy = shutil.copytree(ROOT, tmp_path / "course", ignore=leave_out)
    monkeypatch.chdir(copy)
    return copy


def buildpack():
    """Choose the buildpack for the current folder in the way and order that repo2docker does."""
    app = Repo2Docker()
    packs = (pack(base_image=app.base_image) for pack in app.buildpacks)
    chosen = next(pack for pack in packs if pack.detect())
    chosen.platform = "linux/amd64"  # what mybinder.org runs on, whatever this test runs on
    return chosen


def render() -> str:
    """Return the Dockerfile of the current folder, without comments."""
    return re.sub(r"(?m)^#.*\n", "", buildpack().render())


def test_binder_takes_our_python(checkout):
    pack = buildpack()
    assert type(pack) is PythonBuildPack
    assert pack.binder_dir == "binder"
    assert pack.python_version == "3.12"


def test_whole_repository_is_there_before_pip_runs(checkout):
    dockerfile = render()
    install = '${KERNEL_PYTHON_PREFIX}/bin/pip install --no-cache-dir -r "binder/requirements.txt"'
    assert dockerfile.count("pip install") == dockerfile.count(install) == 1
    # requirements.txt ends in `-e .`, which needs pyproject.toml and helpers/ in the same folder.
    assert dockerfile.index("src/ ${REPO_DIR}/\n") < dockerfile.index(install)
    assert dockerfile.index("WORKDIR ${REPO_DIR}") < dockerfile.index(install)


def test_postbuild_is_the_last_step(checkout):
    dockerfile = render()
    assert dockerfile.index("pip install") < dockerfile.index("RUN ./binder/postBuild")
    assert "USER ${NB_USER}\n" in dockerfile[: dockerfile.index("RUN ./binder/postBuild")]


def test_render_notices_a_wrong_python(checkout):
    (checkout / "binder/runtime.txt").unlink()
    assert buildpack().python_version != "3.12"


def test_render_notices_a_root_requirements_file_without_local_lines(checkout):
    (checkout / "binder/requirements.txt").write_text("keras==3.15.1\n")
    dockerfile = render()
    assert dockerfile.index("pip install") < dockerfile.index("src/ ${REPO_DIR}/\n")


def test_postbuild_is_executable():
    assert os.access(ROOT / "binder/postBuild", os.X_OK)


@pytest.mark.parametrize("broken", ["pip", "python"])
def test_postbuild_stops_at_the_first_failure(tmp_path, broken):
    for name in ("pip", "python"):
        status = 1 if name == broken else 0
        (tmp_path / name).write_text(f'#!/bin/sh\necho "{name} $1"\nexit {status}\n')
        (tmp_path / name).chmod(0o755)
    env = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([ROOT / "binder/postBuild"], env=env, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout == {"pip": "pip check\n", "python": "pip check\npython -c\n"}[broken]
