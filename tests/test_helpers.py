"""The house of helpers: who may know whom, how large a room is, and that nothing lies about unused.

Read from the files alone; a module is called by its dotted name, "helpers.data.mnist".
"""

import ast
import functools
import graphlib
import re
from pathlib import Path

import pytest
from contract.reading import (
    LESSONS,
    ROOT,
    bound_names,
    code_cells,
    imported,
    imported_names,
    imports,
    number,
    parse,
    read,
    walk,
)
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from helpers import checks

HELPERS = ROOT / "helpers"
MODULE_LINES, FUNCTION_LINES = 250, 80
# Whom a room may know besides itself. A room is a module or a folder right under helpers; "" is
# helpers/__init__.py, "*" all of them. Who is not listed may know nobody.
KNOWS = {
    "": {"_memory", "_settings"},
    "checks": {"shipped"},
    "models": {"halves", "shipped"},
    "plots": {"codes"},
    "training": {"_memory", "training_checks", "training_images", "training_progress"},
    "training_checks": {"training_images"},
    "training_progress": {"training_images"},
    "widgets": {"codes", "models", "plots"},
    "recipes": {"*"},
}
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


MODULES = {dotted(path): path for path in sorted(HELPERS.rglob("*.py"))}


@functools.cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def package(module: str) -> str:
    """Return what a leading dot stands for in a module's imports."""
    return module if MODULES[module].stem == "__init__" else module.rpartition(".")[0]


def loads(module: str, body: ast.AST) -> set[str]:
    """Return the full names that a piece of a module imports."""
    return {name for node in imports(body) for name in imported_names(node, package(module))}


def home(name: str) -> str:
    """Return the module that a full name comes from: itself, or the longest that it begins with."""
    while name and name not in MODULES:
        name = name.rpartition(".")[0]
    return name


def neighbours(module: str) -> set[str]:
    """Return the modules of helpers that a module imports, anywhere in it."""
    return {home(name) for name in loads(module, tree(module))} - {"", module}


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


# Who may know whom


@pytest.mark.parametrize("module", MODULES)
def test_module_knows_only_whom_it_may(module):
    allowed = KNOWS.get(room(module), set()) | {room(module)}
    known = {other for other in neighbours(module) if room(other) not in allowed}
    assert not known or "*" in allowed, f"{module} imports {sorted(known)}"


@pytest.mark.parametrize("module", MODULES)
def test_module_knows_nothing_of_tests_and_notebooks(module):
    outside = {"tests", "notebooks", *(path.stem for path in (ROOT / "tests").iterdir())}
    known = {name.split(".")[0] for name in loads(module, tree(module))}
    assert not known & outside


def test_imports_close_no_circle():
    try:
        graphlib.TopologicalSorter({name: neighbours(name) for name in MODULES}).prepare()
    except graphlib.CycleError as error:
        pytest.fail(" <- ".join(error.args[1]), pytrace=False)


def test_assets_are_data_only():
    assert not list((HELPERS / "assets").rglob("*.py")), "what makes assets lives in recipes"


# How large a room is


@pytest.mark.parametrize("module", MODULES)
def test_module_is_read_in_a_sitting(module):
    lines = len(MODULES[module].read_text(encoding="utf-8").splitlines())
    assert lines <= MODULE_LINES, f"{module} has {lines} lines, more than {MODULE_LINES}"


@pytest.mark.parametrize("module", MODULES)
def test_functions_fit_a_screen(module):
    functions = [node for node in walk(tree(module)) if isinstance(node, ast.FunctionDef)]
    lengths = {node.name: (node.end_lineno or 0) - node.lineno + 1 for node in functions}
    long = {name: length for name, length in lengths.items() if length > FUNCTION_LINES}
    assert not long, f"{module}: {long}, more than {FUNCTION_LINES} lines"


# That nothing lies about unused


def definitions(module: str) -> dict[str, Definition]:
    """Return the functions and classes at the top of a module by their full names."""
    nodes = [node for node in tree(module).body if isinstance(node, Definition)]
    return {f"{module}.{node.name}": node for node in nodes}


def is_public(name: str) -> bool:
    return not any(part.startswith("_") for part in name.split("."))


PUBLIC = {
    name: node
    for module in MODULES
    for name, node in definitions(module).items()
    if is_public(name)
}
# A package passes on what its modules define: helpers.data.load_mnist is helpers.data.mnist's.
PASSED_ON = {
    f"{module}.{short}": full
    for module, path in MODULES.items()
    if path.stem == "__init__"
    for short, full in bound_names(tree(module), package(module)).items()
    if full != f"{module}.{short}"  # a package that imports its own module
}


def mentions(code: ast.AST, known: dict[str, str]) -> set[str]:
    """Return the names that code mentions, in full and where they are defined."""
    found = set()
    for node in walk(code):
        if isinstance(node, ast.Name | ast.Attribute):
            first, *rest = ast.unparse(node).split(".")
            name = ".".join([known.get(first, first), *rest])
            while name in PASSED_ON:
                name = PASSED_ON[name]
            found.add(name)
    return found


def used_in(notebook: NotebookNode) -> set[str]:
    known = imported(notebook)
    return {
        name for _, cell in code_cells(notebook) for name in mentions(parse(cell.source), known)
    }


@functools.cache
def used_in_lessons() -> dict[Path, set[str]]:
    return {path: used_in(read(path)) for path in LESSONS}


@functools.cache
def used_in_helpers() -> set[str]:
    """Return what modules mention of themselves and of each other, and the judges of check()."""
    found = {f"{e.judge.__module__}.{e.judge.__name__}" for e in checks.EXERCISES.values()}
    for module in MODULES:
        own = {name.rpartition(".")[2]: name for name in definitions(module)}
        found |= mentions(tree(module), own | bound_names(tree(module), package(module)))
    return found


@pytest.mark.parametrize("name", PUBLIC)
def test_public_helper_is_introduced_where_it_is_first_used(name):
    users = [path for path, used in used_in_lessons().items() if name in used]
    said = re.search(r"Introduced in notebook \w+\.$", ast.get_docstring(PUBLIC[name]) or "")
    if users:
        wanted = f"Introduced in notebook {number(users[0])}."
        ends = said[0] if said else "nothing"
        assert ends == wanted, f"{name}: its docstring ends with {ends!r}, not {wanted!r}"
    else:
        assert not said, f"{name}: no lesson uses it, but its docstring names one"
        assert name in used_in_helpers(), f"{name}: nothing uses it; delete it"


# The reading itself


def test_use_is_seen_however_a_helper_is_imported():
    first = new_code_cell(
        "import helpers\nfrom helpers import data as d\nfrom helpers.checks import check\n"
        "from helpers.widgets import LatentExplorer"
    )
    uses = "helpers.setup()\nx = d.load_mnist()[0]\ncheck('02.1', x)\nLatentExplorer(x).z"
    names = {"helpers.setup", "helpers.data.load_mnist", "helpers.checks.check"}
    names |= {"helpers.widgets.LatentExplorer"}
    names = {PASSED_ON.get(name, name) for name in names}
    assert names <= used_in(new_notebook(cells=[first, new_code_cell(uses)]))
    assert names <= set(PUBLIC)
    assert not names & used_in(new_notebook(cells=[first]))


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("from . import data", "helpers.data"),
        ("from helpers import data", "helpers.data"),
        ("import helpers.data", "helpers.data"),
        ("from .data import folder", "helpers.data.folder"),
        ("from helpers.data.folder import load_images", "helpers.data.folder.load_images"),
    ],
)
def test_import_is_seen_however_it_is_written(statement, name):
    assert loads("helpers", ast.parse(statement)) == {name}
    assert home(name) == name.removesuffix(".load_images")
