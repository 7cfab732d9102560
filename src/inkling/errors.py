"""Errors that a user can cause or mend. Each is one sentence, with the exit code of the command line.

The sentence says what was expected, what came, and what to do. The command line prints it without a traceback.
"""


class InklingError(Exception):
    """The base class of all errors whose message is for the user."""

    exit_code = 1


class UsageError(InklingError, ValueError):
    """A setting that cannot work: an unknown recipe, a negative learning rate, layers that do not fit."""

    exit_code = 2


class DataError(InklingError, ValueError):
    """Data that is missing, corrupt or not what it claims to be; also a damaged model file."""

    exit_code = 3


class MissingExtraError(InklingError, ImportError):
    """A feature whose optional dependency is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"this needs {package}, which is not installed: pip install 'inkling[{extra}]'")


class InklingWarning(UserWarning):
    """One sentence that the user should know although the work goes on; the command line prints it."""


def described(value: object) -> str:
    """An argument of the wrong type, for a message: a short plain one as it is, any other by its type."""
    text = repr(value) if value is None or isinstance(value, bool | int | float | str) else ""
    return text if 0 < len(text) <= 60 else f"a value of type {type(value).__name__}"


def printable(text: str, most: int = 60) -> str:
    """A text of a stranger's in a message: on one line, without control characters, cut where it is long."""
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[: most + 1])
    return plain if len(text) <= most else f"{plain[: most - 1]}…"


def reason(error: BaseException) -> str:
    """A library's message on one line of at most 200 characters."""
    return printable(" ".join(str(error).split())[:200], 200) or type(error).__name__
