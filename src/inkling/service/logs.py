"""Logs: one line per request on a stream, with control characters escaped; nothing of what bodies hold."""

from __future__ import annotations

import contextlib
import sys
import time
import traceback
from pathlib import Path
from typing import TextIO

from inkling.errors import reason, shortened

MOST_SHOWN = 200  # characters of an address


class Log:
    """Lines on a stream, by default stderr; `requests` tells whether each request has one."""

    def __init__(self, requests: bool = True, stream: TextIO | None = None) -> None:
        self.requests, self.stream = requests, stream

    def request(self, client: str, method: str, path: str, status: int, size: int, seconds: float) -> None:
        if self.requests:
            what = f"{shortened(method, 20)} {shortened(path, MOST_SHOWN)}"
            self._print(f"{_now()} {client} {what} {status} {size} B {1000 * seconds:.1f} ms")

    def unforeseen(self, error: BaseException) -> None:
        """An error in the service itself: its type, its message, and the line of the source that raised it."""
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "-"
        self._print(f"{_now()} error {type(error).__name__} at {place}: {reason(error)}")

    def _print(self, line: str) -> None:
        stream = self.stream or sys.stderr
        with contextlib.suppress(OSError, ValueError):  # A closed stream does not stop the service.
            print(line, file=stream, flush=True)


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S")
