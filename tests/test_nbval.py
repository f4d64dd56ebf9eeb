"""What nbval does with a notebook: what it notices, what it overlooks, how this project sets it."""

import copy
import os
import re
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ElementTree

import nbformat
import pytest
from contract.breaking import cell, reprint, stream
from contract.outputs import sanitize
from contract.reading import ROOT, code_cells, read
from nbformat import NotebookNode
from nbformat.v4 import new_notebook, new_output
from nbval.plugin import get_sanitize_patterns
from refresh import NOTEBOOKS

SANITIZE = ROOT / "tests" / "sanitize.cfg"
SLIDER = """\
import ipywidgets
slider = ipywidgets.IntSlider()
slider.observe(lambda change: 1 / 0, "value")"""
DRAW = """\
class Picture:
    def _repr_mimebundle_(self, **kwargs):
        return {"image/png": "aGVyZQ==", "text/plain": "A map."}
Picture()"""


def value(data: dict[str, str]) -> NotebookNode:
    return new_output("execute_result", data=data)


def figure(png: str, words: str) -> NotebookNode:
    return value({"image/png": png, "text/plain": words})


def solved() -> list[NotebookNode]:
    """Return cells of a real notebook: the import of check, 00.1 and 00.2; 00.1 prints another.

    Without the set-up before them, which loads TensorFlow.
    """
    notebook = copy.deepcopy(read(NOTEBOOKS / "solutions" / "00_start_here.ipynb"))
    reprint("Right: 28", "Right: 29")(notebook)
    return [code for _, code in code_cells(notebook)[1:]]


# What the cell is about, the cell with its stored output, and what nbval has to say.
JUDGED = [
    ("an output as stored", cell("print('loss 0.2475')", stream("loss 0.2475")), "passed"),
    ("another number", cell("print('loss 0.2475')", stream("loss 0.2531")), "failed"),
    ("another number behind ≈", cell("print('loss ≈ 0.2475')", stream("loss ≈ 0.2531")), "passed"),
    ("other words before ≈", cell("print('loss ≈ 0.2475')", stream("cost ≈ 0.2475")), "failed"),
    ("other words behind ≈", cell("print('loss ≈ 0.2 m')", stream("loss ≈ 0.2 s")), "failed"),
    ("nan behind ≈", cell("print('loss ≈ nan')", stream("loss ≈ 0.2475")), "failed"),
    ("an output too few", cell("print('loss 0.2475')"), "failed"),
    ("an output too many", cell("loss = 0.2475", stream("loss 0.2475")), "failed"),
    ("another value", cell("40 + 2", value({"text/plain": "41"})), "failed"),
    ("an assertion", cell("assert 1 > 2"), "failed"),
    ("a magic that does not exist", cell("%no_such_magic"), "failed"),
    ("a slider that nobody moved", cell(SLIDER), "passed"),
    ("a broken slider that moves", cell("slider.value = 3"), "failed"),
    ("another alt text", cell(DRAW, figure("aGVyZQ==", "A ship.")), "failed"),
    # Two holes. The contract closes one, and for the other asks for assertions on the data.
    ("no output, no count", cell("print('loss 0.2475')", count=None), "passed"),
    ("another picture", cell(DRAW, figure("dGhlcmU=", "A map.")), "passed"),
    # From a real notebook.
    *zip(
        ["an import", "an answer with another output", "an answer"],
        solved(),
        ["passed", "failed", "passed"],
        strict=True,
    ),
]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> list[str]:
    """Run all cells at once, as the suite runs notebooks: starting pytest and a kernel is slow."""
    folder = tmp_path_factory.mktemp("nbval")
    notebook, report = folder / "cells.ipynb", folder / "report.xml"
    nbformat.write(new_notebook(cells=[stored for _, stored, _ in JUDGED]), notebook)
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, f"--rootdir={folder}"]
    command += ["-p", "no:cacheprovider", "--nbval", "--nbval-current-env"]
    command += [f"--nbval-sanitize-with={SANITIZE}", f"--junitxml={report}", notebook]
    # What an outer pytest, or xdist, says about itself is not meant for the inner one.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(command, env=clean, capture_output=True, text=True, timeout=300)
    assert done.returncode == 1, done.stdout + done.stderr
    cases = list(ElementTree.parse(report).iter("testcase"))
    assert [case.get("name") for case in cases] == [f"Cell {k}" for k in range(len(JUDGED))]
    return ["failed" if len(case) else "passed" for case in cases]


@pytest.mark.parametrize("k", range(len(JUDGED)), ids=[about for about, *_ in JUDGED])
def test_nbval_judges(outcomes, k):
    assert outcomes[k] == JUDGED[k][-1]


def test_pytest_runs_every_notebook_strictly():
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    options = pyproject["tool"]["pytest"]["ini_options"]
    assert "notebooks" in options["testpaths"]
    assert {"--nbval", "--nbval-sanitize-with=tests/sanitize.cfg"} <= set(options["addopts"])
    assert "--nbval-lax" not in options["addopts"]


def test_every_sanitize_rule_is_read():
    text = SANITIZE.read_text(encoding="ascii")
    written = len(re.findall(r"(?mi)^\s*regex\b.*[:=]", text))
    replaced = len(re.findall(r"(?mi)^\s*replace\b.*[:=]", text))
    assert len(dict(get_sanitize_patterns(text))) == written == replaced > 0


@pytest.mark.parametrize(
    ("number", "other"),
    [("0.2475", "0.2531"), ("51", "9"), ("-3.2", "0.1"), ("1.5e-05", "0.001"), ("1,024", "998")],
)
def test_only_numbers_behind_the_sign_may_change(number, other):
    assert sanitize(f"loss ≈ {number}, so") == sanitize(f"loss ≈ {other}, so")
    assert sanitize(f"loss {number}, so") != sanitize(f"loss {other}, so")
    assert sanitize(f"loss ≈ {number}, so") != sanitize(f"cost ≈ {number}, so")


@pytest.mark.parametrize("text", ["≈ nan", "≈ inf", "≈ many", "≈"])
def test_what_is_no_number_stays(text):
    assert sanitize(text) == text
