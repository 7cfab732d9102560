"""The course of a training on the terminal: a live line where there is one, plain lines where there is not."""

import math
import sys
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from inkling.cli.face import say

if TYPE_CHECKING:
    from inkling.training import EpochReport

PLAIN_SECONDS = 1.0  # between plain lines


def follow(reports: "Iterable[EpochReport]", epochs: int, start: int = 0) -> "Iterator[EpochReport]":
    """Pass reports on while showing loss, accuracy, images/s and the time left, on stderr."""
    return (_live if sys.stderr.isatty() else _plain)(reports, epochs, start)


def describe(report: "EpochReport") -> str:
    """Losses and accuracies of an epoch in a line."""
    text = f"loss {report.training_loss:.4f}  accuracy {100 * report.training_accuracy:.2f} %"
    if report.validation_loss is not None and report.validation_accuracy is not None:
        text += f"  validation {report.validation_loss:.4f}  {100 * report.validation_accuracy:.2f} %"
    return f"{text}  {report.images_per_second:,.0f} images/s"


def _live(reports: "Iterable[EpochReport]", epochs: int, start: int) -> "Iterator[EpochReport]":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("epoch"),
        MofNCompleteColumn(),
        BarColumn(bar_width=20),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("first epoch …", total=epochs, completed=start)
        for report in reports:
            progress.update(task, completed=report.epoch, description=describe(report))
            yield report


def _plain(reports: "Iterable[EpochReport]", epochs: int, start: int) -> "Iterator[EpochReport]":
    began, last, latest = time.monotonic(), -math.inf, None
    for report in reports:
        now, latest = time.monotonic(), report
        if now - last >= PLAIN_SECONDS:
            left = (now - began) / (report.epoch - start) * (epochs - report.epoch)
            say(f"epoch {report.epoch}/{epochs}  {describe(report)}  {left:.0f} s left")
            last, latest = now, None
        yield report
    if latest is not None:
        say(f"epoch {latest.epoch}/{epochs}  {describe(latest)}")
