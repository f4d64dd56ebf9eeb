"""The exercises of chapter 01, the motivation."""

from typing import Any

from helpers.checks.judging import Judgement, exercise, judge_number


@exercise("01.1", "a whole number, such as 2")
def knobs_of_the_mystery_machine(answer: Any) -> Judgement:
    """Find by training how many knobs drive the machine `mystery`."""
    return judge_number(
        answer,
        5,
        "with 5 numbers nothing is lost, with 4 something is, so 5 knobs drive it.",
        hints={
            4: "with 4, a part is still lost: print share_lost(trained(mystery, 4), mystery).",
            100: "100 is the number of sensors; the knobs are far fewer.",
            3: "3 was the first machine; measure share_lost(trained(mystery, 3), mystery).",
        },
    )


@exercise("01.2", 'a dictionary {"pixels": "B" or "C", "code": "B" or "C"}')
def nearer_by_pixels_and_by_code(answer: Any) -> Judgement:
    """Say which picture is nearer to A, by pixels and by code: B or C."""
    pixels, code = (answer[kind].strip().upper() for kind in ("pixels", "code"))
    if not {pixels, code} <= {"B", "C"}:
        return False, "the answer to both is one of the letters B and C."
    if pixels != "C":
        return False, "by pixels, C is nearer: compare distance(pictures[0], ...) for 1 and 2."
    if code != "B":
        return False, "by code, B is nearer: compare distance(codes[0], ...) for 1 and 2."
    return True, "pixels take the 9 for nearer, the code puts the two 4s together."
