"""How a benchmark starts and ends: OpenBLAS as users have it, command-line arguments, mistakes as one line."""

from __future__ import annotations

import argparse
import functools
import os
import sys
from collections.abc import Callable, Collection
from pathlib import Path

from inkling.errors import InklingError

PINS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")  # a pinned older kernel halves NumPy's speed; users do not pin it
INTERRUPTED = 130  # exit code of a program that Ctrl-C ended


def unpin_blas() -> None:
    """Start this process anew without the variables that pin OpenBLAS, if they are set: it reads them only once."""
    if any(pin in os.environ for pin in PINS):
        free = {name: value for name, value in os.environ.items() if name not in PINS}
        os.execve(sys.executable, sys.orig_argv, free)


def report_errors(main: Callable[[], None]) -> Callable[[], None]:
    """The `main` of a script; a user's mistake ends it with one line on stderr and the exit code of the mistake."""

    @functools.wraps(main)
    def wrapped() -> None:
        try:
            return main()
        except InklingError as error:
            sentence, code = str(error), error.exit_code
        except KeyboardInterrupt:
            sentence, code = "interrupted", INTERRUPTED
        except ModuleNotFoundError as error:
            sentence = f"this needs {error.name}, which is not installed: pip install '.[compare]'"
            code = InklingError.exit_code
        except OSError as error:
            if error.filename is None:
                raise  # the error concerns no file that the user named
            sentence, code = f"{error.filename}: {error.strerror}", InklingError.exit_code
        print(f"{Path(sys.argv[0]).name}: {sentence}", file=sys.stderr)
        raise SystemExit(code)

    return wrapped


def argument_parser(doc: str | None, quick: str = "") -> argparse.ArgumentParser:
    """A parser with the options that every script has.

    Parameters
    ----------
    doc : the docstring of its module.
    quick : explains the option --quick; "" where a script has none.
    """
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=new_file, metavar="FILE", help="write the results")
    if quick:
        parser.add_argument("--quick", action="store_true", help=quick)
    return parser


def parse_arguments(doc: str, names: Collection[str], quick: str) -> argparse.Namespace:
    """The arguments of a script that measures some of these names, or all; `quick` explains its option --quick."""

    def name(text: str) -> str:
        if text not in names:
            raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(names)}")
        return text

    parser = argument_parser(doc, quick)
    parser.add_argument("names", nargs="*", metavar="NAME", type=name, help=f"of {', '.join(names)}")
    return parser.parse_args()


def at_least_one(text: str) -> int:
    """The type of an argument that is a number of rounds, seeds and so on."""
    if not (text.isdecimal() and int(text) >= 1):
        raise argparse.ArgumentTypeError(f"expected a whole number, at least 1, not {text!r}")
    return int(text)


def at_least_zero(text: str) -> int:
    """The type of an argument that is a seed."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number, at least 0, not {text!r}")
    return int(text)


def new_file(text: str) -> Path:
    """The type of an argument that names a file to write; it is refused before the measurement if it cannot be one."""
    path = Path(text)
    if path.exists() and not path.is_file():
        raise argparse.ArgumentTypeError(f"{path} is no file: give the name of a file to write")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"{path}: there is no folder {path.parent}")
    return path
