"""Steering: a thread of the trainer that hears what the server wants, while the main thread trains."""

from __future__ import annotations

import _thread
import threading
from multiprocessing.connection import Connection


class Steering:
    """Interrupts the main thread on "stop" or when the pipe ends; keeps the latest learning rate that is wanted."""

    def __init__(self, pipe: Connection) -> None:
        self._rate: float | None = None
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, args=(pipe,), daemon=True).start()

    def _listen(self, pipe: Connection) -> None:
        try:
            while isinstance(wish := pipe.recv(), float):
                with self._lock:
                    self._rate = wish
        except (EOFError, OSError):
            pass
        _thread.interrupt_main()

    @property
    def has_rate(self) -> bool:
        return self._rate is not None

    def take_rate(self) -> float:
        with self._lock:
            rate, self._rate = self._rate, None
        assert rate is not None
        return rate
