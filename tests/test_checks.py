"""helpers.checks: right answers are accepted, and wrong ones learn why they are wrong."""

import helpers  # first: it tells TensorFlow how to compute, which TensorFlow reads once

# isort: split
import importlib.metadata
import json
import platform
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from helpers import checks, data, models, plots

COURSE = Path(__file__).parents[1]
EXERCISES = sorted(checks._CHECKS)


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> SimpleNamespace:
    """Return what the notebooks have at hand when they ask: images, the shipped network, codes."""
    helpers.setup()
    _, (images, labels) = data.load_mnist()
    x = images.reshape(-1, 784).astype("float32") / 255
    deep = models.load_autoencoder()
    encoder, decoder = models.split(deep)
    codes = encoder.predict(x, verbose=0)
    low, high = codes.code_window(codes)
    low, high = low + 0.2 * (high - low), high - 0.2 * (high - low)  # as notebook 05 does
    folder = tmp_path_factory.mktemp("saved")
    for name, model in (("encoder", encoder), ("whole", deep)):
        model.save(folder / f"{name}.keras")
    models.split(models.build_autoencoder())[0].save(folder / "untrained.keras")
    (folder / "notes.txt").write_text("my notes")
    return SimpleNamespace(
        x=x, labels=labels, deep=deep, encoder=encoder, decoder=decoder, codes=codes,
        low=low, high=high, folder=folder, using=using(x, labels),
        names=[f"face_{i}.png" for i in range(50)],
    )  # fmt: skip


def using(x: np.ndarray, labels: np.ndarray) -> SimpleNamespace:
    """Return what notebook 06 has at hand: pairs, and pictures that a decoder drew."""
    (images, y_train), _ = data.load_mnist()
    x_train = images.reshape(-1, 784).astype("float32") / 255
    network = models.load_autoencoder(models.ASSETS / "code_32.keras")
    encoder, decoder = models.split(network)
    first, second = np.triu_indices(len(x), k=1)
    codes = encoder.predict(x, verbose=0)
    trained = encoder.predict(x_train, verbose=0)
    random = np.random.default_rng(0)

    def drawn(codes: np.ndarray) -> np.ndarray:
        parents = codes[random.integers(len(codes), size=100)]
        return decoder.predict(parents + 0.2 * random.normal(size=parents.shape), verbose=0)

    return SimpleNamespace(
        x_train=x_train, y_train=y_train, network=network, same=labels[first] == labels[second],
        distance=np.linalg.norm(codes[first] - codes[second], axis=1),
        sevens=drawn(trained[y_train == 7]), threes=drawn(trained[y_train == 3]),
        tangles=decoder.predict(2 * random.normal(size=(500, 32)) * trained.std(axis=0), verbose=0),
    )  # fmt: skip


def found(course, limit: float) -> float:
    """Return the share of the same pairs below a limit."""
    return (course.using.distance[course.using.same] <= limit).mean()


def different(course) -> np.ndarray:
    return course.using.distance[~course.using.same]


def unnoticed(course) -> np.ndarray:
    """Return the tangle with the smallest error among those far from every digit."""
    u = course.using
    away = NearestNeighbors(n_neighbors=1).fit(u.x_train).kneighbors(u.tangles)[0][:, 0]
    errors = ((u.network.predict(u.tangles, verbose=0) - u.tangles) ** 2).mean(axis=1)
    return u.tangles[np.where(away > 8, errors, np.inf).argmin()]


def grainy(pictures: np.ndarray) -> np.ndarray:
    """Return the pictures with a noise that nobody sees."""
    noise = np.random.default_rng(0).normal(0, 0.02, pictures.shape)
    return np.clip(pictures + noise, 0, 1)


def framed(pictures: np.ndarray) -> np.ndarray:
    """Return the pictures with ink in two corners."""
    pictures = pictures.copy()
    pictures[:, [0, 783]] = 1
    return pictures


def given(exercise: str, course) -> dict:
    """Return what the notebook hands over beside the answer."""
    c = course
    return {
        "04.1": {"encoder": c.encoder, "image": c.x[7]},
        "03.3": {"x_test": c.x},
        "04.2": {"autoencoder": c.deep},
        "04.3": {"encoder": c.encoder},
        "05.1": {"codes": c.codes, "labels": c.labels},
        "05.2": {"codes": c.codes, "low": c.low, "high": c.high},
        "05.3": {"codes": c.codes, "labels": c.labels, "code": c.codes[7]},
        "06.1": {"distance": c.using.distance, "same": c.using.same},
        "06.2": {"x_train": c.using.x_train, "y_train": c.using.y_train, "x_test": c.x},
        "06.3": {"network": c.using.network, "x_train": c.using.x_train, "x_test": c.x},
        "extra.2": {"decoder": c.decoder, "codes": c.codes, "pictures": c.x},
        "extra.3": {"autoencoder": c.deep, "pictures": c.x[:50], "names": c.names},
    }.get(exercise, {})


def chain(*widths: int, name: str = "code", at: int = 1) -> keras.Model:
    """Build a chain of dense layers, of which the one at that place has that name."""
    signal = image = keras.Input((widths[0],), name="image")
    for i, width in enumerate(widths[1:], start=1):
        signal = keras.layers.Dense(width, name=name if i == at else f"layer_{i}")(signal)
    return keras.Model(image, signal)


def rebuilt(course, *names: str) -> keras.Model:
    """Take layers of the shipped network by name; "new" stands for a layer of one's own."""
    signal = point = keras.Input((2,))
    for name in names:
        layer = keras.layers.Dense(784) if name == "new" else course.deep.get_layer(name)
        signal = layer(signal)
    return keras.Model(point, signal)


def halved(model: keras.Model) -> keras.Model:
    """Return a model that adds to the same layers one without weights."""
    return keras.Model(model.input, keras.layers.Rescaling(0.5)(model.output))


def copied(model: keras.Model) -> keras.Model:
    """Return a model of new layers with the same weights, as one that was saved and loaded."""
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    return copy


def among(course, digit: int) -> np.ndarray:
    """Return the code of that digit which has most of its own kind among its 20 nearest."""
    own = course.codes[course.labels == digit]
    pure = [(course.labels[nearest(course, code)] == digit).sum() for code in own]
    return own[np.argmax(pure)]


def nearest(course, point, count: int = 20) -> np.ndarray:
    return np.argsort(((course.codes - point) ** 2).sum(axis=1))[:count]


def shared(course) -> np.ndarray:
    """Return a code with about as many 4s as 9s among its 20 nearest."""
    around = [course.labels[nearest(course, code)] for code in course.codes]
    return course.codes[np.argmax([min((d == 4).sum(), (d == 9).sum()) for d in around])]


def emptiest(course) -> np.ndarray:
    steps = [np.linspace(low, high, 40) for low, high in zip(course.low, course.high, strict=True)]
    points = np.stack(np.meshgrid(*steps), axis=-1).reshape(-1, 2)
    away = ((points[:, None] - course.codes[None]) ** 2).sum(axis=2).min(axis=1)
    return points[away.argmax()]


def decoded(course, *codes) -> np.ndarray:
    """Return the shipped decoder's picture of the mean of some codes."""
    return course.decoder.predict(np.mean(codes, axis=0)[None].astype("float32"), verbose=0)


def by_error(course) -> list[str]:
    """Return the names of the first 50 pictures, the one that is copied best first."""
    copies = course.deep.predict(course.x[:50], verbose=0)
    return [course.names[i] for i in ((copies - course.x[:50]) ** 2).mean(axis=1).argsort()]


DECODER = ["decoder_1", "decoder_2", "decoder_3", "reconstruction"]

# Each answer is a value, or a function that makes it from what the course has at hand.
RIGHT = {
    "00.1": [28 * 28, 784.0, np.int64(784), "784"],
    "00.2": [
        "Shift+Enter",
        " shift + enter ",
        "SHIFT-RETURN",
        "Enter Shift",
        "<Shift>, then Enter",
        "Press Shift+Enter",
    ],
    "01.1": [5, 5.0, np.int32(5), [5], np.array([[5]])],
    "01.2": [{"pixels": "C", "code": "B"}, {"code": " b", "pixels": "c "}],
    "02.1": [(784 * 32 + 32) + (32 * 784 + 784), 50992.0, np.int64(50992)],
    "02.2": [
        lambda c: chain(784, 16, 784),
        lambda c: models.build_autoencoder((), 16),
        lambda c: keras.Sequential(
            [
                keras.Input((784,)),
                keras.layers.Dense(16, name="code"),
                keras.layers.Dense(784, activation="sigmoid"),
            ]
        ),
    ],
    "02.3": ["e", " E "],
    "03.1": [
        lambda c: keras.losses.binary_crossentropy(c.x, 0 * c.x).numpy().mean(),
        lambda c: -np.log(1e-7) * float(c.x.mean()),
        lambda c: 16.1 * c.x.mean(),
        2.12,
    ],
    "03.2": [{"A": 3, "B": 2, "C": 4}, {"C": "4", "B": 2.0, "A": np.int64(3)}],
    "03.3": [lambda c: c.using.network, lambda c: copied(c.using.network)],
    "04.1": [
        lambda c: c.encoder.predict(c.x[7:8], verbose=0),
        lambda c: c.codes[7],
        lambda c: c.codes[7].tolist(),
        lambda c: c.codes[7].round(2),
    ],
    "04.2": [
        lambda c: c.decoder,
        lambda c: rebuilt(c, *DECODER),
        lambda c: copied(c.decoder),
    ],
    "04.3": [lambda c: c.folder / "encoder.keras", lambda c: str(c.folder / "encoder.keras")],
    "05.1": [shared, lambda c: shared(c).tolist(), lambda c: tuple(shared(c).round(2))],
    "05.2": [emptiest, lambda c: emptiest(c)[None], lambda c: tuple(emptiest(c).round(2))],
    "05.3": [
        lambda c: c.labels[7],
        lambda c: int(c.labels[7]),
        lambda c: str(c.labels[7]),
        lambda c: c.labels[np.array([[7]])],  # as kneighbors gives it
    ],
    "06.1": [
        lambda c: found(c, np.quantile(different(c), 0.05)),
        lambda c: round(found(c, np.sort(different(c))[len(different(c)) // 20]), 2),
        lambda c: str(found(c, np.quantile(different(c), 0.05))),
    ],
    "06.2": [
        lambda c: c.using.sevens,
        lambda c: c.using.sevens.reshape(-1, 28, 28),
        lambda c: np.concatenate([c.using.sevens, c.using.threes[:10]]),
    ],
    "06.3": [unnoticed, lambda c: unnoticed(c)[None], lambda c: unnoticed(c).reshape(28, 28)],
    "extra.1": [300, 300.0, "300", np.int64(300)],
    "extra.2": [
        lambda c: decoded(c, c.codes[0], c.codes[1]),
        lambda c: decoded(c, c.codes[0], c.codes[1])[0],
        lambda c: decoded(c, c.codes[0], c.codes[1]).reshape(28, 28).tolist(),
        lambda c: c.decoder((c.codes[:1] + c.codes[1:2]) / 2),
    ],
    "extra.3": [lambda c: by_error(c)[-1], lambda c: np.array(by_error(c))[-1]],
    "07.1": [
        {"A": "keep", "B": "add", "C": "remove"},
        {"C": " Remove", "A": "KEEP", "B": "add "},
    ],
    "07.2": [
        32 * (3 * 3 * 16 + 1),
        4640.0,
        "4640",
        lambda c: keras.Sequential(
            [keras.Input((14, 14, 16)), keras.layers.Conv2D(32, 3)]
        ).count_params(),
    ],
    "07.3": [
        2.5,
        "2.5",
        np.float32(2.5),
        lambda c: ((np.array([1, -2]) ** 2) / 2).sum(),
        # what the hint's expression gives: an array or a tensor of one number
        np.array([2.5]),
        lambda c: keras.ops.convert_to_tensor([2.5]),
    ],
}

# Wrong answers, and what the explanation must contain: the number or the reason.
WRONG = {
    "00.1": [(56, "28 + 28"), (783, "783 is too low"), (785, "785 is too high")],
    "00.2": [
        ("Ctrl+Enter", "stays on it"),
        ("cmd-enter", "stays on it"),
        ("Ctrl+Shift+Enter", "stays on it"),
        ("F5", "F5 does something else"),
        ("Enter", "Enter does something else"),
    ],
    "01.1": [
        (4, "share_lost(trained(mystery, 4), mystery)"),
        (100, "100 is the number of sensors"),
        (3, "3 was the first machine"),
        (6, "6 is too high"),
    ],
    "01.2": [
        ({"pixels": "B", "code": "B"}, "by pixels, C is nearer: compare distance(pictures[0]"),
        ({"pixels": "C", "code": "C"}, "by code, B is nearer: compare distance(codes[0]"),
        ({"pixels": "A", "code": "B"}, "one of the letters B and C"),
    ],
    "02.1": [
        (2 * 784 * 32, "the biases are missing"),
        (784 * 32 + 32, "that is the first layer"),
        (32 * 784 + 784, "that is the second layer"),
        (3922, "for a code of 2"),
        (60000, "60000 is too high"),
    ],
    "02.2": [
        (lambda c: chain(784, 2, 784), "the code has 2 numbers; 16 are asked for"),
        (lambda c: chain(784, 16, 784, at=0), "the names are image, layer_1, layer_2"),
        (lambda c: chain(784, 16, 784, at=2), "the code has 784 numbers; 16"),
        (lambda c: chain(784, 16), "(None, 784) to (None, 16)"),
        (lambda c: chain(100, 16, 784), "(None, 100) to (None, 784)"),
        (lambda c: models.build_autoencoder((64, 32), 16), "the code and nothing else"),
        (lambda c: chain(784, 16, 4, 784), "the code and nothing else"),
    ],
    "02.3": [("d", "128 is not the narrowest"), ("c", "c has 64 outputs"), ("b", "b has 256")],
    "03.1": [
        (0, "if every pixel were paper"),
        (-np.log(1e-7), "one pixel of full ink"),
        (lambda c: c.x.mean(), "that is the mean ink"),
        (lambda c: keras.losses.binary_crossentropy(c.x, c.x).numpy().mean(), "the floor"),
        (-2.12, "minus the logarithm, so it is positive"),
        (2.5, "2.5 is too high"),
        (1.9, "1.9 is too low"),
    ],
    "03.2": [
        ({"A": 1, "B": 2, "C": 4}, "look again at A: what is the target?"),
        ({"A": 3, "B": 5, "C": 4}, "look again at B: which values do the pixels have?"),
        ({"A": 3, "B": 2, "C": 3}, "look again at C: which network"),
    ],
    "03.3": [
        (lambda c: c.deep, "its MSE on x_test is ≈ 0.03"),
        (lambda c: models.build_autoencoder(), "try a larger code_size"),
        (lambda c: c.encoder, "(None, 784) to (None, 2)"),
        (lambda c: chain(784, 784, 784), "no layer of it is narrower"),
        (0.02, "you gave 0.02, but a trained keras.Model"),
    ],
    "04.1": [
        (lambda c: c.codes[7] + [3, 4], "5.00 away from the code"),
        (lambda c: c.encoder.predict(255 * c.x[7:8], verbose=0), "pixels from 0 to 255"),
        (lambda c: c.codes[:2], "2 numbers; you gave an array of shape (2, 2)"),
        (lambda c: c.codes[7, 0], "2 numbers; you gave an array of shape ()"),
    ],
    "04.2": [
        (lambda c: c.encoder, "(None, 784) to (None, 2)"),
        (lambda c: c.deep, "(None, 784) to (None, 784)"),
        (lambda c: rebuilt(c, *DECODER[:3], "new"), "so their weights are untrained"),
        (lambda c: models.split(models.build_autoencoder())[1], "so their weights are untrained"),
        (lambda c: rebuilt(c, *DECODER[:2], "new"), "so their weights are untrained"),
        (lambda c: halved(c.decoder), "it draws other pictures"),
    ],
    "04.3": [
        (lambda c: str(c.folder / "other.keras"), "first run encoder.save("),
        (lambda c: c.folder / "whole.keras", "gives (None, 784), the encoder (None, 2)"),
        (lambda c: c.folder / "untrained.keras", "it gives other codes"),
        (lambda c: c.folder / "notes.txt", "the name of a file"),
    ],
    "05.1": [
        (lambda c: among(c, 4), "move towards the 9s"),
        (lambda c: among(c, 9), "move towards the 4s"),
        (lambda c: among(c, 0), "0 are 4s and 0 are 9s; move towards both"),
    ],
    "05.2": [
        (lambda c: c.codes[7], "your point is 0.0"),
        (lambda c: c.high + 1, "is outside the part"),
        (lambda c: [c.low[0] - 1, c.high[1]], "is outside the part"),
    ],
    "05.3": [
        (lambda c: (c.labels[7] + 1) % 10, "the nearest code is another digit's"),
        (723, "723 is no digit"),
        (-1, "-1 is no digit"),
    ],
    "06.1": [
        (lambda c: found(c, np.quantile(c.using.distance, 0.05)), "5 % of all pairs pass"),
        (lambda c: found(c, np.quantile(different(c), 0.95)), "lets 95 % pass"),
        (lambda c: 1 - found(c, np.quantile(different(c), 0.05)), "pairs that is missed"),
        (lambda c: 100 * found(c, np.quantile(different(c), 0.05)), "that is per cent"),
        (lambda c: round(100 * found(c, np.quantile(different(c), 0.05))), "that is per cent"),
        (0.05, "0.05 is the share of false alarms"),
        (0.5, "0.5 is too high"),
    ],
    "06.2": [
        (lambda c: c.using.threes, "of them for 7s; 80 % are asked for"),
        (lambda c: c.using.sevens[:20], "you gave 20 pictures; 100 are ordered"),
        (lambda c: c.using.x_train[c.using.y_train == 7][:100], "some are MNIST's own pictures"),
        (lambda c: np.tile(c.x[c.labels == 7], (9, 1))[:100], "some are MNIST's own pictures"),
        (lambda c: grainy(c.using.x_train[c.using.y_train == 7][:100]), "own pictures, or nearly"),
        (lambda c: np.repeat(c.using.sevens[:10], 10, axis=0), "some pictures come twice"),
        (lambda c: grainy(np.repeat(c.using.sevens[:1], 100, axis=0)), "twice, or nearly"),
        (lambda c: framed(c.using.x_train[c.using.y_train == 7][:100]), "own pictures, or nearly"),
        (lambda c: 255 * c.using.sevens, "not 0 to 1"),
    ],
    "06.3": [
        (lambda c: c.x[7], "so it may be a digit"),
        (lambda c: 0 * c.x[7], "so it may be a digit"),
        (lambda c: 1 - c.x[7], "from the nearest digit; its error is"),
        (lambda c: c.using.tangles[:3], "you gave 3 pictures; answer with one"),
        (lambda c: 255 * c.x[7], "not 0 to 1"),
    ],
    "extra.1": [
        (400, "400 is the whole width"),
        (100, "100 columns are cut away, 50 on either side"),
        (350, "only one side"),
        (28, "28 columns come out"),
        (280, "280 is too low"),
    ],
    "extra.2": [
        (lambda c: c.codes[:2].mean(axis=0), "these 2 numbers are a code: give it to decoder"),
        (lambda c: c.x[:2].mean(axis=0), "both pictures shine through: mix the codes"),
        (lambda c: decoded(c, c.codes[0]), "this is picture 0 alone"),
        (lambda c: decoded(c, c.codes[1]), "this is picture 1 alone"),
        (lambda c: decoded(c, c.codes[2], c.codes[3]), "your pixels are off by 0."),
        (lambda c: c.x[:2], "a picture has 784 numbers; you gave 1568"),
    ],
    "extra.3": [
        (lambda c: by_error(c)[0], "that one is copied best: argmax finds the largest"),
        (lambda c: by_error(c)[-2], "1 of 50 held-out pictures are copied worse"),
        (lambda c: by_error(c)[20], "29 of 50 held-out pictures are copied worse"),
        ("face_99.png", "no held-out picture is called face_99.png"),
    ],
    "07.1": [
        ({"A": "remove", "B": "add", "C": "keep"}, "look again at A: the noise that goes in"),
        ({"A": "keep", "B": "remove", "C": "add"}, "look again at B: no noise goes in"),
        ({"A": "keep", "B": "add", "C": "add"}, "look again at C: noise goes in"),
        ({"A": "keeps", "B": "add", "C": "remove"}, "A is 'keeps', but the words are"),
    ],
    "07.2": [
        (3 * 3 * 16 * 32, "the biases are missing"),
        (3 * 3 * 32 + 32, "a window sees 16 numbers"),
        (3 * 3 * 16 + 1, "that is one output; there are 32"),
        (3 * 3 * 16 + 32, "its own 3 x 3 x 16 weights"),
        (7 * 7 * 4640, "the same weights serve all 7 x 7 places"),
        (160, "160 is the first convolution"),
        (5000, "5000 is too high"),
    ],
    "07.3": [
        (5, "divide by 2"),
        (1.25, "the KL is their sum"),
        (-0.5, "(-2) squared is 4"),
        (0.5, "add the second's"),
        (2, "add the first's"),
        (3.5, "a variance of 1 costs"),
        (2.7, "2.7 is too high"),
    ],
}


def said(capsys, exercise: str, answer, course) -> str:
    """Return the one line that check prints about an answer."""
    if callable(answer) and not isinstance(answer, keras.Model):
        answer = answer(course)
    capsys.readouterr()
    assert checks.check(exercise, answer, **given(exercise, course)) is None
    out, err = capsys.readouterr()
    assert err == "" and out.endswith("\n") and out.count("\n") == 1, out
    assert str(COURSE) not in out
    return out.rstrip("\n")


def listed(table: dict) -> list:
    return [(exercise, i) for exercise, rows in table.items() for i in range(len(rows))]


def test_every_exercise_is_tested_here():
    assert EXERCISES == sorted(RIGHT) == sorted(WRONG)
    assert min(len(rows) for rows in RIGHT.values()) >= 2
    assert min(len(rows) for rows in WRONG.values()) >= 2


@pytest.mark.parametrize("exercise", EXERCISES)
def test_open_answer(exercise, course, capsys):
    line = said(capsys, exercise, ..., course)
    assert line.startswith(f"{exercise} is open: put your answer in place of the three dots")


@pytest.mark.parametrize("exercise", ["01.2", "03.2", "07.1"])
def test_answer_that_is_open_in_one_place(exercise, course, capsys):
    for part in RIGHT[exercise][0]:
        line = said(capsys, exercise, RIGHT[exercise][0] | {part: ...}, course)
        assert line.startswith(f"{exercise} is open")


@pytest.mark.parametrize(("exercise", "i"), listed(RIGHT))
def test_right_answer(exercise, i, course, capsys):
    line = said(capsys, exercise, RIGHT[exercise][i], course)
    assert line.startswith(f"{exercise} Right: ") and line.endswith("."), line


@pytest.mark.parametrize(("exercise", "i"), listed(WRONG))
def test_wrong_answer(exercise, i, course, capsys):
    answer, reason = WRONG[exercise][i]
    line = said(capsys, exercise, answer, course)
    assert line.startswith(f"{exercise} Not yet: ") and reason in line, line
    assert line.endswith((".", "?"))


NAN = float("nan")  # what a loss becomes that takes the logarithm of 0
NONSENSE = [None, "abc", [], {}, object(), NAN, [NAN, NAN], np.full((3, 3), NAN)]
# Where a judge has better words for one of these than the general sentence.
SPECIFIC = {
    "00.2": "abc does something else",
    "04.1": ("a code has 2 numbers; you gave an array of shape (", "your point is nan away"),
    "04.3": "there is no file abc here",
    "extra.3": "no held-out picture is called abc: choose from names_test",
}


@pytest.mark.parametrize("exercise", EXERCISES)
def test_nonsense_is_answered_with_what_is_expected(exercise, course, capsys):
    expected, _ = checks._CHECKS[exercise]
    specific = SPECIFIC.get(exercise, ())
    specific = (specific,) if isinstance(specific, str) else specific
    for answer in NONSENSE:
        line = said(capsys, exercise, answer, course)
        assert line.startswith(f"{exercise} Not yet: ") and len(line) < 400, line
        general = "you gave " in line and f"but {expected} is expected" in line
        assert general or any(words in line for words in specific), line
        assert "two finite numbers, not 2" not in line


def test_long_answer_is_cut_short(course, capsys):
    line = said(capsys, "00.1", ["a long answer\nin lines"] * 99, course)
    assert "..., but a whole number, such as 100 is expected" in line and len(line) < 250


@pytest.mark.parametrize("unknown", ["9.9", "3.2", "", 3.2, None])
def test_unknown_exercise(unknown):
    with pytest.raises(ValueError) as error:
        checks.check(unknown, 1)
    text = str(error.value)
    assert f'no exercise "{unknown}"' in text and "\n" not in text and text.endswith(".")
    assert re.findall(r"\b(?:\d\d|extra)\.\d", text) == EXERCISES


def test_exercises_are_those_of_the_notebooks():
    asked, solved = [], []
    for found, pattern in ((asked, "notebooks/*.ipynb"), (solved, "notebooks/solutions/*.ipynb")):
        for path in sorted(COURSE.glob(pattern)):
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
            found += re.findall(r'^check\("(.*?)"', "\n".join(code), re.MULTILINE)
    assert asked == solved == EXERCISES


def test_layer_puzzle_is_the_one_of_the_notebook(course, capsys):
    """The check of 02.3 knows the widths of a network that notebook 02 builds."""
    cells = json.loads((COURSE / "notebooks/02_building_the_autoencoder.ipynb").read_text())[
        "cells"
    ]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    (source,) = [text for text in sources if "puzzle = keras.Model(" in text]
    names = {"keras": keras}
    exec(source.split("puzzle.summary")[0], names)
    widths = {layer.name: layer.output.shape[-1] for layer in names["puzzle"].layers}
    assert min(widths, key=widths.get) == "e" and list(widths)[len(widths) // 2 - 1] == "d"
    for name, width in widths.items():
        line = said(capsys, "02.3", name, course)
        assert (f"{width} outputs" in line) == (name not in "de"), line
        assert name != "d" or str(width) in line


# The environment

PINS = dict(
    re.findall(r"^([\w-]+)==([\w.]+)", (COURSE / "requirements.txt").read_text(), re.MULTILINE)
)
TYPE_THIS = " -m pip install -r requirements.txt"


@pytest.fixture
def installed(monkeypatch) -> dict[str, str]:
    """Pretend that exactly these packages are installed; change the dictionary to your liking."""
    packages = dict(PINS)

    def version(name: str) -> str:
        if name not in packages:
            raise importlib.metadata.PackageNotFoundError(name)
        return packages[name]

    monkeypatch.setattr(importlib.metadata, "version", version)
    return packages


def environment(capsys) -> tuple[list[str], list[str]]:
    """Return the names of what is ready, and the lines that say how to mend the rest."""
    checks.check_environment()
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert err == "" and all(line.startswith(("ready  ", "MEND   ")) for line in lines)
    ready = [re.split(r"  +", line)[1] for line in lines if line.startswith("ready")]
    return ready, [line for line in lines if line.startswith("MEND")]


def test_everything_is_ready(installed, capsys):
    ready, mend = environment(capsys)
    assert mend == []
    assert set(ready) == {"Python", "5,000 digits", *PINS} - {"tensorflow-cpu"}


def test_this_environment_is_the_pinned_one(capsys):
    assert environment(capsys)[1] == []


@pytest.mark.parametrize("name", sorted({*PINS} - {"tensorflow", "tensorflow-cpu"}))
def test_missing_package(name, installed, capsys):
    del installed[name]
    ready, (line,) = environment(capsys)
    assert name not in ready
    assert name in line and PINS[name] in line and TYPE_THIS in line
    assert "None" not in line, "a learner does not know Python's None"


def test_wrong_version(installed, capsys):
    installed["numpy"] = "1.26.4"
    _, (line,) = environment(capsys)
    assert "numpy" in line and "1.26.4" in line and PINS["numpy"] in line
    assert Path(sys.executable).name + TYPE_THIS in line


@pytest.mark.parametrize("name", ["tensorflow", "tensorflow-cpu"])
def test_tensorflow_goes_by_two_names(name, installed, capsys):
    del installed[name]
    assert environment(capsys)[1] == []
    other = {"tensorflow": "tensorflow-cpu"}.get(name, "tensorflow")
    installed[other] = "2.15.0"
    _, (line,) = environment(capsys)
    assert "tensorflow" in line and "2.15.0" in line and TYPE_THIS in line
    del installed[other]
    _, (line,) = environment(capsys)
    assert "tensorflow" in line and TYPE_THIS in line


@pytest.mark.parametrize(("version", "fine"), [
    ((3, 10, 9), False), ((3, 11, 0), True), ((3, 13, 7), True), ((3, 14, 0), False),
])  # fmt: skip
def test_python(version, fine, installed, capsys, monkeypatch):
    text = ".".join(map(str, version))
    monkeypatch.setattr(sys, "version_info", version)
    monkeypatch.setattr(platform, "python_version", lambda: text)
    ready, mend = environment(capsys)
    assert ("Python" in ready) == fine
    if not fine:
        (line,) = mend
        assert f"found {text}, need 3.11 to 3.13" in line and "README" in line


def test_missing_data(installed, capsys, monkeypatch, tmp_path):
    (tmp_path / "requirements.txt").write_bytes((COURSE / "requirements.txt").read_bytes())
    monkeypatch.setattr(checks, "__file__", str(tmp_path / "helpers" / "checks.py"))
    ready, (line,) = environment(capsys)
    assert "5,000 digits" not in ready
    assert "5,000 digits" in line and "git checkout helpers/assets/mnist_5k.npz" in line
