"""helpers.setup: the same course whatever the learner's own settings are, or one sentence.

Settings are read once, as a library loads, so each of these tests needs a process of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import helpers

COURSE = Path(__file__).parents[1]

# What a learner sees of a run: a loss, an array, and the looks of a figure.
COURSE_RUN = """
import json, sys
if "startup" in sys.argv:
    import numpy as np
    np.set_printoptions(precision=2, suppress=True, formatter={"float": lambda x: "?"})
    np.seterr(all="raise")
import helpers
helpers.setup(seed=3)
import keras, matplotlib.pyplot as plt, numpy as np
x = np.random.default_rng(0).random((64, 20), "float32")
network = keras.Sequential([keras.Input((20,)), keras.layers.Dense(4), keras.layers.Dense(20)])
network.compile("adam", "mse")
losses = network.fit(x, x, epochs=3, verbose=0).history["loss"]
looks = ["text.color", "axes.facecolor", "axes.labelcolor", "savefig.facecolor", "image.cmap",
         "figure.facecolor", "lines.linewidth", "font.size", "axes.prop_cycle", "figure.dpi"]
print(json.dumps([
    losses, str(x[0, :3] / 3e5), str(np.float32(0) / np.ones(1)), np.geterr(),
    [str(plt.rcParams[name]) for name in looks], x.dtype.name, network.get_weights()[0].dtype.name,
    keras.config.epsilon(), keras.config.image_data_format(), keras.config.backend(),
]))
keras.config.backend = lambda: "jax"  # pretended, since it is not installed
try:
    helpers.setup()
except RuntimeError as error:
    print(error)
"""

DARK = """
text.color: white
axes.labelcolor: white
axes.facecolor: black
savefig.facecolor: black
lines.linewidth: 9
font.size: 30
axes.prop_cycle: cycler("color", ["ffffff"])
no.such.key: 1
"""
HALF = {"floatx": "float16", "epsilon": 0.1, "image_data_format": "channels_first"}
ODD = {
    "KERAS_BACKEND": "jax",
    "KERAS_MAX_EPOCHS": "1",
    "KERAS_MAX_STEPS_PER_EPOCH": "1",
    "LC_ALL": "C",
    "PYTHONHASHSEED": "7",
    "PYTHONOPTIMIZE": "1",
    "PYTHONWARNINGS": "error",
    "TF_CPP_MIN_LOG_LEVEL": "0",
    "TF_ENABLE_ONEDNN_OPTS": "1",
    "TF_XLA_FLAGS": "--tf_xla_auto_jit=2",
    "XLA_FLAGS": "--no_such_flag=1",
}


def start(folder: Path, code: str, *arguments: str, **environment: str) -> subprocess.Popen:
    """Run code in a folder, as a fresh kernel there would, with its own Keras settings."""
    (folder / "keras").mkdir(exist_ok=True)
    usual = {name: value for name, value in os.environ.items() if name not in ODD}
    usual |= {"KERAS_HOME": str(folder / "keras"), "PYTHONPATH": str(COURSE)}
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], cwd=folder, env=usual | environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_nothing_that_a_learner_has_set_changes_the_course(tmp_path):
    """All of it at once: a dark matplotlibrc, keras.json, a startup file, and variables."""
    plain, mine = tmp_path / "plain", tmp_path / "mine"
    plain.mkdir()
    (mine / "keras").mkdir(parents=True)
    (mine / "matplotlibrc").write_text(DARK)
    (mine / "keras" / "keras.json").write_text(json.dumps(HALF | {"backend": "torch"}))
    (mine / "statistics.py").write_text("1 / 0")  # Python's own name, which nothing here needs
    runs = [start(plain, COURSE_RUN), start(mine, COURSE_RUN, "startup", **ODD)]
    (expected, _), (found, said) = (run.communicate() for run in runs)
    assert [run.returncode for run in runs] == [0, 0], said
    assert said == "", "setup says something"
    assert found == expected
    results, refusal = found.splitlines()
    assert len(json.loads(results)[0]) == 3, "three epochs"
    assert '"jax"' in refusal and '"tensorflow"' in refusal and "restart the kernel" in refusal


SETUP = "import helpers\ntry:\n    helpers.setup()\nexcept RuntimeError as error:\n    print(error)"
# What is in the way: a file beside the notebook and its text, or variables.
# -> what the sentence names.
IN_THE_WAY = {
    "keras.py": (("keras.py", ""), {}, ["keras.py", "rename it", "my_keras.py"]),
    "numpy.py": (("numpy.py", "x = 1"), {}, ["numpy.py", "rename it"]),
    "folder": (("sklearn/__init__.py", ""), {}, ["sklearn", "rename it"]),
    "keras.json": (("keras/keras.json", '{"floatx": "double"}'), {}, ["keras.json", "rename"]),
    "matplotlibrc": (("matplotlibrc", b"\xff\xfe"), {}, ["matplotlibrc", "rename"]),
    "MPLBACKEND": (None, {"MPLBACKEND": "nonsense"}, ["MPLBACKEND", '"nonsense"', "del os"]),
}  # fmt: skip


@pytest.mark.parametrize(("file", "variables", "named"), IN_THE_WAY.values(), ids=IN_THE_WAY)
def test_what_is_in_the_way_is_named_in_one_sentence(file, variables, named, tmp_path):
    if file:
        path = tmp_path / file[0]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(file[1] if isinstance(file[1], bytes) else file[1].encode())
    said, crashed = start(tmp_path, SETUP, **variables).communicate()
    assert crashed == "" and said.count("\n") == 1 and said.endswith(".\n"), said + crashed
    assert all(part in said for part in named), said
    assert len(said.replace(str(tmp_path), "")) < 300


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, "7", None, True, [1]], ids=str)
def test_wrong_seed(seed):
    with pytest.raises(ValueError) as error:
        helpers.setup(seed)
    said = str(error.value)
    assert f"seed is {seed!r}, " in said and "whole number from 0 to 4294967295" in said
    assert "`helpers.setup(seed=0)`" in said and said.endswith(".")


@pytest.mark.parametrize("threads", [-1, 1.5, "2", None], ids=str)
def test_wrong_number_of_threads(threads):
    with pytest.raises(ValueError, match=r"threads is .*helpers\.setup\(threads=0\)`\.$"):
        helpers.setup(threads=threads)
