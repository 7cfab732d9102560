"""The standard streams: closed ones, errors of writing to them, and characters that must not reach a terminal raw."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from inkling.errors import printable

STDOUT = "standard output"  # the file name of an OSError that a write to stdout raised, compared by identity


def escaped(text: str) -> str:
    """The text with control characters as escapes, such as \\x1b; line ends and tabs stay."""
    return "".join(each if each in "\n\t" else printable(each) for each in re.split(r"([\n\t])", text))


def open_closed_streams() -> None:
    """Have closed standard streams lead to the null device; Python sets them to None, and `print` to one fails.

    The descriptors 0 to 2 are opened as well. Otherwise the next file that is opened would get such a number, and a
    library or process that writes to standard output would write into it.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115


def silence(stream: TextIO) -> None:
    """Let what the stream still holds, and all that follows, go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


class _Forwarding:
    """A text or binary stream in front of another one."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _Blamed(_Forwarding):
    """A stream whose OSErrors have STDOUT as their file name, unlike errors of files and processes."""

    @property
    def buffer(self) -> "_Blamed":
        return _Blamed(self._stream.buffer)

    def write(self, text: Any) -> Any:
        return self._do("write", text)

    def writelines(self, lines: Any) -> None:
        self._do("writelines", lines)

    def flush(self) -> None:
        self._do("flush")

    def _do(self, method: str, *arguments: Any) -> Any:
        try:
            return getattr(self._stream, method)(*arguments)
        except OSError as error:
            error.filename = STDOUT
            raise


class _Escaping(_Forwarding):
    """A text stream that escapes what is printed. Bytes for its `buffer` stay as they are."""

    @property
    def unescaped(self) -> Any:
        return self._stream

    def write(self, text: str) -> Any:
        return self._stream.write(escaped(text))

    def writelines(self, lines: Any) -> None:
        self._stream.writelines(escaped(line) for line in lines)


def escape_stderr() -> None:
    """Have all that is printed to stderr escaped, also what the parser of the command line says about arguments."""
    sys.stderr = cast("TextIO", _Escaping(sys.stderr))


@contextmanager
def results_on_stdout() -> Iterator[None]:
    """Have `print` escape what it prints, and errors of writing to stdout tell themselves from others."""
    before, sys.stdout = sys.stdout, cast("TextIO", _Escaping(_Blamed(sys.stdout)))
    try:
        yield
    finally:
        sys.stdout = before


def unescaped(stream: TextIO) -> TextIO:
    """The stream for control codes that Inkling writes on purpose, and for nothing that a user or a file names."""
    return cast("TextIO", getattr(stream, "unescaped", stream))


def print_file(text: str) -> None:
    """The content of a file to stdout: as it is, in UTF-8, or escaped where stdout is a terminal."""
    if sys.stdout.isatty():
        print(text, end="")
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
