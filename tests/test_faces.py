"""data.faces: pictures with known knobs, and a folder such as real ones are."""

import numpy as np
import pytest
from PIL import Image

from helpers import data
from helpers.data import faces


def pixels(folder, count: int) -> np.ndarray:
    """Return the pictures of a folder as they were drawn, in grey, (count, 112, 112)."""
    return np.array(
        [Image.open(folder / f"face_{i}.png").convert("L") for i in range(1, count + 1)]
    )


def test_knobs_are_the_same_for_everyone_and_independent():
    knobs = faces.random_knobs(1000)
    assert knobs.shape == (1000, len(faces.KNOBS))
    assert 0 <= knobs.min() < 0.01 and 0.99 < knobs.max() <= 1
    np.testing.assert_array_equal(knobs[:10], faces.random_knobs(10))
    assert not np.array_equal(knobs[:10], faces.random_knobs(10, seed=1))
    assert np.abs(np.corrcoef(knobs.T) - np.eye(6)).max() < 0.1


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return faces.draw_faces(tmp_path_factory.mktemp("faces") / "my_faces", 150)


def test_faces_are_numbered_pictures_that_can_be_drawn_again(folder, tmp_path):
    assert {path.name for path in folder.iterdir()} == {f"face_{i}.png" for i in range(1, 151)}
    with Image.open(folder / "face_1.png") as face:
        assert face.mode == "RGB" and face.size == (112, 112)
    again = pixels(faces.draw_faces(tmp_path / "again", 5), 5)
    np.testing.assert_array_equal(again, pixels(folder, 5))
    other = pixels(faces.draw_faces(tmp_path / "again", 5, seed=1), 5)
    assert not np.array_equal(again, other), "drawn anew, in the same folder"


@pytest.mark.parametrize("knob", faces.KNOBS)
def test_every_knob_shows(knob, folder):
    turned_up = faces.random_knobs(150)[:, faces.KNOBS.index(knob)] > 0.5
    shown = pixels(folder, 150)
    difference = shown[turned_up].mean(axis=0) - shown[~turned_up].mean(axis=0)
    assert np.abs(difference).max() > 60, "two halves at random differ by about 30"


def test_mess_holds_three_pictures_and_four_files_of_no_use(tmp_path, capsys):
    mess = faces.draw_mess(tmp_path / "my_mess")
    pictures, names = data.load_images(mess)
    assert names == ["lying.jpg", "transparent.png", "wide.png"]
    left_out = [line for line in capsys.readouterr().out.splitlines() if "left out" in line]
    assert [line.split()[2] for line in left_out] == [
        "empty.jpg", "half.png", "IMG_7.heic", "notes.txt",
    ]  # fmt: skip
    first, second, third = data.load_images(faces.draw_faces(tmp_path / "faces", 3))[0].astype(int)
    for picture, face in zip(pictures, (first, third, second), strict=True):
        assert np.abs(picture - face).mean() < 3
    assert faces.draw_mess(tmp_path / "my_mess") == mess, "once more, over what is there"


# What is given -> what is said.
REFUSED = {
    "a negative count": ({"count": -1}, "count is -1, but has to be a whole number"),
    "half a face": ({"count": 2.5}, "count is 2.5"),
    "no count": ({"count": None}, "count is None"),
    "yes": ({"count": True}, "count is True"),
    "a file": ({"folder": "a.txt"}, "is a file, or lies in one"),
    "below a file": ({"folder": "a.txt/faces"}, "is a file, or lies in one"),
    "no folder": ({"folder": None}, "a folder is expected, but this is None"),
    "an address": ({"folder": "https://a.b/c"}, "is an address on the web"),
}


@pytest.mark.parametrize("given", REFUSED)
def test_what_cannot_be_drawn_gets_a_sentence(given, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("a")
    arguments, said = REFUSED[given]
    with pytest.raises(data.DataError) as caught:
        faces.draw_faces(**{"folder": "faces", "count": 1, **arguments})
    assert said in str(caught.value) and str(caught.value).endswith(".")


@pytest.mark.parametrize("name", ["~/faces", "a/b/faces"])
def test_folders_above_are_made_and_home_is_found(name, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    faces.draw_faces(name, np.int64(1))
    faces.draw_mess(name)
    assert (tmp_path / name.replace("~/", "") / "face_1.png").exists()
