"""helpers.checks: right answers are accepted, and wrong ones learn why they are wrong."""

import helpers  # noqa: F401 - first: it tells TensorFlow how to compute, which it reads once

# isort: split
import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from answers import ANSWERS
from answers.course import Course

from helpers import checks

COURSE = Path(__file__).parents[1]
EXERCISES = sorted(checks.EXERCISES)


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    return Course(tmp_path_factory.mktemp("saved"))


def said(capsys, exercise: str, answer, course, **instead) -> str:
    """Return the one line that check prints about an answer."""
    if callable(answer) and not isinstance(answer, keras.Model):
        answer = answer(course)
    given = instead or ANSWERS[exercise].given(course)
    capsys.readouterr()
    assert checks.check(exercise, answer, **given) is None
    out, err = capsys.readouterr()
    assert err == "" and out.endswith("\n") and out.count("\n") == 1, out
    assert str(COURSE) not in out
    return out.rstrip("\n")


def numbered(kind: str) -> list[tuple[str, int]]:
    return [(exercise, i) for exercise in EXERCISES for i in range(len(rows(exercise, kind)))]


def rows(exercise: str, kind: str) -> list:
    return getattr(ANSWERS[exercise], kind) if exercise in ANSWERS else []


def test_every_exercise_is_tested_here():
    assert sorted(ANSWERS) == EXERCISES
    assert min(len(answers.right) for answers in ANSWERS.values()) >= 2
    assert min(len(answers.wrong) for answers in ANSWERS.values()) >= 2


@pytest.mark.parametrize("exercise", EXERCISES)
def test_open_answer(exercise, course, capsys):
    line = said(capsys, exercise, ..., course)
    assert line.startswith(f"{exercise} is open: put your answer in place of the three dots")


@pytest.mark.parametrize("exercise", ["01.2", "03.2", "07.1"])
def test_answer_that_is_open_in_one_place(exercise, course, capsys):
    right = ANSWERS[exercise].right[0]
    for part in right:
        line = said(capsys, exercise, right | {part: ...}, course)
        assert line.startswith(f"{exercise} is open")


@pytest.mark.parametrize(("exercise", "i"), numbered("right"))
def test_right_answer(exercise, i, course, capsys):
    line = said(capsys, exercise, ANSWERS[exercise].right[i], course)
    assert line.startswith(f"{exercise} Right: ") and line.endswith("."), line


@pytest.mark.parametrize(("exercise", "i"), numbered("wrong"))
def test_wrong_answer(exercise, i, course, capsys):
    answer, reason = ANSWERS[exercise].wrong[i]
    line = said(capsys, exercise, answer, course)
    assert line.startswith(f"{exercise} Not yet: ") and reason in line, line
    assert line.endswith((".", "?"))


NAN = float("nan")  # what a loss becomes that takes the logarithm of 0
NONSENSE = [None, "abc", [], {}, object(), NAN, [NAN, NAN], np.full((3, 3), NAN)]
# Where a judge has better words for one of these than the general sentence.
SPECIFIC = {
    "00.2": ["abc does something else"],
    "04.1": ["a code has 2 numbers; you gave an array of shape (", "your point is nan away"],
    "04.3": ["there is no file abc here"],
    "extra.3": ["no held-out picture is called abc: choose from names_test"],
}


@pytest.mark.parametrize("exercise", EXERCISES)
def test_nonsense_is_answered_with_what_is_expected(exercise, course, capsys):
    expected = checks.EXERCISES[exercise].expected
    for answer in NONSENSE:
        line = said(capsys, exercise, answer, course)
        assert line.startswith(f"{exercise} Not yet: ") and len(line) < 400, line
        general = "you gave " in line and f"but {expected} is expected" in line
        assert general or any(words in line for words in SPECIFIC.get(exercise, [])), line
        assert "two finite numbers, not 2" not in line


def test_long_answer_is_cut_short(course, capsys):
    line = said(capsys, "00.1", ["a long answer\nin lines"] * 99, course)
    assert "..., but a whole number, such as 100 is expected" in line and len(line) < 250
    # 59 characters with the brackets are repeated, 60 are cut
    assert "you gave {'" + "a" * 52 + "': 1}, but" in said(capsys, "00.1", {"a" * 52: 1}, course)
    assert "you gave {'" + "a" * 53 + "':..., but" in said(capsys, "00.1", {"a" * 53: 1}, course)


@pytest.mark.parametrize("unknown", ["9.9", "3.2", "", 3.2, None])
def test_unknown_exercise(unknown):
    with pytest.raises(ValueError) as error:
        checks.check(unknown, 1)
    text = str(error.value)
    assert f'no exercise "{unknown}"' in text and "\n" not in text and text.endswith(".")
    assert re.findall(r"\b(?:\d\d|extra)\.\d", text) == EXERCISES


@pytest.mark.parametrize(("more", "told"), [(0.9e-5, "Right:"), (1.1e-5, "Not yet: 1 of 3")])
def test_errors_that_differ_by_rounding_share_the_last_place(more, told, course, capsys):
    """A sum of squares in another order must not decide which picture is copied worst."""
    errors = np.array([1, 1 + more, 0.5])
    network = SimpleNamespace(predict=lambda pictures, verbose: np.sqrt(errors)[:, None] + pictures)
    given = {"autoencoder": network, "pictures": np.zeros((3, 784)), "names": ["a", "b", "c"]}
    assert said(capsys, "extra.3", "a", course, **given).startswith(f"extra.3 {told}")
    assert said(capsys, "extra.3", "b", course, **given).startswith("extra.3 Right:")


def test_exercises_are_those_of_the_notebooks():
    asked, solved = [], []
    for found, pattern in ((asked, "notebooks/*.ipynb"), (solved, "notebooks/solutions/*.ipynb")):
        for path in sorted(COURSE.glob(pattern)):
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
            found += re.findall(r'^check\("(.*?)"', "\n".join(code), re.MULTILINE)
    assert asked == solved == EXERCISES


def test_exercises_cannot_be_changed():
    with pytest.raises(TypeError):
        checks.EXERCISES["00.1"] = checks.EXERCISES["00.2"]


def test_judges_have_names_of_their_own():
    """A traceback and a search show which exercise they are about."""
    names = [exercise.judge.__name__ for exercise in checks.EXERCISES.values()]
    assert len({*names}) == len(names) and all(re.fullmatch("[a-z][a-z0-9_]{5,}", n) for n in names)


def test_importing_checks_is_light():
    heavy = "{'keras', 'tensorflow', 'sklearn', 'scipy', 'matplotlib'}"
    code = f"import sys, helpers.checks; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], cwd=COURSE, capture_output=True, text=True)
    assert run.stdout == "[]\n", run.stdout + run.stderr


def test_layer_puzzle_is_the_one_of_the_notebook(course, capsys):
    """The check of 02.3 knows the widths of a network that notebook 02 builds."""
    cells = json.loads((COURSE / "notebooks/02_building_the_autoencoder.ipynb").read_text())[
        "cells"
    ]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    (source,) = [text for text in sources if "puzzle = keras.Model(" in text]
    names = {"keras": keras}
    exec(source.split("puzzle.summary")[0], names)
    widths = {layer.name: layer.output.shape[-1] for layer in names["puzzle"].layers}
    assert min(widths, key=widths.get) == "e" and list(widths)[len(widths) // 2 - 1] == "d"
    for name, width in widths.items():
        line = said(capsys, "02.3", name, course)
        assert (f"{width} outputs" in line) == (name not in "de"), line
        assert name != "d" or str(width) in line
