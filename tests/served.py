"""A real server in a thread, or in a process of its own, and a client of it."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from threading import Thread
from typing import Any

import httpx
import numpy as np
import pytest
from fastapi import FastAPI
from PIL import Image

from inkling.service.app import create_app
from inkling.service.lifecycle import Server, bind
from inkling.service.logs import Log
from inkling.service.settings import Settings

PATIENCE = 60.0  # seconds for what takes a fraction of one on a machine that does nothing else


@dataclass(frozen=True)
class Served:
    """A server that runs: its port, its app, and what it has logged."""

    port: int
    app: FastAPI
    lines: io.StringIO

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, **options: Any) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=PATIENCE, trust_env=False, **options)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)


@contextmanager
def serving(settings: Settings) -> Iterator[Served]:
    """A server of these settings in a thread of this process."""
    lines, listening = io.StringIO(), bind("127.0.0.1", 0)
    app = create_app(settings, Log(stream=lines))
    server = Server(app)
    thread = Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        wait_until(lambda: server.started)
        yield Served(listening.getsockname()[1], app, lines)
    finally:
        server.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.01)


def png(image: np.ndarray, side: int = 140) -> bytes:
    """A drawing of a digit, dark on bright."""
    file = io.BytesIO()
    Image.fromarray(255 - image).resize((side, side)).save(file, "PNG")
    return file.getvalue()


@contextmanager
def process(*options: str, environment: dict[str, str] | None = None) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`inkling serve` at a free port: the process and its address. It is ended if it has not ended."""
    command = [sys.executable, "-m", "inkling", "serve", "--port", "0", *options]
    inherited = {name: value for name, value in os.environ.items() if name != "INKLING_TOKEN"}
    with subprocess.Popen(
        command, env=inherited | (environment or {}), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        try:
            assert running.stdout is not None
            yield running, running.stdout.readline().strip().rstrip("/")
        finally:
            running.kill()


def with_limits(settings: Settings, **changes: Any) -> Settings:
    return replace(settings, limits=replace(settings.limits, **changes))


needs_signals = pytest.mark.skipif(
    not hasattr(signal, "SIGSTOP"), reason="this system cannot stop a process: a reader that hangs is replaced"
)


@contextmanager
def hanging_reader(served: Served) -> Iterator[int]:
    """The only reader of a server, stopped at whatever it does."""
    (reader,) = served.app.state.service.readers._processes
    os.kill(reader.pid, signal.SIGSTOP)
    try:
        yield reader.pid
    finally:
        with suppress(ProcessLookupError):
            os.kill(reader.pid, signal.SIGCONT)
