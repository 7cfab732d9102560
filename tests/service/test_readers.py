"""Readers: one that hangs, ends or cannot be started is replaced, and only what it was asked is refused."""

from __future__ import annotations

import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from inkling.service import readers
from served import PATIENCE, hanging_reader, needs_signals, serving, wait_until, with_limits


@needs_signals
def test_what_takes_too_long_is_503_and_its_process_is_replaced(settings, picture):
    with serving(with_limits(settings, seconds=0.5)) as served, served.client() as client:
        state = served.app.state.service
        with hanging_reader(served) as before:
            answer = client.post("/read", content=picture)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
        assert "no result within 0.5 seconds" in answer.json()["error"]
        state.readers.seconds = PATIENCE
        assert client.post("/read", content=picture).json()["text"] == "2"
        assert before not in {each.pid for each in state.readers._processes if each.returncode is None}


@needs_signals
def test_a_picture_that_ends_its_reader_is_422_and_the_next_is_read(settings, picture):
    """As the system ends a process where memory runs out."""
    with serving(settings) as served, served.client() as client:
        state = served.app.state.service
        with hanging_reader(served) as reader, ThreadPoolExecutor(1) as pool:
            asked = pool.submit(client.post, "/read", content=picture)
            wait_until(lambda: state.readers._inside == 1)
            os.kill(reader, signal.SIGKILL)
            assert asked.result(PATIENCE).status_code == 422
        assert client.post("/read", content=picture).json()["text"] == "2"


@needs_signals
def test_a_picture_to_explain_is_decoded_by_a_reader(settings, picture):
    """The process that answers requests does not decode it: while the only reader hangs, nobody does."""
    with serving(with_limits(settings, seconds=0.5)) as served, served.client() as client:
        state = served.app.state.service
        with hanging_reader(served):
            assert client.post("/explain?label=2", content=picture).status_code == 503
            raw = {"Content-Type": "application/octet-stream"}
            state.work.seconds = PATIENCE
            assert client.post("/explain?label=2", content=bytes(784), headers=raw).status_code == 200
        state.readers.seconds = PATIENCE
        assert client.post("/explain?label=2", content=picture).status_code == 200


@needs_signals
def test_a_reader_that_cannot_be_started_is_503_and_not_ready(settings, picture, monkeypatch):
    whole = readers._COMMAND
    with serving(settings) as served, served.client() as client:
        (reader,) = served.app.state.service.readers._processes
        for broken in ((sys.executable, "-c", "pass"), ("/no/such/program",)):
            monkeypatch.setattr(readers, "_COMMAND", broken)
            monkeypatch.setattr(readers, "UNREADY_SECONDS", PATIENCE)
            reader.kill()
            wait_until(partial(_has_ended, reader))
            answer = client.post("/read", content=picture)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
            assert answer.json()["error"].startswith("a process that reads pictures cannot be started: ")
            assert client.get("/v2/health/ready").status_code == 503
            monkeypatch.setattr(readers, "UNREADY_SECONDS", 0.0)
            assert client.get("/v2/health/ready").status_code == 200
            monkeypatch.setattr(readers, "_COMMAND", whole)
            assert client.post("/read", content=picture).json()["text"] == "2"
            (reader,) = [each for each in served.app.state.service.readers._processes if each.returncode is None]


def _has_ended(process) -> bool:
    return process.returncode is not None


@needs_signals
def test_readers_that_all_hang_are_not_ready(settings, picture):
    with serving(settings) as served, served.client() as client, ThreadPoolExecutor(1) as pool:
        state = served.app.state.service
        with hanging_reader(served):
            asked = pool.submit(client.post, "/read", content=picture)
            wait_until(lambda: state.readers._inside == 1)
            assert state.is_ready
            state.readers.seconds = 0.1
            wait_until(lambda: not state.is_ready)
        assert asked.result(PATIENCE).status_code == 200
        state.readers.seconds = PATIENCE
        assert state.is_ready
