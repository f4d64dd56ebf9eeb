"""Rules about what the code printed and drew: it is of one run, and something proves it."""

import ast
import functools
import re

from nbformat import NotebookNode
from nbval.plugin import get_sanitize_patterns
from refresh import LIVE_ONLY

from contract.exercises import check_calls
from contract.reading import (
    ROOT,
    SOLUTIONS,
    Cells,
    at,
    code_cells,
    headings,
    imported,
    names,
    parse,
    printed,
    section,
    walk,
)
from contract.rules import EVERY, Complaints, rule

MACHINE_PATH = (
    r"(?<![\w./-])/(?:home|Users|root|tmp|work|mnt|opt|usr|var|private)/|\b[A-Z]:\\|file://"
)
SHOW = "make it a helpers.plots.Picture"
PROVE = "assert something about one of the cell's variables, there or before the next heading"


@functools.cache
def sanitize_patterns() -> dict[str, str]:
    text = (ROOT / "tests" / "sanitize.cfg").read_text(encoding="ascii")
    return dict(get_sanitize_patterns(text))


def sanitize(text: str) -> str:
    """Replace what tests/sanitize.cfg says, in the way that nbval does."""
    for regex, replacement in sanitize_patterns().items():
        text = re.sub(regex, replacement, text)
    return text


def is_figure(cell: NotebookNode) -> bool:
    return any("image/png" in output.get("data", {}) for output in cell.get("outputs", []))


def is_asserted(notebook: NotebookNode, i: int, cells: Cells) -> bool:
    """Whether one of the cells asserts something about a variable of cell i.

    Or about one that is computed, within the section, from a variable of cell i.
    """
    about = names(parse(notebook.cells[i].source)) - set(imported(notebook))
    start = max((k for k, _, _ in headings(notebook) if k <= i), default=0)
    for _, cell in [*section(notebook, start), *cells]:
        for statement in parse(cell.source).body if cell.cell_type == "code" else []:
            if names(statement) & about:
                about |= names(statement, ast.Store)
    trees = [parse(cell.source) for _, cell in cells if cell.cell_type == "code"]
    asserts = [node for tree in trees for node in walk(tree) if isinstance(node, ast.Assert)]
    return any(names(node) & about for node in asserts)


@rule(EVERY)
def ran_from_top_to_bottom(notebook, path) -> Complaints:
    # nbval compares no cell whose count is missing: a stripped notebook would be green.
    for expected, (i, cell) in enumerate(code_cells(notebook), start=1):
        if cell.execution_count != expected:
            yield f"{at(i, cell)}: has not run as number {expected}; run `make refresh`"
        for output in cell.outputs:
            if output.get("execution_count", expected) != expected:
                yield f"{at(i, cell)}: its output is from another run; run `make refresh`"
        if not cell.source.strip():
            yield f"{at(i, cell)}: empty; delete it"


@rule(EVERY)
def has_no_stderr(notebook, path) -> Complaints:
    for i, cell in code_cells(notebook):
        if any(output.get("name") == "stderr" for output in cell.outputs):
            yield f"{at(i, cell)}: wrote to stderr; mend what it warns of"


@rule(EVERY)
def has_only_announced_errors(notebook, path) -> Complaints:
    for i, cell in code_cells(notebook):
        failed = any(output.output_type == "error" for output in cell.outputs)
        # To nbval the tag means "may raise", so a cell that raises no longer would go unnoticed.
        if failed != ("raises-exception" in cell.metadata.get("tags", [])):
            yield f"{at(i, cell)}: {'raises' if failed else 'does not raise'}, and its tag differs"


@rule(EVERY)
def has_no_widget_state(notebook, path) -> Complaints:
    for i, cell in code_cells(notebook):
        for output in cell.outputs:
            kinds = output.get("data", {})
            if LIVE_ONLY in kinds or any("widget-state" in kind for kind in kinds):
                yield f"{at(i, cell)}: a stored widget view, dead without a kernel; `make refresh`"
            if re.match(r"[A-Z]\w*\((children|value|description)=", kinds.get("text/plain", "")):
                yield f"{at(i, cell)}: a bare widget; wrap it in helpers.widgets.Live"


@rule(EVERY)
def names_no_place_of_one_machine(notebook, path) -> Complaints:
    for i, cell in enumerate(notebook.cells):
        text = cell.source + (printed(cell) if cell.cell_type == "code" else "")
        if match := re.search(MACHINE_PATH, text):
            there = text[match.start() : match.start() + 40].splitlines()[0]
            yield f"{at(i, cell)}: the absolute path {there!r}; print the file's name only"
        if cell.cell_type == "code" and re.search(r"\b0x[0-9a-f]{6,}", printed(cell)):
            yield f"{at(i, cell)}: shows an address in memory; end the cell with something to read"


@rule(EVERY)
def figures_have_alt_text(notebook, path) -> Complaints:
    for i, cell in code_cells(notebook):
        for output in cell.outputs:
            kinds = {kind for kind in output.get("data", {}) if kind.startswith("image/")}
            if not kinds:
                continue
            alt = output.metadata.get("image/png", {}).get("alt", "").strip()
            if kinds != {"image/png"} or not alt:
                yield f"{at(i, cell)}: an image without alt text; {SHOW}"
            # nbval compares no PNG, so the words are all that it sees of a figure.
            elif output.data.get("text/plain") != alt:
                yield f"{at(i, cell)}: text/plain is not the alt text; {SHOW}"


@rule(EVERY)
def figures_are_asserted(notebook, path) -> Complaints:
    for i, cell in code_cells(notebook):
        if not is_figure(cell):
            continue
        following = section(notebook, i)
        later = [k for k, (_, other) in enumerate(following) if k and is_figure(other)]
        if not is_asserted(notebook, i, following[: min(later, default=len(following))]):
            yield f"{at(i, cell)}: a figure that nothing proves; {PROVE} or figure"


@rule(EVERY)
def approximate_numbers_are_asserted(notebook, path) -> Complaints:
    for i, cell in code_cells(notebook):
        following = section(notebook, i)
        # What check() prints in a solution is compared, and has to be "Right".
        judged = path in SOLUTIONS and any(check_calls(other) for _, other in following)
        if "≈" in printed(cell) and not judged and not is_asserted(notebook, i, following):
            yield f"{at(i, cell)}: a number behind ≈ that nothing bounds; {PROVE}"


@rule(EVERY)
def approximate_numbers_are_sanitized(notebook, path) -> Complaints:
    for i, cell in code_cells(notebook):
        text = sanitize(printed(cell))
        if text.count("≈") != text.count("≈ NUMBER"):
            yield f"{at(i, cell)}: an ≈ without a number behind it; print one space and the number"
