"""The loss of int8: the accuracy of an export in int8 beside that of float32, on images that did not calibrate it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inkling.errors import printable
from inkling.export.calibration import Calibration


@dataclass(frozen=True)
class Loss:
    """Of the answers on so many images: shares that are right, and how many answers differ."""

    images: int
    float32_accuracy: float
    int8_accuracy: float
    other_answers: int

    @property
    def points(self) -> float:
        """Percentage points of accuracy that int8 loses; less than 0 where it gains."""
        return 100 * (self.float32_accuracy - self.int8_accuracy)

    def sentence(self, calibration: Calibration) -> str:
        """For the user, with the name of the images."""
        return (
            f"Accuracy {100 * self.int8_accuracy:.2f} % on {printable(calibration.judged.name)}, {calibration.which}: "
            f"{abs(self.points):.2f} points {'less' if self.points >= 0 else 'more'} than in float32; "
            f"{self.other_answers:,} of {self.images:,} answers differ."
        )


def loss_of(float32: np.ndarray, int8: np.ndarray, labels: np.ndarray) -> Loss:
    """Of the answers of both forms, int64 (N,) each."""
    accuracies = float(np.mean(float32 == labels)), float(np.mean(int8 == labels))
    return Loss(len(labels), *accuracies, int(np.sum(float32 != int8)))
