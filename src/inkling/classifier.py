"""A classifier: what predicting and evaluating need of a trained model, whatever computes it.

`Model` is one, and so is an exported file in another runtime: both are judged by the same code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np


class Classifier(Protocol):
    """Attributes and methods are those of `inkling.model.Model`, where they are described."""

    @property
    def metadata(self) -> Mapping[str, Any]: ...

    @property
    def temperature(self) -> float: ...

    @property
    def class_names(self) -> tuple[str, ...]: ...

    @property
    def n_classes(self) -> int: ...

    @property
    def input_shape(self) -> tuple[int, ...]:
        """The shape (H, W, 1) of an image."""

    @property
    def knows_non_digits(self) -> bool: ...

    def predict_proba(self, images: np.ndarray, *, tta: bool = False) -> np.ndarray: ...

    def predict(self, images: np.ndarray, *, tta: bool = False) -> np.ndarray: ...

    def logits(self, images: np.ndarray, *, tta: bool = False) -> np.ndarray: ...

    def not_a_digit(self, images: np.ndarray, *, tta: bool = False) -> np.ndarray: ...
