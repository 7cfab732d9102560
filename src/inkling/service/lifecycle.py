"""The life of a server: bound, ready, told to stop, empty, ended.

SIGTERM first turns `ready` to 503, while requests are still taken, so that a load balancer can stop sending requests;
then the port is closed, requests in flight are finished, and the process ends with 0. Ctrl-C does the same without
waiting.
"""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable
from types import FrameType

import uvicorn
from fastapi import FastAPI

from inkling.errors import DataError, InklingError, reason
from inkling.service.connections import Connection

_FINISH_SECONDS = 30  # for requests in flight, when the port is closed


class Server(uvicorn.Server):
    """uvicorn, which ends as told above and does not raise the signal again."""

    def __init__(self, app: FastAPI, on_start: Callable[[], None] = lambda: None) -> None:
        state = app.state.service
        super().__init__(
            uvicorn.Config(
                app,
                http=Connection,
                ws="none",
                lifespan="on",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                limit_concurrency=state.settings.limits.connections,
                timeout_graceful_shutdown=_FINISH_SECONDS,
            )
        )
        self.state, self.on_start = state, on_start
        self._closing = float("inf")  # when the port is closed, by time.monotonic

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        except SystemExit:  # uvicorn's word for an app that cannot start, whose error it only logs
            raise _start_error(self.state.failure) from None
        if self.started:
            self.on_start()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.state.stopping and sig == signal.SIGINT:
            self.force_exit = True  # Ctrl-C once more
        wait = self.state.settings.drain_seconds if sig == signal.SIGTERM else 0.0
        self.stop(wait)

    def stop(self, wait: float = 0.0) -> None:
        """End, from any thread: `ready` turns 503 now, and the port is closed after `wait` seconds."""
        self.state.stopping = True
        self._closing = min(self._closing, time.monotonic() + wait)

    async def on_tick(self, counter: int) -> bool:
        if time.monotonic() >= self._closing:
            self.should_exit = True
        return await super().on_tick(counter)


def _start_error(failure: Exception | None) -> InklingError:
    if isinstance(failure, InklingError):
        return failure
    return InklingError(f"the service cannot start: {'an unknown error' if failure is None else reason(failure)}")


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens, for port 0 at a free port; DataError where the port is taken or the host is not here."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise DataError(f"{host}: no address of this machine: {_why(error)}") from None
    try:
        if hasattr(signal, "SIGHUP"):  # On Windows the option would let two servers share a port.
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(2048)
    except OSError as error:
        bound.close()
        raise DataError(
            f"port {port} of {host} cannot be listened on: {_why(error)}; take another one with --port"
        ) from None
    return bound


def _why(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
