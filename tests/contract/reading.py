"""Reading notebooks and the code in them.

Cells are counted from 0, text cells too; a code cell's own number follows in brackets. What is read
and parsed is kept, for every rule asks again.
"""

import ast
import builtins
import functools
import json
import re
from importlib.util import resolve_name
from pathlib import Path

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode
from nbformat.v4.rwbase import rejoin_lines
from refresh import NOTEBOOKS

ROOT = NOTEBOOKS.parent
LESSONS = sorted(NOTEBOOKS.glob("*.ipynb"))
SOLUTIONS = sorted((NOTEBOOKS / "solutions").glob("*.ipynb"))

Cells = list[tuple[int, NotebookNode]]
Import = ast.Import | ast.ImportFrom


@functools.cache
def read(path: Path) -> NotebookNode:
    """Return a notebook as it is stored; nbformat.read would mend missing ids without a word."""
    return rejoin_lines(nbformat.from_dict(json.loads(path.read_text(encoding="utf-8"))))


def number(path: Path) -> str:
    """Return how a chapter is numbered: "05", or "extra" for one that stands outside the row."""
    return path.stem.split("_")[0]


def title(path: Path) -> str:
    """Return a chapter as links name it: "01 Motivation", without what follows a colon."""
    heading = read(path).cells[0].source.splitlines()[0].removeprefix("# ")
    return heading.replace(" ·", "").split(":")[0]


# Cells


def at(i: int, cell: NotebookNode) -> str:
    return f"cell {i} [{cell.execution_count}]" if cell.cell_type == "code" else f"cell {i}"


def code_cells(notebook: NotebookNode) -> Cells:
    return [(i, cell) for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]


def texts(notebook: NotebookNode) -> list[tuple[int, str]]:
    """Return each text cell without its code, where nothing is a link or a heading."""
    blocks = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)
    cells = enumerate(notebook.cells)
    return [(i, blocks.sub("`code`", cell.source)) for i, cell in cells if cell.cell_type != "code"]


def words(text: str) -> int:
    """Count the words that a reader meets: no answers, tables, questions, images or addresses."""
    if text.startswith("## Check yourself"):
        return 0
    text = re.sub(r"(?s)<details>.*?</details>|!\[[^]]*\]\([^)]*\)|\]\([^)]*\)", " ", text)
    lines = [line for line in text.splitlines() if not line.startswith("|")]
    return len(re.findall(r"\S*\w\S*", " ".join(lines)))


def printed(cell: NotebookNode) -> str:
    """Return what nbval compares of a cell: its streams and every text of its displays."""
    shown = [output.get("text", "") for output in cell.outputs]
    for output in cell.outputs:
        data = output.get("data", {}).items()
        shown += [str(text) for kind, text in data if not kind.startswith("image/")]
    return "\n".join(shown)


def is_heading(cell: NotebookNode) -> bool:
    return cell.cell_type == "markdown" and cell.source.startswith("#")


def headings(notebook: NotebookNode) -> list[tuple[int, str, str]]:
    """Return (cell, hashes, text) of each cell that begins with a heading."""
    found = [(i, re.match(r"(#+) (.*)", cell.source)) for i, cell in enumerate(notebook.cells)]
    return [
        (i, match[1], match[2]) for i, match in found if match and is_heading(notebook.cells[i])
    ]


def section(notebook: NotebookNode, start: int) -> Cells:
    """Return the cells from `start` on, up to the next heading of any level."""
    cells = list(enumerate(notebook.cells))[start:]
    end = next((k for k, (_, cell) in enumerate(cells) if k and is_heading(cell)), len(cells))
    return cells[:end]


# Code


@functools.cache
def parse(source: str) -> ast.Module:
    """Return a code cell's syntax tree, with magics and shell lines as calls of get_ipython()."""
    return ast.parse(TransformerManager().transform_cell(source))


@functools.cache
def walk(tree: ast.AST) -> list[ast.AST]:
    return list(ast.walk(tree))


@functools.cache
def names(tree: ast.AST, context: type = ast.expr_context) -> frozenset[str]:
    """Return the variables that code mentions, or sets (ast.Store); `print` and such are none."""
    found = [node for node in walk(tree) if isinstance(node, ast.Name)]
    mentioned = {node.id for node in found if isinstance(node.ctx, context)}
    return frozenset(mentioned - {"_", *dir(builtins)})


def imports(tree: ast.AST) -> list[Import]:
    return [node for node in walk(tree) if isinstance(node, Import)]


def imported_names(node: Import, package: str = "") -> list[str]:
    """Return what a statement imports, in full: "helpers.data" for `from helpers import data`.

    A dot at the beginning of a name stands for the package.
    """
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    module = resolve_name("." * node.level + (node.module or ""), package)
    return [f"{module}.{alias.name}" for alias in node.names]


def bound_names(tree: ast.AST, package: str = "") -> dict[str, str]:
    """Return what each imported name stands for, as {"np": "numpy", "data": "helpers.data"}."""
    found = {}
    for node in imports(tree):
        for alias, name in zip(node.names, imported_names(node, package), strict=True):
            found[alias.asname or alias.name] = name
    return found


def imported(notebook: NotebookNode) -> dict[str, str]:
    """Return what the names that a notebook imports stand for."""
    found: dict[str, str] = {}
    for _, cell in code_cells(notebook):
        found |= bound_names(parse(cell.source))
    return found
