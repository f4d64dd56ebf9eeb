"""Checks of the exercises: each accepts the right answer and explains a wrong one.

`EXERCISES` says of each exercise, by its number, what kind of answer is expected and who judges it.
"""

import re

from helpers.checks import (  # noqa: F401 - a chapter that is imported adds its exercises
    chapter_00,
    chapter_01,
    chapter_02,
    chapter_03,
    chapter_04,
    chapter_05,
    chapter_06,
    chapter_07,
    chapter_extra,
)
from helpers.checks.environment import check_environment
from helpers.checks.judging import EXERCISES, Exercise

__all__ = ["EXERCISES", "Exercise", "check", "check_environment"]

LONGEST = 60  # characters of an answer that a sentence repeats


def check(exercise: str, answer: object, **given: object) -> None:
    """Say whether an exercise's answer is right, and if not, how far off it is and why.

    Args:
        exercise: its number, such as "03.2".
        answer: what you found; `...` means not answered yet.
        **given: arrays or models of the notebook that the exercise is about, where it says so.

    Raises:
        ValueError: no exercise has that number.

    Introduced in notebook 00.
    """
    if exercise not in EXERCISES:
        raise ValueError(
            f'there is no exercise "{exercise}": the numbers are {", ".join(sorted(EXERCISES))}.'
        )
    expected, judge = EXERCISES[exercise]
    parts = answer.values() if isinstance(answer, dict) else [answer]
    if any(part is ... for part in parts):
        print(f"{exercise} is open: put your answer in place of the three dots, then run again.")
        return
    try:
        right, why = judge(answer, **given)
    except Exception as error:  # whatever a wrong kind of answer breaks
        right, why = False, f"you gave {_short(answer)}, but {expected} is expected ({error})."
    print(f"{exercise} {'Right:' if right else 'Not yet:'} {why}")


def _short(answer: object) -> str:
    text = re.sub(r"\s+", " ", repr(answer))
    return text if len(text) < LONGEST else text[: LONGEST - 3] + "..."
