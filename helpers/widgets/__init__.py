"""What a learner moves by hand: sliders and the explorer."""

from helpers.widgets.explorer import LatentExplorer
from helpers.widgets.live import Live
from helpers.widgets.sliders import DecodeSliders

__all__ = ["DecodeSliders", "LatentExplorer", "Live"]
