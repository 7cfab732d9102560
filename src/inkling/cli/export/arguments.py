"""Arguments that the formats of `inkling export` share."""

from pathlib import Path
from typing import Annotated

import typer

from inkling.errors import UsageError

ModelPath = Annotated[
    Path, typer.Argument(metavar="MODEL", help="Model file, run folder, or bundled model: reader, tiny.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace the file.")]
CalibrationData = Annotated[
    str | None,
    typer.Option(
        "--data",
        metavar="SOURCE",
        help="With --int8: data to calibrate and to measure on.  [default: what the model was trained on, or else "
        "the embedded digits]",
    ),
]


def check_calibration(data: str | None, int8: bool) -> None:
    """UsageError where there is --data without --int8."""
    if data is not None and not int8:
        raise UsageError("--data names what --int8 is calibrated on: give --int8 as well, or leave it out")
