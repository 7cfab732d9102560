"""The process of a trainer, as the server sees it: it is started, told what is wanted, and heard out by a thread."""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from inkling.service.live.trainer import Job, work

STOP_SECONDS = 10.0  # that a trainer has to undo its epoch, when the server ends

Hear = Callable[[str, dict[str, Any]], None]


class TrainerProcess:
    """Train a job in a fresh process, which shares no thread and no lock with this one.

    `hear` is called from a thread with each pair that the trainer tells, the last of the kind "end" in any case: its
    state is None where the process ended without a word, because it was killed.
    """

    def __init__(self, job: Job, hear: Hear) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs, job), name="inkling-trainer")
        self._process.start()
        theirs.close()
        self._reader = threading.Thread(target=_read, args=(self._pipe, hear), daemon=True)
        self._reader.start()

    def send(self, wish: str | float) -> None:
        """Tell it "stop" or a learning rate; nothing happens where it has just ended."""
        with contextlib.suppress(OSError):
            self._pipe.send(wish)

    def close(self) -> None:
        """Stop it; kill it where it does not stop. When this returns, all that it told has been heard."""
        self.send("stop")
        self._process.join(STOP_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._reader.join()


def _read(pipe: Connection, hear: Hear) -> None:
    ended = False
    try:
        while not ended:
            kind, record = pipe.recv()
            ended = kind == "end"
            hear(kind, record)
    except (EOFError, OSError):
        hear("end", {"state": None, "sentence": "", "model": None})
    finally:
        pipe.close()
