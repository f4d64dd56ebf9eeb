"""A real JupyterLab in a real Chromium: what the browser tests and the benchmarks both drive."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

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
    left_out = shutil.ignore_patterns(".ipynb_checkpoints", "*.keras")
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

    def stop_kernels(self) -> None:
        for session in self.request("GET", "api/sessions"):
            self.request("DELETE", f"api/sessions/{session['id']}")

    def open(self, page: Page, name: str) -> None:
        """Open a notebook of the folder, and wait until its cells and its kernel are there."""
        # A workspace of its own each time, or JupyterLab opens what the last test had open too.
        workspace = secrets.token_hex(4)
        page.goto(f"{self.address}lab/workspaces/{workspace}/tree/{name}?token={self.token}")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
        wait_for_kernel(page)


@contextmanager
def open_page(browser: Browser, lab: Lab, width: int = 1280, height: int = 900) -> Iterator[Page]:
    """Open a fresh browser window; afterwards stop the kernels that were started in it."""
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(30_000)
    try:
        yield context.new_page()
    finally:
        context.close()
        lab.stop_kernels()


def wait_for_kernel(page: Page) -> None:
    """Wait until the notebook's own indicator says that nothing runs."""
    idle = ".jp-Notebook-ExecutionIndicator[data-status=idle]"
    page.locator(idle).wait_for(state="attached", timeout=PATIENCE)


def code_cells(page: Page) -> Locator:
    return page.locator(".jp-Notebook .jp-CodeCell")


def run_all(page: Page) -> None:
    """Choose Run > Run All Cells, and wait until the last code cell has its number."""
    page.locator(".lm-MenuBar-itemLabel", has_text="Run").first.click()
    page.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click()
    wait_for_numbers(page)
    wait_for_kernel(page)


def wait_for_numbers(page: Page) -> None:
    """Wait until no code cell waits: [*] has become a number everywhere, or a cell failed."""
    done = """() => {
        const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")]
        const failed = document.querySelector('[data-mime-type="application/vnd.jupyter.stderr"]')
        return failed || prompts.every((prompt) => /\\d/.test(prompt.textContent))
    }"""
    page.wait_for_function(done, timeout=PATIENCE)
