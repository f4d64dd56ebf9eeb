"""How soon a map answers: one decode in Python, and from key press to pixels in JupyterLab."""

import html
import time
import timeit

import numpy as np
from benchmarks.report import table
from browser.lab import cell_with, open_chromium, open_jupyterlab, open_notebook, run_all

from helpers import data, models
from helpers.widgets import explorer

ROUNDS, PRESSES = 12, 5  # 60 presses of each, in short turns: a busy second strikes all alike

SETUP = """
import helpers

helpers.setup()
import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np

from helpers import data, models, plots
from helpers.widgets import explorer, sliders

_, (images, labels) = data.load_mnist()
autoencoder = models.load_autoencoder()
encoder, decoder = models.split(autoencoder)
codes = encoder.predict(images.reshape(-1, 784).astype("float32") / 255, verbose=0)
low, high = codes.code_window(codes)
decode = models.compile_decoder(decoder)


def slider(k):
    step = (high[k] - low[k]) / 100
    return widgets.FloatSlider(min=low[k], max=high[k], step=step, description=f"code {k + 1}")
"""
TUTORIAL = """
def redraw(code_1, code_2):
    figure, ax = plt.subplots(figsize=(2, 2))
    ax.imshow(decoder.predict(np.array([[code_1, code_2]]), verbose=0).reshape(28, 28))
    plt.show()


usual = {"code_1": slider(0), "code_2": slider(1)}
widgets.VBox([*usual.values(), widgets.interactive_output(redraw, usual)])
"""
BARE = """
def answer(change=None):
    words.value = f"{bare.value:.6f}"


bare, words = slider(0), widgets.HTML()
bare.observe(answer, "value")
answer()
widgets.VBox([bare, words])
"""
PLAIN = """
def move(change=None):
    picture.value = plots.to_png(decode([slider_1.value, slider_2.value]))


slider_1, slider_2, picture = slider(0), slider(1), widgets.Image(width=140)
slider_1.observe(move, "value")
slider_2.observe(move, "value")
move()
widgets.VBox([slider_1, slider_2, picture])
"""
WALKER = """
walker = sliders.DecodeSliders(autoencoder, images, labels)
walker
"""
EXPLORER = """
latent = explorer.LatentExplorer(autoencoder, images, labels, replay=models.recorded("film"))
latent
"""
# What Python does for a move: the callback, and handing its messages over to be sent.
KERNEL = """
import itertools
import timeit

for one in (bare, slider_1, walker.code_1):
    places = itertools.cycle([one.min, one.max])
    move_it = lambda: setattr(one, "value", next(places))
    print(1000 * min(timeit.repeat(move_it, number=20, repeat=3)) / 20)
    one.value = (one.min + one.max) / 2
"""

# Resolves with the milliseconds from the next key press to the frame in which all that the press
# changes can be seen: new images have loaded, and the words are new.
WATCH = """([output, [images, words]]) => new Promise((resolve, reject) => {
    const sources = () => [...output.querySelectorAll("img")].map((one) => one.src)
    const texts = () => words.map((selector) => output.querySelector(selector).textContent)
    const [oldSources, oldTexts] = [sources(), texts()]
    let pressed = null
    output.addEventListener("keydown", () => { pressed = performance.now() },
                            { capture: true, once: true })
    const watcher = new MutationObserver(async () => {
        if (pressed === null
            || images.some((k) => !sources()[k] || sources()[k] === oldSources[k])
            || texts().some((one, k) => one === oldTexts[k])) return
        watcher.disconnect()
        const changed = [...output.querySelectorAll("img")].filter((one, k) =>
            one.src !== oldSources[k] && !one.complete)
        await Promise.all(changed.map((one) => new Promise((loaded) => { one.onload = loaded })))
        requestAnimationFrame(() => resolve(performance.now() - pressed))
    })
    watcher.observe(output,
                    { subtree: true, childList: true, attributes: true, characterData: true })
    setTimeout(() => reject(new Error("no answer to a key press in 10 seconds")), 10000)
})"""


def test_one_decode():
    _, decoder = models.split(models.load_autoencoder())
    decode = models.compile_decoder(decoder)
    point = np.zeros((1, 2), "float32")
    decoder.predict(point, verbose=0)
    compiled = min(timeit.repeat(lambda: decode([0.0, 0.0]), number=200, repeat=5)) / 200
    predict = min(timeit.repeat(lambda: decoder.predict(point, verbose=0), number=5, repeat=5)) / 5
    table(
        "One point decoded, milliseconds",
        ("", "ms"),
        ("compile_decoder", f"{1000 * compiled:.3f}"),
        ("target", "< 1"),
        ("decoder.predict", f"{1000 * predict:.1f}"),
    )


def press_and_time(page, output, what, key: str) -> float:
    """Press a key on the first slider; return the milliseconds until its pixels are there."""
    watching = f"(arguments) => {{ window.answer = ({WATCH})(arguments) }}"
    page.evaluate(watching, [output.element_handle(), what])
    page.keyboard.press(key)
    milliseconds = page.evaluate("() => window.answer")
    page.wait_for_timeout(60)  # the kernel says that it is idle; a press before that has to wait
    return milliseconds


def test_key_press_to_pixels(tmp_path):
    # Where the focus is, and what has to change: which images, by number, and which words.
    cases = {
        "bare round trip": ("answer()", "[role=slider]", [[], [".widget-html-content"]]),
        "interactive_output": ("redraw", "[role=slider]", [[0], []]),
        "two plain sliders": ("move()", "[role=slider]", [[0], []]),
        "DecodeSliders": ("DecodeSliders(", "[role=slider]", [[1], ["[aria-live]"]]),
        "explorer, its map": ("LatentExplorer(", ".map", [[], [".status"]]),
        "explorer, its slider": ("LatentExplorer(", "input[type=range]", [[], [".status"]]),
    }
    times = {name: [] for name in cases}
    with open_chromium() as browser, open_jupyterlab(tmp_path) as lab:
        lab.write("sliders.ipynb", SETUP, TUTORIAL, BARE, PLAIN, WALKER, EXPLORER, KERNEL)
        with open_notebook(browser, lab, "sliders.ipynb") as page:
            run_all(page)
            kernel = cell_with(page, "timeit").locator(".jp-OutputArea").text_content().split()
            for turn in range(ROUNDS):
                key = ("ArrowRight", "ArrowLeft")[turn % 2]
                for name, (source, focus, what) in cases.items():
                    output = cell_with(page, source).locator(".jp-OutputArea").first
                    output.scroll_into_view_if_needed()
                    output.locator(focus).first.focus()
                    for number in range(PRESSES + 1):  # the first, after a pause, is not counted
                        took = press_and_time(page, output, what, key)
                        times[name] += [took] if number else []
            drags = drag_updates(page, cell_with(page, "LatentExplorer(").locator(".map"))
    bare, usual = (np.median(times[name]) for name in ("bare round trip", "interactive_output"))
    python = dict(
        zip(("bare round trip", "two plain sliders", "DecodeSliders"), kernel, strict=True)
    )
    rows = [("", "p50 ms", "p95 ms", "p50 to bare", "usual to p50", "in Python ms")]
    for name, each in times.items():
        p50, p95 = np.percentile(each, [50, 95])
        row = f"{p50:.1f}", f"{p95:.1f}", f"{p50 / bare:.2f}", f"{usual / p50:.1f}"
        rows.append((name, *row, f"{float(python[name]):.2f}" if name in python else ""))
    rows.append(("target: sliders", "", "", "<= 1.50", "", ""))
    rows.append(("target: explorer", "", "<= 16", "", ">= 20", ""))
    table(f"Key press to pixels in JupyterLab, {ROUNDS * PRESSES} presses each", *rows)
    table("A drag over the explorer's map", ("", "a second"), ("updates", f"{drags:.0f}"))


def drag_updates(page, board) -> float:
    """Drag the handle about for some 300 moves; return how many updates a second were drawn."""
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    page.evaluate(
        """(map) => {
            window.drawn = 0
            const status = map.closest(".latent-explorer").querySelector(".status")
            let before = status.textContent
            const count = () => {
                if (status.textContent !== before) window.drawn++
                before = status.textContent
                requestAnimationFrame(count)
            }
            requestAnimationFrame(count)
        }""",
        board.element_handle(),
    )
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    start = time.perf_counter()
    for x, y in [(0.9, 0.2), (0.2, 0.5), (0.9, 0.8), (0.1, 0.9), (0.5, 0.1), (0.8, 0.9)]:
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=50)
    seconds = time.perf_counter() - start
    page.mouse.up()
    return page.evaluate("() => window.drawn") / seconds


def test_payload():
    _, (images, labels) = data.load_mnist()
    (more, classes), _ = data.load_mnist()
    images, labels = np.concatenate([images, more[:1000]]), np.concatenate([labels, classes[:1000]])
    start = time.perf_counter()
    latent = explorer.LatentExplorer(
        models.load_autoencoder(), images, labels, replay=models.recorded("film")
    )
    seconds = time.perf_counter() - start
    table(
        "The explorer of chapter 05, 2,000 digits and a replay",
        ("", "KB"),
        ("payload, as the widget gets it", f"{len(latent.payload) / 1000:.0f}"),
        ("page, as a notebook stores it", f"{len(html.escape(latent.to_html())) / 1000:.0f}"),
        ("target", "<= 800"),
        ("made in, seconds", f"{seconds:.1f}"),
    )
