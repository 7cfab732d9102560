"""Limits: whatever is too much, too slow or cut off has an answer of its own, and the service goes on."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress

import httpx
import pytest

from inkling.service import connections
from served import hanging_reader, needs_signals, serving, wait_until, with_limits

HEAD = b"POST /read HTTP/1.1\r\nHost: 127.0.0.1\r\n"


def answer_of(stream: socket.socket) -> tuple[int, bytes]:
    """Status and body of an answer, whose connection may stay open."""
    file = stream.makefile("rb")
    status, length = int(file.readline().split()[1]), 0
    while (line := file.readline().strip()) != b"":
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    return status, file.read(length)


def test_a_body_that_is_too_large_is_413_by_its_header(served, client, picture):
    with served.connect() as stream:
        stream.sendall(HEAD + b"Content-Length: 2000001\r\n\r\n")
        status, body = answer_of(stream)
    assert status == 413
    assert json.loads(body) == {"error": "a body has at most 2 megabytes here, and this one has more"}
    assert client.post("/read", content=picture).status_code == 200


def test_a_body_without_a_length_is_413_while_it_comes(client, picture):
    assert client.post("/read", content=(bytes(100_000) for _ in range(30))).status_code == 413
    assert client.post("/read", content=(picture[n : n + 50] for n in range(0, len(picture), 50))).json()["text"] == "2"


def test_who_goes_on_sending_after_the_answer_is_cut_off(served, monkeypatch):
    monkeypatch.setattr(connections, "LINGER_SECONDS", 0.2)
    with served.connect() as stream:
        stream.sendall(HEAD + b"Content-Length: 100000000\r\n\r\n")
        assert answer_of(stream)[0] == 413
        wait_until(lambda: _is_cut_off(stream))


def _is_cut_off(stream: socket.socket) -> bool:
    try:
        stream.sendall(b"x")
    except ConnectionError:
        return True
    return False


def test_a_body_of_one_byte_per_second_is_cut_off(settings, picture):
    with serving(with_limits(settings, body_seconds=0.5)) as served, served.client() as client:
        begun = time.monotonic()
        with served.connect() as stream:
            stream.sendall(HEAD + b"Content-Length: 1000\r\n\r\nx")
            stream.settimeout(1)
            for _ in range(3):
                try:
                    status, _ = answer_of(stream)
                    break
                except TimeoutError:
                    stream.sendall(b"x")
        assert status == 408
        assert time.monotonic() - begun < 10
        assert client.post("/read", content=picture).status_code == 200


def test_headers_that_never_end_are_cut_off(served, monkeypatch):
    monkeypatch.setattr(connections, "HEADER_SECONDS", 0.2)
    for begin in (b"", b"\r\n", HEAD, b"POST /read HT"):
        with served.connect() as stream:
            stream.sendall(begin)
            assert stream.recv(1000) == b""


def test_a_second_request_on_a_connection_must_end_its_headers_too(served, monkeypatch):
    monkeypatch.setattr(connections, "HEADER_SECONDS", 0.3)
    with served.connect() as stream:
        stream.sendall(b"GET /v2/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert answer_of(stream)[0] == 200
        stream.sendall(b"GET /v2")
        assert stream.recv(1000) == b""


@pytest.mark.parametrize(
    "sent",
    [
        b"hello\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"GET / HTTP/9.9\r\n\r\n",
        HEAD + b"Content-Length: -1\r\n\r\n",
        HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    ],
    ids=["words", "TLS", "version", "length", "lengths", "chunk", "both", "address"],
)
def test_what_is_no_request_is_refused_and_no_error_of_the_service(served, client, sent):
    with served.connect() as stream:
        stream.sendall(sent)
        stream.shutdown(socket.SHUT_WR)
        answer = b""
        with suppress(ConnectionResetError):
            while more := stream.recv(10_000):
                answer += more
    assert b" 500 " not in answer.split(b"\r\n")[0]
    assert client.get("/v2/health/ready").status_code == 200
    assert "error" not in served.lines.getvalue()


@needs_signals
def test_more_requests_than_may_wait_are_429(settings, picture):
    answers = []

    async def ask(url: str, continue_when_refused: Callable[[], None]) -> None:
        async def one(client: httpx.AsyncClient) -> None:
            answers.append(await client.post("/read", content=picture))
            if len(answers) == 5:
                continue_when_refused()

        async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False) as client:
            await asyncio.gather(*(one(client) for _ in range(8)))

    with serving(with_limits(settings, waiting=2)) as served, served.client() as client:
        with hanging_reader(served) as reader:
            asyncio.run(ask(served.url, lambda: os.kill(reader, signal.SIGCONT)))
        assert [each.status_code for each in answers] == [429] * 5 + [200] * 3
        assert all(each.headers["Retry-After"] == "1" for each in answers[:5])
        assert "2 requests are waiting already" in answers[0].json()["error"]
        assert client.post("/read", content=picture).status_code == 200
        assert 'inkling_rejected_total{reason="busy"} 5.0' in client.get("/metrics").text


def test_bodies_that_take_all_memory_are_429(settings, picture):
    with serving(with_limits(settings, memory_megabytes=0.01)) as served, served.client() as client:
        answer = client.post("/read", content=bytes(20_000))
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
        assert client.post("/read", content=picture).status_code == 200
        assert served.app.state.service.bodies.taken == 0


def test_more_connections_than_allowed_are_503(settings):
    with serving(with_limits(settings, connections=3)) as served:
        held = [served.connect() for _ in range(3)]
        wait_until(lambda: _status(served) == 503)
        for each in held:
            each.close()
        wait_until(lambda: _status(served) == 200)


def _status(served) -> int:
    with served.client() as client:
        return client.get("/v2/health/ready").status_code


def test_200_connections_at_a_time_are_all_answered(served, picture):
    async def ask() -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=0)
        async with httpx.AsyncClient(base_url=served.url, timeout=60, trust_env=False, limits=limits) as client:
            together = (client.post("/read?single=true", content=picture) for _ in range(200))
            return await asyncio.gather(*together)

    answers = asyncio.run(ask())
    assert {each.status_code for each in answers} == {200}
    assert {each.json()["text"] for each in answers} == {"2"}


def test_a_client_that_leaves_in_the_middle_of_its_request_leaves_nothing_behind(served, client, picture):
    for _ in range(20):
        stream = served.connect()
        stream.sendall(HEAD + b"Content-Length: 1000000\r\n\r\n" + bytes(100_000))
        stream.close()
    for _ in range(5):  # with a whole request, but without waiting for the answer
        stream = served.connect()
        stream.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(picture) + picture)
        stream.close()
    state = served.app.state.service
    wait_until(lambda: state.bodies.taken == 0 and not state.queued)
    assert client.post("/read", content=picture).json()["text"] == "2"
    assert "error" not in served.lines.getvalue()
