"""The course of a training or of trials on the terminal: a live line where there is one, else plain lines."""

import datetime
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from inkling.cli.console import log

if TYPE_CHECKING:
    from inkling.evaluation.robustness import Trial
    from inkling.training import EpochReport

    T = TypeVar("T")

LIVE_SECONDS, PLAIN_SECONDS = 0.1, 1.0  # between two looks of the live line, between two plain lines
BAR = 20  # characters
CLEAR = "\r\x1b[K"  # ahead of a line: behind one that fills the row, it would erase the last character


def follow(reports: "Iterable[EpochReport]", epochs: int, start: int = 0) -> "Iterator[EpochReport]":
    """Pass reports on while showing loss, accuracy, images/s and the time left, on stderr."""
    live = sys.stderr.isatty()
    began = due = time.monotonic()
    pending = None

    def show(report: "EpochReport") -> None:
        left = (time.monotonic() - began) / (report.epoch - start) * (epochs - report.epoch)
        if live:
            _redraw(fit(report, epochs, left, _columns()))
        else:
            log(f"epoch {report.epoch}/{epochs}  {describe(report)}  {left:.0f} s left")

    if live:
        _redraw(f"epoch {start}/{epochs}")
    try:
        for report in reports:
            pending = report
            if time.monotonic() >= due:
                show(report)
                pending, due = None, time.monotonic() + (LIVE_SECONDS if live else PLAIN_SECONDS)
            yield report
        if pending is not None:
            show(pending)
    finally:
        if live:
            log("")  # whatever is said next begins a line of its own


def count(trials: "Iterable[Trial]", total: int, of: str) -> "Iterator[Trial]":
    """Pass trials on while showing how many are done, and the last one's accuracy, on stderr."""
    live = sys.stderr.isatty()
    due = time.monotonic()
    try:
        for done, trial in enumerate(trials, 1):
            if time.monotonic() >= due or done == total:
                strength = "" if trial.strength is None else f" {trial.strength:g}"
                line = f"{done}/{total}  {trial.change}{strength}: {100 * trial.accuracy:.2f} %  {of}"
                if live:
                    _redraw(line[: _columns()])
                else:
                    log(line)
                due = time.monotonic() + (LIVE_SECONDS if live else PLAIN_SECONDS)
            yield trial
    finally:
        if live:
            log("")


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """While something takes its time, a line on stderr says what, if that is a terminal."""
    live = sys.stderr.isatty()
    if live:
        _redraw(what[: _columns()])
    try:
        yield
    finally:
        if live:
            _redraw("")


def while_waiting(results: "Iterable[T]", total: int) -> "Iterator[T]":
    """Pass results on; while the next one is being made, a line on stderr, a terminal, says how many there are."""
    left = iter(results)
    for done in range(total):
        _redraw(f"{done}/{total}")
        try:
            result = next(left)
        finally:
            _redraw("")  # what is said about the result begins a line of its own
        yield result


def describe(report: "EpochReport") -> str:
    """Losses and accuracies of an epoch in a line."""
    text = f"loss {report.training_loss:.4f}  accuracy {100 * report.training_accuracy:.2f} %"
    if report.validation_loss is not None and report.validation_accuracy is not None:
        text += f"  validation {report.validation_loss:.4f}  {100 * report.validation_accuracy:.2f} %"
    return f"{text}  {report.images_per_second:,.0f} images/s"


def fit(report: "EpochReport", epochs: int, left: float, width: int) -> str:
    """The fullest line that fits in so many columns: the bar goes first, then images/s, never epoch and time left."""
    count = f"{report.epoch:{len(str(epochs))}}/{epochs}"
    clock = str(datetime.timedelta(seconds=round(left)))
    bar = f"[{'=' * (BAR * report.epoch // epochs):.<{BAR}}]"
    scores = f"loss {report.training_loss:.3f}  acc {100 * report.training_accuracy:.1f} %"
    if report.validation_loss is not None and report.validation_accuracy is not None:
        scores += f"  val {report.validation_loss:.3f} {100 * report.validation_accuracy:.1f} %"
    speed = f"{report.images_per_second:,.0f} images/s"
    lines = (
        f"epoch {count}  {bar}  {clock} left  {scores}  {speed}",
        f"epoch {count}  {clock}  {scores}  {speed}",
        f"epoch {count}  {clock}  {scores}",
        f"{count}  {clock}  {scores}",
    )
    return next((line for line in lines if len(line) <= width), lines[-1][:width])


def _columns() -> int:
    """Of the terminal that stderr is; one that does not know is taken to have 80."""
    return os.get_terminal_size(sys.stderr.fileno()).columns or 80


def _redraw(line: str) -> None:
    print(CLEAR + line, end="", file=sys.stderr, flush=True)
