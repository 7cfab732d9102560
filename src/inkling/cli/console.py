"""What every command shares: how errors end, and where things are printed.

Results go to stdout. Progress (`log`) and errors and warnings (`complain`) go to stderr; `--quiet` leaves progress out.
"""

import functools
import json
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, TextIO

import typer

from inkling.cli.interrupts import exit_code, sentence, signals_as_interrupts
from inkling.cli.streams import STDOUT, results_on_stdout, silence, unescaped
from inkling.errors import InklingError, InklingWarning, UsageError, printable

TTA = "Test-time augmentation: average over each image and its shifts by one pixel; takes five times as long."
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress: only the result, warnings and errors.")]
# What may help where memory ran out, by verb.
_LESS_MEMORY = {
    "train": "try a smaller network, a smaller batch (--batch-size) or less data",
    "adapt": "try a smaller model, or a smaller source to rehearse",
    "reproduce": "try less data",
    "models": "try fewer or smaller models",
    "read": "try smaller pictures",
}
_SMALLER_SOURCE = "try a smaller source, such as a part of this one"

_progress_is_shown = True


def report_errors(command: Callable[..., None]) -> Callable[..., None]:
    """A command whose errors end in one sentence on stderr and the exit code of their kind.

    The command shows no progress where it has an option `quiet: Quiet` and that is given.
    """

    @functools.wraps(command)
    def wrapped(*args: Any, **options: Any) -> None:
        try:
            with signals_as_interrupts(), results_on_stdout(), _warnings_complained_of():
                with _progress(shown=not options.get("quiet", False)):
                    command(*args, **options)
                sys.stdout.flush()
        except InklingError as error:
            complain(f"inkling: {error}")
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt as interrupt:
            complain(f"inkling: {sentence(interrupt)}")
            raise typer.Exit(exit_code(interrupt)) from None
        except MemoryError as error:
            size = f" ({error})" if str(error) else ""
            complain(f"inkling: not enough memory{size}: {_LESS_MEMORY.get(command.__name__, _SMALLER_SOURCE)}")
            raise typer.Exit(InklingError.exit_code) from None
        except OSError as error:
            if error.filename is STDOUT:
                silence(sys.stdout)  # otherwise Python flushes it once more at its end, and fails again
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


def redraw(codes: str, line: str) -> None:
    """Print terminal codes and a line of progress to stderr, which is a terminal; no line end follows."""
    if _progress_is_shown:
        _print_safely(codes + printable(line), end="", stream=unescaped(sys.stderr))


def complain(message: str) -> None:
    """Print an error or a warning to stderr as one line. A closed stderr does not stop the command."""
    _print_safely(printable(message), end="\n", stream=sys.stderr)


def _print_safely(text: str, end: str, stream: TextIO) -> None:
    try:
        print(text, end=end, file=stream, flush=True)
    except OSError:
        silence(sys.stderr)


def print_json(record: Any) -> None:
    """A result for machines: to stdout."""
    print(json.dumps(record, indent=2))


def require_fraction(option: str, value: float | None, below: bool = False) -> None:
    """UsageError unless this is a fraction from 0 to 1, or to below 1, or no value; a percentage is recognised."""
    if value is None or 0 <= value < 1 or (value == 1 and not below):
        return
    meant = f": did you mean {value / 100:g}?" if 2 <= value <= 100 else ""
    raise UsageError(f"{option} takes a fraction from 0 to {'below 1' if below else '1'}, not {value:g}{meant}")
