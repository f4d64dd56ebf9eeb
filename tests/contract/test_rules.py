"""Would anybody notice? Notebooks are broken here on purpose, and a rule has to complain."""

import copy
import functools

import pytest
from nbformat.v4 import new_markdown_cell, new_notebook
from refresh import LIVE_ONLY, NOTEBOOKS

from contract.breaking import (
    cell,
    change,
    drop,
    figures,
    insert,
    output,
    replace,
    reprint,
    rewrite,
    stream,
)
from contract.reading import code_cells, read
from contract.rules import EVERY, LESSON, SOLUTION

RULES = {rule.__name__: rule for rule in EVERY + LESSON + SOLUTION}
NAME = "02_building_the_autoencoder.ipynb"
SETUP = "helpers.setup()"
ASSERT = r"(?m)^assert .*"
HINT = "<details><summary>Hint</summary>"
BARE = {"text/plain": "HBox(children=(IntSlider(value=0),))"}
ADDRESS = {"text/plain": "<Model at 0x7f3a5c0b1d90>"}
LINKS = ["[a](b.ipynb)", "[a]()", "[a](/home/ada/README.md)", "[a](../../../etc)", "[a](#Nothing)"]
LONG = new_markdown_cell("word " * 131)
COPIED = new_markdown_cell(read(NOTEBOOKS / NAME).cells[0].source)

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


@functools.cache
def complaints_before(name: str, path) -> set[str]:
    return set(RULES[name](read(path), path))


@pytest.mark.parametrize(("name", "mutate"), BROKEN, ids=[name for name, _ in BROKEN])
def test_rule_refuses(name, mutate):
    rule = RULES[name]
    path = NOTEBOOKS / ("solutions" if rule not in EVERY + LESSON else "") / NAME
    notebook = copy.deepcopy(read(path))
    mutate(notebook)
    assert set(rule(notebook, path)) - complaints_before(name, path), f"{name} did not notice"


def test_large_file_is_refused(tmp_path):
    large = tmp_path / "large.ipynb"
    large.write_bytes(bytes(1_000_000))
    assert list(RULES["is_small"](new_notebook(), large))


def test_large_explorer_is_refused(tmp_path):
    path = tmp_path / "explorer.ipynb"
    path.write_bytes(bytes(900_000))
    page = stream(f'srcdoc="{"a" * 800_000}"')
    (complaint,) = RULES["is_small"](new_notebook(cells=[cell("explorer", page)]), path)
    assert "explorer" in complaint


def test_notebook_that_never_ran_is_refused():
    """To nbval it is green, for it compares no cell without a count."""
    stripped = copy.deepcopy(read(NOTEBOOKS / NAME))
    for _, code in code_cells(stripped):
        code.update(outputs=[], execution_count=None)
    complaints = list(RULES["ran_from_top_to_bottom"](stripped, NOTEBOOKS / NAME))
    assert len(complaints) == len(code_cells(stripped))


def test_every_rule_has_something_to_refuse():
    assert RULES.keys() - {name for name, _ in BROKEN} == {"is_small"}
