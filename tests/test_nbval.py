"""Would anybody notice? Notebooks are broken here on purpose, and something has to turn red."""

import ast
import copy
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import nbformat
import pytest
import test_notebooks as contract
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from refresh import LIVE_ONLY, NOTEBOOKS, refresh

SANITIZE = Path(__file__).with_name("sanitize.cfg")
REAL = NOTEBOOKS / "solutions" / "00_start_here.ipynb"


def nbval(*notebooks: Path) -> dict[str, str]:
    """Run notebooks as the suite does; return an outcome for each cell, {"tiny 0": "passed"}."""
    folder = notebooks[0].parent
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, f"--rootdir={folder}"]
    command += ["-p", "no:cacheprovider", "--nbval", "--nbval-current-env"]
    command += [f"--nbval-sanitize-with={SANITIZE}", f"--junitxml={report}"]
    # What an outer pytest, or xdist, says about itself is not meant for the inner one.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(
        [*command, *notebooks], env=clean, capture_output=True, text=True, timeout=300
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    outcomes = {}
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{Path(case.get('classname')).stem} {case.get('name').removeprefix('Cell ')}"
        outcomes[name] = "failed" if len(case) else "passed"
    assert (done.returncode == 1) == ("failed" in outcomes.values())
    return outcomes


def write(path: Path, cells: list) -> Path:
    nbformat.write(new_notebook(cells=cells), path)
    return path


def cell(source: str, *outputs: nbformat.NotebookNode, count: int | None = 1):
    return new_code_cell(source, outputs=list(outputs), execution_count=count)


def stream(text: str) -> nbformat.NotebookNode:
    return new_output("stream", name="stdout", text=f"{text}\n")


def value(data: dict[str, str]) -> nbformat.NotebookNode:
    return new_output("execute_result", data=data)


def figure(png: str, words: str) -> nbformat.NotebookNode:
    return value({"image/png": png, "text/plain": words})


SLIDER = """\
import ipywidgets
slider = ipywidgets.IntSlider()
slider.observe(lambda change: 1 / 0, "value")"""
DRAW = """\
class Picture:
    def _repr_mimebundle_(self, **kwargs):
        return {"image/png": "aGVyZQ==", "text/plain": "A map."}
Picture()"""

# What the cell is about, the cell with its stored output, and what nbval has to say.
TINY = [
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
]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> dict[str, str]:
    """Run everything that nbval is to judge at once, as starting pytest and a kernel takes long."""
    folder = tmp_path_factory.mktemp("nbval")
    tiny = write(folder / "tiny.ipynb", [stored for _, stored, _ in TINY])
    real = copy.deepcopy(contract.read(REAL))
    reprint("Right: 28", "Right: 29")(real)
    load = "from helpers import data, models, sliders\n(images, labels), _ = data.load_mnist()"
    make = "walker = sliders.DecodeSliders(models.load_autoencoder(), images[:99], labels[:99])"
    move = "walker.code_1.value = walker.code_1.min"
    broken = "plots.to_png = None\nwalker.code_1.value = walker.code_1.max"
    real.cells += [cell(f"{load}\n{make}"), cell(move), cell(broken)]
    nbformat.write(real, folder / "real.ipynb")
    return nbval(tiny, folder / "real.ipynb")


@pytest.mark.parametrize("k", range(len(TINY)), ids=[about for about, *_ in TINY])
def test_nbval_judges(outcomes, k):
    assert outcomes[f"tiny {k}"] == TINY[k][-1]


def test_nbval_sees_what_breaks_in_a_real_notebook(outcomes):
    cells = {
        "import helpers": "passed",
        "from helpers.checks import check": "passed",
        "exercise 00.1, whose stored output was changed": "failed",
        "exercise 00.2": "passed",
        "the sliders": "passed",
        "a move": "passed",
        "a move whose callback raises": "failed",
    }
    real = [outcome for name, outcome in outcomes.items() if name.startswith("real ")]
    assert dict(zip(cells, real, strict=True)) == cells


def test_contract_closes_the_hole_of_missing_counts():
    stripped = copy.deepcopy(contract.read(REAL))
    for _, code in contract.code_cells(stripped):
        code.update(outputs=[], execution_count=None)
    complaints = list(contract.ran_from_top_to_bottom(stripped, REAL))
    assert len(complaints) == len(contract.code_cells(stripped))


@pytest.mark.parametrize("broken", ["%no_such_magic", "1 / 0", f"{SLIDER}\nslider.value = 3"])
def test_refresh_stores_nothing_of_a_broken_notebook(tmp_path, broken):
    path = write(tmp_path / "broken.ipynb", [cell(broken)])
    before = path.read_bytes()
    assert refresh(path).startswith("broken.ipynb was left as it was")
    assert path.read_bytes() == before


# The rules of the contract, each with something that it has to refuse


def rewrite(old: str, new: str):
    """Replace a piece in the first cell that holds it."""

    def mutate(notebook):
        found = next(one for one in notebook.cells if old in one.source)
        found.source = found.source.replace(old, new, 1)

    return mutate


def reprint(old: str, new: str):
    """Replace a piece in the first stored stream that holds it."""

    def mutate(notebook):
        outputs = [output for _, one in contract.code_cells(notebook) for output in one.outputs]
        found = next(output for output in outputs if old in output.get("text", ""))
        found.text = found.text.replace(old, new, 1)

    return mutate


def replace(pattern: str, new: str):
    """Replace a regular expression in every cell."""

    def mutate(notebook):
        for one in notebook.cells:
            one.source = re.sub(pattern, new, one.source)

    return mutate


def change(kind: str, **fields):
    """Set fields of the first cell of a kind."""
    return lambda notebook: next(c for c in notebook.cells if c.cell_type == kind).update(fields)


def output(**fields):
    """Store one more output in the first code cell."""
    one = nbformat.from_dict({"output_type": "display_data", "metadata": {}, "data": {}} | fields)
    return lambda notebook: contract.code_cells(notebook)[0][1].outputs.append(one)


def insert(place: int, *cells):
    def mutate(notebook):
        notebook.cells[place:place] = cells

    return mutate


def figures(**fields):
    """Set fields of every stored figure."""

    def mutate(notebook):
        for _, one in contract.code_cells(notebook):
            for shown in one.outputs:
                if "image/png" in shown.get("data", {}):
                    shown.update(nbformat.from_dict(fields))

    return mutate


def drop(old: str):
    """Remove the first cell that holds a piece."""

    def mutate(notebook):
        notebook.cells.remove(next(one for one in notebook.cells if old in one.source))

    return mutate


NAME = "02_building_the_autoencoder.ipynb"
SETUP = "helpers.setup()"
ASSERT = r"(?m)^assert .*"
HINT = "<details><summary>Hint</summary>"
BARE = {"text/plain": "HBox(children=(IntSlider(value=0),))"}
ADDRESS = {"text/plain": "<Model at 0x7f3a5c0b1d90>"}
LINKS = ["[a](b.ipynb)", "[a]()", "[a](/home/ada/README.md)", "[a](../../../etc)", "[a](#Nothing)"]
LONG = new_markdown_cell("word " * 131)
COPIED = new_markdown_cell(contract.read(NOTEBOOKS / NAME).cells[0].source)

BROKEN = [
    ("is_valid", lambda notebook: notebook.update(nbformat_minor=4)),
    ("is_valid", change("code", outputs=None)),
    ("has_only_known_metadata", lambda notebook: notebook.metadata.update(widgets={})),
    ("has_only_known_metadata", change("code", metadata={"scrolled": True})),
    ("has_only_known_metadata", change("markdown", attachments={})),
    ("has_unique_ids", change("markdown", id="")),
    ("has_unique_ids", insert(0, new_markdown_cell("a", id="a"), new_markdown_cell("b", id="a"))),
    ("has_only_known_tags", change("code", metadata={"tags": ["nbval-skip"]})),
    ("has_only_known_tags", rewrite(SETUP, f"# NBVAL_IGNORE_OUTPUT\n{SETUP}")),
    ("ran_from_top_to_bottom", change("code", execution_count=None)),
    ("ran_from_top_to_bottom", change("code", execution_count=7)),
    ("ran_from_top_to_bottom", insert(5, cell(" "))),
    ("ran_from_top_to_bottom", output(output_type="execute_result", execution_count=7)),
    ("has_no_stderr", output(output_type="stream", name="stderr", text="Warning")),
    ("has_only_announced_errors", output(output_type="error", ename="E", evalue="", traceback=[])),
    ("has_only_announced_errors", change("code", metadata={"tags": ["raises-exception"]})),
    ("has_no_widget_state", output(data={LIVE_ONLY: {}})),
    ("has_no_widget_state", output(data=BARE)),
    ("names_no_place_of_one_machine", output(output_type="stream", text="in /home/ada/course")),
    ("names_no_place_of_one_machine", rewrite(SETUP, r'open("C:\\Users\\ada")')),
    ("names_no_place_of_one_machine", output(data=ADDRESS)),
    ("figures_have_alt_text", figures(metadata={})),
    ("figures_have_alt_text", figures(metadata={"image/png": {"alt": " "}})),
    ("figures_have_alt_text", figures(data={"image/png": "", "text/plain": "<Figure>"})),
    ("figures_have_alt_text", output(data={"image/svg+xml": "<svg/>"})),
    ("figures_are_asserted", replace(ASSERT, "")),
    ("figures_are_asserted", replace(ASSERT, "assert True")),
    ("figures_are_asserted", replace(ASSERT, "assert another_thing")),
    ("approximate_numbers_are_asserted", insert(5, cell("print(x)", stream("≈ 3")))),
    (
        "approximate_numbers_are_asserted",
        insert(5, cell("print(x)", stream("≈ 3")), new_markdown_cell("## A"), cell("assert x")),
    ),
    ("approximate_numbers_are_sanitized", insert(5, cell("print(x)", stream("≈ nan")))),
    ("approximate_numbers_are_sanitized", insert(5, cell("print(x)", stream("≈  3")))),
    ("code_cells_are_short", insert(5, cell("a = 1\n" * 26))),
    ("runs_nothing_outside_python", insert(5, cell("!ls"))),
    ("runs_nothing_outside_python", insert(5, cell("files = !ls"))),
    ("runs_nothing_outside_python", insert(5, cell("%pip install seaborn"))),
    ("runs_nothing_outside_python", insert(5, cell("%%bash\nls"))),
    ("runs_nothing_outside_python", insert(5, cell("sys.path.insert(0, '..')"))),
    ("imports_only_requirements", rewrite("import keras", "import seaborn")),
    ("imports_only_requirements", rewrite("import keras", "from keras import *")),
    ("images_in_text_have_alt_text", insert(5, new_markdown_cell("![](images/map.png)"))),
    ("images_in_text_have_alt_text", insert(5, new_markdown_cell('<img src="images/map.png">'))),
    *(("links_lead_somewhere", insert(5, new_markdown_cell(link))) for link in LINKS),
    ("links_lead_somewhere", rewrite("#Exercise-02.1", "#exercise-02.1")),
    ("headings_open_their_cells", insert(5, new_markdown_cell("# Another title"))),
    ("headings_open_their_cells", insert(5, new_markdown_cell("Some words.\n\n## Hidden"))),
    ("text_is_short", insert(5, LONG)),
    ("details_can_be_opened", rewrite(f"{HINT}\n\n", f"{HINT}\n")),
    ("details_can_be_opened", rewrite("</details>", "")),
    ("opens_like_every_chapter", rewrite("# 02 · ", "# Chapter 2: ")),
    ("opens_like_every_chapter", rewrite("**Time:** ", "**Takes** ")),
    ("opens_like_every_chapter", rewrite("able to**\n\n", "able to**\n\n- a\n- b\n")),
    ("needs_only_earlier_chapters", rewrite("](01_motivation.ipynb)", "](03_training.ipynb)")),
    ("sets_up_first", rewrite("import helpers", "import keras\nimport helpers")),
    ("sets_up_first", insert(1, new_markdown_cell("A word first."))),
    ("sets_up_first", insert(5, cell("import keras"))),
    ("ends_with_questions_and_summary", drop("## Check yourself")),
    ("ends_with_questions_and_summary", rewrite("## Summary\n\n", "## Summary\n\n- more\n")),
    ("leads_to_the_next_chapter", rewrite("**Next:** [03", "**Next:** [04")),
    ("asks_questions", replace(r"\*\*2\. ", "**")),
    ("asks_questions", replace("- B. ", "- ")),
    ("asks_questions", replace(r"\*\*[A-D]\.\*\*", "**E.**")),
    ("asks_questions", replace("[Nn]ot [A-D]", "Wrong")),
    ("predicts_before_it_runs", replace(r"\*\*Predict", "**Guess")),
    ("predicts_before_it_runs", insert(5, *2 * [new_markdown_cell("**Predict.** What now?")])),
    ("is_a_page_someone_reads", insert(5, *30 * [cell("a = 1")])),
    ("is_a_page_someone_reads", replace(r"\n", "\n\n\n\n\n")),
    ("exercises_are_numbered", rewrite("### Exercise 02.1", "### Exercise 02.4")),
    ("exercises_are_numbered", rewrite('check("02.2"', 'check("02.1"')),
    ("exercises_have_one_form", rewrite("### Exercise 02.1 · ", "### Exercise 02.1: ")),
    ("exercises_have_one_form", rewrite("answer = ...", "answer = 50992")),
    ("exercises_have_one_form", reprint("02.1 is open", "02.1 Right")),
    ("exercises_have_one_form", rewrite(HINT, "<details><summary>Help</summary>")),
    ("exercises_have_one_form", rewrite("#Exercise-02.1", "#Exercise-02.2")),
    ("checks_get_what_they_need", rewrite('"02.1", answer', '"02.1", answer, encoder=1')),
    ("checks_get_what_they_need", rewrite('check("02.1"', 'check("02.9"')),
    ("solutions_are_right", reprint("02.2 Right", "02.2 Not yet")),
    ("solutions_are_right", rewrite("## Exercise 02.2", "### Exercise 02.2")),
    ("solutions_hold_only_answers", rewrite("../02_", "../03_")),
    ("solutions_hold_only_answers", insert(5, COPIED)),
]


@pytest.mark.parametrize(("name", "mutate"), BROKEN, ids=[name for name, _ in BROKEN])
def test_rule_refuses(name, mutate):
    rule = getattr(contract, name)
    in_lessons = rule in contract.EVERY + contract.LESSON
    path = (NOTEBOOKS if in_lessons else NOTEBOOKS / "solutions") / NAME
    notebook = copy.deepcopy(contract.read(path))
    before = set(rule(notebook, path))
    mutate(notebook)
    assert set(rule(notebook, path)) - before, f"{name} did not notice"


def test_large_file_is_refused(tmp_path):
    large = tmp_path / "large.ipynb"
    large.write_bytes(bytes(1_000_000))
    assert list(contract.is_small(new_notebook(), large))


def test_every_rule_has_something_to_refuse():
    rules = {rule.__name__ for rule in contract.EVERY + contract.LESSON + contract.SOLUTION}
    assert rules - {name for name, _ in BROKEN} == {"is_small"}


def test_use_of_a_helper_is_seen_however_it_is_imported():
    imports = cell(
        "import helpers\nfrom helpers import data as d\nfrom helpers.checks import check"
    )
    uses = cell("helpers.setup()\nfirst = d.load_mnist()[0]\ncheck('02.1', first)")
    names = {"helpers.setup", "helpers.data.load_mnist", "helpers.checks.check"}
    assert names <= contract.used_helpers(new_notebook(cells=[imports, uses]))
    assert not names & contract.used_helpers(new_notebook(cells=[imports]))


@pytest.mark.parametrize(
    "statement", ["from . import data", "from helpers import data", "import helpers.data"]
)
def test_import_of_a_helper_is_seen_however_it_is_written(statement):
    assert contract.imported_names(ast.parse(statement).body[0]) == ["helpers.data"]
