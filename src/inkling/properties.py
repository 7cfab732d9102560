"""Properties: what an exported file tells about its model, as texts by name.

`inkling` holds the metadata of the model file as JSON: with these, `inkling evaluate` knows which images the model
learnt from. The others are for people and programs that know nothing of Inkling.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import inkling
from inkling.classes import checked_class_names
from inkling.errors import DataError, UsageError
from inkling.metadata import NUMBER, SIZES, check_metadata
from inkling.model import Model, is_temperature
from inkling.nn import Parameters
from inkling.storage import MOST_METADATA, require_flat

METADATA, CLASS_NAMES, TEMPERATURE, INPUT_SHAPE = "inkling", "class_names", "temperature", "input_shape"
PARAMETERS_SHA256 = "parameters_sha256"
NETWORK = "network"  # the layers in notation, of a `state_dict`, which tells names and shapes alone
_READ = (METADATA, CLASS_NAMES, TEMPERATURE, INPUT_SHAPE)


def properties_of(model: Model, name: str) -> dict[str, str]:
    """The properties of a model that is called `name`."""
    properties = {
        "name": name,
        "inkling_version": inkling.__version__,
        CLASS_NAMES: json.dumps(list(model.class_names), ensure_ascii=False),
        INPUT_SHAPE: json.dumps(list(model.input_shape)),
        TEMPERATURE: repr(float(model.temperature)),
        PARAMETERS_SHA256: parameters_sha256(model.params),
        METADATA: json.dumps(model.provenance, ensure_ascii=False),
    }
    accuracy = validation_accuracy(model)
    return properties | ({} if accuracy is None else {"validation_accuracy": repr(accuracy)})


def read_properties(properties: Mapping[str, str], path: object, kind: str, writer: str) -> dict[str, Any]:
    """Metadata, class names, temperature and image shape; DataError where they are not those of `properties_of`.

    Parameters
    ----------
    kind, writer : such as "an ONNX file" and "inkling export onnx", for messages.
    """
    missing = [key for key in _READ if key not in properties]
    if missing:
        raise DataError(
            f"{path}: {kind} that `{writer}` wrote was expected, and its metadata lack "
            f"{', '.join(missing)}: export the model anew"
        )
    about = f"{path}: not usable as {kind}"
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


def parameters_sha256(params: Parameters) -> str:
    """The hash of all parameters and running statistics, in hexadecimal digits."""
    return hashlib.sha256(params.flat.tobytes() + params.statistics.tobytes()).hexdigest()


def validation_accuracy(model: Model) -> float | None:
    """The share that is right on the validation part of its training; None where its metadata do not tell."""
    accuracy = model.metadata.get("metrics", {}).get("validation_accuracy")
    return accuracy if NUMBER.fits(accuracy) else None
