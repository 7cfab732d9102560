"""Facts about a model that a file of every format tells."""

from __future__ import annotations

import hashlib

from inkling.metadata import NUMBER
from inkling.model import Model


def parameters_sha256(model: Model) -> str:
    """The hash of all parameters and running statistics, in hexadecimal digits."""
    return hashlib.sha256(model.params.flat.tobytes() + model.params.statistics.tobytes()).hexdigest()


def validation_accuracy(model: Model) -> float | None:
    """The share that is right on the validation part of its training; None where its metadata do not tell."""
    accuracy = model.metadata.get("metrics", {}).get("validation_accuracy")
    return accuracy if NUMBER.fits(accuracy) else None
