"""Work that signals do not interrupt: what arrives meanwhile is handled when the work is done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType


@contextmanager
def deferred_signals() -> Iterator[None]:
    """In the main thread, the only one that signals interrupt, handlers written in Python run after the block."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    arrived: dict[int, None] = {}

    def note(number: int, frame: FrameType | None) -> None:
        arrived[number] = None

    handlers = {number: signal.getsignal(number) for number in signal.valid_signals()}
    with ExitStack() as stack:  # which goes on with the others where one handler raises
        stack.callback(lambda: [stack.callback(signal.raise_signal, number) for number in arrived])
        for number, handler in handlers.items():
            if callable(handler):
                stack.callback(signal.signal, number, handler)
                signal.signal(number, note)
        yield
