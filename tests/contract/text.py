"""Rules about the prose: short, with headings, links and images that work everywhere."""

import re
from pathlib import Path
from urllib.parse import unquote

from nbformat import NotebookNode

from contract.reading import ROOT, headings, read, texts, words
from contract.rules import EVERY, Complaints, rule

WORDS = 130


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
