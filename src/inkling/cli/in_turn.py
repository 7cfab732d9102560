"""Pictures are read one after the other: a bad one is told and keeps nobody from reading the next."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from inkling.cli.console import complain
from inkling.cli.images import STDIN, Failure
from inkling.cli.progress import while_waiting
from inkling.errors import DataError

if TYPE_CHECKING:
    T = TypeVar("T")

MIN_PICTURES_FOR_PROGRESS = 21  # Fewer pictures are read before anybody asks how far it is.


def read_in_turn(
    found: Sequence[str | Failure], read: "Callable[[str | BinaryIO | bytes, str], T]", lines_are_printed: bool
) -> "Iterator[T | Failure]":
    """What is read in each picture, or why nothing is; failures are told on stderr, and how far it is on a terminal.

    Parameters
    ----------
    read : takes a path or stream, and the name of the picture in messages.
    lines_are_printed : whether results go to stdout as they come, where they show on a terminal how far it is.
    """
    results: Iterable[T | Failure] = (_attempt(image, read) for image in found)
    shows_itself = lines_are_printed and sys.stdout.isatty()
    if len(found) >= MIN_PICTURES_FOR_PROGRESS and sys.stderr.isatty() and not shows_itself:
        results = while_waiting(results, len(found))
    for result in results:
        if isinstance(result, Failure):
            complain(f"inkling: {result}")
        yield result


def _attempt(image: str | Failure, read: "Callable[[str | BinaryIO | bytes, str], T]") -> "T | Failure":
    if isinstance(image, Failure):
        return image
    source, name = source_of(image)
    try:
        return read(source, name)
    except DataError as error:
        return Failure(name, str(error).removeprefix(f"{name}: "))


def source_of(image: str) -> "tuple[str | BinaryIO | bytes, str]":
    """What a picture of the command line is read from, and its name in messages."""
    if image != STDIN:
        return image, image
    return sys.stdin.buffer if sys.stdin else b"", "standard input"  # A process may be started without stdin.


def told(name: str, warnings: Sequence[str]) -> None:
    """Have the warnings about a picture on stderr, if there are any."""
    if warnings:
        complain(f"{name}: {', '.join(warnings)}")
