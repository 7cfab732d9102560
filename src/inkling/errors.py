"""Errors that a user can cause or mend. Each is one sentence, with the exit code of the command line.

The sentence says what was expected, what came, and what to do. The command line prints it without a traceback.
"""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

_ESCAPED = {"Cc", "Cs", "Zl", "Zp"}  # Unicode's categories of control characters, halves of pairs, and line ends.
_REORDERING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # They change the order of what is shown.
_ADDRESS = re.compile(r"(https?|ftp|file|s3|gs|hf):/", re.IGNORECASE)  # A path has one slash left of the two.


class InklingError(Exception):
    """The base class of all errors whose message is for the user."""

    exit_code = 1


class UsageError(InklingError, ValueError):
    """A setting that cannot work: an unknown recipe, a negative learning rate, layers that do not fit."""

    exit_code = 2


class DataError(InklingError, ValueError):
    """Data that is missing, corrupt or not what it claims to be; also a damaged model file."""

    exit_code = 3


class TooLargeError(DataError):
    """Data beyond a limit that the caller has set or the library has: a picture of too many pixels or bytes."""


class InUseError(InklingError):
    """A folder in which another process, or another thread of this one, is at work."""


class OutputError(InklingError):
    """The output cannot be written."""


class MissingExtraError(InklingError, ImportError):
    """A feature whose optional dependency is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        from inkling.installation import install_command  # which imports slowly, and is needed here only

        super().__init__(f"this needs {package}, which is not installed: {install_command(extra, package)}")
        self._given = package, extra

    def __reduce__(self) -> tuple[type, tuple[str, ...]]:
        return type(self), self._given


class OldPackageError(InklingError, ImportError):
    """A feature whose optional dependency is installed in a version that is too old."""

    def __init__(self, package: str, needed: str, extra: str) -> None:
        from inkling.installation import install_command

        super().__init__(
            f"this needs {package} {needed} or newer, and an older one is installed: {install_command(extra, package)}"
        )
        self._given = package, needed, extra

    def __reduce__(self) -> tuple[type, tuple[str, ...]]:
        return type(self), self._given


class InklingWarning(UserWarning):
    """One sentence that the user should know although the work goes on; the command line prints it."""


def described(value: object) -> str:
    """An argument of the wrong type, for a message: a short plain one as it is, any other by its type."""
    text = repr(value) if value is None or isinstance(value, bool | int | float | str) else ""
    return text if 0 < len(text) <= 60 else f"a value of type {type(value).__name__}"


def shortened(text: str, most: int = 60) -> str:
    """A text of a stranger's for a message: control characters escaped, and cut where it is long."""
    return printable(text if len(text) <= most else f"{text[: most - 1]}…")


def reason(error: BaseException) -> str:
    """A library's message on one line of at most 200 characters."""
    if isinstance(error, UnicodeError):
        return "a text in it has another encoding than it should have"
    return printable(" ".join(str(error).split()))[:200] or type(error).__name__


def printable(name: object) -> str:
    """A name or a message on one line, in which control characters are escaped: "a\\nb".

    A newline would fake another row, and an escape sequence would colour or move what a terminal shows.
    """
    text = str(name)
    return text if text.isprintable() else "".join(map(_escaped, text))


def some(names: Sequence[str], most: int = 5) -> str:
    """The first of several names, for a message: "a.png, b.png, …"."""
    return ", ".join(map(printable, names[:most])) + (", …" if len(names) > most else "")


def _escaped(character: str) -> str:
    if character.isprintable() or (unicodedata.category(character) not in _ESCAPED and character not in _REORDERING):
        return character
    return character.encode("unicode_escape").decode()


def is_address(name: str | Path) -> bool:
    """Whether something is to be found on the network, as "https://…" is."""
    return _ADDRESS.match(str(name)) is not None


def refuse_address(name: str | Path) -> None:
    """DataError for an address: nothing is fetched."""
    if is_address(name):
        raise DataError(
            f"{printable(name)}: a file was expected, and addresses are not fetched; download it first, then give the "
            "name of the file"
        )
