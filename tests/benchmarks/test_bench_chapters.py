"""How long each chapter runs, and how much memory its kernel takes."""

import shutil
import subprocess
import threading
import time
from pathlib import Path

import nbformat
import psutil
from benchmarks.report import table
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


class PeakMemory(threading.Thread):
    """Watch the resident memory of a process and its children, and keep the highest sum."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.process, self.peak, self.done = psutil.Process(pid), 0, threading.Event()

    def run(self):
        while not self.done.wait(0.02):
            try:
                family = [self.process, *self.process.children(recursive=True)]
                self.peak = max(self.peak, sum(one.memory_info().rss for one in family))
            except psutil.NoSuchProcess:  # a child ended while we looked at it
                pass


def execute(path: Path) -> tuple[float, float]:
    """Run a notebook in a fresh kernel; return seconds, with the kernel's start, and peak MB."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=600, resources={"metadata": {"path": path.parent}})
    start = time.perf_counter()
    # Kernels warn on this stream that nothing is encrypted, which on one machine is no news.
    with client.setup_kernel(stderr=subprocess.DEVNULL):
        memory = PeakMemory(client.km.provisioner.pid)
        memory.start()
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)
        seconds = time.perf_counter() - start
        memory.done.set()
        memory.join()
    return seconds, memory.peak / 1e6


def test_chapters(tmp_path):
    course = tmp_path / "course"
    # A chapter saves files of its own, and has to run without those of an earlier one.
    shutil.copytree(NOTEBOOKS, course, ignore=shutil.ignore_patterns("my_*"))
    rows, needs = [("chapter", "seconds", "peak MB")], []
    for path in sorted(course.glob("*.ipynb")):
        needs.append(execute(path))
        rows.append((path.stem, f"{needs[-1][0]:.1f}", f"{needs[-1][1]:.0f}"))
    seconds, megabytes = zip(*needs[:6], strict=True)
    rows.append(("00 to 05 together", f"{sum(seconds):.1f}", f"{max(megabytes):.0f}"))
    rows.append(("target: 00 to 05, each", "<= 40", "<= 900"))
    rows.append(("target: together", "<= 120", ""))
    table("Chapters, each in a fresh kernel, one at a time", *rows)
