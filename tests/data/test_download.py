"""Downloading from mirrors that misbehave: real HTTP servers on this machine."""

import hashlib
import threading
import time

import pytest

from inkling.data.download import download
from inkling.data.timeouts import Timeouts
from inkling.errors import DataError

BODIES = {"one.gz": b"first file" * 500, "two.gz": b"second file" * 500}
FILES = {name: hashlib.sha256(body).hexdigest() for name, body in BODIES.items()}
QUICK = Timeouts(search=1.0, stall=0.6, total=9.0)
UNROUTABLE = "http://192.0.2.1/mnist"  # TEST-NET-1, RFC 5737: belongs to nobody


def send(handler, body, announced):
    handler.send_response(200)
    handler.send_header("Content-Length", str(announced))
    handler.end_headers()
    handler.wfile.write(body)


def wrong(handler, body):
    send(handler, body[:-1] + b"?", len(body))


def forbidden(handler, _):
    handler.send_error(403)


def web_page(handler, _):
    page = b"<!DOCTYPE html><title>We have moved</title>"
    send(handler, page, len(page))


def cut_off(handler, body):
    send(handler, body[: len(body) // 2], len(body))


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
    if handler.path.endswith("one.gz"):
        send(handler, body, len(body))
    else:
        forbidden(handler, body)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def test_a_sound_mirror_delivers_everything(mirror, tmp_path):
    with mirror(BODIES) as (address, asked):
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
def test_a_mirror_that_misbehaves_is_left_for_the_next_one(mirror, tmp_path, behaviour):
    with mirror(BODIES, behaviour) as (bad, asked), mirror(BODIES) as (good, _):
        with pytest.raises(DataError) as caught:
            download(FILES, tmp_path, [bad], QUICK)
        assert MISBEHAVIOURS[behaviour] in str(caught.value)
        assert asked
        assert set(contents(tmp_path)) <= ({"one.gz"} if behaviour is half_sound else set())  # nothing half-written
        download(FILES, tmp_path, [bad, good], QUICK)
        assert contents(tmp_path) == BODIES


def test_all_failures_are_told(mirror, tmp_path, dead_port):
    with (
        mirror(BODIES, forbidden) as (one, _),
        mirror(BODIES, web_page) as (two, _),
        pytest.raises(DataError) as caught,
    ):
        download(FILES, tmp_path, [one, two, dead_port, "http://nowhere.invalid/mnist"], QUICK)
    message = str(caught.value)
    for reason in ("403", "wrong SHA-256", "refused", "nowhere.invalid"):
        assert reason in message


def test_the_time_for_everything_is_limited(mirror, tmp_path):
    with mirror(BODIES, dawdling) as (address, _), pytest.raises(DataError, match="not finished in time"):
        download(FILES, tmp_path, [address], Timeouts(search=1, stall=10, total=0.4))


def test_where_nobody_answers_the_search_ends_in_time(tmp_path, dead_port, monkeypatch):
    """A port that swallows packets and a name server that never answers: no longer than was said."""
    release = threading.Event()
    monkeypatch.setattr("inkling.data.download._open", lambda *_: release.wait(20) and None)
    start = time.monotonic()
    with pytest.raises(DataError, match=r"no answer within 0\.5 s"):
        download(FILES, tmp_path, [UNROUTABLE, dead_port], Timeouts(search=0.5))
    assert time.monotonic() - start < 2.0
    release.set()


def test_a_proxy_is_asked_instead_of_the_mirror(mirror, tmp_path, monkeypatch):
    with mirror(BODIES) as (proxy, asked):
        monkeypatch.setenv("http_proxy", proxy.removesuffix("/mnist"))
        download(FILES, tmp_path, ["http://nowhere.invalid/mnist"], QUICK)
    assert contents(tmp_path) == BODIES
    assert asked == ["http://nowhere.invalid/mnist/one.gz", "http://nowhere.invalid/mnist/two.gz"]


def test_the_quickest_mirror_is_taken_and_the_slower_one_hung_up_on(mirror, tmp_path):
    def slow(handler, body):
        time.sleep(0.3)
        send(handler, body, len(body))

    with mirror(BODIES, slow) as (late, asked_late), mirror(BODIES) as (early, asked_early):
        download(FILES, tmp_path, [late, early], QUICK)
        assert asked_early == ["/mnist/one.gz", "/mnist/two.gz"]
        assert asked_late == ["/mnist/one.gz"]
    assert contents(tmp_path) == BODIES


def test_what_one_mirror_delivered_is_not_asked_of_the_next(mirror, tmp_path):
    with mirror(BODIES, half_sound) as (first, _), mirror(BODIES) as (second, asked):
        with pytest.raises(DataError, match="403"):
            download(FILES, tmp_path, [first], QUICK)
        download(FILES, tmp_path, [second], QUICK)
    assert asked == ["/mnist/two.gz"]
