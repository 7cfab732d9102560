"""Progress on stderr: one line that is drawn anew on a terminal, plain lines elsewhere, and nothing with --quiet."""

import datetime
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from inkling.cli.console import log, progress_is_shown, redraw

if TYPE_CHECKING:
    from inkling.cluster.scoring.surveying import Progress
    from inkling.evaluation.robustness import Trial
    from inkling.training import EpochReport

    T = TypeVar("T")

REDRAW_SECONDS = 0.1  # between two versions of the live line
PLAIN_LINE_SECONDS = 1.0  # between two plain lines
BAR_CHARACTERS = 20
CLEAR = "\r\x1b[K"  # printed before a line: printed after a line that fills the row, it would erase the last character


def follow(reports: "Iterable[EpochReport]", epochs: int, start: int = 0) -> "Iterator[EpochReport]":
    """Yield the reports; show loss, accuracy, images per second and the time left on stderr."""
    began, live = time.monotonic(), _is_live()

    def line(report: "EpochReport", number: int) -> str:
        left = (time.monotonic() - began) / number * (epochs - report.epoch)
        if live:
            return fit(report, epochs, left, _columns())
        return f"epoch {report.epoch}/{epochs}  {describe(report)}  {left:.0f} s left"

    return _shown(reports, line, first=f"epoch {start}/{epochs}")


def count(trials: "Iterable[Trial]", total: int, of: str) -> "Iterator[Trial]":
    """Yield the trials; show on stderr how many of `total` are done, and the accuracy of the last one."""

    def line(trial: "Trial", number: int) -> str:
        strength = "" if trial.strength is None else f" {trial.strength:g}"
        return f"{number}/{total}  {trial.change}{strength}: {100 * trial.accuracy:.2f} %  {of}"

    return _shown(trials, line)


def of_images(progress: "Iterable[Progress]") -> "Iterator[Progress]":
    """Yield how far the work is; show on stderr how many images are done, how many per second, and the time left."""
    began = time.monotonic()

    def line(step: "Progress", number: int) -> str:
        seconds = max(time.monotonic() - began, 1e-3)
        left = datetime.timedelta(seconds=round(seconds / max(step.done, 1) * (step.total - step.done)))
        return f"{step.done:,}/{step.total:,} images {step.what}  {step.done / seconds:,.0f}/s  {left} left"

    return _shown(progress, line)


def _shown(steps: "Iterable[T]", line: "Callable[[T, int], str]", first: str = "") -> "Iterator[T]":
    """Yield the steps; show the line of one now and then, and that of the last one.

    Parameters
    ----------
    line : of a step and its number, from 1.
    first : what a terminal shows before there is a step.
    """
    live, due = _is_live(), time.monotonic()
    pending = None
    if live and first:
        _redraw(first)

    def show(step: "T", number: int) -> None:
        if live:
            _redraw(line(step, number)[: _columns()])
        else:
            log(line(step, number))

    try:
        for number, step in enumerate(steps, 1):
            pending = (step, number)
            if time.monotonic() >= due:
                show(*pending)
                pending, due = None, time.monotonic() + (REDRAW_SECONDS if live else PLAIN_LINE_SECONDS)
            yield step
        if pending is not None:
            show(*pending)
    finally:
        if live:
            log("")  # what is printed next begins a line of its own


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Show a line on stderr, where that is a terminal, until the block ends."""
    live = _is_live()
    if live:
        _redraw(what[: _columns()])
    try:
        yield
    finally:
        if live:
            _redraw("")


def while_waiting(results: "Iterable[T]", total: int) -> "Iterator[T]":
    """Yield the results; while the next one is made, show on stderr how many there are already.

    The caller makes sure that stderr is a terminal.
    """
    left = iter(results)
    for done in range(total):
        _redraw(f"{done}/{total}")
        try:
            result = next(left)
        finally:
            _redraw("")  # what is printed about the result begins a line of its own
        yield result


def describe(report: "EpochReport") -> str:
    """Losses and accuracies of an epoch in one line."""
    text = f"loss {report.training_loss:.4f}  accuracy {100 * report.training_accuracy:.2f} %"
    if report.validation_loss is not None and report.validation_accuracy is not None:
        text += f"  validation {report.validation_loss:.4f}  {100 * report.validation_accuracy:.2f} %"
    return f"{text}  {report.images_per_second:,.0f} images/s"


def fit(report: "EpochReport", epochs: int, left: float, width: int) -> str:
    """The fullest line that fits into `width` columns, with `left` seconds left.

    The bar is left out first, then images/s; epoch and time left always stay.
    """
    count = f"{report.epoch:{len(str(epochs))}}/{epochs}"
    clock = str(datetime.timedelta(seconds=round(left)))
    bar = f"[{'=' * (BAR_CHARACTERS * report.epoch // epochs):.<{BAR_CHARACTERS}}]"
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


def _is_live() -> bool:
    """Whether progress is one line that is drawn anew."""
    return progress_is_shown() and sys.stderr.isatty()


def _columns() -> int:
    """The width of the terminal that stderr is; 80 where the terminal reports 0, or is gone."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except OSError:
        return 80


def _redraw(line: str) -> None:
    redraw(CLEAR, line)
