"""Checks of the exercises: each accepts the right answer and explains a wrong one."""

import importlib.metadata
import platform
import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

_CHECKS: dict[str, tuple[str, Callable]] = {}


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
    if exercise not in _CHECKS:
        raise ValueError(
            f'there is no exercise "{exercise}": the numbers are {", ".join(sorted(_CHECKS))}.'
        )
    expected, judge = _CHECKS[exercise]
    parts = answer.values() if isinstance(answer, dict) else [answer]
    if any(part is ... for part in parts):
        print(f"{exercise} is open: put your answer in place of the three dots, then run again.")
        return
    try:
        right, why = judge(answer, **given)
    except Exception as error:  # whatever a wrong kind of answer breaks
        text = re.sub(r"\s+", " ", repr(answer))
        text = text if len(text) < 60 else text[:57] + "..."
        right, why = False, f"you gave {text}, but {expected} is expected ({error})."
    print(f"{exercise} {'Right:' if right else 'Not yet:'} {why}")


def _exercise(number: str, expected: str) -> Callable:
    def register(judge: Callable) -> Callable:
        _CHECKS[number] = (expected, judge)
        return judge

    return register


def _scalar(answer) -> float:
    """Return a number, also one that stands alone in an array, a tensor, a list or a text."""
    value = float(np.asarray(answer).item())
    if np.isnan(value):
        raise ValueError("nan comes from 0 / 0 or from a logarithm of 0")
    return value


def _number(answer, right: float, why: str, hints: dict[float, str], tolerance: float = 0):
    """Judge a number; hints explain the wrong numbers that are easy to arrive at."""
    value = _scalar(answer)
    if abs(value - right) <= tolerance:
        return True, why
    for wrong, hint in hints.items():
        if abs(value - wrong) <= max(tolerance, 1e-6 * abs(wrong)):
            return False, hint
    return False, f"{value:g} is too {'high' if value > right else 'low'}."


def check_environment() -> None:
    """Print a line for Python, each pinned package and the bundled data: ready, or how to mend it.

    Introduced in notebook 00.
    """
    root = Path(__file__).parents[2]
    mend = f"{Path(sys.executable).name} -m pip install -r requirements.txt in the course's folder"
    supported = (3, 11) <= sys.version_info[:2] <= (3, 13)
    wrong = f"found {platform.python_version()}, need 3.11 to 3.13: see README"
    lines = [(supported, "Python", "3.11 to 3.13" if supported else wrong)]

    def installed(name: str) -> str | None:
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            return None

    text = (root / "requirements.txt").read_text(encoding="utf-8")
    pins = dict(re.findall(r"^([\w-]+)==([\w.]+)", text, re.MULTILINE))
    pins.pop("tensorflow-cpu", None)  # one of two names of the same thing, by platform
    for name, wanted in pins.items():
        found = installed(name) or (name == "tensorflow" and installed("tensorflow-cpu")) or None
        wrong = f"found {found or 'none'}, the course is tested with {wanted}: type {mend}"
        lines.append((found == wanted, name, wanted if found == wanted else wrong))
    sample = root / "helpers" / "assets" / "mnist_5k.npz"
    there = sample.is_file()
    wrong = "missing: type git checkout helpers/assets/mnist_5k.npz in the course's folder"
    lines.append((there, "5,000 digits", "bundled" if there else wrong))
    for ready, name, text in lines:
        print(f"{'ready' if ready else 'MEND '}  {name:<16} {text}")


def _distance(a, b) -> float:
    return float(np.sqrt(((np.asarray(a) - np.asarray(b)) ** 2).sum()))


@_exercise("00.1", "a whole number, such as 100")
def _(answer):
    hints = {56: "56 is 28 + 28; each of the 28 rows has 28 pixels."}
    return _number(answer, 784, "28 x 28 = 784 pixels.", hints)


@_exercise("00.2", 'a text, such as "Ctrl+S"')
def _(answer):
    keys = set(re.findall(r"[a-z0-9]+", answer.lower()))
    others = keys & {"ctrl", "control", "cmd", "alt"}
    if "shift" in keys and keys & {"enter", "return"} and not others:
        return True, "Shift+Enter runs a cell and selects the next one."
    if "enter" in keys and keys & {"ctrl", "control", "cmd"}:
        return False, "Ctrl+Enter runs the cell but stays on it."
    return False, f"{answer} does something else; the keys stand in bold near the top."


@_exercise("01.1", "a whole number, such as 2")
def _(answer):
    why = "with 5 numbers nothing is lost, with 4 something is, so 5 knobs drive it."
    hints = {
        4: "with 4, a part is still lost: print share_lost(trained(mystery, 4), mystery).",
        100: "100 is the number of sensors; the knobs are far fewer.",
        3: "3 was the first machine; measure share_lost(trained(mystery, 3), mystery).",
    }
    return _number(answer, 5, why, hints)


@_exercise("01.2", 'a dictionary {"pixels": "B" or "C", "code": "B" or "C"}')
def _(answer):
    pixels, code = (answer[kind].strip().upper() for kind in ("pixels", "code"))
    if not {pixels, code} <= {"B", "C"}:
        return False, "the answer to both is one of the letters B and C."
    if pixels != "C":
        return False, "by pixels, C is nearer: compare distance(pictures[0], ...) for 1 and 2."
    if code != "B":
        return False, "by code, B is nearer: compare distance(codes[0], ...) for 1 and 2."
    return True, "pixels take the 9 for nearer, the code puts the two 4s together."


@_exercise("02.1", "a whole number, such as 3922")
def _(answer):
    hints = {
        2 * 784 * 32: "the biases are missing: 32 in the first layer, 784 in the second.",
        784 * 32 + 32: "that is the first layer; add the second.",
        32 * 784 + 784: "that is the second layer; add the first.",
        3922: "3922 is the count for a code of 2 numbers.",
    }
    return _number(answer, 50992, "25,120 to the code and 25,872 back.", hints)


@_exercise("02.2", "a keras.Model from 784 numbers to 784")
def _(answer):
    shapes = answer.input_shape, answer.output_shape
    if shapes != ((None, 784), (None, 784)):
        return False, f"the model maps {shapes[0]} to {shapes[1]}; it should map 784 to 784."
    names = [layer.name for layer in answer.layers]
    if "code" not in names:
        return False, f'no layer is named "code"; the names are {", ".join(names)}.'
    size = answer.get_layer("code").output.shape[-1]
    if size != 16:
        return False, f"the code has {size} numbers; 16 are asked for."
    own = [layer for layer in answer.layers if layer.weights]
    if len(own) != 2 or own[1].input is not own[0].output:
        return False, "between 784 and 784 numbers there should be the code and nothing else."
    return True, f"784 to 16 to 784, with {answer.count_params():,} parameters."


@_exercise("02.3", 'the name of a layer, such as "a"')
def _(answer):
    widths = {"a": 784, "b": 256, "c": 64, "d": 128, "e": 8, "f": 64, "g": 256, "h": 784}
    name = answer.strip().lower()
    if name == "e":
        return True, "8 numbers, fewer than anywhere else: that is the code."
    if name == "d":
        return False, "d stands in the middle of the list, but 128 is not the narrowest place."
    return False, f"{name} has {widths[name]} outputs, and another layer has fewer."


@_exercise("03.1", "a number, such as 0.25")
def _(answer):
    why = "about 16.1 times the mean ink; paper costs nothing."
    hints = {
        0: "0 would be the loss if every pixel were paper; ink costs 16.1 each.",
        16.118: "that is the cost of one pixel of full ink; most pixels are paper.",
        0.1315: "that is the mean ink; each unit of it costs 16.1.",
        -2.1201: "a loss is minus the logarithm, so it is positive.",
        0.0594: "that is the floor, where the output equals the target; here the output is 0.",
    }
    return _number(answer, 2.1201, why, hints, tolerance=0.015)


@_exercise("03.2", 'three line numbers, such as {"A": 1, "B": 1, "C": 1}')
def _(answer):
    wrong = {
        "A": (3, "what is the target? An autoencoder's is its input, never a label."),
        "B": (2, "which values do the pixels have? The loss wants targets from 0 to 1."),
        "C": (4, "which network is drawn at the end, and was that one trained?"),
    }
    for letter, (line, question) in wrong.items():
        if int(answer[letter]) != line:
            return False, f"look again at {letter}: {question}"
    return True, "A needs x_train as target, B needs / 255, C must not build a new network."


@_exercise("03.3", "a trained keras.Model from 784 numbers to 784")
def _(answer, x_test):
    shapes = answer.input_shape, answer.output_shape
    if shapes != ((None, 784), (None, 784)):
        return False, f"the model maps {shapes[0]} to {shapes[1]}; it should map 784 to 784."
    if min(np.prod(layer.output.shape[1:]) for layer in answer.layers) >= 784:
        return False, "no layer of it is narrower than a picture, so it need not learn anything."
    value = float(((answer.predict(x_test, verbose=0) - x_test) ** 2).mean())
    if value < 0.03:
        return True, f"its MSE on x_test is ≈ {value:.4f}, below the bar of 0.030."
    return False, f"its MSE on x_test is ≈ {value:.4f}; try a larger code_size or longer training."


@_exercise("04.1", "two numbers, such as [0.1, 0.2]")
def _(answer, encoder, image):
    code = np.asarray(answer, dtype=float)
    right = encoder.predict(image[None], verbose=0)[0]
    if code.size != right.size:
        return False, f"a code has {right.size} numbers; you gave an array of shape {code.shape}."
    off = _distance(code.ravel(), right)
    if off < 0.06:
        return True, "that is where this picture lies."
    if _distance(code.ravel(), encoder.predict(255 * image[None], verbose=0)[0]) < 1:
        return False, "this is the code of pixels from 0 to 255; the network was trained on 0 to 1."
    return False, f"your point is {off:.2f} away from the code of the given picture."


@_exercise("04.2", "a keras.Model from 2 numbers to 784")
def _(answer, autoencoder):
    shapes = answer.input_shape, answer.output_shape
    if shapes != ((None, 2), (None, 784)):
        return False, f"the model maps {shapes[0]} to {shapes[1]}; a decoder maps 2 numbers to 784."
    points = np.random.default_rng(0).normal(size=(20, 2)).astype("float32")
    right = points
    names = [layer.name for layer in autoencoder.layers]
    after = autoencoder.layers[names.index("code") + 1 :]
    for layer in after:
        right = layer(right)
    if np.allclose(answer.predict(points, verbose=0), right, atol=1e-4):
        return True, "the same four layers, with the weights that they were trained to."
    own = [layer for layer in answer.layers if layer.weights]
    if any(layer not in after for layer in own):
        return False, "some of its layers are new, so their weights are untrained: use get_layer."
    return False, f"it draws other pictures: send the point through {len(after)} layers, in order."


@_exercise("04.3", 'the name of a file, such as "my_encoder.keras"')
def _(answer, encoder):
    import keras

    if not Path(answer).is_file():
        return False, f"there is no file {answer} here: first run encoder.save({str(answer)!r})."
    loaded = keras.saving.load_model(answer, compile=False)
    if loaded.output_shape != encoder.output_shape:
        return False, (
            f"the file's model gives {loaded.output_shape}, the encoder {encoder.output_shape}: "
            "save the encoder, not the whole autoencoder."
        )
    probe = np.eye(*loaded.input_shape[1:], dtype="float32")
    same = np.allclose(loaded.predict(probe, verbose=0), encoder.predict(probe, verbose=0))
    return same, "it gives the same codes." if same else "it gives other codes: save it again."


def _point(answer) -> np.ndarray:
    point = np.asarray(answer, dtype=float).ravel()
    if point.size != 2:
        raise ValueError(f"a point has two numbers, not {point.size}")
    if not np.isfinite(point).all():
        raise ValueError("a point's numbers are finite")
    return point


def _away(codes, points) -> np.ndarray:
    """Distance of each point, (n, 2), to its nearest code."""
    return np.array([np.hypot(*(codes - point).T).min() for point in points])


@_exercise("05.1", "two numbers, such as (0.5, -1.5)")
def _(answer, codes, labels):
    nearest = np.argsort(np.hypot(*(codes - _point(answer)).T))[:20]
    fours, nines = ((labels[nearest] == digit).sum() for digit in (4, 9))
    found = f"of the 20 nearest digits, {fours} are 4s and {nines} are 9s"
    if min(fours, nines) >= 5:
        return True, f"{found}."
    missing = "both" if max(fours, nines) < 5 else "the 4s" if fours < nines else "the 9s"
    return False, f"{found}; move towards {missing}, until there are five of each."


@_exercise("05.2", "two numbers, such as (0.5, -1.5)")
def _(answer, codes, low, high):
    point = _point(answer)
    slack = 0.01 * (high - low)  # the emptiest place may be at the edge, and answers are rounded
    if (point < low - slack).any() or (point > high + slack).any():
        return False, f"({point[0]:.2f}, {point[1]:.2f}) is outside the part that is asked for."
    across, up = np.meshgrid(*(np.linspace(low[k], high[k], 60) for k in (0, 1)))
    best = _away(codes, np.column_stack([across.ravel(), up.ravel()])).max()
    yours = _away(codes, [point])[0]
    found = f"your point is {yours:.2f} from the nearest code, the best one {best:.2f}"
    return yours >= 0.8 * best, f"{found}."


@_exercise("05.3", "a digit from 0 to 9")
def _(answer, codes, labels, code):
    nearest = int(labels[np.hypot(*(codes - code).T).argmin()])
    value = _scalar(answer)
    if value == nearest:
        return True, f"the drawing lands beside a {nearest}."
    if value not in range(10):
        return False, f"{value:g} is no digit: take the label, not the place in the list."
    return False, f"some {value:g} may be near, but the nearest code is another digit's."


@_exercise("06.1", "a share from 0 to 1, such as 0.25")
def _(answer, distance, same):
    def found(limit):
        return float((distance[same] <= limit).mean())

    right = found(np.quantile(distance[~same], 0.05))
    hints = {
        found(np.quantile(distance, 0.05)): "that limit lets 5 % of all pairs pass: use d[~same].",
        found(np.quantile(distance[~same], 0.95)): "that limit lets 95 % pass: near is the same.",
        1 - right: "that is the share of the same pairs that is missed.",
        0.05: "0.05 is the share of false alarms; what share of d[same] is below the limit?",
    }
    if 1 < _scalar(answer) <= 100:
        return False, "that is per cent; answer with a share from 0 to 1."
    why = f"{right:.3f} of the same pairs, for 5 % false alarms."
    return _number(answer, right, why, hints, tolerance=0.006)


def _pictures(answer) -> np.ndarray:
    pictures = np.asarray(answer, dtype=float).reshape(-1, 784)
    if not len(pictures) or not np.isfinite(pictures).all():
        raise ValueError("there is no picture, or one with a pixel that is no finite number")
    if pictures.min() < -0.01 or pictures.max() > 1.01:
        raise ValueError(f"pixels go from {pictures.min():.2g} to {pictures.max():.2g}, not 0 to 1")
    return pictures


@_exercise("06.2", "100 pictures, an array of shape (100, 784) with pixels from 0 to 1")
def _(answer, x_train, y_train, x_test):
    from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

    pictures = _pictures(answer)
    if len(pictures) < 100:
        return False, f"you gave {len(pictures)} pictures; 100 are ordered."
    index = KNeighborsClassifier(10).fit(x_train, y_train)
    # In the middle 20 x 20 pixels, where digits are, a decoded 7 is farther than 0.9 from every
    # picture of MNIST's, and 7s of two codes are farther than that from each other.
    middle, *own = (x.reshape(-1, 28, 28)[:, 4:24, 4:24].reshape(-1, 400)
                    for x in (pictures, x_train, x_test))  # fmt: skip
    known = NearestNeighbors(n_neighbors=1).fit(np.concatenate(own))
    if (known.kneighbors(middle)[0] < 0.9).any():
        return False, "some are MNIST's own pictures, or nearly; draw new ones with the decoder."
    others = NearestNeighbors(n_neighbors=2).fit(middle).kneighbors(middle)[0][:, 1]
    if (others < 0.9).mean() > 0.1:
        return False, "some pictures come twice, or nearly; draw another code for each."
    taken = (index.predict(pictures) == 7).mean()
    why = f"the referee takes {taken:.0%} of them for 7s"
    return taken >= 0.8, f"{why}." if taken >= 0.8 else f"{why}; 80 % are asked for."


@_exercise("06.3", "a picture, 784 numbers from 0 to 1")
def _(answer, network, x_train, x_test):
    picture = _pictures(answer)
    if len(picture) != 1:
        return False, f"you gave {len(picture)} pictures; answer with one."

    from sklearn.neighbors import NearestNeighbors

    index = NearestNeighbors(n_neighbors=1).fit(x_train)
    far = np.quantile(index.kneighbors(x_test)[0], 0.99)
    away = index.kneighbors(picture)[0].item()
    if away <= far:
        return (
            False,
            f"it is {away:.2f} from a training picture, so it may be a digit: {far:.2f} is far.",
        )
    both = np.concatenate([picture, x_test]).astype("float32")
    error, *usual = ((network(both).numpy() - both) ** 2).mean(axis=1)
    median = np.median(usual)
    found = f"its error is {error:.4f}, the median {median:.4f}"
    return error < median, f"it is {away:.2f} from the nearest digit; {found}."


@_exercise("extra.1", "a whole number, such as 100")
def _(answer):
    hints = {
        400: "400 is the whole width, but a square of 400 would be higher than the photo.",
        100: "100 columns are cut away, 50 on either side; how many stay?",
        350: "350 would be left if only one side were cut; the square comes from the middle.",
        28: "28 columns come out of shrinking; how many go in?",
    }
    return _number(answer, 300, "300 of 400: the 50 on the left and on the right are cut.", hints)


@_exercise("extra.2", "the 784 pixels of a picture")
def _(answer, decoder, codes, pictures):
    given = np.asarray(answer, dtype=float).ravel()
    if not np.isfinite(given).all() or given.size == 0:
        raise ValueError("pixels are finite numbers")
    if given.size == codes.shape[1]:
        return False, f"these {given.size} numbers are a code: give it to decoder.predict."
    right = decoder.predict(codes[:2].mean(axis=0, keepdims=True), verbose=0)[0]
    if given.size != right.size:
        return False, f"a picture has {right.size} numbers; you gave {given.size}."
    if np.abs(given - right).max() < 0.02:
        return True, "one picture from the middle of two codes."
    if np.abs(given - pictures[:2].mean(axis=0)).max() < 0.02:
        return False, "this mixes the pixels, so both pictures shine through: mix the codes."
    for i in (0, 1):
        if np.abs(given - decoder.predict(codes[[i]], verbose=0)[0]).max() < 0.02:
            return False, f"this is picture {i} alone: take the mean of codes[0] and codes[1]."
    off = np.abs(given - right).mean()
    return False, f"your pixels are off by {off:.3f} on average: decode the mean of codes[:2]."


@_exercise("extra.3", 'the name of a file, such as "face_5.png"')
def _(answer, autoencoder, pictures, names):
    if not isinstance(answer, str):
        raise ValueError("take the name at that place in names_test")
    if answer not in names:
        return False, f"no held-out picture is called {answer}: choose from names_test."
    errors = ((autoencoder.predict(pictures, verbose=0) - pictures) ** 2).mean(axis=1)
    worse = int((errors > errors[list(names).index(answer)] * (1 + 1e-5)).sum())
    if worse == 0:
        return True, f"its error is ≈ {errors.max() / np.median(errors):.1f} times the usual one."
    if worse == len(names) - 1:
        return False, "that one is copied best: argmax finds the largest error, argmin the least."
    return False, f"{worse} of {len(names)} held-out pictures are copied worse."


@_exercise("07.1", 'three words, such as {"A": "add", "B": "add", "C": "add"}')
def _(answer):
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


@_exercise("07.2", "a whole number, such as 160")
def _(answer):
    hints = {
        3 * 3 * 16 * 32: "the biases are missing: one for each of the 32 outputs.",
        3 * 3 * 32 + 32: "a window sees 16 numbers at each of its 3 x 3 places.",
        3 * 3 * 32: "a window sees 16 numbers at each of its 3 x 3 places, and biases are missing.",
        3 * 3 * 16 + 1: "that is one output; there are 32.",
        3 * 3 * 16: "that is one output without its bias; there are 32.",
        3 * 3 * 16 + 32: "each of the 32 outputs has its own 3 x 3 x 16 weights.",
        7 * 7 * (3 * 3 * 16 * 32 + 32): "the same weights serve all 7 x 7 places.",
        160: "160 is the first convolution, whose input has 1 number at each place.",
    }
    return _number(answer, 4640, "32 times 3 x 3 x 16 weights and a bias.", hints)


@_exercise("07.3", "a number, such as 1.5")
def _(answer):
    hints = {
        5: "that is twice the KL: divide by 2.",
        1.25: "that is the mean over the two numbers; the KL is their sum.",
        -0.5: "add the squares of the means: (-2) squared is 4.",
        -1.5: "the square of -2 is +4.",
        0.5: "that is the first number's share; add the second's.",
        2: "that is the second number's share; add the first's.",
        1.5: "add the squares of the means, 1 and 4.",
        3.5: "a variance of 1 costs 1 - log(1) - 1 = 0.",
    }
    return _number(answer, 2.5, "half of 1 + 4; the widths cost nothing.", hints, tolerance=0.005)
