"""`inkling submit`: a submission to Kaggle's Digit Recognizer is checked and handed to Kaggle's own command."""

import csv
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from inkling.classes import DIGITS
from inkling.cli.console import Quiet, log
from inkling.errors import DataError, InklingError, printable, shortened

COMPETITION = "digit-recognizer"
IMAGES = 28_000  # of the competition's test.csv
_HEADER = ["ImageId", "Label"]
_PAGE = f"https://www.kaggle.com/competitions/{COMPETITION}/submit"


def submit(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Submission, as `inkling predict` writes it.")],
    message: Annotated[
        str, typer.Option("--message", "-m", metavar="TEXT", help="What Kaggle's list of submissions shows.")
    ] = "inkling",
    check: Annotated[bool, typer.Option("--check", help="Only check the file.")] = False,
    quiet: Quiet = False,
) -> None:
    """Check a submission for Kaggle's Digit Recognizer and send it.

    Sending takes the command `kaggle` (pip install kaggle) and your account's token. Nothing is sent with --check,
    nor if anything is wrong with the file.
    """
    labels = read_submission(file)
    counts = ", ".join(f"{digit}: {labels[digit]:,}" for digit in DIGITS)
    log(f"{file}: {IMAGES:,} labels in order; {counts}")
    if check:
        return
    command = shutil.which("kaggle")
    if command is None:
        raise InklingError(
            f"{file} is fine, but the command kaggle, which sends it, is not installed: pip install kaggle, or upload "
            f"the file at {_PAGE}"
        )
    sent = subprocess.run([command, "competitions", "submit", COMPETITION, "-f", str(file), "-m", message], check=False)
    if sent.returncode:
        raise InklingError(f"kaggle ended with exit code {sent.returncode}; its message says why {file} was not sent")


def read_submission(path: Path) -> Counter[str]:
    """How often each label is in a submission; DataError with the line where something is wrong with it."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
    except (UnicodeDecodeError, csv.Error):
        raise DataError(f"{path}: no table of text: {_expected()}") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None
    if not rows or rows[0] != _HEADER:
        came = "nothing" if not rows else shortened(repr(",".join(rows[0])))
        raise DataError(f"{path}, line 1: {_expected()}, and not {printable(came)}")
    for line, row in enumerate(rows[1:], 2):
        if len(row) != 2 or row[0] != str(line - 1) or row[1] not in DIGITS:
            came = shortened(repr(",".join(row)))
            raise DataError(
                f"{path}, line {line}: {line - 1} and a digit from 0 to 9 were expected, not {printable(came)}"
            )
    if len(rows) - 1 != IMAGES:
        raise DataError(f"{path}: a label for each of the {IMAGES:,} images was expected, and it has {len(rows) - 1:,}")
    return Counter(row[1] for row in rows[1:])


def _expected() -> str:
    return f"a table was expected that begins with {','.join(_HEADER)}, as `inkling predict MODEL test.csv` writes it"
