"""The exercises of chapter 03, training."""

from typing import Any

import numpy as np

from helpers.checks.judging import Judgement, exercise, judge_number, wrong_shapes

MEAN_INK = 0.1315  # of the bundled test images
BAR = 0.03  # the MSE that 03.3 asks to be below


@exercise("03.1", "a number, such as 0.25")
def loss_of_blank_paper(answer: Any) -> Judgement:
    """Find the loss that an output of zeros everywhere has on the test images."""
    return judge_number(
        answer,
        2.1201,
        "about 16.1 times the mean ink; paper costs nothing.",
        hints={
            0: "0 would be the loss if every pixel were paper; ink costs 16.1 each.",
            16.118: "that is the cost of one pixel of full ink; most pixels are paper.",
            MEAN_INK: "that is the mean ink; each unit of it costs 16.1.",
            -2.1201: "a loss is minus the logarithm, so it is positive.",
            0.0594: "that is the floor, where the output equals the target; here the output is 0.",
        },
        tolerance=0.015,  # so that 16.1 times a rounded mean counts as well
    )


@exercise("03.2", 'three line numbers, such as {"A": 1, "B": 1, "C": 1}')
def wrong_lines_of_three_cells(answer: Any) -> Judgement:
    """Find the line that is wrong in each of three cells that should train an autoencoder."""
    wrong = {
        "A": (3, "what is the target? An autoencoder's is its input, never a label."),
        "B": (2, "which values do the pixels have? The loss wants targets from 0 to 1."),
        "C": (4, "which network is drawn at the end, and was that one trained?"),
    }
    for letter, (line, question) in wrong.items():
        if int(answer[letter]) != line:
            return False, f"look again at {letter}: {question}"
    return True, "A needs x_train as target, B needs / 255, C must not build a new network."


@exercise("03.3", "a trained keras.Model from 784 numbers to 784")
def network_below_the_bar(answer: Any, x_test: np.ndarray) -> Judgement:
    """Train a network with a code smaller than a picture until its MSE is below the bar."""
    if wrong := wrong_shapes(answer):
        return False, wrong
    if min(np.prod(layer.output.shape[1:]) for layer in answer.layers) >= 784:
        return False, "no layer of it is narrower than a picture, so it need not learn anything."
    value = float(((answer.predict(x_test, verbose=0) - x_test) ** 2).mean())
    found = f"its MSE on x_test is ≈ {value:.4f}"
    if value < BAR:
        return True, f"{found}, below the bar of {BAR:.3f}."
    return False, f"{found}; try a larger code_size or longer training."
