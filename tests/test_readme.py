"""The documents at the top: README and its commands, CONTRIBUTING, LICENSE, CITATION."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from test_setup import INSTALL, INSTALL_TESTS, LAB, TEST, VENV

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_readme_opens_with_a_picture_that_is_described():
    first = README.split("\n\n")[1]
    alt, path = re.fullmatch(r"!\[(.*)\]\((.*)\)", first).groups()
    assert len(alt) > 60
    assert (ROOT / path).is_file()


def test_binder_address():
    assert README.count("OWNER/REPO") <= 1
    (address,) = re.findall(r"^\[binder\]: (\S+)$", README, flags=re.MULTILINE)
    start, page = address.split("?urlpath=lab/tree/")
    assert re.fullmatch(r"https://mybinder\.org/v2/gh/[\w.-]+/[\w.-]+/HEAD", start)
    assert page == "notebooks/00_start_here.ipynb"
    assert re.search(r"\[!\[[^\]]+\]\(https://mybinder\.org/badge_logo\.svg\)\]\[binder\]", README)


def test_chapter_table_is_what_the_notebooks_say():
    rows = re.findall(r"^\| \[(.+?)\]\((.+?)\) \| (\d+) \| (.+) \|$", README, flags=re.MULTILINE)
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert [path for _, path, _, _ in rows] == [f"notebooks/{path.name}" for path in notebooks]
    for (title, _, minutes, _), path in zip(rows, notebooks, strict=True):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        opening = "".join(cells[0]["source"])
        assert re.search(r"\*\*Time:\*\* (\d+) minutes", opening)[1] == minutes
        assert opening.startswith("# " + title.replace(" ", " · ", 1))


# --- README: the commands


def blocks(language: str) -> list[str]:
    """Return README's code blocks in a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def nonempty(block: str) -> list[str]:
    """Return a block's lines without the empty ones."""
    return [line for line in block.splitlines() if line]


def test_readmes_two_commands():
    assert re.findall(r"^make (\w+)", blocks("sh")[0], flags=re.MULTILINE) == ["lab", "test"]


def test_plain_lines_do_what_make_does():
    plain = [line.split("python", 1)[1].lstrip("3 ") for line in nonempty(blocks("sh")[1])]
    assert plain == [VENV, INSTALL, LAB, INSTALL_TESTS, TEST]


def test_windows_lines_are_the_same():
    windows = blocks("powershell")[0].replace("py -3.12", "python3")
    unix = windows.replace(r".venv\Scripts", ".venv/bin").replace("\\", "/")
    assert nonempty(unix) == nonempty(blocks("sh")[1])


def test_offline_lines_name_the_same_folder():
    offline = [block for block in blocks("sh") if "wheel" in block]
    assert "pip wheel --wheel-dir wheels -r requirements.txt" in offline[0]
    assert "pip install --no-index --find-links wheels -r requirements.txt" in offline[1]
    assert "wheels/" in (ROOT / ".gitignore").read_text().splitlines()


# --- every document


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    prose = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)
    for path in re.findall(r"\]\((?!https://)([^)#]+)(?:#[^)]*)?\)", prose):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_make_has_the_targets_that_are_named(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    named = re.findall(r"(?:`|^)make ([\w-]+)", text, flags=re.MULTILINE)
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    assert set(named) <= set(targets)


def test_readme_sends_contributors_on():
    section = README.split("## For contributors\n")[1].split("\n## ")[0]
    assert "(CONTRIBUTING.md)" in section
    assert len(section.strip().splitlines()) == 1


def test_licence_says_what_readme_says():
    licence = (ROOT / "LICENSE").read_text()
    assert licence.startswith("MIT License\n")
    assert "CC BY 4.0" in licence and "CC BY 4.0" in README
    assert "mlxtend 0.25.0" in README


def test_citation_says_what_the_project_says():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    licence = (ROOT / "LICENSE").read_text()
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["version"] == project["version"]
    assert citation["license"] == [project["license"], "CC-BY-4.0"]
    assert citation["title"].startswith(README.splitlines()[0].removeprefix("# "))
    (author,) = citation["authors"]
    assert author["name"].lower() in licence.lower()
