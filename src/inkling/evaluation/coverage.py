"""Coverage: a model that answers only above some confidence answers fewer images, and a smaller share wrongly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from inkling.errors import UsageError


class CoveragePoint(NamedTuple):
    """The outcome of answering only the images whose confidence is at least `threshold`.

    Attributes
    ----------
    threshold : lowest confidence that is answered, a fraction.
    answered : number of images that are answered.
    wrong : number of wrong answers.
    coverage : share of all images that is answered, a fraction.
    error : share of the answers that is wrong, a fraction.
    """

    threshold: float
    answered: int
    wrong: int
    coverage: float
    error: float


@dataclass(frozen=True, eq=False)
class CoverageCurve:
    """Error against coverage: one point for each of the P different confidences, from the highest down.

    Images of equal confidence are answered together or not at all. The last point answers every image.

    Source: Geifman, El-Yaniv, "Selective classification for deep neural networks", 2017, where the error is called
    selective risk.

    Attributes
    ----------
    thresholds : (P,) confidences, falling.
    answered : int64 (P,), number of images of at least this confidence.
    wrong : int64 (P,), number of these that are read wrongly.
    """

    thresholds: np.ndarray
    answered: np.ndarray
    wrong: np.ndarray

    @classmethod
    def of(cls, confidences: np.ndarray, correct: np.ndarray) -> CoverageCurve:
        """The curve of N ≥ 1 answers: `confidences` (N,) and bool `correct` (N,)."""
        rising, place, n_images = np.unique(confidences, return_inverse=True, return_counts=True)
        wrong = np.bincount(place[~correct], minlength=len(rising))
        return cls(rising[::-1], np.cumsum(n_images[::-1]), np.cumsum(wrong[::-1]))

    @property
    def coverage(self) -> np.ndarray:
        """float64 (P,): shares of the images that are answered, rising to 1."""
        return self.answered / self.answered[-1]

    @property
    def error(self) -> np.ndarray:
        """float64 (P,): shares of the answers that are wrong."""
        return self.wrong / self.answered

    @property
    def area(self) -> float:
        """Area under the curve: the mean over all images of the error where the image's confidence is the threshold.

        Source: Geifman, Uziel, El-Yaniv, "Bias-reduced uncertainty estimation for deep neural classifiers", 2019,
        equation 2.
        """
        return float(np.average(self.error, weights=np.diff(self.answered, prepend=0)))

    def at(self, coverage: float) -> CoveragePoint:
        """The first point that answers at least this share of the images, a fraction."""
        if not 0 < coverage <= 1:
            raise UsageError(f"a coverage is a share of the images above 0, at most 1, not {coverage!r}")
        k = int(np.argmax(self.coverage >= coverage - 1e-12))  # 1e-12 is less than one image and more than rounding
        values = (self.thresholds, self.answered, self.wrong, self.coverage, self.error)
        return CoveragePoint(*(each[k].item() for each in values))
