"""Properties of an ONNX file: the names of what its graph takes and gives, and the reader of `properties_of`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from inkling.classes import checked_class_names
from inkling.errors import DataError, UsageError
from inkling.export.properties import CLASS_NAMES, INPUT_SHAPE, METADATA, TEMPERATURE
from inkling.metadata import SIZES, check_metadata
from inkling.model import is_temperature
from inkling.storage import MOST_METADATA, require_flat

QUANTIZATION = "quantization"
IMAGES, LOGITS, PROBABILITIES, NOT_A_DIGIT = "images", "logits", "probabilities", "not_a_digit"  # of the graph
_READ = (METADATA, CLASS_NAMES, TEMPERATURE, INPUT_SHAPE)


def read_properties(properties: Mapping[str, str], path: object) -> dict[str, Any]:
    """Metadata, class names, temperature and image shape; DataError where `inkling export onnx` did not write them."""
    missing = [key for key in _READ if key not in properties]
    if missing:
        raise DataError(
            f"{path}: an ONNX file that `inkling export onnx` wrote was expected, and its metadata lack "
            f"{', '.join(missing)}: export the model anew"
        )
    about = f"{path}: not a usable ONNX file"
    if any(len(properties[key]) > MOST_METADATA for key in _READ):
        raise DataError(f"{about}: its metadata are longer than {MOST_METADATA:,} characters")
    try:
        found = {key: json.loads(properties[key]) for key in _READ}
    except (ValueError, RecursionError):
        raise DataError(f"{about}: its metadata are no JSON") from None
    if not isinstance(found[METADATA], dict):
        raise DataError(f"{about}: its entry {METADATA} must be a table")
    require_flat(path, found[METADATA])
    check_metadata(found[METADATA], about)
    if not (SIZES.fits(found[INPUT_SHAPE]) and len(found[INPUT_SHAPE]) == 3 and found[INPUT_SHAPE][2] == 1):
        raise DataError(f"{about}: its entry {INPUT_SHAPE} must be rows, columns and a 1")
    if not is_temperature(found[TEMPERATURE]):
        raise DataError(f"{about}: its entry {TEMPERATURE} must be a temperature")
    try:
        checked_class_names(found[CLASS_NAMES])
    except UsageError as error:
        raise DataError(f"{about}: {error}") from None
    return found
