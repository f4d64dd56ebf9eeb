"""data.load_images: every readable picture is used, and every trouble gets one sentence."""

import io
import os
import random
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image, JpegImagePlugin

from helpers import data


def load(folder, capsys, size: int = 28):
    """Return the images, the names, and what was said about the files left out."""
    capsys.readouterr()
    pictures, names = data.load_images(folder, size)
    out, err = capsys.readouterr()
    assert err == "" and str(folder) not in out
    assert pictures.dtype == np.uint8 and pictures.shape == (len(names), size, size)
    assert f"{len(names):,} picture" in out
    left_out = [line for line in out.splitlines() if line.startswith("left out: ")]
    assert all(line.endswith(".") and len(line) < 200 for line in left_out)
    return pictures, names, left_out


def refused(folder, *parts, **options) -> str:
    """Require that nothing is loaded and one sentence with all parts says why; return it."""
    with pytest.raises(data.DataError) as caught:
        data.load_images(folder, **options)
    error, said = caught.value, str(caught.value)
    assert "\n" not in said and said.endswith(".") and ". " not in said and len(said) < 400, said
    assert error.__suppress_context__ or error.__context__ is None, "shows a chain of errors"
    for part in parts:
        assert str(part) in said, f"{part!r} is not in: {said}"
    return said


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "pictures").mkdir()
    return tmp_path / "pictures"


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


def two_tone(width: int = 60, height: int = 60) -> Image.Image:
    """Return a picture whose left half is black and whose right half is white."""
    picture = Image.new("L", (width, height), 255)
    picture.paste(0, (0, 0, width // 2, height))
    return picture


def good(folder: Path, *names: str) -> None:
    for name in names:
        Image.fromarray(noise(40, 40)).save(folder / name)


def is_two_tone(image: np.ndarray) -> bool:
    """Whether the left half is ink and the right half is paper."""
    half = image.shape[1] // 2
    return image[:, : half - 1].min() > 235 and image[:, half + 1 :].max() < 20


# Pixels


def test_picture_of_the_right_size_is_only_turned_into_ink(folder, capsys):
    pixels = noise(28, 28)
    Image.fromarray(pixels).save(folder / "a.png")
    pictures, names, _ = load(folder, capsys)
    assert names == ["a.png"]
    np.testing.assert_array_equal(pictures[0], 255 - pixels)


def test_grey_is_what_pillow_calls_grey(folder, capsys):
    pixels = noise(28, 28, 3)
    Image.fromarray(pixels).save(folder / "a.png")
    grey = np.asarray(Image.fromarray(pixels).convert("L")).astype(int)
    assert np.abs(load(folder, capsys)[0][0] - (255 - grey)).max() <= 1


def test_wide_and_tall_pictures_are_cut_to_their_middle(folder, capsys):
    wide = np.full((50, 150), 255, np.uint8)
    wide[:, 40:75] = 0
    Image.fromarray(wide).save(folder / "1_wide.png")
    Image.fromarray(wide.T).save(folder / "2_tall.png")
    pictures, _, _ = load(folder, capsys)
    assert is_two_tone(pictures[0]) and is_two_tone(pictures[1].T)


@pytest.mark.parametrize("side", [1, 5, 28, 300])
def test_small_and_large_pictures(side, folder, capsys):
    Image.new("L", (side, side), 55).save(folder / "a.png")
    for size in (1, 28):
        assert (load(folder, capsys, size)[0] == 200).all()


@pytest.mark.parametrize("size", [4, 8, 64, 256])
def test_other_sizes(size, folder, capsys):
    two_tone(512, 512).save(folder / "a.png")
    assert is_two_tone(load(folder, capsys, size)[0][0])


def test_shrinking_takes_the_mean_not_single_pixels(folder, capsys):
    board = np.kron(np.indices((140, 140)).sum(axis=0) % 2, np.ones((2, 2))) * 255
    Image.fromarray(board.astype(np.uint8)).save(folder / "a.png")
    assert np.abs(load(folder, capsys)[0].astype(int) - 128).max() < 8


# Formats


@pytest.mark.parametrize(
    "name", ["a.png", "a.jpg", "a.JPEG", "a.webp", "a.gif", "a.bmp", "a.tiff", "a.ppm", "a.avif"]
)
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_formats(name, mode, folder, capsys):
    two_tone().convert(mode).save(folder / name)
    assert is_two_tone(load(folder, capsys)[0][0])


def test_format_is_told_by_the_content_not_by_the_name(folder, capsys):
    two_tone().save(folder / "no_ending", format="PNG")
    two_tone().save(folder / "wrong.txt", format="JPEG")
    pictures, names, left_out = load(folder, capsys)
    assert len(names) == 2 and not left_out and all(map(is_two_tone, pictures))


@pytest.mark.parametrize(
    ("mode", "name"),
    [("1", "a.png"), ("P", "a.gif"), ("P", "a.png"), ("LA", "a.png"), ("RGBA", "a.png"),
     ("CMYK", "a.jpg"), ("CMYK", "a.tiff"), ("I;16", "a.png"), ("I;16", "a.tiff"),
     ("I", "a.tiff"), ("F", "a.tiff")],
)  # fmt: skip
def test_kinds_of_pixels(mode, name, folder, capsys):
    grey = two_tone()
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    elif mode == "F":
        picture = Image.fromarray(np.asarray(grey).astype(np.float32) / 255)
    else:
        picture = (grey.convert("RGB") if mode == "CMYK" else grey).convert(mode)
    assert picture.mode == mode
    picture.save(folder / name)
    assert is_two_tone(load(folder, capsys)[0][0])


def test_sixteen_bits_keep_their_greys(folder, capsys):
    levels = np.linspace(10_000, 50_000, 28).round().astype(np.uint16)
    Image.fromarray(np.tile(levels, (28, 1))).save(folder / "a.png")
    expected = 255 - levels / 257.0
    assert np.abs(load(folder, capsys)[0][0] - expected).max() <= 1


def test_numbers_that_are_no_numbers_count_as_the_darkest_or_less(folder, capsys):
    values = np.asarray(two_tone()).astype(np.float32)
    values[:2] = np.nan
    Image.fromarray(values).save(folder / "a.tiff")
    assert is_two_tone(load(folder, capsys)[0][0][4:])


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparent_is_white(mode, folder, capsys):
    picture = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    picture.paste((0, 0, 0, 255), (0, 0, 30, 60))
    if mode == "P":
        picture = picture.convert("RGB").convert("P")
        picture.info["transparency"] = picture.getpixel((50, 50))
        picture.save(folder / "a.gif", transparency=picture.getpixel((50, 50)))
        assert load(folder, capsys)[0].max() == 0
    else:
        picture.convert(mode).save(folder / "a.png")
        assert is_two_tone(load(folder, capsys)[0][0])


def test_half_transparent_black_is_mid_grey(folder, capsys):
    Image.new("RGBA", (50, 50), (0, 0, 0, 128)).save(folder / "a.png")
    assert np.abs(load(folder, capsys)[0].astype(int) - 128).max() <= 1


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png", "a.tiff"])
def test_first_frame_of_an_animation(name, folder, capsys):
    others = [Image.new("L", (60, 60), shade) for shade in (0, 255)]
    two_tone().save(folder / name, save_all=True, append_images=others)
    pictures, names, _ = load(folder, capsys)
    assert names == [name] and is_two_tone(pictures[0])


@pytest.mark.parametrize(
    ("orientation", "ending"),
    [*((turn, "jpg") for turn in range(1, 9)), (6, "png"), (6, "tiff"), (6, "webp")],
)
def test_orientation_of_a_camera(orientation, ending, folder, capsys):
    upright = Image.fromarray(np.kron(noise(4, 4), np.ones((20, 20))).astype(np.uint8))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # how the camera held it, as a transposition
    stored = upright if orientation == 1 else upright.transpose(undo[orientation])
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    stored.save(folder / f"a.{ending}", exif=exif)
    expected = np.asarray(upright.resize((28, 28), Image.Resampling.BILINEAR))
    assert np.abs(load(folder, capsys)[0][0] - (255.0 - expected)).mean() < 6


# Order and what is passed over


def test_natural_order(folder, capsys):
    names = ["10.png", "9.png", "a1b20.png", "A1b3.png", "a01.png", "a1.png", "b.png", "Ä.png"]
    random.Random(0).shuffle(names)
    good(folder, *names)
    _, found, _ = load(folder, capsys)
    assert found == ["9.png", "10.png", "a01.png", "a1.png", "A1b3.png", "a1b20.png", "b.png",
                     "Ä.png"]  # fmt: skip


def test_names_belong_to_their_images(folder, capsys):
    for shade in (7, 70, 200):
        Image.new("L", (9, 9), shade).save(folder / f"{shade}.png")
    pictures, names, _ = load(folder, capsys)
    assert [255 - image[0, 0] for image in pictures] == [int(Path(name).stem) for name in names]


def test_hidden_files_and_folders_are_passed_over_without_a_word(folder, capsys):
    good(folder, "a.png", ".hidden.png")
    for name in (".DS_Store", "._a.png", "Thumbs.db", "desktop.ini"):
        (folder / name).write_bytes(b"\0\0\0\1Bud1")
    (folder / "inside").mkdir()
    good(folder / "inside", "b.png")
    _, names, left_out = load(folder, capsys)
    assert names == ["a.png"] and not left_out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipe_does_not_make_it_wait(folder, capsys):
    good(folder, "a.png")
    os.mkfifo(folder / "pipe.png")
    assert load(folder, capsys)[1] == ["a.png"]


# Files that are left out


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of that many pixels, all of them black, that is itself small."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    lines = zlib.compress(bytes((width // 8 + 2) * height), 9)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", lines), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def encoded(ending: str) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(noise(200, 200, 3)).save(buffer, ending)
    return buffer.getvalue()


DAMAGED = "is cut short or damaged: copy or download it again"
UNKNOWN = "is no picture in a format known here: if it is a photo, save it as JPEG or PNG"
# What a file is called, what it holds -> what is said about it.
LEFT_OUT = {
    "empty.jpg": (b"", "is empty: copy or download it again"),
    "notes.txt": (b"remember to photograph Ada", UNKNOWN),
    "page.jpg": (b"<html>Not found</html>", UNKNOWN),
    "IMG_0007.HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", UNKNOWN),
    "drawing.svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', UNKNOWN),
    "half.png": (encoded("png")[:60_000], DAMAGED),
    "half.jpg": (encoded("jpeg")[:9_000], DAMAGED),
    "half.gif": (encoded("gif")[:9_000], DAMAGED),
    "half.webp": (encoded("webp")[:5_000], DAMAGED),
    "half.tiff": (encoded("tiff")[:9_000], DAMAGED),
    "half.bmp": (encoded("bmp")[:9_000], DAMAGED),
    "head.png": (encoded("png")[:20], "is"),  # which of the two is pillow's business
    "bits.png": (encoded("png")[:500] + b"\0" * 500 + encoded("png")[1000:], DAMAGED),
    "wide.png": (
        bomb(7000, 7000),
        "has 49 million pixels, over 30 million would fill the memory: save it smaller, or as JPEG",
    ),
    "bomb.png": (bomb(20_000, 20_000), "has too many pixels to unpack: save it smaller"),
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_unusable_file_is_named_and_the_good_ones_are_used(name, folder, capsys):
    content, problem = LEFT_OUT[name]
    good(folder, "a.png", "z.png")
    before = load(folder, capsys)[0]
    (folder / name).write_bytes(content)
    pictures, names, (line,) = load(folder, capsys)
    assert names == ["a.png", "z.png"] and np.array_equal(pictures, before)
    assert line.startswith(f"left out: {name} {problem}")


def test_picture_too_large_for_this_computer(folder, capsys, monkeypatch):
    def no_memory(*args):  # a test had better not use up the memory
        raise MemoryError

    good(folder, "a.png")
    two_tone().save(folder / "large.jpg")
    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "draft", no_memory)
    _, names, (line,) = load(folder, capsys)
    assert names == ["a.png"]
    assert line == "left out: large.jpg has too many pixels to unpack: save it smaller."


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is closed to root")
def test_closed_file_and_folder_for_real(folder, capsys):
    good(folder, "a.png", "closed.png")
    (folder / "closed.png").chmod(0)
    assert "Permission denied" in load(folder, capsys)[2][0]
    folder.chmod(0)
    try:
        refused(folder, "cannot be read (Permission denied)")
    finally:
        folder.chmod(0o700)


def test_broken_link(folder, capsys):
    good(folder, "a.png")
    (folder / "link.png").symlink_to("nowhere.png")
    _, _, (line,) = load(folder, capsys)
    assert "link.png cannot be opened (No such file or directory)" in line


def test_many_unusable_files_are_counted(folder, capsys):
    good(folder, "a.png")
    for i in range(50):
        (folder / f"{i}.txt").write_text("x")
    _, _, left_out = load(folder, capsys)
    assert len(left_out) == 8 + 1
    assert left_out[-1] == "left out: 42 more files, for reasons like these."


def test_no_warning_reaches_the_learner(folder, capsys, recwarn):
    Image.new("1", (9500, 9500)).save(folder / "large.tiff")  # pillow warns of a bomb
    good(folder, "a.png")
    _, names, (line,) = load(folder, capsys)
    assert names == ["a.png"] and "large.tiff has 90 million pixels" in line
    assert not recwarn.list


def test_large_jpeg_is_used_since_it_unpacks_small(folder, capsys):
    two_tone(12_000, 4_000).save(folder / "camera.jpg")
    pictures, names, _ = load(folder, capsys)
    assert names == ["camera.jpg"] and is_two_tone(pictures[0])


# Folders


def test_missing_folder(tmp_path):
    refused(tmp_path / "fotos", "there is no folder", "fotos", "write the whole way to it")
    (tmp_path / "photos").mkdir()
    refused(tmp_path / "fotos", "there is no folder", f'but there is "{tmp_path / "photos"}"')
    refused(tmp_path / "no" / "where", "there is no folder")


def test_file_instead_of_a_folder(folder):
    good(folder, "a.png")
    refused(folder / "a.png", "is a file, not a folder", "unpack it first if it is an archive")


def test_folder_without_a_file(folder):
    refused(folder, "holds no pictures: copy your pictures into it, or name another folder")
    (folder / ".DS_Store").touch()
    refused(folder, "holds no pictures: copy your pictures into it")
    (folder / "oak").mkdir()
    (folder / "ash").mkdir()
    refused(folder, f'holds no pictures: name one of its folders, such as "{folder / "ash"}"')


def test_folder_without_a_picture(folder):
    (folder / "a.txt").write_text("a")
    (folder / "b.txt").write_text("b")
    refused(folder, f'no file in "{folder}" can be used; the first: a.txt {UNKNOWN}')


def test_folder_that_cannot_be_read(folder):
    (folder / "loop").symlink_to("loop")  # refused even to root
    refused(folder / "loop", "cannot be read (", "copy the pictures into a folder of your own")


@pytest.mark.parametrize("size", [0, -1, 257, 28.0, "28", None])
def test_size_out_of_range(size, folder):
    refused(folder, repr(size), "from 1 to 256", "load_images(folder, size=28)", size=size)


def test_folder_may_be_text_relative_or_start_at_home(folder, capsys, monkeypatch):
    good(folder, "a.png")
    monkeypatch.setenv("HOME", str(folder.parent))
    monkeypatch.setenv("USERPROFILE", str(folder.parent))
    monkeypatch.chdir(folder.parent)
    for name in ("pictures", "~/pictures", "./pictures/", str(folder), folder):
        assert data.load_images(name)[1] == ["a.png"]


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1 picture loaded, 28 x 28 pixels each\nThat is few: below 100 a network learns them"),
        (
            99,
            "99 pictures loaded, 28 x 28 pixels each\nThat is few: below 100 a network learns them",
        ),
        (100, "100 pictures loaded, 28 x 28 pixels each\n"),
    ],
    ids=["1", "99", "100"],
)
def test_what_is_said_at_the_end(count, said, folder, capsys):
    good(folder, *(f"{i}.png" for i in range(count)))
    data.load_images(folder)
    out = capsys.readouterr().out
    assert out.startswith(said) and ("few" in said or out == said)


MEASURE = """
import re, sys
from helpers import data


def peak():  # of this process alone; getrusage would count what it was forked from as well
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024


data.load_images(sys.argv[1] + "/few")
before = peak()
data.load_images(sys.argv[1] + "/many")
print(peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux counts it")
def test_thousand_files_in_bounded_memory_with_progress(tmp_path):
    """1,000 files of 280 x 280 in colour: 235 MB if all were unpacked, 0.8 MB as returned."""
    picture = Image.fromarray(np.kron(noise(10, 10, 3), np.ones((28, 28, 1), np.uint8)))
    for name, count in (("few", 3), ("many", 1000)):
        folder = tmp_path / name
        folder.mkdir()
        picture.save(folder / "0.png")
        for i in range(1, count):
            os.link(folder / "0.png", folder / f"{i}.png")
    run = [sys.executable, "-c", MEASURE, str(tmp_path)]
    done = subprocess.run(run, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    *lines, grown = done.stdout.splitlines()
    progress = [line for line in lines if " of " in line]
    assert progress == [f"{k:,} of 1,000 files" for k in range(100, 1001, 100)]
    assert lines[-1] == "1,000 pictures loaded, 28 x 28 pixels each"
    assert float(grown) < 20, "megabytes beyond what three pictures took"
