"""Signals that end a command: Ctrl-C, SIGTERM and SIGHUP all end it in the same orderly way."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_NAMES = ("SIGTERM", "SIGHUP")  # SIGHUP does not exist on Windows


class Ended(KeyboardInterrupt):
    """A signal told the command to end. Whatever handles Ctrl-C handles this."""

    def __init__(self, number: int) -> None:
        super().__init__(f"ended by {signal.Signals(number).name}")
        self.number = number


@contextmanager
def signals_as_interrupts() -> Iterator[None]:
    """Have SIGTERM and SIGHUP raise `Ended`. One that is ignored, as SIGHUP is under `nohup`, stays ignored."""
    if threading.current_thread() is not threading.main_thread():  # the only one that may set handlers
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        raise Ended(number)

    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    ours = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]
    try:
        for number in ours:
            signal.signal(number, end)
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def exit_code(interrupt: KeyboardInterrupt) -> int:
    """What a shell reports for a command that a signal ended, 128 + n: 130 for Ctrl-C, 143 for SIGTERM."""
    return 128 + (interrupt.number if isinstance(interrupt, Ended) else signal.SIGINT)


def sentence(interrupt: KeyboardInterrupt) -> str:
    """What happened: "interrupted", or which signal it was."""
    return str(interrupt) if isinstance(interrupt, Ended) else "interrupted"
