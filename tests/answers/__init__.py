"""Answers to every exercise: right ones, and wrong ones with what the explanation must contain."""

from answers import (
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
from answers.course import Answers

CHAPTERS = [
    chapter_00,
    chapter_01,
    chapter_02,
    chapter_03,
    chapter_04,
    chapter_05,
    chapter_06,
    chapter_07,
    chapter_extra,
]
ANSWERS: dict[str, Answers] = {
    number: answers for chapter in CHAPTERS for number, answers in chapter.ANSWERS.items()
}
