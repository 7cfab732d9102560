"""Exported integer code as a classifier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inkling.export.bytes_classifier import BytesClassifier
from inkling.export.c import twin
from inkling.export.c.int8 import Int8Code
from inkling.model import Model


@dataclass(frozen=True, eq=False)
class IntegerModel(BytesClassifier):
    """Integer code, computed by its twin in NumPy."""

    code: Int8Code

    @classmethod
    def of(cls, model: Model, code: Int8Code) -> IntegerModel:
        """The integer code that a model became."""
        about = model.metadata, model.temperature, model.class_names, model.network.input_shape
        return cls(*about, model.knows_non_digits, code)

    def logits_of_bytes(self, images: np.ndarray) -> np.ndarray:
        return twin.scores(self.code.integers, images).astype(np.float32) * self.code.score_scales
