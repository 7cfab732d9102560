"""The servers of the benchmark, each a process of its own at a free port, and the memory that it has."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.harness.whole_process import proportional_bytes

_PATIENCE_SECONDS = 60


class Running(NamedTuple):
    port: int
    pid: int

    @property
    def megabytes(self) -> float:
        """Memory of the process and its children, shared pages counted once."""
        return proportional_bytes(self.pid) / 1e6


@contextmanager
def inkling_server() -> Iterator[Running]:
    """`inkling serve` with the bundled reader, as users start it, but without a line per request."""
    port = free_port()
    with _running([sys.executable, "-m", "inkling", "serve", "--quiet", "--port", str(port)], port) as found:
        yield found


@contextmanager
def onnx_server(model: Path) -> Iterator[Running]:
    port = free_port()
    code = "from benchmarks.service.onnx_peer import main; main()"
    with _running([sys.executable, "-c", code, str(model), str(port)], port) as found:
        yield found


@contextmanager
def _running(command: list[str], port: int) -> Iterator[Running]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(port, process)
            yield Running(port, process.pid)
        finally:
            process.terminate()
            process.wait(_PATIENCE_SECONDS)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit(f"a server ended with exit code {process.returncode} before it was asked")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("a server did not start")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
