"""Run notebooks in fresh kernels and store their outputs: python tests/refresh.py [NOTEBOOK ...].

Without arguments it takes every notebook, two at a time. A notebook that fails is left as it was.
"""

import os
import re
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
# A view of a widget is dead without its kernel, and an opened page would say so in red. The picture
# and the text beside it in the same output are what a reader without a kernel should see.
LIVE_ONLY = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def execute(path: Path) -> nbformat.NotebookNode:
    """Return the notebook as a fresh kernel in its own folder leaves it, cleaned for committing."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=600, kernel_name="python3", coalesce_streams=True, record_timing=False,
        store_widget_state=False, resources={"metadata": {"path": str(path.parent)}},
    )  # fmt: skip
    client.execute()
    notebook.metadata = nbformat.from_dict(METADATA)
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                text = output.text.strip().splitlines()[-1]
                raise RuntimeError(f"{path.name}, cell {number} wrote to stderr: {text}")
            if LIVE_ONLY in output.get("data", {}):
                del output.data[LIVE_ONLY]
    nbformat.validate(notebook)
    return notebook


def refresh(path: Path) -> str | None:
    """Store the notebook's fresh outputs, all or nothing; return a sentence if it failed."""
    try:
        notebook = execute(path)
    except (CellExecutionError, RuntimeError) as error:
        text = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
        return f"{path.name} was left as it was: {text}"
    handle, unfinished = tempfile.mkstemp(suffix=".ipynb", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        nbformat.write(notebook, file)
    Path(unfinished).chmod(0o644)
    os.replace(unfinished, path)
    print(f"refreshed {path.name}", flush=True)
    return None


def main(names: list[str]) -> int:
    paths = [Path(name).resolve() for name in names] or sorted(NOTEBOOKS.rglob("*.ipynb"))
    paths = [path for path in paths if ".ipynb_checkpoints" not in path.parts]
    with ThreadPoolExecutor(max_workers=2) as pool:
        failures = [failure for failure in pool.map(refresh, paths) if failure]
    for failure in failures:
        print(failure, file=sys.stderr)
    return len(failures) > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
