"""What `inkling export torch` wrote beside the weights: everything that a `state_dict` cannot tell of its model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from inkling.errors import DataError, UsageError
from inkling.nn import Network, read_network
from inkling.properties import (
    CLASS_NAMES,
    INPUT_SHAPE,
    METADATA,
    NETWORK,
    PARAMETERS_SHA256,
    TEMPERATURE,
    read_properties,
)


class Exported(NamedTuple):
    """A model but for its parameters, of which the hash is told: with others, it was trained further."""

    network: Network
    class_names: tuple[str, ...]
    temperature: float
    metadata: Mapping[str, Any]
    parameters_sha256: str


def read_exported(text: str, path: object) -> Exported:
    """What the text of the file's entry tells; DataError where `inkling export torch` did not write it."""
    try:
        properties = json.loads(text)
        if not (isinstance(properties, dict) and all(isinstance(each, str) for each in properties.values())):
            raise ValueError
        layers = json.loads(properties.get(NETWORK, "[]"))
        if not (isinstance(layers, list) and layers and all(isinstance(each, str) for each in layers)):
            raise ValueError
    except (ValueError, RecursionError):
        raise DataError(
            f"{path}: what `inkling export torch` wrote beside the weights is damaged: export anew"
        ) from None
    found = read_properties(properties, path, "a state_dict", "inkling export torch")
    try:
        network = read_network(layers, tuple(found[INPUT_SHAPE]))
    except UsageError as error:
        raise DataError(f"{path}: its layers are damaged: {error}") from None
    sha256 = properties.get(PARAMETERS_SHA256, "")
    return Exported(network, tuple(found[CLASS_NAMES]), found[TEMPERATURE], found[METADATA], sha256)
