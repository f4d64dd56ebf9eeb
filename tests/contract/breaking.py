"""Cells to write notebooks with, and ways to break one: each changes a notebook in place."""

import re

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from contract.reading import code_cells


def cell(source: str, *outputs: NotebookNode, count: int | None = 1) -> NotebookNode:
    return new_code_cell(source, outputs=list(outputs), execution_count=count)


def stream(text: str) -> NotebookNode:
    return new_output("stream", name="stdout", text=f"{text}\n")


def rewrite(old: str, new: str):
    """Replace a piece in the first cell that holds it."""

    def mutate(notebook):
        found = next(one for one in notebook.cells if old in one.source)
        found.source = found.source.replace(old, new, 1)

    return mutate


def reprint(old: str, new: str):
    """Replace a piece in the first stored stream that holds it."""

    def mutate(notebook):
        outputs = [output for _, one in code_cells(notebook) for output in one.outputs]
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
    return lambda notebook: code_cells(notebook)[0][1].outputs.append(one)


def insert(place: int, *cells):
    def mutate(notebook):
        notebook.cells[place:place] = cells

    return mutate


def figures(**fields):
    """Set fields of every stored figure."""

    def mutate(notebook):
        for _, one in code_cells(notebook):
            for shown in one.outputs:
                if "image/png" in shown.get("data", {}):
                    shown.update(nbformat.from_dict(fields))

    return mutate


def drop(old: str):
    """Remove the first cell that holds a piece."""

    def mutate(notebook):
        notebook.cells.remove(next(one for one in notebook.cells if old in one.source))

    return mutate
