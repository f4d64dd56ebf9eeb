"""`make refresh` stores what notebooks print, and nothing of one that fails."""

import nbformat
import refresh
from contract.breaking import cell
from nbformat.v4 import new_notebook

SLIDER = """\
import ipywidgets
slider = ipywidgets.IntSlider()
slider.observe(lambda change: 1 / 0, "value")
slider.value = 3"""
BROKEN = {
    "magic": "%no_such_magic",
    "slider": SLIDER,
    "warning": "import sys\nsys.stderr.write('Careful')",
}


def test_refresh_stores_nothing_of_a_broken_notebook(tmp_path, capsys):
    paths = {name: tmp_path / f"{name}.ipynb" for name in [*BROKEN, "whole"]}
    for name, path in paths.items():
        broken = cell(BROKEN.get(name, "print('new')"), count=None)
        nbformat.write(new_notebook(cells=[broken]), path)
    before = {name: path.read_bytes() for name, path in paths.items()}
    assert refresh.main(list(map(str, paths.values()))) == 1
    said = capsys.readouterr().err
    for name in BROKEN:
        assert f"{name}.ipynb was left as it was" in said
        assert paths[name].read_bytes() == before[name]
    (whole,) = nbformat.read(paths["whole"], as_version=4).cells
    assert (whole.execution_count, whole.outputs[0].text) == (1, "new\n")
    assert "whole" not in said
    assert sorted(tmp_path.iterdir()) == sorted(paths.values()), "an unfinished file is left"
