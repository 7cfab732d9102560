"""Mistakes a user can make, each one sentence with the exit code that the command line returns for it.

A message says what was expected, what came, and what to do. Faces print it; nobody sees a traceback.
"""


class InklingError(Exception):
    """Base of every error meant for the user's eyes."""

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
    """What the user should know although the work goes on: one sentence, which the command line prints."""


def reason(error: BaseException) -> str:
    """What a library said, short and on one line."""
    return " ".join(str(error).split())[:200] or type(error).__name__
