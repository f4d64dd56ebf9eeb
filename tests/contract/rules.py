"""The list of the rules, and how a rule enters it."""

from collections.abc import Callable, Iterator
from pathlib import Path

from nbformat import NotebookNode

Complaints = Iterator[str]
Rule = Callable[[NotebookNode, Path], Complaints]

EVERY: list[Rule] = []
LESSON: list[Rule] = []
SOLUTION: list[Rule] = []


def rule(*lists: list[Rule]) -> Callable[[Rule], Rule]:
    def register(function: Rule) -> Rule:
        for rules in lists:
            rules.append(function)
        return function

    return register
