"""A live widget, and the still picture that stands in for it where nothing runs."""

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display

from helpers import plots
from helpers.widgets.latent_map import LatentMap


class Live:
    """A widget, with a picture that stands in for it where no kernel runs (GitHub, a printed page).

    Args:
        widget: what lives in a notebook whose kernel runs.
        picture: what is seen elsewhere; its alt text is the plain text of the output.
        page: HTML that lives without a kernel, in a saved notebook and its HTML export; None for
            none.

    Introduced in notebook 05.
    """

    def __init__(self, widget: widgets.Widget, picture: plots.Picture, page: str | None = None):
        self.widget, self.picture, self.page = widget, picture, page

    def _repr_mimebundle_(self, include=None, exclude=None) -> tuple[dict, dict]:
        data, metadata = _view(self.widget)
        if self.page is not None:
            return {**data, "text/html": self.page, "text/plain": self.picture.alt}, metadata
        still, about = self.picture._repr_mimebundle_()
        return {**data, **still}, {**metadata, **about}

    def _ipython_display_(self) -> None:
        if self.page is None:
            raise NotImplementedError  # one output is enough: IPython takes the bundle above
        # GitHub would take the page of a bundle that holds both, and drop the frame in it, so the
        # picture is an output of its own; the page's CSS hides it where the page lives.
        display(self.picture)
        data, metadata = self._repr_mimebundle_()
        display(data, metadata=metadata, raw=True)


def _view(widget: widgets.Widget) -> tuple[dict, dict]:
    bundle = widget._repr_mimebundle_()
    return bundle if isinstance(bundle, tuple) else (bundle, {})  # anywidget's, or ipywidgets' own


def still_map(
    latent_map: LatentMap, point: np.ndarray, decoded: np.ndarray, alt: str
) -> plots.Picture:
    """Draw a map with a ring at a point, and beside it what is decoded there.

    Args:
        latent_map: the codes to draw, in their window.
        point: (2,), in the code's own units.
        decoded: float (28, 28) in [0, 1].
        alt: what the picture shows.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.5, 4.4), width_ratios=[2, 1], dpi=100)
    window = latent_map.low, latent_map.high
    plots.latent_map(left, latent_map.codes, latent_map.labels, window=window)
    left.plot(*point, "o", ms=14, mfc="none", mec="black", mew=2.5)
    right.imshow(decoded, vmin=0, vmax=1)
    right.set(title="decoded from the ring", xticks=[], yticks=[])
    right.spines[:].set_visible(False)
    return plots.Picture(figure, alt)
