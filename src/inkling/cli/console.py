"""What every command shares: how errors end, where things are printed, and what may be overwritten.

Results go to stdout. Progress (`log`) and errors and warnings (`complain`) go to stderr; `--quiet` leaves progress out.
"""

import functools
import json
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO, cast

import typer

from inkling.errors import InklingError, InklingWarning, UsageError

if TYPE_CHECKING:
    from rich.console import Console

INTERRUPTED = 130
STDOUT = "standard output"  # the file name of an OSError that a write to stdout raised, compared by identity
TTA = "Test-time augmentation: average over each image and its shifts by one pixel; takes five times as long."
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress: only the result, warnings and errors.")]

_progress_is_shown = True


def report_errors(command: Callable[..., None]) -> Callable[..., None]:
    """A command whose errors end in one sentence on stderr and the exit code of their kind.

    The command shows no progress where it has an option `quiet: Quiet` and that is given.
    """

    @functools.wraps(command)
    def wrapped(*args: Any, **options: Any) -> None:
        try:
            with _blamed_stdout(), _warnings_complained_of(), _progress(shown=not options.get("quiet", False)):
                command(*args, **options)
                sys.stdout.flush()
        except InklingError as error:
            complain(f"inkling: {error}")
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            complain("inkling: interrupted")
            raise typer.Exit(INTERRUPTED) from None
        except MemoryError as error:
            complain(f"inkling: not enough memory ({error}): try a smaller network, batch or source")
            raise typer.Exit(InklingError.exit_code) from None
        except OSError as error:
            if error.filename is STDOUT:
                _silence(sys.stdout)  # otherwise Python flushes it once more at its end, and fails again
                if isinstance(error, BrokenPipeError):  # the reader has seen enough, as `head` has
                    return
            what = type(error).__name__ if error.filename is None else error.filename
            complain(f"inkling: {what}: {error.strerror or error}")
            raise typer.Exit(InklingError.exit_code) from None

    return wrapped


@contextmanager
def _warnings_complained_of() -> Iterator[None]:
    """Inkling's warnings are printed like errors: one line, without the place in the source that warned."""
    with warnings.catch_warnings():
        usual = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *where: Any, **how: Any) -> None:
            if issubclass(category, InklingWarning):
                complain(f"inkling: {message}")
            else:
                usual(message, category, *where, **how)

        warnings.simplefilter("always", InklingWarning)
        warnings.showwarning = show
        yield


@contextmanager
def _progress(shown: bool) -> Iterator[None]:
    global _progress_is_shown
    before, _progress_is_shown = _progress_is_shown, shown
    try:
        yield
    finally:
        _progress_is_shown = before


def progress_is_shown() -> bool:
    """Whether the command that is running was called without --quiet."""
    return _progress_is_shown


def log(message: str) -> None:
    """Print a line of progress to stderr, unless the command was called with --quiet."""
    if _progress_is_shown:
        complain(message)


def complain(message: str) -> None:
    """Print an error or a warning to stderr. A closed stderr does not stop the command."""
    try:
        print(message, file=sys.stderr, flush=True)
    except OSError:
        _silence(sys.stderr)


class _Blamed:
    """A text or binary stream whose OSErrors have STDOUT as their file name, unlike errors of files and processes."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

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


@contextmanager
def _blamed_stdout() -> Iterator[None]:
    before, sys.stdout = sys.stdout, cast("TextIO", _Blamed(sys.stdout))
    try:
        yield
    finally:
        sys.stdout = before


def _silence(stream: TextIO) -> None:
    """Let what the stream still holds, and all that follows, go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def print_json(record: Any) -> None:
    """A result for machines: to stdout."""
    print(json.dumps(record, indent=2))


def tables() -> "Console":
    """A console for tables on stdout."""
    from rich.console import Console

    class Patient(Console):
        def on_broken_pipe(self) -> None:
            raise  # the error that Rich handles, on which Rich itself would exit with code 1

    return Patient(highlight=False, markup=False, emoji=False)


def refuse_to_overwrite(path: Path, force: bool) -> None:
    """UsageError where a file is already there and --force was not given, or where none can be."""
    if path.exists() and not path.is_file():
        raise UsageError(f"{path} is no file: give the name of a file to write")
    if path.exists() and not force:
        raise UsageError(f"{path} exists already: give another name, or --force to replace it")
    if not path.parent.is_dir():
        raise UsageError(f"{path}: there is no folder {path.parent}")
