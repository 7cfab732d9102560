"""An exported file as a classifier, which predicts as `Model` does: so the examiner of models judges it as well."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from inkling.errors import DataError, UsageError
from inkling.evaluation.pixels import to_uint8
from inkling.images import check_images, shifted_views
from inkling.nn import softmax


def require_finite(answers: np.ndarray) -> None:
    """DataError where a file computes something else than numbers."""
    if not np.isfinite(answers).all():
        raise DataError("this exported file answers with numbers that are not finite: export another model")


@dataclass(frozen=True, eq=False)
class BytesClassifier(ABC):
    """A classifier (`inkling.classifier`) of bytes: images in fractions of white are rounded to levels 0-255."""

    metadata: Mapping[str, Any]
    temperature: float
    class_names: tuple[str, ...]
    input_shape: tuple[int, ...]
    knows_non_digits: bool

    @property
    def n_classes(self) -> int:
        return len(self.class_names)

    def predict_proba(self, images: np.ndarray, *, tta: bool = False) -> np.ndarray:
        """Probabilities (N, K) float32."""
        return softmax(self.logits(images, tta=tta))

    def predict(self, images: np.ndarray, *, tta: bool = False) -> np.ndarray:
        """The place of the most probable class in `class_names`, int64 (N,)."""
        return self.logits(images, tta=tta).argmax(axis=1)

    def logits(self, images: np.ndarray, *, tta: bool = False) -> np.ndarray:
        """Logits (N, K) float32, divided by the temperature."""
        return self._checked_logits(images, tta)[:, : self.n_classes]

    def not_a_digit(self, images: np.ndarray, *, tta: bool = False) -> np.ndarray:
        """Probability (N,) float32; UsageError where the network was not taught to tell."""
        if not self.knows_non_digits:
            raise UsageError('this network cannot say "not a digit": its model was not trained with non_digits')
        return softmax(self._checked_logits(images, tta))[:, -1]

    def levels(self, images: np.ndarray) -> np.ndarray:
        """Images as `Model.predict` takes them, as levels uint8 (N, H, W, 1)."""
        checked = check_images(images, self.input_shape)
        return checked if checked.dtype == np.uint8 else to_uint8(checked)

    def _checked_logits(self, images: np.ndarray, tta: bool) -> np.ndarray:
        levels = self.levels(images)
        with np.errstate(all="ignore"):
            views = shifted_views(levels) if tta else [levels]
            logits = np.mean([self.logits_of_bytes(view) for view in views], axis=0)
        require_finite(logits)
        return logits

    @abstractmethod
    def logits_of_bytes(self, images: np.ndarray) -> np.ndarray:
        """Logits (N, K or K + 1) float32 of images uint8 (N, H, W, 1)."""
