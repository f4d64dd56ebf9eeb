"""Rules about the file: that Jupyter reads it, and that it stores nothing else."""

import copy
import re

import nbformat
from nbval.plugin import find_comment_markers
from refresh import METADATA

from contract.reading import at, code_cells, printed
from contract.rules import EVERY, Complaints, rule

BYTES = 1_000_000
PAGE_BYTES = 800_000  # of an explorer
TAGS = {"nbval-ignore-output", "raises-exception"}


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
