"""data.load_images: odd entries, odd ranges and odd names of folders lose nothing."""

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from helpers import data


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "my pictures").mkdir()
    Image.new("L", (40, 40), 55).save(tmp_path / "my pictures" / "good.png")
    return tmp_path / "my pictures"


def link(target: str):
    return lambda path: path.symlink_to(target)


def broken_exif(path):
    Image.new("L", (40, 40), 9).save(path, "JPEG", exif=b"Exif\0\0ZZ*\0\x08\0\0\0")


# What lies beside a good picture -> what is said of it; "" if it is loaded.
ENTRIES = {
    "a link to itself": (link("odd.png"), "cannot be opened"),
    "a broken link": (link("nowhere"), "cannot be opened"),
    "a link to a folder": (link(".."), "passed over: the folders inside (odd.png)"),
    "a link to a device": (link("/dev/zero"), "is a pipe, socket or device"),
    "a pipe": (lambda path: os.mkfifo(path), "is a pipe, socket or device"),
    "a folder": (lambda path: path.mkdir(), "passed over: the folders inside (odd.png)"),
    "broken metadata": (broken_exif, ""),
}


@pytest.mark.skipif(os.name == "nt", reason="links and pipes are made otherwise there")
@pytest.mark.parametrize("entry", ENTRIES)
def test_one_odd_entry_never_loses_the_folder(entry, folder, capsys):
    make, said = ENTRIES[entry]
    make(folder / "odd.png")
    _, names = data.load_images(folder)
    assert names == (["good.png"] if said else ["good.png", "odd.png"])
    assert said in capsys.readouterr().out


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_name_that_cannot_be_printed_loses_nothing(encoding, folder):
    with open(os.fsencode(folder) + b"/caf\xe9.png", "wb") as file:
        file.write(b"no picture")
    (folder / "Käse.png").write_bytes(b"no picture")
    script = "import sys; from helpers import data; data.load_images(sys.argv[1])"
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], capture_output=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert b"1 picture loaded" in done.stdout and b"udce9.png is no picture" in done.stdout


def ramp(white, kind) -> np.ndarray:
    return np.tile(np.linspace(0, white, 28), (28, 1)).astype(kind)


# What the pixels are -> lightest and darkest ink of the first picture, and what is said.
RANGES = {
    "8 bits": ([ramp(255, "uint8")], (0, 255), ""),
    "16 bits": ([ramp(65535, "uint16")], (0, 255), ""),
    "12 bits in 16": ([ramp(4095, "uint16")], (0, 255), "4095 is taken for white"),
    "10 bits in 16": ([ramp(1023, "uint16")], (0, 255), "1023 is taken for white"),
    "10 beside 12": ([ramp(1000, "uint16"), ramp(4095, "uint16")], (193, 255), "up to 4095"),
    "12 beside 16": ([ramp(4095, "uint16"), ramp(65535, "uint16")], (0, 255), "up to 4095"),
    "float": ([ramp(1, "float32")], (0, 255), "1 for white"),
    "half beside whole": ([ramp(0.5, "float32"), ramp(1, "float32")], (127, 255), "1 for white"),
    "white": ([np.ones((28, 28), "float32")], (0, 0), "1 for white"),
    "black": ([np.zeros((28, 28), "float32")], (255, 255), "1 for white"),
    "float to 255": ([ramp(255, "float32")], (0, 255), "255 for white"),
    "no numbers": ([np.full((28, 28), np.nan, "float32")], (255, 255), "1 for white"),
}


@pytest.mark.parametrize("pixels", RANGES)
def test_range_of_the_pixels(pixels, tmp_path, capsys):
    arrays, expected, said = RANGES[pixels]
    for k, array in enumerate(arrays):
        Image.fromarray(array).save(tmp_path / f"{k}.tiff")
    images, _ = data.load_images(tmp_path)
    assert (images[0].min(), images[0].max()) == pytest.approx(expected, abs=1)
    out = capsys.readouterr().out
    assert said in out if said else "white" not in out


@pytest.mark.parametrize(
    "write",
    ['"{}"', "'{}'", "{} ", " {}\n", "{}/", "file://{}"],
    ids=["quotes", "single quotes", "blank", "line", "slash", "file"],
)
def test_folder_as_people_paste_it(write, folder):
    assert data.load_images(write.format(folder))[1] == ["good.png"]
    assert data.load_images(os.fsencode(folder), np.int64(8))[0].shape == (1, 8, 8)


# What is given for a folder -> what is said.
REFUSED = {
    "*.png": "is a pattern: write the folder alone",
    "https://example.org/a": "is an address on the web",
    "": "is empty",
    "a\0b": "is empty or cannot be one",
    "~nobody_here/a": "in nobody's home",
    None: "this is None",
    5: "this is 5",
    ("a.png", "b.png"): "this is a list",
}


@pytest.mark.parametrize("given", REFUSED)
def test_what_is_no_folder_gets_a_sentence(given):
    with pytest.raises(data.DataError) as caught:
        data.load_images(given)
    said = str(caught.value)
    assert REFUSED[given] in said and said.endswith(".") and len(said) < 300


@pytest.mark.parametrize("size", [True, np.bool_(True), 0, 28.0, "28", np.int64(257)])
def test_size_that_is_none(size, folder):
    with pytest.raises(data.DataError, match="whole number of pixels from 1 to 256"):
        data.load_images(folder, size)


def test_too_many_pixels_is_said_with_numbers_that_differ(folder, capsys):
    Image.new("1", (6000, 5001)).save(folder / "large.png")
    data.load_images(folder)
    assert "has 30.006 million pixels, over 30 million" in capsys.readouterr().out
