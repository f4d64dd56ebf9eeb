"""A real JupyterLab in a real Chromium: what the browser tests and the benchmarks both drive."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect, sync_playwright

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
PATIENCE = 300_000  # milliseconds for a chapter to run; other tests may keep the machine busy
SETTINGS = {
    # A fresh JupyterLab asks whether it may fetch news, on top of the page.
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # Light or dark as the browser says, so that a test can ask for either.
    "apputils-extension/themes": {"adaptive-theme": True},
}


def find_chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Start the system's Chromium, or skip; on CI its absence is a failure."""
    found = find_chromium()
    if found is None:
        give_up = pytest.fail if os.environ.get("CI") else pytest.skip
        give_up("no Chromium here: install chromium, chromium-browser or google-chrome")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        yield browser
        browser.close()


@contextmanager
def open_jupyterlab(folder: Path) -> Iterator["Lab"]:
    """Serve a copy of the notebooks from a folder, with settings of its own beside it."""
    root, runtime = folder / "course", folder / "runtime"
    # Without what a learner saved: every chapter has to run from a fresh checkout.
    left_out = shutil.ignore_patterns(".ipynb_checkpoints", "my_*")
    shutil.copytree(NOTEBOOKS, root, ignore=left_out)
    for name, content in SETTINGS.items():
        path = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "IPYTHONDIR": str(folder / "ipython"),
    }
    token = secrets.token_hex(16)
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--port=0", "--ServerApp.ip=127.0.0.1",
        f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={root}",
    ]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=root, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        yield Lab(wait_for_address(server, runtime, folder / "server.log"), token, root)
    finally:
        server.terminate()  # JupyterLab takes its kernels with it
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()


def wait_for_address(server: subprocess.Popen, runtime: Path, log: Path) -> str:
    """Return the server's address once it listens; it chose the port itself."""
    for _ in range(600):
        for note in runtime.glob("jpserver-*.json"):
            try:
                return json.loads(note.read_text(encoding="utf-8"))["url"]
            except ValueError:  # half written
                pass
        if server.poll() is not None:
            break
        time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")


class Lab:
    """A running JupyterLab: where it listens, and the folder that it shows."""

    def __init__(self, address: str, token: str, root: Path):
        self.address, self.token, self.root = address, token, root

    def request(self, method: str, path: str) -> list | dict | None:
        headers = {"Authorization": f"token {self.token}"}
        question = urllib.request.Request(self.address + path, method=method, headers=headers)
        with urllib.request.urlopen(question, timeout=30) as answer:
            return json.loads(answer.read() or "null")

    def write(self, name: str, *cells: str) -> None:
        """Put a notebook of these code cells beside the chapters."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
        nbformat.write(notebook, self.root / name)

    def read(self, name: str) -> list[nbformat.NotebookNode]:
        """Return the code cells of a notebook as it is stored."""
        notebook = nbformat.read(self.root / name, as_version=4)
        return [cell for cell in notebook.cells if cell.cell_type == "code"]


@contextmanager
def open_notebook(browser: Browser, lab: Lab, name: str) -> Iterator[Page]:
    """Open a notebook in a fresh browser window; afterwards close it and stop what it started."""
    if (NOTEBOOKS / name).exists():  # as it was: an earlier test may have run and saved it
        shutil.copy(NOTEBOOKS / name, lab.root / name)
    sessions = {session["id"] for session in lab.request("GET", "api/sessions")}
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    try:
        page = context.new_page()
        # A workspace of its own each time, or JupyterLab opens what the last test had open too.
        workspace = secrets.token_hex(4)
        page.goto(f"{lab.address}lab/workspaces/{workspace}/tree/{name}?token={lab.token}")
        # JupyterLab shows the first cells while it still builds the others.
        expect(page.locator(".jp-CodeCell")).to_have_count(len(lab.read(name)), timeout=60_000)
        wait_until_idle(page)
        yield page
    finally:
        context.close()
        for session in lab.request("GET", "api/sessions"):
            if session["id"] not in sessions:
                lab.request("DELETE", f"api/sessions/{session['id']}")


def wait_until_idle(page: Page) -> None:
    """Wait until the notebook's own indicator says that nothing runs."""
    idle = page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")
    idle.wait_for(state="attached", timeout=PATIENCE)


def wait_until(page: Page, is_so: Callable[[], bool], what: str) -> None:
    """Ask again and again until the answer is true; fail with what was waited for."""
    for _ in range(300):
        if is_so():
            return
        page.wait_for_timeout(50)
    pytest.fail(f"15 seconds, and still not: {what}")


def choose(page: Page, menu: str, item: str) -> None:
    """Click an item of the menu bar."""
    page.locator(".lm-MenuBar-itemLabel").get_by_text(menu, exact=True).click()
    page.locator(".lm-Menu-itemLabel").get_by_text(item, exact=True).click()


def start_all(page: Page) -> Locator:
    """Run every cell as a learner would; return the prompts of those that wait, one at least."""
    waiting = page.locator(".jp-InputPrompt", has_text="[*]")
    choose(page, "Run", "Run All Cells")
    try:
        waiting.first.wait_for(state="attached", timeout=15_000)
    except TimeoutError:  # a menu that was still being built takes a click and does nothing
        choose(page, "Run", "Run All Cells")
        waiting.first.wait_for(state="attached")
    return waiting


def run_all(page: Page) -> None:
    """Run every cell, and wait until none is left waiting."""
    expect(start_all(page)).to_have_count(0, timeout=PATIENCE)
    wait_until_idle(page)


def cell_with(page: Page, source: str) -> Locator:
    """Return the one code cell whose source contains a text."""
    return page.locator(".jp-CodeCell").filter(has=page.locator(".cm-content", has_text=source))


def what_is_wrong(page: Page) -> list[str]:
    """Return the text of every error, warning and broken widget on the page, and dead images."""
    faults = page.locator(
        '[data-mime-type="application/vnd.jupyter.stderr"], '
        '[data-mime-type="application/vnd.jupyter.error"], '
        '.jp-OutputArea :text-matches("^(Error displaying widget|Loading widget)")'
    )
    # Where an explorer lives, the picture right before it is hidden on purpose.
    dead = """() => [...document.querySelectorAll(".jp-Notebook img")]
        .filter((image) => !image.closest(".jp-OutputArea-child:has(+ * .latent-explorer)"))
        .filter((image) => !(image.complete && image.naturalWidth && image.clientWidth))
        .map((image) => "image not shown: " + (image.alt || image.src))"""
    # Not inner texts: those of cells that are scrolled out of sight are empty.
    return faults.all_text_contents() + page.evaluate(dead)


def photograph(page: Page, name: str) -> None:
    """Save the notebook, screen by screen, in both themes and two sizes, if anyone wants to see.

    The folder is named by the environment variable COURSE_SCREENSHOTS.
    """
    if not (folder := os.environ.get("COURSE_SCREENSHOTS")):
        return
    sheet = page.locator(".jp-WindowedPanel-outer")
    for width, height in ((900, 700), (1280, 900)):
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("dark", "light"):  # ends as it began
            page.emulate_media(color_scheme=theme)
            page.wait_for_timeout(1000)
            visible, whole = sheet.evaluate("(sheet) => [sheet.clientHeight, sheet.scrollHeight]")
            for number in range(-(-whole // visible)):
                sheet.evaluate("(sheet, top) => sheet.scrollTo(0, top)", number * visible)
                page.wait_for_timeout(200)
                page.screenshot(path=f"{folder}/{name}-{theme}-{width}-{number:02}.png")
