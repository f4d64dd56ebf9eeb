"""The contract of the notebooks, read from the files alone: nothing is executed here.

A rule is a function of a notebook and its path that yields complaints, each with the cell, what is
wrong there and how to mend it. `test_nbval.py` breaks notebooks and requires that the rules notice.
Cells are counted from 0, text cells too; a code cell's own number follows in brackets.
"""

import ast
import builtins
import copy
import functools
import inspect
import itertools
import json
import re
import statistics
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode
from nbformat.v4.rwbase import rejoin_lines
from nbval.plugin import find_comment_markers, get_sanitize_patterns
from refresh import LIVE_ONLY, METADATA, NOTEBOOKS

from helpers import checks

ROOT = NOTEBOOKS.parent
HELPERS = ROOT / "helpers"
LESSONS = sorted(NOTEBOOKS.glob("*.ipynb"))
SOLUTIONS = sorted((NOTEBOOKS / "solutions").glob("*.ipynb"))
Complaints = Iterator[str]
Rule = Callable[[NotebookNode, Path], Complaints]

SETUP = "import helpers\n\nhelpers.setup()"
TAGS = {"nbval-ignore-output", "raises-exception"}
MAGICS = {"timeit"}
# What a requirement is called in an import, where that differs from its name.
IMPORTED_AS = {"scikit-learn": "sklearn", "pillow": "PIL", "tensorflow-cpu": "tensorflow"}
MACHINE_PATH = (
    r"(?<![\w./-])/(?:home|Users|root|tmp|work|mnt|opt|usr|var|private)/|\b[A-Z]:\\|file://"
)
PROVE = "assert something about one of the cell's variables, there or before the next heading"
CELL_LINES, MEDIAN_LINES, WORDS, BYTES = 25, 5, 130, 1_000_000
PAGE_BYTES = 800_000  # of an explorer
CODE_CELLS = 12, 30  # in a chapter; 00 is a short one
CODE_CELLS_OF_07 = 12, 37  # it has four networks, and small steps are better than few
IGNORED_SHARE = 0.15

EVERY: list[Rule] = []
LESSON: list[Rule] = []
SOLUTION: list[Rule] = []


def rule(*lists: list[Rule]) -> Callable[[Rule], Rule]:
    def register(function: Rule) -> Rule:
        for rules in lists:
            rules.append(function)
        return function

    return register


# Reading


@functools.cache
def read(path: Path) -> NotebookNode:
    """Return a notebook as it is stored; nbformat.read would mend missing ids without a word."""
    return rejoin_lines(nbformat.from_dict(json.loads(path.read_text(encoding="utf-8"))))


@functools.cache
def parse(source: str) -> ast.Module:
    """Return a code cell's syntax tree, with magics and shell lines as calls of get_ipython()."""
    return ast.parse(TransformerManager().transform_cell(source))


def at(i: int, cell: NotebookNode) -> str:
    return f"cell {i} [{cell.execution_count}]" if cell.cell_type == "code" else f"cell {i}"


def code_cells(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    return [(i, cell) for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]


def texts(notebook: NotebookNode) -> list[tuple[int, str]]:
    """Return each text cell without its code, where nothing is a link or a heading."""
    blocks = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)
    cells = enumerate(notebook.cells)
    return [(i, blocks.sub("`code`", cell.source)) for i, cell in cells if cell.cell_type != "code"]


def printed(cell: NotebookNode) -> str:
    """Return what nbval compares of a cell: its streams and every text of its displays."""
    shown = [output.get("text", "") for output in cell.outputs]
    for output in cell.outputs:
        data = output.get("data", {}).items()
        shown += [str(text) for kind, text in data if not kind.startswith("image/")]
    return "\n".join(shown)


def is_figure(cell: NotebookNode) -> bool:
    return any("image/png" in output.get("data", {}) for output in cell.get("outputs", []))


def is_heading(cell: NotebookNode) -> bool:
    return cell.cell_type == "markdown" and cell.source.startswith("#")


def headings(notebook: NotebookNode) -> list[tuple[int, str, str]]:
    """Return (cell, hashes, text) of each cell that begins with a heading."""
    found = [(i, re.match(r"(#+) (.*)", cell.source)) for i, cell in enumerate(notebook.cells)]
    return [(i, *match.groups()) for i, match in found if match and is_heading(notebook.cells[i])]


def section(notebook: NotebookNode, start: int) -> list[tuple[int, NotebookNode]]:
    """Return the cells from `start` on, up to the next heading of any level."""
    cells = list(enumerate(notebook.cells))[start:]
    end = next((k for k, (_, cell) in enumerate(cells) if k and is_heading(cell)), len(cells))
    return cells[:end]


def names(tree: ast.AST, context: type = ast.expr_context) -> set[str]:
    """Return the variables that code mentions, or sets (ast.Store); `print` and such are none."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    return {node.id for node in found if isinstance(node.ctx, context)} - {"_", *dir(builtins)}


def is_import(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def imported_names(node: ast.Import | ast.ImportFrom) -> list[str]:
    """Return what a statement imports, in full: "helpers.data" for `from . import data` as well."""
    parts = []
    if isinstance(node, ast.ImportFrom):
        parts = ["helpers"] * (node.level > 0) + [node.module] * (node.module is not None)
    return [".".join([*parts, alias.name]) for alias in node.names]


def imported(notebook: NotebookNode) -> dict[str, str]:
    """Return what each imported name stands for, as {"np": "numpy", "data": "helpers.data"}."""
    found = {}
    for _, cell in code_cells(notebook):
        for node in ast.walk(parse(cell.source)):
            if is_import(node):
                for alias, name in zip(node.names, imported_names(node), strict=True):
                    found[alias.asname or alias.name] = name
    return found


def is_asserted(notebook: NotebookNode, i: int, cells: list[tuple[int, NotebookNode]]) -> bool:
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
    asserts = [n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Assert)]
    return any(names(node) & about for node in asserts)


# Rules for every notebook: the file


@rule(EVERY)
def is_valid(notebook, path) -> Complaints:
    try:
        nbformat.validate(copy.deepcopy(notebook))
    except nbformat.ValidationError as error:
        yield f"not a valid notebook ({error.message[:200]}): run `make refresh`"
    if (notebook.nbformat, notebook.nbformat_minor) != (4, 5):
        yield f"format {notebook.nbformat}.{notebook.nbformat_minor}: save it as 4.5, which has ids"


@rule(EVERY)
def is_small(notebook, path) -> Complaints:
    """An explorer holds a network, so that its page lives alone; it has a limit of its own."""
    shown = "".join(printed(cell) for _, cell in code_cells(notebook))
    pages = [len(page) for page in re.findall(r'srcdoc="([^"]*)"', shown)]
    size = path.stat().st_size - sum(pages)
    if size >= BYTES:
        yield f"{size:,} bytes, {BYTES:,} are too many: draw fewer or smaller figures"
    if max(pages, default=0) >= PAGE_BYTES:
        yield f"an explorer of {max(pages):,} bytes, {PAGE_BYTES:,} are too many: fewer images"


@rule(EVERY)
def has_only_known_metadata(notebook, path) -> Complaints:
    if notebook.metadata != METADATA:
        yield f"metadata {notebook.metadata}: run `make refresh`, which stores {METADATA}"
    for i, cell in enumerate(notebook.cells):
        if set(cell.metadata) - {"tags"}:
            yield f"{at(i, cell)}: metadata {dict(cell.metadata)}; keep only tags"
        if "attachments" in cell:
            yield f"{at(i, cell)}: an attachment; put the file into notebooks/images"


@rule(EVERY)
def has_unique_ids(notebook, path) -> Complaints:
    ids = [cell.get("id") for cell in notebook.cells]
    for i, cell in enumerate(notebook.cells):
        if not ids[i]:
            yield f"{at(i, cell)}: no id; give it one"
        elif ids.index(ids[i]) < i:
            yield f"{at(i, cell)}: id {ids[i]!r} is taken by cell {ids.index(ids[i])}; give another"


@rule(EVERY)
def has_only_known_tags(notebook, path) -> Complaints:
    for i, cell in enumerate(notebook.cells):
        for tag in set(cell.metadata.get("tags", [])) - TAGS:
            yield f"{at(i, cell)}: tag {tag!r}; the tags are {sorted(TAGS)}"
        if cell.cell_type == "code" and list(find_comment_markers(cell.source)):
            yield f"{at(i, cell)}: a comment that steers nbval; use a tag, which is counted"


# Rules for every notebook: stored outputs


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
                yield f"{at(i, cell)}: a bare widget; wrap it in live.Live with a picture"


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
                yield f"{at(i, cell)}: an image without alt text; make it a plots.Picture"
            # nbval compares no PNG, so the words are all that it sees of a figure.
            elif output.data.get("text/plain") != alt:
                yield f"{at(i, cell)}: text/plain is not the alt text; make it a plots.Picture"


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


# Rules for every notebook: code


@rule(EVERY)
def code_cells_are_short(notebook, path) -> Complaints:
    for i, cell in code_cells(notebook):
        if (lines := len(cell.source.splitlines())) > CELL_LINES:
            yield f"{at(i, cell)}: {lines} lines, {CELL_LINES} at most; split it or use a helper"


@rule(EVERY)
def runs_nothing_outside_python(notebook, path) -> Complaints:
    for i, cell in code_cells(notebook):
        for node in ast.walk(parse(cell.source)):
            # Magics and shell lines: get_ipython().run_line_magic("timeit", ...), .system("ls")
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if not ast.unparse(node.func).startswith("get_ipython()"):
                continue
            magic = ast.literal_eval(node.args[0])
            if "magic" not in node.func.attr or magic not in MAGICS:
                yield f"{at(i, cell)}: runs {magic!r} outside Python; the magics are {MAGICS}"
        if match := re.search(r"sys\.path|os\.system|subprocess|pip install", cell.source):
            yield f"{at(i, cell)}: {match[0]}; requirements.txt installs, helpers are importable"


@rule(EVERY)
def imports_only_requirements(notebook, path) -> Complaints:
    requirements = re.findall(r"(?m)^[\w-]+(?===)", (ROOT / "requirements.txt").read_text("utf-8"))
    known = {IMPORTED_AS.get(name, name) for name in requirements} | {"helpers"}
    for name in imported(notebook).values():
        if name.split(".")[0] not in known | sys.stdlib_module_names:
            yield f"imports {name}, which is not in requirements.txt: pin it there or do without"
        if name.endswith(".*"):
            yield f"imports {name}: name what you need"


# Rules for every notebook: text


@rule(EVERY)
def images_in_text_have_alt_text(notebook, path) -> Complaints:
    for i, text in texts(notebook):
        if re.search(r"!\[\s*\]\(|<img(?![^>]*\balt=\"[^\"]+\")", text):
            yield f"cell {i}: an image without alt text; write ![what it shows](file)"


@rule(EVERY)
def links_lead_somewhere(notebook, path) -> Complaints:
    for i, text in texts(notebook):
        for target in re.findall(r"\]\(([^)]*)\)|(?:src|href)=\"([^\"]+)\"", text):
            target = "".join(target)
            if re.match(r"https://|mailto:", target):
                continue
            file, _, anchor = target.partition("#")
            there = (path.parent / unquote(file)).resolve() if file else path
            if (
                not target
                or not there.is_relative_to(ROOT)
                or file.startswith("/")
                or not there.exists()
            ):
                yield f"cell {i}: {target} leads nowhere; mend the link"
            elif anchor and unquote(anchor) not in anchors(notebook if there == path else there):
                yield f"cell {i}: {target} has no such heading; mend what stands behind #"


def anchors(notebook: NotebookNode | Path) -> set[str]:
    """Return the ids that JupyterLab and nbconvert give to headings: the text with hyphens."""
    if isinstance(notebook, Path):
        notebook = read(notebook) if notebook.suffix == ".ipynb" else NotebookNode(cells=[])
    plain = [re.sub(r"\[([^]]*)\]\([^)]*\)|[*`]", r"\1", text) for _, _, text in headings(notebook)]
    return {text.strip().replace(" ", "-") for text in plain}


@rule(EVERY)
def headings_open_their_cells(notebook, path) -> Complaints:
    levels = [len(hashes) for _, hashes, _ in headings(notebook)]
    if levels[:1] != [1] or levels.count(1) != 1 or max(levels) > 3:
        yield f"heading levels {levels}: one # in the first cell, then ## and ### only"
    for i, text in texts(notebook):
        if re.search(r"\n#{1,6} ", text):
            yield f"cell {i}: a heading inside; begin a cell with it"


@rule(EVERY)
def text_is_short(notebook, path) -> Complaints:
    for i, text in texts(notebook):
        if (count := words(text)) > WORDS:
            yield f"cell {i}: {count} words, {WORDS} at most; cut it or put a code cell in between"


def words(text: str) -> int:
    """Count the words that a reader meets: no answers, tables, questions, images or addresses."""
    if text.startswith("## Check yourself"):
        return 0
    text = re.sub(r"(?s)<details>.*?</details>|!\[[^]]*\]\([^)]*\)|\]\([^)]*\)", " ", text)
    lines = [line for line in text.splitlines() if not line.startswith("|")]
    return len(re.findall(r"\S*\w\S*", " ".join(lines)))


@rule(EVERY)
def details_can_be_opened(notebook, path) -> Complaints:
    for i, text in texts(notebook):
        opened = text.count("<details>")
        # Without the empty line, what is inside stays raw Markdown on GitHub.
        proper = re.findall(
            r"<details><summary>[^<]+</summary>\n\n(?!\n).+?\n\n</details>", text, re.S
        )
        if not opened == len(proper) == text.count("</details>"):
            yield f"cell {i}: write <details><summary>…</summary>, an empty line before and after"


# Rules for lessons: the frame


def number(path: Path) -> str:
    """Return how a chapter is numbered: "05", or "extra" for one that stands outside the row."""
    return path.stem.split("_")[0]


def title(path: Path) -> str:
    """Return a chapter as links name it: "01 Motivation", without what follows a colon."""
    heading = read(path).cells[0].source.splitlines()[0].removeprefix("# ")
    return heading.replace(" ·", "").split(":")[0]


@rule(LESSON)
def opens_like_every_chapter(notebook, path) -> Complaints:
    parts = {
        f"the title `# {number(path).capitalize()} · Title`": (
            rf"# {number(path).capitalize()} · \S.*\n\n"
        ),
        "a promise of one line in italics": r"\*[^*\n]+\*\n\n",
        "3 to 5 bullets under `**You will be able to**`": (
            r"\*\*You will be able to\*\*\n\n(?:- \S.*\n){3,5}\n"
        ),
        "`**You need:** …`": r"\*\*You need:\*\* \S.*\n+",
        "`**Time:** N minutes` at the end": r"\*\*Time:\*\* \d+ minutes$",
    }
    rest = notebook.cells[0].source
    for what, pattern in parts.items():
        match = re.match(pattern, rest)
        if not match:
            yield f"cell 0: {what} is not where it belongs, before {rest[:40]!r}"
            return
        rest = rest[match.end() :]


@rule(LESSON)
def needs_only_earlier_chapters(notebook, path) -> Complaints:
    line = re.search(r"\*\*You need:\*\*.*", notebook.cells[0].source)
    for target in re.findall(r"\]\(([^)]+)\)", line[0] if line else ""):
        if target >= path.name:
            yield f"cell 0: needs {target}, which comes later"


@rule(LESSON, SOLUTION)
def sets_up_first(notebook, path) -> Complaints:
    (i, first), (k, second), *others = code_cells(notebook)
    # TensorFlow reads the settings once, when it loads, so an import sorter must not move this.
    if first.source != SETUP:
        yield f"{at(i, first)}: the first code cell is {SETUP!r} and nothing else"
    if i > (2 if path == LESSONS[0] else 1) or k != i + 1:
        yield f"{at(i, first)}: the two set-up cells come right after the opening"
    imports = [is_import(statement) for statement in parse(second.source).body]
    if not imports or not (imports[0] if path in SOLUTIONS else all(imports)):
        yield f"{at(k, second)}: the second cell holds the imports, and in a lesson only them"
    for j, cell in others:
        if any(is_import(node) for node in ast.walk(parse(cell.source))):
            yield f"{at(j, cell)}: an import; move it to the second set-up cell"


@rule(LESSON)
def ends_with_questions_and_summary(notebook, path) -> Complaints:
    found = [text for _, hashes, text in headings(notebook) if hashes == "##"]
    if found[-2:] != ["Check yourself", "Summary"] or len(set(found)) != len(found):
        yield f"the last sections are {found[-2:]}: `## Check yourself`, then `## Summary`"
    last = notebook.cells[-1].source
    if not re.match(r"## Summary\n\n(?:- \S.*\n){3}\n(?!- )", last):
        yield f"the last cell begins {last[:40]!r}: write `## Summary` and exactly 3 bullets"


@rule(LESSON)
def leads_to_the_next_chapter(notebook, path) -> Complaints:
    last = notebook.cells[-1].source.split("**Next:**")
    place = LESSONS.index(path) + 1
    if place < len(LESSONS):
        expected = f" [{title(LESSONS[place])}]({LESSONS[place].name})"
        if len(last) != 2 or last[1] != expected:
            yield f"the last cell ends {last[-1][-60:]!r}; write **Next:**{expected}"
    elif len(last) != 2 or f"]({LESSONS[0].name})" not in last[1]:
        yield f"the last cell needs **Next:** and a link back to {LESSONS[0].name}"


@rule(LESSON)
def asks_questions(notebook, path) -> Complaints:
    i = next((i for i, _, text in headings(notebook) if text == "Check yourself"), 0)
    _, *questions = re.split(r"(?m)^\*\*(?=\d+\. )", notebook.cells[i].source)
    if not 2 <= len(questions) <= 4:
        yield f"cell {i}: {len(questions)} questions `**1. …**`, 2 to 4 are asked for"
    for expected, text in enumerate(questions, start=1):
        where = f"cell {i}, question {expected}"
        if not re.match(rf"{expected}\. [^\n]+\*\*\n\n- A\. ", text):
            yield f"{where}: begins {text[:30]!r}, not `**{expected}. …**` and a list of options"
        question, _, answer = text.partition("<details><summary>Answer</summary>")
        options = re.findall(r"(?m)^- ([A-Z])\. \S", question)
        if len(options) < 2 or options != list("ABCDEFG")[: len(options)]:
            yield f"{where}: options {options}; two or more, A, B, ..."
        right = re.match(r"\s*\*\*([A-Z])\.\*\*", answer)
        if not right or right[1] not in options:
            yield f"{where}: the answer does not begin with the letter of an option, as **B.**"
            continue
        for wrong in set(options) - {right[1]}:
            if not re.search(rf"\b[Nn]ot {wrong}\b", answer):
                yield f"{where}: does not say why {wrong} is wrong; write `Not {wrong}: …`"


@rule(LESSON)
def predicts_before_it_runs(notebook, path) -> Complaints:
    places = [i for i, text in texts(notebook) if "**Predict" in text]
    if number(path) != "00" and len(places) < 3:
        yield f"{len(places)} cells say **Predict**, at least 3 should: ask before you show"
    for i in places:
        if notebook.cells[i + 1].cell_type != "code":
            yield f"cell {i}: **Predict** with no code cell right after it to find out"


@rule(LESSON)
def is_a_page_someone_reads(notebook, path) -> Complaints:
    cells = [cell for _, cell in code_cells(notebook)]
    median = statistics.median(len(cell.source.splitlines()) for cell in cells)
    if median > MEDIAN_LINES:
        yield f"the median code cell has {median} lines, {MEDIAN_LINES} at most: make smaller steps"
    least, most = CODE_CELLS_OF_07 if number(path) == "07" else CODE_CELLS
    if number(path) != "00" and not least <= len(cells) <= most:
        yield f"{len(cells)} code cells; {least} to {most} make a chapter"


# Rules for exercises: a lesson asks, its solution answers, and helpers.checks judges


def exercises(notebook: NotebookNode) -> list[tuple[int, str]]:
    """Return (cell, id) of each heading that reads `Exercise 03.2`, at any level."""
    found = [(i, re.match(r"Exercise (\S+)", text)) for i, _, text in headings(notebook)]
    return [(i, match[1]) for i, match in found if match]


def check_calls(cell: NotebookNode) -> list[ast.Call]:
    nodes = ast.walk(parse(cell.source)) if cell.cell_type == "code" else []
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    return [call for call in calls if ast.unparse(call.func) == "check"]


def asked(call: ast.Call) -> str:
    """Return the number of the exercise that a call of check() is about."""
    return ast.unparse(call.args[0]).strip("\"'") if call.args else "?"


def is_assignment_of_answer(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "answer"


def is_open(answer: ast.expr) -> bool:
    """Whether an answer is still the three dots, or a dictionary of nothing else."""
    if isinstance(answer, ast.Dict):
        return bool(answer.values) and all(is_open(value) for value in answer.values)
    return isinstance(answer, ast.Constant) and answer.value is ...


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
        answers = is_assignment_of_answer(body[0]) and is_open(body[0].value)
        if not answers or [ast.unparse(line)[:6] for line in body[1:]] != ["check("]:
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
            if asked(call) not in checks._CHECKS:
                yield f"{at(i, cell)}: helpers.checks knows no exercise {asked(call)}"
                continue
            _, judge = checks._CHECKS[asked(call)]
            _, *needed = inspect.signature(judge).parameters
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


def test_every_lesson_has_its_solutions():
    assert [path.name for path in SOLUTIONS] == [path.name for path in LESSONS]
    strange = [p.name for p in LESSONS if not re.fullmatch(r"(\d\d|extra)_[a-z_]+\.ipynb", p.name)]
    assert not strange, "name a chapter NN_title.ipynb or extra_title.ipynb"
    elsewhere = {p for p in NOTEBOOKS.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts}
    assert elsewhere == {*LESSONS, *SOLUTIONS}, "a notebook that no rule would see"


def test_lessons_ask_solve_and_judge_the_same_exercises():
    asked = {exercise for path in LESSONS for _, exercise in exercises(read(path))}
    solved = {exercise for path in SOLUTIONS for _, exercise in exercises(read(path))}
    assert asked == solved == set(checks._CHECKS)


def test_start_page_lists_the_chapters_and_their_minutes():
    rows = re.findall(r"(?m)^\| \[(.+)\]\((.+)\) \| (\d+) \|", all_text(LESSONS[0]))
    minutes = [re.search(r"\*\*Time:\*\* (\d+)", all_text(path))[1] for path in LESSONS]
    chapters = zip(LESSONS[1:], minutes[1:], strict=True)
    assert rows == [(title(path), path.name, time) for path, time in chapters]


def all_text(path: Path) -> str:
    return "\n".join(text for _, text in texts(read(path)))


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


# What nbval compares


def sanitize(text: str) -> str:
    """Replace what tests/sanitize.cfg says, in the way that nbval does."""
    rules = (ROOT / "tests" / "sanitize.cfg").read_text(encoding="ascii")
    for regex, replacement in dict(get_sanitize_patterns(rules)).items():
        text = re.sub(regex, replacement, text)
    return text


def test_pytest_runs_every_notebook_strictly():
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    options = pyproject["tool"]["pytest"]["ini_options"]
    assert "notebooks" in options["testpaths"]
    assert {"--nbval", "--nbval-sanitize-with=tests/sanitize.cfg"} <= set(options["addopts"])
    assert "--nbval-lax" not in options["addopts"]


def test_nearly_every_cell_is_compared(record_property):
    cells = [cell for path in LESSONS + SOLUTIONS for _, cell in code_cells(read(path))]
    ignored = sum("nbval-ignore-output" in cell.metadata.get("tags", []) for cell in cells)
    showing = sum(bool(cell.outputs) for cell in cells)
    compared = len(cells) - ignored
    stated = f"nbval compares {compared} of {len(cells)} code cells, {showing} of all with output"
    record_property("compared", stated)
    print(stated)
    assert ignored <= IGNORED_SHARE * len(cells), stated


def test_every_sanitize_rule_is_read():
    text = (ROOT / "tests" / "sanitize.cfg").read_text(encoding="ascii")
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


# The helpers, as far as the notebooks are concerned

MODULES = {path.stem: path for path in sorted(HELPERS.glob("*.py"))}
# Who may know whom. A module that is not listed may know nobody.
KNOWS = {
    "data": {"images"},
    "latent": {"models", "plots"},
    "sliders": {"latent", "models", "plots"},
    "explorer": {"latent", "plots"},
}
# One judge for each exercise; every other module stays at about 200.
LINES = {"checks": 500, "explorer": 220, "plots": 220}


def module_tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


def public_helpers() -> dict[str, ast.FunctionDef | ast.ClassDef]:
    return {
        f"helpers.{module}.{node.name}".replace("__init__.", ""): node
        for module in MODULES
        for node in module_tree(module).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    }


def used_helpers(notebook: NotebookNode) -> set[str]:
    """Return what a notebook's code mentions of the helpers, such as "helpers.data.load_mnist"."""
    known = imported(notebook)
    found = set()
    for _, cell in code_cells(notebook):
        for node in ast.walk(parse(cell.source)):
            if isinstance(node, ast.Name | ast.Attribute):
                first, *rest = ast.unparse(node).split(".")
                found.add(".".join([known.get(first, first), *rest]))
    return found


@pytest.mark.parametrize("name", public_helpers())
def test_public_helper_is_introduced_where_it_is_first_used(name):
    node = public_helpers()[name]
    users = [path for path in LESSONS if name in used_helpers(read(path))]
    introduced = re.search(r"Introduced in notebook (\d\d|extra)\.$", ast.get_docstring(node) or "")
    if users:
        said = introduced[0] if introduced else "nothing"
        wanted = f"Introduced in notebook {number(users[0])}."
        assert said == wanted, f"{name}: its docstring ends with {said!r}, not {wanted!r}"
    else:
        assert not introduced, f"{name}: no lesson uses it, but its docstring names one"
        inside = [inner for module in MODULES for inner in ast.walk(module_tree(module))]
        named = {getattr(inner, "id", getattr(inner, "attr", None)) for inner in inside}
        assert node.name in named, f"{name}: nothing uses it; delete it"


@pytest.mark.parametrize("module", MODULES)
def test_helper_modules_stay_short(module):
    lines = len(MODULES[module].read_text(encoding="utf-8").splitlines())
    limit = LINES.get(module, 200)
    assert lines < limit, f"helpers/{MODULES[module].name} has {lines} lines, not below {limit}"


@pytest.mark.parametrize("module", MODULES)
def test_helper_modules_know_only_whom_they_may(module):
    imports = filter(is_import, ast.walk(module_tree(module)))
    known = {name for node in imports for name in imported_names(node)}
    inside = {name.split(".")[1] for name in known if name.startswith("helpers.")}
    assert inside <= KNOWS.get(module, set()), f"helpers/{module}.py imports {sorted(inside)}"
    assert not {name.split(".")[0] for name in known} & {"tests", "notebooks"}


def test_importing_the_package_is_free():
    imports = filter(is_import, module_tree("__init__").body)
    loaded = {name for node in imports for name in imported_names(node)}
    assert loaded <= set(sys.stdlib_module_names), "helpers/__init__.py loads more than Python"
