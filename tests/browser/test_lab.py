"""The course as a learner meets it: in JupyterLab, with a mouse and a keyboard."""

import re

import pytest
from browser.lab import (
    NOTEBOOKS,
    cell_with,
    open_notebook,
    photograph,
    run_all,
    start_all,
    wait_until,
    what_is_wrong,
)
from playwright.sync_api import Locator, Page, expect

CHAPTERS = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
START = "00_start_here.ipynb"
MAP = "05_plotting_the_latent_space.ipynb"
STATUS = re.compile(
    r"z = \((-?[\d.]+), (-?[\d.]+)\), nearest real digit: an? (\d), ([\d.]+) away\.( Off the map)?"
)


def pictures(lab, name: str) -> int:
    """Count the pictures in the stored outputs of a notebook."""
    outputs = [output for cell in lab.read(name) for output in cell.outputs]
    return sum("image/png" in output.get("data", {}) for output in outputs)


def assert_it_looks_right(page: Page, lab, name: str) -> None:
    wait_until(page, lambda: not what_is_wrong(page), f"nothing wrong in {name}")
    assert page.locator(".jp-OutputArea img").count() >= pictures(lab, name)


def assert_it_ran(page: Page, lab, name: str) -> None:
    assert what_is_wrong(page) == []
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt").all_text_contents()
    assert prompts == [f"[{number}]:" for number in range(1, len(prompts) + 1)]
    assert_it_looks_right(page, lab, name)
    exercises = [cell for cell in lab.read(name) if f'check("{name.split("_")[0]}.' in cell.source]
    assert exercises
    expect(page.locator(".jp-OutputArea-output", has_text=" is open: ")).to_have_count(
        len(exercises)
    )


# Here 00 and 05 run: nbval runs the others, in the same kernel, and they hold no widget.
@pytest.mark.parametrize("name", [name for name in CHAPTERS if name not in (START, MAP)])
def test_a_chapter_opens_with_its_pictures(name, chromium, jupyterlab):
    with open_notebook(chromium, jupyterlab, name) as page:
        assert_it_looks_right(page, jupyterlab, name)
        photograph(page, f"{name[:2]}-opened")


def test_the_first_chapter_runs_and_leads_on(chromium, jupyterlab):
    with open_notebook(chromium, jupyterlab, START) as page:
        assert_it_looks_right(page, jupyterlab, START)
        run_all(page)
        photograph(page, "00-run")
        assert_it_ran(page, jupyterlab, START)
        answer_the_first_exercise(page)
        follow_the_last_link(page)


def answer_the_first_exercise(page: Page) -> None:
    cell = cell_with(page, 'check("00.1"')
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.type('answer = 28 * 28\ncheck("00.1", answer)')
    page.keyboard.press("Shift+Enter")
    expect(cell.locator(".jp-OutputArea-output")).to_have_text(re.compile("^00.1 Right: "))
    expect(cell.locator(".cm-content")).to_contain_text('28 * 28check("00.1", answer)')


def follow_the_last_link(page: Page) -> None:
    """Go on to chapter 01: in a tab of JupyterLab, and not as a file of raw JSON."""
    page.locator(".jp-MarkdownOutput a").last.click()
    title = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) h1")
    expect(title).to_contain_text("01 · ", timeout=60_000)


def test_the_faults_that_the_other_tests_look_for_are_seen(chromium, jupyterlab):
    jupyterlab.write(
        "faults.ipynb",
        "import sys\nprint('a warning', file=sys.stderr)",
        'from IPython.display import HTML\nHTML(\'<img alt="a map" src="none.png">\')',
        "import ipywidgets\nslider = ipywidgets.IntSlider()\nslider.comm.close()\nslider",
        "print('The faults above are out of sight.\\n' * 100)",
        "1 / 0",
    )
    with open_notebook(chromium, jupyterlab, "faults.ipynb") as page:
        run_all(page)
        dead = "image not shown: a map", "Error displaying widget"
        for fault in ("ZeroDivisionError", "a warning", *dead):
            wait_until(page, lambda f=fault: f in str(what_is_wrong(page)), f"{fault} is seen")


def test_training_stops_at_the_stop_button(chromium, jupyterlab):
    jupyterlab.write(
        "stop.ipynb",
        "import helpers\n\nhelpers.setup()",
        "from helpers import data, models, training\n"
        "(x_train, _), _ = data.load_mnist()\n"
        'x_train = x_train.reshape(-1, 784).astype("float32") / 255\n'
        "autoencoder = models.build_autoencoder(hidden=())\n"
        'autoencoder.compile(optimizer="adam", loss="binary_crossentropy")',
        'losses = training.fit(autoencoder, x_train, epochs=10_000)["loss"]',
        "print(len(losses) > 0, autoencoder.predict(x_train[:5], verbose=0).shape)",
    )
    with open_notebook(chromium, jupyterlab, "stop.ipynb") as page:
        start_all(page)
        training, after = (
            page.locator(".jp-CodeCell .jp-OutputArea").nth(2),
            page.locator(".jp-CodeCell .jp-OutputArea").nth(3),
        )
        expect(training).to_contain_text("epoch   1 of 10000", timeout=60_000)
        page.get_by_role("button", name="Interrupt the kernel").click()
        expect(training).to_contain_text(re.compile(r"interrupted: kept the best .* of epoch \d+"))
        expect(after).to_contain_text("True (5, 784)")  # the cells that wait are run
        assert what_is_wrong(page) == []


@pytest.fixture(scope="module")
def map_chapter(chromium, jupyterlab):
    """Chapter 05 after Run All, for several tests."""
    with open_notebook(chromium, jupyterlab, MAP) as page:
        assert_it_looks_right(page, jupyterlab, MAP)
        run_all(page)
        photograph(page, "05-run")
        yield page


def drawing(image: Locator) -> str:
    """Return the pixels that an image shows, as a text to compare."""
    return image.evaluate(
        """async (image) => {
            // A picture may be replaced while it is decoded; then it is the new one that counts.
            for (let tries = 0; tries < 50; tries++) {
                if (await image.decode().then(() => true, () => false)) break
                await new Promise(requestAnimationFrame)
            }
            const canvas = document.createElement("canvas")
            canvas.width = image.naturalWidth
            canvas.height = image.naturalHeight
            canvas.getContext("2d").drawImage(image, 0, 0)
            return canvas.toDataURL()
        }"""
    )


def outputs_with_sliders(page: Page) -> Locator:
    return page.locator(".jp-OutputArea").filter(has=page.locator("[role=slider]"))


def plain(page: Page) -> Locator:
    """Return the page's output with two sliders and a picture."""
    return outputs_with_sliders(page).first


def walker(page: Page) -> Locator:
    """Return the page's output with two sliders, a map and a status line."""
    return outputs_with_sliders(page).filter(has=page.locator("svg circle"))


def press(slider: Locator, *keys: str) -> None:
    slider.focus()
    for key in keys:
        slider.press(key)


def told(text: str) -> tuple[float, float, int, float, bool]:
    """Take a status line apart: the point, the nearest digit, its distance, off the map."""
    assert (found := STATUS.search(re.sub("<.*?>", "", text))), text
    x, y, digit, distance, off = found.groups()
    return float(x), float(y), int(digit), float(distance), off is not None


def reading(output: Locator) -> tuple[float, float, int, float, bool]:
    """Return what the status line tells now."""
    # Not the inner text: that of a cell that is scrolled out of sight is empty.
    return told(output.locator("[aria-live]").text_content())


def values(output: Locator) -> list[float]:
    # Not aria-valuenow, which has one decimal only.
    handles = output.get_by_role("slider").all()
    return [float(handle.get_attribute("aria-valuetext")) for handle in handles]


def settle(page: Page, output: Locator) -> None:
    """Wait until the status line tells the point at which the sliders stand."""

    def arrived():
        return all(
            abs(word - shown) < 0.06
            for word, shown in zip(reading(output), values(output), strict=False)
        )

    wait_until(page, arrived, "the status line tells where the sliders stand")


def test_the_map_chapter_runs_from_top_to_bottom(map_chapter, jupyterlab):
    assert_it_ran(map_chapter, jupyterlab, MAP)


def test_the_last_cell_moved_the_explorers_ring(map_chapter):
    cell = cell_with(map_chapter, "latent.z = codes[2]")
    said = cell.locator(".jp-OutputArea-output").text_content()
    assert re.fullmatch(r"the ring stands on a \d\s*", said)
    # The still picture gives way to the explorer, which stands right after it.
    cell = cell_with(map_chapter, "LatentExplorer(")
    assert cell.locator("section.latent-explorer").count() == 1
    assert not cell.locator(".jp-OutputArea-child img").first.is_visible()


def test_the_page_shows_the_point_where_the_last_cell_put_the_sliders(map_chapter):
    # A slider whose first value is not on its own steps corrects it, and sends the correction to
    # the kernel, where it arrives after all cells of Run All and undoes what they have set.
    printed = cell_with(map_chapter, "print(walker.status.value)").locator(".jp-OutputArea-output")
    assert reading(walker(map_chapter)) == told(printed.text_content())


@pytest.mark.parametrize("which", [0, 1])
def test_keys_on_a_plain_slider_change_the_digit(which, map_chapter):
    output = plain(map_chapter)
    slider, picture = output.get_by_role("slider").nth(which), output.locator("img")
    press(slider, "Home", "ArrowUp")
    map_chapter.wait_for_timeout(500)
    for key in ("ArrowRight", "ArrowUp", "End", "ArrowLeft", "ArrowDown", "Home"):
        before, value = drawing(picture), values(output)[which]
        press(slider, key)
        wait_until(map_chapter, lambda b=before: drawing(picture) != b, f"a new digit after {key}")
        step = values(output)[which] - value
        assert step > 0 if key in ("ArrowRight", "ArrowUp", "End") else step < 0


def test_keys_move_ring_digit_and_words_together(map_chapter):
    output = walker(map_chapter)
    ring = output.locator("circle").first
    decoded = output.locator("img").nth(1)  # the first is the map
    for which, keys in ((0, ("ArrowLeft", "ArrowDown")), (1, ("ArrowLeft", "ArrowDown"))):
        for key in keys:
            before = drawing(decoded)
            words, place = reading(output), (ring.get_attribute("cx"), ring.get_attribute("cy"))
            press(output.get_by_role("slider").nth(which), key)
            wait_until(map_chapter, lambda b=before: drawing(decoded) != b, "a new digit")
            settle(map_chapter, output)
            assert reading(output)[which] < words[which]
            assert reading(output)[1 - which] == words[1 - which]
            assert (ring.get_attribute("cx") != place[0]) == (which == 0)
            assert (ring.get_attribute("cy") != place[1]) == (which == 1)


def test_the_ring_stands_where_the_sliders_say(map_chapter):
    output = walker(map_chapter)
    board = output.locator("img").first
    places = {"Home": 0, "PageUp": 0.05, "End": 1}  # of the way; a page is five steps of a hundred
    for across, up in (("Home", "End"), ("End", "Home"), ("Home", "PageUp")):
        press(output.get_by_role("slider").first, across)
        press(output.get_by_role("slider").last, up)
        settle(map_chapter, output)
        # Compared on the screen, so that a marker that slips off the map is noticed too.
        box, ring = board.bounding_box(), output.locator("circle").first.bounding_box()
        x, y = ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2
        assert x == pytest.approx(box["x"] + places[across] * box["width"], abs=3)
        assert y == pytest.approx(box["y"] + (1 - places[up]) * box["height"], abs=3)


def test_the_map_warns_where_no_digit_is_near(map_chapter):
    output = walker(map_chapter)
    on, off = [], []
    for across in (("Home",), ("Home", *["PageUp"] * 10), ("End",)):
        for up in (("Home",), ("Home", *["PageUp"] * 10), ("End",)):
            press(output.get_by_role("slider").nth(0), *across)
            press(output.get_by_role("slider").nth(1), *up)
            settle(map_chapter, output)
            *_, distance, is_off = reading(output)
            (off if is_off else on).append(distance)
    assert on and off, f"distances without a warning {on}, with one {off}"
    assert max(on) < min(off)


def test_a_slider_can_be_dragged(map_chapter):
    output = walker(map_chapter)
    slider = output.get_by_role("slider").first
    press(slider, "Home")
    settle(map_chapter, output)
    before = reading(output)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    map_chapter.mouse.move(x, y)
    map_chapter.mouse.down()
    map_chapter.mouse.move(x + 60, y, steps=12)
    map_chapter.mouse.up()
    wait_until(map_chapter, lambda: reading(output) != before, "the status line follows the mouse")
    settle(map_chapter, output)
    assert reading(output)[0] > before[0]


def test_after_all_that_nothing_is_wrong(map_chapter):
    assert what_is_wrong(map_chapter) == []
