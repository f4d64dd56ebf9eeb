"""Every notebook keeps the contract, and together they are one course."""

import re

import pytest
from refresh import NOTEBOOKS

from contract.exercises import exercises
from contract.reading import LESSONS, ROOT, SOLUTIONS, code_cells, read, texts, title
from contract.rules import EVERY, LESSON, SOLUTION
from helpers import checks

IGNORED_SHARE = 0.15


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        pytest.param(rule, path, id=f"{rule.__name__}-{path.relative_to(NOTEBOOKS).as_posix()}")
        for rules, paths in [(EVERY, LESSONS + SOLUTIONS), (LESSON, LESSONS), (SOLUTION, SOLUTIONS)]
        for rule in rules
        for path in paths
    ],
)
def test_notebook(rule, path):
    complaints = [f"{path.relative_to(ROOT)}, {text}" for text in rule(read(path), path)]
    if complaints:
        pytest.fail("\n".join(complaints), pytrace=False)


def test_every_lesson_has_its_solutions():
    assert [path.name for path in SOLUTIONS] == [path.name for path in LESSONS]
    strange = [p.name for p in LESSONS if not re.fullmatch(r"(\d\d|extra)_[a-z_]+\.ipynb", p.name)]
    assert not strange, "name a chapter NN_title.ipynb or extra_title.ipynb"
    elsewhere = {p for p in NOTEBOOKS.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts}
    assert elsewhere == {*LESSONS, *SOLUTIONS}, "a notebook that no rule would see"


def test_lessons_ask_solve_and_judge_the_same_exercises():
    asked = {exercise for path in LESSONS for _, exercise in exercises(read(path))}
    solved = {exercise for path in SOLUTIONS for _, exercise in exercises(read(path))}
    assert asked == solved == set(checks.EXERCISES)


def test_start_page_lists_the_chapters_and_their_minutes():
    rows = re.findall(r"(?m)^\| \[(.+)\]\((.+)\) \| (\d+) \|", all_text(LESSONS[0]))
    minutes = [re.findall(r"\*\*Time:\*\* (\d+)", all_text(path))[0] for path in LESSONS]
    chapters = zip(LESSONS[1:], minutes[1:], strict=True)
    assert rows == [(title(path), path.name, time) for path, time in chapters]


def all_text(path) -> str:
    return "\n".join(text for _, text in texts(read(path)))


def test_nearly_every_cell_is_compared(record_property):
    cells = [cell for path in LESSONS + SOLUTIONS for _, cell in code_cells(read(path))]
    ignored = sum("nbval-ignore-output" in cell.metadata.get("tags", []) for cell in cells)
    showing = sum(bool(cell.outputs) for cell in cells)
    compared = len(cells) - ignored
    stated = f"nbval compares {compared} of {len(cells)} code cells, {showing} of all with output"
    record_property("compared", stated)
    print(stated)
    assert ignored <= IGNORED_SHARE * len(cells), stated
