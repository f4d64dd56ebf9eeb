"""What a chapter writes out, for recipes that train just that: its code stands there only."""

import ast
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def definitions(notebook: str, *names: str) -> SimpleNamespace:
    """Run the imports of a notebook and its definitions of some functions and classes.

    Args:
        notebook: the name of its file, such as "07_beyond_the_basics.ipynb".
        *names: of the functions and classes; no other code of the notebook runs.

    Returns:
        The functions and classes as attributes.

    Raises:
        ValueError: the notebook does not define one of them.
    """
    cells = json.loads((NOTEBOOKS / notebook).read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    found: dict[str, Any] = {}
    for source in sources:
        if source.startswith("%"):  # a magic, which is no Python
            continue
        for node in ast.parse(source).body:
            wanted = getattr(node, "name", None) in names
            if wanted or isinstance(node, ast.Import | ast.ImportFrom):
                exec(compile(ast.Module([node], []), notebook, "exec"), found)
    if missing := set(names) - set(found):
        raise ValueError(f"{notebook} does not define {', '.join(sorted(missing))}.")
    return SimpleNamespace(**{name: found[name] for name in names})
