"""What `inkling export torch` wrote beside the weights: everything that a `state_dict` cannot tell of its model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from inkling.errors import DataError, UsageError
from inkling.model import OF_THE_FILE
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

_OF_CHECKPOINTS = ("steps", "history", "crc32")


class Exported(NamedTuple):
    """A model but for its parameters, of which the hash is told: with others, it was trained further."""

    network: Network
    class_names: tuple[str, ...]
    temperature: float
    metadata: Mapping[str, Any]
    parameters_sha256: str


def read_exported(text: str, path: object) -> Exported:
    """What the text of the file's entry tells; DataError where `inkling export torch` did not write it."""
    damaged = f"{path}: what `inkling export torch` wrote beside the weights is damaged"
    try:
        properties = json.loads(text)
        if not (isinstance(properties, dict) and all(isinstance(each, str) for each in properties.values())):
            raise ValueError
        layers = json.loads(properties.get(NETWORK, "null"))
        if not (isinstance(layers, list) and all(isinstance(each, str) for each in layers)):
            raise ValueError
    except (ValueError, RecursionError):
        raise DataError(f"{damaged}: export the model anew") from None
    found = read_properties(properties, path, "a state_dict", "inkling export torch")
    if foreign := [name for name in (*OF_THE_FILE, *_OF_CHECKPOINTS) if name in found[METADATA]]:
        raise DataError(f"{damaged}: its entry {METADATA} has {foreign[0]}, which is not written there")
    try:
        network = read_network(layers, tuple(found[INPUT_SHAPE]))
    except UsageError as error:
        raise DataError(f"{damaged}: {error}") from None
    names = tuple(found[CLASS_NAMES])
    if network.shapes[-1] not in ((len(names),), (len(names) + 1,)):
        raise DataError(f"{damaged}: {len(names)} classes do not suit a network that ends in {network.shapes[-1]}")
    return Exported(network, names, found[TEMPERATURE], found[METADATA], properties.get(PARAMETERS_SHA256, ""))
