"""Rules about the frame of a chapter: how it opens, asks, ends and leads on."""

import re
import statistics

from contract.reading import (
    LESSONS,
    SOLUTIONS,
    Import,
    at,
    code_cells,
    headings,
    imports,
    number,
    parse,
    texts,
    title,
)
from contract.rules import LESSON, SOLUTION, Complaints, rule

SETUP = "import helpers\n\nhelpers.setup()"
MEDIAN_LINES = 5
CODE_CELLS = 12, 30  # in a chapter; 00 is a short one
# It has four networks; issue 12 makes two chapters of it, and then this exception goes.
CODE_CELLS_OF_07 = 12, 37


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
    found = [isinstance(statement, Import) for statement in parse(second.source).body]
    if not found or not (found[0] if path in SOLUTIONS else all(found)):
        yield f"{at(k, second)}: the second cell holds the imports, and in a lesson only them"
    for j, cell in others:
        if imports(parse(cell.source)):
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
