"""The one exception of this package."""


class DataError(RuntimeError):
    """Say in one sentence which file or folder is wrong, how, and what to type.

    Introduced in notebook extra.
    """
