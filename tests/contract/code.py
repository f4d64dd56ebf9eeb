"""Rules about the code: short cells that need nothing but Python and requirements.txt."""

import ast
import re
import sys

from contract.reading import ROOT, at, code_cells, imported, parse, walk
from contract.rules import EVERY, Complaints, rule

CELL_LINES = 25
MAGICS = {"timeit"}
# What a requirement is called in an import, where that differs from its name.
IMPORTED_AS = {"scikit-learn": "sklearn", "pillow": "PIL", "tensorflow-cpu": "tensorflow"}


@rule(EVERY)
def code_cells_are_short(notebook, path) -> Complaints:
    for i, cell in code_cells(notebook):
        if (lines := len(cell.source.splitlines())) > CELL_LINES:
            yield f"{at(i, cell)}: {lines} lines, {CELL_LINES} at most; split it or use a helper"


@rule(EVERY)
def runs_nothing_outside_python(notebook, path) -> Complaints:
    for i, cell in code_cells(notebook):
        for node in walk(parse(cell.source)):
            # Magics and shell lines: get_ipython().run_line_magic("timeit", ...), .system("ls")
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if not ast.unparse(node.func).startswith("get_ipython()"):
                continue
            magic = ast.literal_eval(node.args[0])
            if "magic" not in node.func.attr or magic not in MAGICS:
                yield f"{at(i, cell)}: runs {magic!r} outside Python; the magics are {MAGICS}"
        if match := re.search(r"sys\.path|os\.system|subprocess|pip install", cell.source):
            yield f"{at(i, cell)}: {match[0]}; requirements.txt installs, helpers are importable"


@rule(EVERY)
def imports_only_requirements(notebook, path) -> Complaints:
    requirements = re.findall(r"(?m)^[\w-]+(?===)", (ROOT / "requirements.txt").read_text("utf-8"))
    known = {IMPORTED_AS.get(name, name) for name in requirements} | {"helpers"}
    for name in imported(notebook).values():
        if name.split(".")[0] not in known | sys.stdlib_module_names:
            yield f"imports {name}, which is not in requirements.txt: pin it there or do without"
        if name.endswith(".*"):
            yield f"imports {name}: name what you need"
