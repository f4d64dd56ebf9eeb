"""The exercises of chapter 00, start here."""

import re
from typing import Any

from helpers.checks.judging import Judgement, exercise, judge_number


@exercise("00.1", "a whole number, such as 100")
def pixels_of_28_x_28(answer: Any) -> Judgement:
    """Count the pixels of an image that is 28 pixels wide and 28 high."""
    hint = "56 is 28 + 28; each of the 28 rows has 28 pixels."
    return judge_number(answer, 784, "28 x 28 = 784 pixels.", hints={56: hint})


@exercise("00.2", 'a text, such as "Ctrl+S"')
def keys_that_run_and_go_on(answer: Any) -> Judgement:
    """Name the keys that run a cell and select the next one."""
    keys = set(re.findall(r"[a-z0-9]+", answer.lower()))
    others = keys & {"ctrl", "control", "cmd", "alt"}
    if "shift" in keys and keys & {"enter", "return"} and not others:
        return True, "Shift+Enter runs a cell and selects the next one."
    if "enter" in keys and keys & {"ctrl", "control", "cmd"}:
        return False, "Ctrl+Enter runs the cell but stays on it."
    return False, f"{answer} does something else; the keys stand in bold near the top."
