"""Rules about the exercises: a lesson asks, its solution answers, and helpers.checks judges."""

import ast
import inspect
import itertools
import re

from nbformat import NotebookNode
from refresh import NOTEBOOKS

from contract.reading import (
    at,
    code_cells,
    headings,
    number,
    parse,
    printed,
    read,
    section,
    texts,
    title,
    walk,
    words,
)
from contract.rules import LESSON, SOLUTION, Complaints, rule
from helpers import checks


def exercises(notebook: NotebookNode) -> list[tuple[int, str]]:
    """Return (cell, id) of each heading that reads `Exercise 03.2`, at any level."""
    found = [(i, re.match(r"Exercise (\S+)", text)) for i, _, text in headings(notebook)]
    return [(i, match[1]) for i, match in found if match]


def check_calls(cell: NotebookNode) -> list[ast.Call]:
    nodes = walk(parse(cell.source)) if cell.cell_type == "code" else []
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    return [call for call in calls if ast.unparse(call.func) == "check"]


def asked(call: ast.Call) -> str:
    """Return the number of the exercise that a call of check() is about."""
    return ast.unparse(call.args[0]).strip("\"'") if call.args else "?"


def is_open(answer: ast.expr) -> bool:
    """Whether an answer is still the three dots, or a dictionary of nothing else."""
    if isinstance(answer, ast.Dict):
        return bool(answer.values) and all(is_open(value) for value in answer.values)
    return isinstance(answer, ast.Constant) and answer.value is ...


def asks_for_answer(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Assign) or ast.unparse(statement.targets[0]) != "answer":
        return False
    return is_open(statement.value)


@rule(LESSON, SOLUTION)
def exercises_are_numbered(notebook, path) -> Complaints:
    found = [exercise for _, exercise in exercises(notebook)]
    if not 2 <= len(found) <= 4 or found != [f"{number(path)}.{k + 1}" for k in range(len(found))]:
        yield f"exercises {found}: 2 to 4 in a chapter, numbered from {number(path)}.1"
    called = [asked(call) for cell in notebook.cells for call in check_calls(cell)]
    if called != found:
        yield f"exercises {found}, but check(...) is called for {called}: each once, in order"


@rule(LESSON)
def exercises_have_one_form(notebook, path) -> Complaints:
    for i, exercise in exercises(notebook):
        if not re.match(rf"### Exercise {exercise} · \S.*\n\n\S", notebook.cells[i].source):
            yield f"cell {i}: begin with `### Exercise {exercise} · Title`, then the task"
        following = section(notebook, i)[1:]
        code = list(itertools.takewhile(lambda pair: pair[1].cell_type == "code", following))
        if not 1 <= len(code) <= 2:
            yield f"cell {i}: {len(code)} code cells after the task; one for the answer, one given"
            continue
        k, cell = code[-1]
        body = parse(cell.source).body
        rest = [ast.unparse(line)[:6] for line in body[1:]]
        if not asks_for_answer(body[0]) or rest != ["check("]:
            yield f'{at(k, cell)}: write `answer = ...` and check("{exercise}", answer), only these'
        if not printed(cell).startswith(f"{exercise} is open"):
            yield f"{at(k, cell)}: its output does not say that {exercise} is open; `make refresh`"
        hint = notebook.cells[k + 1].source
        solution = f"[Solution](solutions/{path.name}#Exercise-{exercise})"
        form = rf"<details><summary>Hint</summary>\n\n.+\n\n</details>\n\n{re.escape(solution)}"
        if not re.fullmatch(form, hint, re.DOTALL):
            yield f"cell {k + 1}: write <details><summary>Hint</summary>…</details>, {solution}"


@rule(LESSON, SOLUTION)
def checks_get_what_they_need(notebook, path) -> Complaints:
    # While an answer is open, check() returns before it calls the judge, so a missing argument
    # would show to a learner only.
    for i, cell in code_cells(notebook):
        for call in check_calls(cell):
            if asked(call) not in checks.EXERCISES:
                yield f"{at(i, cell)}: helpers.checks knows no exercise {asked(call)}"
                continue
            _, *needed = inspect.signature(checks.EXERCISES[asked(call)].judge).parameters
            given = [keyword.arg for keyword in call.keywords]
            if len(call.args) != 2 or set(given) != set(needed):
                yield f"{at(i, cell)}: give check the number, the answer and {needed}, not {given}"


@rule(SOLUTION)
def solutions_are_right(notebook, path) -> Complaints:
    for i, exercise in exercises(notebook):
        cells = section(notebook, i)
        said = [printed(cell) for _, cell in cells if check_calls(cell)]
        if len(said) != 1 or not re.search(rf"^{exercise} Right: ", said[0], re.MULTILINE):
            yield f"cell {i}: the check of {exercise} says {said}, not Right"
        if not notebook.cells[i].source.startswith(f"## Exercise {exercise}\n\n"):
            yield f"cell {i}: begin with `## Exercise {exercise}`, then a sentence or two"


@rule(SOLUTION)
def solutions_hold_only_answers(notebook, path) -> Complaints:
    lesson = NOTEBOOKS / path.name
    back = f"Back to the chapter: [{title(lesson)}](../{path.name})"
    if notebook.cells[0].source != f"# Solutions to chapter {number(path)}\n\n{back}":
        yield f"cell 0: write `# Solutions to chapter {number(path)}` and {back}"
    copied = {text for _, source in texts(read(lesson)) for text in source.split("\n\n")}
    for i, source in texts(notebook):
        for text in source.split("\n\n"):
            if text in copied and words(text) > 3:
                yield f"cell {i}: {text[:40]!r} stands in the lesson too; say it once"
