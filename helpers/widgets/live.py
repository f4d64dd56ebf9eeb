"""A widget, and the still picture that stands in for it where no kernel runs."""

import ipywidgets as widgets

from helpers.plots import Picture


class Live:
    """A widget, with a picture that stands in for it where no kernel runs (GitHub, a printed page).

    Introduced in notebook 05.
    """

    def __init__(self, widget: widgets.Widget, picture: Picture):
        self.widget, self.picture = widget, picture

    def _repr_mimebundle_(self, include=None, exclude=None):
        data, metadata = self.picture._repr_mimebundle_()
        return {**self.widget._repr_mimebundle_(), **data}, metadata
