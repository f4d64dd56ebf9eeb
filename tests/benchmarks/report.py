"""The one thing that all benchmarks share: a table that is printed, and nothing asserted."""

from collections.abc import Sequence


def table(title: str, *rows: Sequence[str]) -> None:
    """Print rows, the first one the heading, with their columns under one another."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    print(f"\n\n{title}")
    for first, *others in rows:
        cells = [text.rjust(width) for text, width in zip(others, widths[1:], strict=True)]
        print("  ".join([first.ljust(widths[0]), *cells]))
