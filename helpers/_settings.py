"""The learner's own settings, which must not change what the course shows, or stop it.

Nothing here loads a library before `environment` has been called.
"""

import importlib
import importlib.machinery
import logging
import os
import sys
import warnings
from pathlib import Path

# TensorFlow and Keras read these once, when they load. A learner's own values would change results,
# cut a training short, or fill the page with messages.
ENVIRONMENT = {
    # oneDNN announces itself at import and rounds differently from machine to machine.
    "TF_ENABLE_ONEDNN_OPTS": "0",
    # Level 3, since TensorFlow 2.21 logs a harmless "error" (use_unbounded_threadpool) for every
    # fit whose last batch is smaller; real errors still arrive as Python exceptions.
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "KERAS_BACKEND": "tensorflow",
}
UNSET = (
    "KERAS_MAX_EPOCHS",
    "KERAS_MAX_STEPS_PER_EPOCH",
    "TF_CPP_MAX_VLOG_LEVEL",
    "TF_CPP_VMODULE",
    "TF_XLA_FLAGS",
    "XLA_FLAGS",
)
INLINE = "module://matplotlib_inline.backend_inline"  # what shows a figure below its cell
LARGEST_SEED = 2**32 - 1  # that NumPy takes
EPSILON = 1e-7  # Keras's own default
PYTHONS = Path(os.__file__).parent, Path(os.__file__).parent / "lib-dynload"  # its own modules


def environment() -> None:
    """Give TensorFlow and Keras the course's variables instead of the learner's."""
    os.environ.update(ENVIRONMENT)
    for name in UNSET:
        os.environ.pop(name, None)


def whole_number(name: str, given: object, largest: int) -> int:
    """Return a whole number from 0 to the largest, or say in a ValueError what was given."""
    try:
        number = given.__index__()  # type: ignore[attr-defined]  # whoever lacks it is no integer
        if not isinstance(given, bool) and 0 <= number <= largest:
            return number
    except (AttributeError, TypeError):
        pass
    short = repr(given) if len(repr(given)) < 60 else type(given).__name__
    raise ValueError(
        f"{name} is {short}, but has to be a whole number from 0 to {largest}: type "
        f"`helpers.setup({name}=0)`."
    )


def load() -> None:
    """Load what every chapter needs, or say in one sentence which setting or file is in the way.

    Raises:
        RuntimeError: a file beside the notebook hides a library, or a setting stops one.
    """
    # Some libraries warn while they load; where a warning is an error, they would not.
    warnings.filters[:] = [entry for entry in warnings.filters if entry[0] != "error"]  # type: ignore[index]  # a list, whatever its stub says
    if hidden := hiding(libraries_only=True):
        raise RuntimeError(hidden)
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if hasattr(shell, "kernel") and "matplotlib" not in sys.modules:
        os.environ["MPLBACKEND"] = INLINE
    # It complains about lines of a matplotlibrc, which `reset` leaves without effect.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    try:
        for name in ("matplotlib.pyplot", "keras", "tensorflow"):
            importlib.import_module(name)
    except Exception as error:
        raise RuntimeError(hiding(libraries_only=False) or _reason(error)) from None
    finally:
        logging.getLogger("matplotlib").setLevel(logging.NOTSET)
    if (backend := sys.modules["keras"].config.backend()) != "tensorflow":
        raise RuntimeError(
            f'Keras was loaded with the backend "{backend}" before the course could '
            'choose "tensorflow": restart the kernel and run `import helpers` before anything else.'
        )


def hiding(libraries_only: bool) -> str | None:
    """Name a file or folder beside the notebook that Python takes for a package of its name.

    Args:
        libraries_only: whether to leave out the names of Python's own modules, most of which
            nothing looks for any more once the kernel runs.
    """
    folders = [Path(entry or os.curdir).absolute() for entry in sys.path]
    for place, folder in enumerate(folders):
        if _is_installed(folder) or folder in PYTHONS or not os.access(folder, os.R_OK):
            continue
        later = [f for f in folders[place + 1 :] if _is_installed(f) or not libraries_only]
        for entry in sorted(folder.iterdir()) if folder.is_dir() else []:
            name = entry.stem if entry.suffix == ".py" else entry.name
            if not name.isidentifier() or name == "helpers" or _loaded_elsewhere(name, folder):
                continue
            found = _find(name, [folder])
            if found and _find(name, later):
                file = found.parent if found.stem == "__init__" else found
                return (
                    f"{file} has the name of a package that the course needs, and Python finds it "
                    f"first: rename it, for instance to my_{file.name}, and restart the kernel."
                )
    return None


def _is_installed(folder: Path) -> bool:
    return folder.name in ("site-packages", "dist-packages")


def _find(name: str, folders: list[Path]) -> Path | None:
    found = importlib.machinery.PathFinder.find_spec(name, [str(folder) for folder in folders])
    # A folder without __init__.py has no origin, and gives way to a package.
    return Path(found.origin) if found and found.origin else None


def _loaded_elsewhere(name: str, folder: Path) -> bool:
    file = getattr(sys.modules.get(name), "__file__", None)
    return bool(file) and folder not in Path(file or "").absolute().parents


def _reason(error: Exception) -> str:
    """Say in one sentence why a library did not load."""
    said = " ".join(str(error).split())[:80].rstrip(".") or type(error).__name__
    home = os.environ.get("KERAS_HOME") or os.path.join("~", ".keras")
    file = Path(home).expanduser() / "keras.json"
    backend = os.environ.get("MPLBACKEND")
    if isinstance(error, ImportError):
        return (
            f"a package that the course needs does not load ({said}): choose the kernel of .venv, "
            "or run `%pip install -r requirements.txt` in the course's folder."
        )
    if backend and backend in said:
        return (
            f'Matplotlib does not know "{backend}", which MPLBACKEND names: type '
            '`import os; del os.environ["MPLBACKEND"]`, then helpers.setup() again.'
        )
    if "matplotlib.pyplot" not in sys.modules:
        return (
            f"Matplotlib does not load with your settings ({said}): rename the file matplotlibrc, "
            "beside the notebook or in your home folder, and restart the kernel."
        )
    return (
        f"Keras does not load with what is in {file} ({said}): rename that file, and restart the "
        "kernel."
    )


def reset() -> None:
    """Put what a startup file or an earlier cell may have set back to what libraries come with."""
    import keras
    import matplotlib
    import numpy as np
    import tensorflow as tf

    # A notebook makes many small networks, and TensorFlow warns that it has to trace each of them.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    keras.config.set_floatx("float32")
    keras.config.set_epsilon(EPSILON)
    keras.config.set_image_data_format("channels_last")
    keras.config.set_dtype_policy("float32")
    keras.config.enable_interactive_logging()
    keras.config.enable_traceback_filtering()
    keras.config.set_max_epochs(None)
    keras.config.set_max_steps_per_epoch(None)
    tf.config.run_functions_eagerly(False)
    np.set_printoptions(
        edgeitems=3, floatmode="maxprec", formatter=None, infstr="inf", legacy=False, linewidth=75,
        nanstr="nan", precision=8, sign="-", suppress=False, threshold=1000,
    )  # fmt: skip
    np.seterr(divide="warn", over="warn", under="ignore", invalid="warn")
    matplotlib.rcdefaults()  # all but the backend, which shows the figures
