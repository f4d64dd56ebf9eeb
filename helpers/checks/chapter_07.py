"""The exercises of chapter 07, beyond the basics."""

from typing import Any

from helpers.checks.judging import Judgement, exercise, judge_number


@exercise("07.1", 'three words, such as {"A": "add", "B": "add", "C": "add"}')
def what_each_network_does_to_noise(answer: Any) -> Judgement:
    """Say of three networks whether they are asked to remove, to keep or to add noise."""
    right = {"A": "keep", "B": "add", "C": "remove"}
    why = {
        "A": "the noise that goes in is also in the target",
        "B": "no noise goes in, but the target has some",
        "C": "noise goes in, and the target has none",
    }
    given = {letter: answer[letter].strip().lower() for letter in right}
    for letter, word in given.items():
        if word not in right.values():
            return False, f'{letter} is {word!r}, but the words are "remove", "keep" and "add".'
    for letter, word in given.items():
        if word != right[letter]:
            return False, f"look again at {letter}: {why[letter]}."
    return True, "only noisy in and clean out asks to remove noise."


@exercise("07.2", "a whole number, such as 160")
def parameters_of_a_convolution(answer: Any) -> Judgement:
    """Count the parameters of 32 outputs that see 3 x 3 places of 16 numbers."""
    window = 3 * 3 * 16
    sees = "a window sees 16 numbers at each of its 3 x 3 places"
    return judge_number(
        answer,
        4640,
        "32 times 3 x 3 x 16 weights and a bias.",
        hints={
            window * 32: "the biases are missing: one for each of the 32 outputs.",
            3 * 3 * 32 + 32: f"{sees}.",
            3 * 3 * 32: f"{sees}, and biases are missing.",
            window + 1: "that is one output; there are 32.",
            window: "that is one output without its bias; there are 32.",
            window + 32: "each of the 32 outputs has its own 3 x 3 x 16 weights.",
            7 * 7 * (window * 32 + 32): "the same weights serve all 7 x 7 places.",
            160: "160 is the first convolution, whose input has 1 number at each place.",
        },
    )


@exercise("07.3", "a number, such as 1.5")
def kl_of_one_cloud(answer: Any) -> Judgement:
    """Compute the KL divergence of a cloud with means 1 and -2 and variances 1 and 1."""
    return judge_number(
        answer,
        2.5,
        "half of 1 + 4; the widths cost nothing.",
        hints={
            5: "that is twice the KL: divide by 2.",
            1.25: "that is the mean over the two numbers; the KL is their sum.",
            -0.5: "add the squares of the means: (-2) squared is 4.",
            -1.5: "the square of -2 is +4.",
            0.5: "that is the first number's share; add the second's.",
            2: "that is the second number's share; add the first's.",
            1.5: "add the squares of the means, 1 and 4.",
            3.5: "a variance of 1 costs 1 - log(1) - 1 = 0.",
        },
        tolerance=0.005,
    )
