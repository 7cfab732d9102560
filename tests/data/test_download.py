"""Downloading from mirrors that misbehave: real HTTP servers on this machine."""

import hashlib
import http.server
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from inkling.data import digits, load, mnist
from inkling.data.download import download
from inkling.data.mnist import Patience, load_auto, load_mnist
from inkling.errors import DataError

BODIES = {"one.gz": b"first file" * 500, "two.gz": b"second file" * 500}
FILES = {name: hashlib.sha256(body).hexdigest() for name, body in BODIES.items()}
QUICK = Patience(search=1.0, stall=0.3, total=5.0)
UNROUTABLE = "http://192.0.2.1/mnist"  # TEST-NET-1, RFC 5737: belongs to nobody


def sound(handler, body):
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def wrong(handler, body):
    sound(handler, body[:-1] + b"?")


def forbidden(handler, _):
    handler.send_error(403)


def web_page(handler, _):
    sound(handler, b"<!DOCTYPE html><title>We have moved</title>")


def cut_off(handler, body):
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])


def stalled(handler, body):
    cut_off(handler, body)
    handler.wfile.flush()
    time.sleep(1)


def silent(_handler, _body):
    time.sleep(1)


def dawdling(handler, body):
    handler.send_response(200)
    handler.end_headers()
    for byte in body:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.02)


def half_sound(handler, body):
    (sound if handler.path.endswith("one.gz") else forbidden)(handler, body)


@contextmanager
def mirror(behaviour):
    """A server for `BODIES`; yields its address and the list of paths asked for."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            with suppress(ConnectionError):  # the impatient hang up
                behaviour(self, BODIES[Path(self.path).name])

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/mnist", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


@pytest.fixture
def dead_port() -> str:
    with mirror(sound) as (address, _):
        pass
    return address


def test_a_sound_mirror_delivers_everything(tmp_path):
    with mirror(sound) as (address, asked):
        download(FILES, tmp_path / "new", [address], QUICK)
        assert contents(tmp_path / "new") == BODIES
        download(FILES, tmp_path / "new", [address], QUICK)
    assert asked == ["/mnist/one.gz", "/mnist/two.gz"]  # what is there is not fetched again


MISBEHAVIOURS = {
    wrong: "is another file (wrong SHA-256)",
    forbidden: "HTTP Error 403",
    web_page: "is another file (wrong SHA-256)",
    cut_off: "wrong SHA-256",
    stalled: "timed out",
    silent: "timed out",
    dawdling: "too slow",
    half_sound: "HTTP Error 403",
}


@pytest.mark.parametrize("behaviour", MISBEHAVIOURS)
def test_a_mirror_that_misbehaves_is_left_for_the_next_one(tmp_path, behaviour):
    with mirror(behaviour) as (bad, asked), mirror(sound) as (good, _):
        with pytest.raises(DataError) as caught:
            download(FILES, tmp_path, [bad], QUICK)
        assert MISBEHAVIOURS[behaviour] in str(caught.value)
        assert asked
        assert set(contents(tmp_path)) <= ({"one.gz"} if behaviour is half_sound else set())  # nothing half-written
        download(FILES, tmp_path, [bad, good], QUICK)
        assert contents(tmp_path) == BODIES


def test_all_failures_are_told(tmp_path, dead_port):
    with mirror(forbidden) as (one, _), mirror(web_page) as (two, _), pytest.raises(DataError) as caught:
        download(FILES, tmp_path, [one, two, dead_port, "http://nowhere.invalid/mnist"], QUICK)
    message = str(caught.value)
    for reason in ("403", "wrong SHA-256", "refused", "nowhere.invalid"):
        assert reason in message


def test_the_time_for_everything_is_limited(tmp_path):
    with mirror(dawdling) as (address, _), pytest.raises(DataError, match="not finished in time"):
        download(FILES, tmp_path, [address], Patience(search=1, stall=10, total=0.4))


def test_where_nobody_answers_the_search_ends_in_time(tmp_path, dead_port, monkeypatch):
    """A port that swallows packets and a name server that never answers: no longer than was said."""
    release = threading.Event()
    monkeypatch.setattr("inkling.data.download._knock", lambda *_: release.wait(20) and None)
    start = time.monotonic()
    with pytest.raises(DataError, match=r"no answer within 0\.5 s"):
        download(FILES, tmp_path, [UNROUTABLE, dead_port], Patience(search=0.5))
    assert time.monotonic() - start < 1.0
    release.set()


def test_without_a_network_mnist_is_given_up_within_five_seconds(dead_port):
    start = time.monotonic()
    with pytest.raises(DataError) as caught:
        load_mnist([UNROUTABLE, dead_port, "http://nowhere.invalid"])
    assert time.monotonic() - start < 5.5
    for part in ("192.0.2.1", "127.0.0.1", "nowhere.invalid", "set INKLING_DATA", "digits"):
        assert part in str(caught.value)


def test_auto_takes_the_embedded_digits_then_and_says_why(dead_port):
    source = load_auto([dead_port])
    assert source.name == "digits"
    assert "MNIST is not at hand" in source.notes[0]
    assert "refused" in source.notes[0]


def test_a_proxy_is_knocked_at_instead_of_the_mirror(tmp_path, monkeypatch):
    with mirror(sound) as (proxy, asked):
        monkeypatch.setenv("http_proxy", proxy.removesuffix("/mnist"))
        download(FILES, tmp_path, ["http://nowhere.invalid/mnist"], QUICK)
    assert contents(tmp_path) == BODIES
    assert asked == ["http://nowhere.invalid/mnist/one.gz", "http://nowhere.invalid/mnist/two.gz"]


@pytest.fixture
def tiny_mnist(make, monkeypatch):
    """`digits` in the place of MNIST: the four files, and their hashes where the real ones are expected."""
    import gzip

    source = digits.load_digits()
    bodies = {}
    for prefix, part in (("train", source.train), ("t10k", source.test)):
        bodies[f"{prefix}-images-idx3-ubyte.gz"] = gzip.compress(make.idx(part.images), 1)
        bodies[f"{prefix}-labels-idx1-ubyte.gz"] = gzip.compress(make.idx(part.labels), 1)
    monkeypatch.setattr(mnist, "FILES", {name: hashlib.sha256(body).hexdigest() for name, body in bodies.items()})
    monkeypatch.setitem(globals(), "BODIES", bodies)
    return bodies


def test_what_was_downloaded_is_found_in_the_cache_next_time(tiny_mnist):
    with mirror(sound) as (address, asked):
        first, second = load_mnist([address]), load_mnist([address])
    assert len(asked) == 4
    assert "downloaded into" in first.notes[0]
    assert "found in" in second.notes[0]
    assert first.train.sha256 == second.train.sha256 == load("digits").train.sha256
    assert (len(first.test), first.test.name) == (360, "mnist test")


@pytest.mark.parametrize("subfolder", ["", "mnist"])
def test_the_environment_s_folder_comes_first(tiny_mnist, make, tmp_path, monkeypatch, subfolder):
    make.folder(tmp_path / "data" / subfolder, tiny_mnist)
    monkeypatch.setenv("INKLING_DATA", str(tmp_path / "data"))
    source = load_mnist([])
    assert len(source.train) == 1437
    assert source.notes == (f"found in {tmp_path / 'data' / subfolder}",)


def test_damaged_files_there_are_told_not_passed_over(tiny_mnist, make, tmp_path, monkeypatch):
    tiny_mnist["train-labels-idx1-ubyte.gz"] = tiny_mnist["train-labels-idx1-ubyte.gz"][:-20]
    monkeypatch.setenv("INKLING_DATA", str(make.folder(tmp_path, tiny_mnist)))
    with pytest.raises(DataError, match=r"train-labels-idx1-ubyte\.gz in .* cut off or damaged"):
        load("mnist")
    assert "cut off or damaged" in load("auto").notes[0]


def test_the_real_one_is_complete(real_data):
    source = load("mnist")
    assert (len(source.train), len(source.test)) == (60_000, 10_000)
    assert source.train.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert source.test.labels[:5].tolist() == [7, 2, 1, 0, 4]
    assert source.notes == (f"found in {real_data / 'mnist'}",)
