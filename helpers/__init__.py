"""Plumbing for the course's notebooks. Importing this package is free: it loads no library."""

import contextlib

from helpers import _settings

# TensorFlow reads its variables once, when it loads, so `import helpers` comes first.
_settings.environment()

MOST_THREADS = 1024  # more than any laptop has cores


def setup(seed: int = 0, *, script: bool = False, threads: int = 1) -> None:
    """Make a notebook quiet, repeatable and legible; call it in a notebook's first cell.

    Seeds Python, NumPy and Keras, asks TensorFlow for operations that give the same bits on every
    run, sets the figure style, and decides how much of the machine is used. The learner's own
    settings of Keras, NumPy and Matplotlib are put back to what these come with.

    Args:
        seed: any integer from 0 to 2**32 - 1; another seed trains another network.
        script: whether to trade memory for speed, which suits a script; a notebook stays small.
        threads: how many TensorFlow may use, 0 for one on every core. Another number, and with 0
            another number of cores, changes the last bits of a result.

    Raises:
        ValueError: the seed or the number of threads is none.
        RuntimeError: a file beside the notebook hides a library, or a setting stops one; the
            message says what to rename or type.

    Introduced in notebook 00.
    """
    from helpers import _memory

    seed = _settings.whole_number("seed", seed, _settings.LARGEST_SEED)
    threads = _settings.whole_number("threads", threads, MOST_THREADS)
    _settings.environment()  # once more: a cell in between may have changed it
    # Before Keras is loaded, since loading it takes memory as well.
    if script:
        _memory.be_quick()
    else:
        _memory.be_small()
    _settings.load()
    _settings.reset()

    import keras
    import matplotlib.pyplot as plt
    import tensorflow as tf

    # The order of a sum, and so its last bits, depend on the number of threads; for networks as
    # small as ours one is as quick. Refused once TensorFlow computes.
    with contextlib.suppress(RuntimeError):
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    plt.rcParams.update(
        {
            "figure.dpi": 100,
            "figure.facecolor": "white",  # opaque, so that a figure is legible on a dark page too
            "figure.constrained_layout.use": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": "medium",
            "axes.titlelocation": "left",
            "legend.frameon": False,
            "image.cmap": "gray_r",
            "image.interpolation": "nearest",
        }
    )
