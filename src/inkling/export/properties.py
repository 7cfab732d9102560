"""Properties: what an exported file tells about its model, as texts by name.

`inkling` holds the metadata of the model file as JSON: with these, `inkling evaluate` knows which images the model
learnt from. The others are for people and programs that know nothing of Inkling.
"""

from __future__ import annotations

import json

import inkling
from inkling.export.facts import parameters_sha256, validation_accuracy
from inkling.model import Model

METADATA, CLASS_NAMES, TEMPERATURE, INPUT_SHAPE = "inkling", "class_names", "temperature", "input_shape"


def properties_of(model: Model, name: str) -> dict[str, str]:
    """The properties of a model that is called `name`."""
    properties = {
        "name": name,
        "inkling_version": inkling.__version__,
        CLASS_NAMES: json.dumps(list(model.class_names), ensure_ascii=False),
        INPUT_SHAPE: json.dumps(list(model.input_shape)),
        TEMPERATURE: repr(float(model.temperature)),
        "parameters_sha256": parameters_sha256(model),
        METADATA: json.dumps(model.provenance, ensure_ascii=False),
    }
    accuracy = validation_accuracy(model)
    return properties | ({} if accuracy is None else {"validation_accuracy": repr(accuracy)})
