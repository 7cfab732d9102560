"""The data that an export in int8 is calibrated and judged on."""

from pathlib import Path
from typing import TYPE_CHECKING

from inkling.classes import DIGITS
from inkling.cli.console import complain, log
from inkling.cli.sources import load_source
from inkling.errors import DataError, UsageError, printable

if TYPE_CHECKING:
    from inkling.data import Source
    from inkling.export.calibration import Calibration
    from inkling.model import Model


def calibration_of(path: Path, model: "Model", data: str | None) -> "Calibration":
    """The images of this data to calibrate and to judge on; which ones are taken is told."""
    from inkling.export.calibration import LEAST, calibration_from

    found = calibration_from(source_of(path, model, data), model, str(path))
    log(f"calibrated on {len(found.images):,} images of {printable(found.source)}, {found.taken}")
    if len(found.images) < LEAST:
        complain(
            f"inkling: fewer than {LEAST} images hardly show the ranges of activations: {len(found.images)} calibrated"
        )
    return found


def source_of(path: Path, model: "Model", data: str | None) -> "Source":
    """The data of this name, or what the model was trained on; if not found, the embedded digits, which is told."""
    from inkling.ink import DIGIT_SHAPE
    from inkling.runs.folder import training_source

    if data is not None:
        return load_source(data, to_judge=True)
    try:
        return load_source(training_source(path, model), to_judge=True)
    except (DataError, UsageError) as error:
        if model.class_names != DIGITS or model.input_shape[:2] != DIGIT_SHAPE:
            raise UsageError(f"{error}; say with --data what to calibrate on") from None
        log(f"{printable(error)}; the embedded digits are taken instead, --data names others")
        return load_source("digits", to_judge=True)
