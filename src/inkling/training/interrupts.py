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


@contextmanager
def interrupts_blocked() -> Iterator[None]:
    """Ctrl-C waits until workers are started, processes or threads, which inherit that it does."""
    if not hasattr(signal, "pthread_sigmask"):  # as on Windows
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # which starts with the first worker otherwise, and lets signals through again
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
