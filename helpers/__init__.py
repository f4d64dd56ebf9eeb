"""Plumbing for the course's notebooks. Importing this package is free: it loads no submodule."""

import contextlib
import logging
import os

# TensorFlow reads these once, when it loads, so they are set here and `import helpers` comes first.
# oneDNN announces itself at import and rounds differently from machine to machine.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
# Level 3, since TensorFlow 2.21 logs a harmless "error" (use_unbounded_threadpool) for every fit
# whose last batch is smaller; real errors still arrive as Python exceptions.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def setup(seed: int = 0, *, script: bool = False, threads: int = 1) -> None:
    """Make a notebook quiet, repeatable and legible; call it in a notebook's first cell.

    Seeds Python, NumPy and Keras, asks TensorFlow for operations that give the same bits on every
    run, sets the figure style, and decides how much of the machine is used.

    Args:
        seed: any integer from 0 to 2**32 - 1; another seed trains another network.
        script: whether to trade memory for speed, which suits a script; a notebook stays small.
        threads: how many TensorFlow may use, 0 for one on every core. Another number, and with 0
            another number of cores, changes the last bits of a result.

    Introduced in notebook 00.
    """
    from helpers import _memory

    # Before Keras is loaded, since loading it takes memory as well.
    if script:
        _memory.be_quick()
    else:
        _memory.be_small()

    import keras
    import matplotlib.pyplot as plt
    import tensorflow as tf

    # The order of a sum, and so its last bits, depend on the number of threads; for networks as
    # small as ours one is as quick. Refused once TensorFlow computes.
    with contextlib.suppress(RuntimeError):
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
    # A notebook makes many small networks, and TensorFlow warns that it has to trace each of them.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
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
