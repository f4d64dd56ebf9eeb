"""The page stored in chapter 05: no other test sees whether it is today's."""

import html
import json
import re
from pathlib import Path

import pytest

COURSE = Path(__file__).resolve().parents[1]
CHAPTER = COURSE / "notebooks" / "05_plotting_the_latent_space.ipynb"
WIDGETS = COURSE / "helpers" / "widgets"


def stored_page() -> str:
    cells = json.loads(CHAPTER.read_text(encoding="utf-8"))["cells"]
    shown = [
        "".join(output["data"].get("text/html", ""))
        for cell in cells
        for output in cell.get("outputs", [])
        if "data" in output
    ]
    (page,) = re.findall(r'<iframe[^>]* srcdoc="([^"]*)"', "".join(shown))
    return html.unescape(page)


@pytest.mark.parametrize("name", ["explorer.js", "explorer.css"])
def test_the_page_stored_in_chapter_05_is_todays(name):
    inside = (WIDGETS / name).read_text(encoding="utf-8") in stored_page()
    assert inside, (
        f"chapter 05 holds an older {name}: python tests/refresh.py {CHAPTER.relative_to(COURSE)}"
    )
