"""Coverage: a model that answers only when it is sure enough answers fewer images, and errs on fewer of those."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from inkling.errors import UsageError


class CoveragePoint(NamedTuple):
    """What comes of answering the images whose confidence is at least `threshold`, and no others.

    Attributes
    ----------
    threshold : the lowest confidence that is answered, a fraction.
    answered, wrong : how many images are, and how many of these wrongly.
    coverage, error : the share of all images that is answered, and the share of these that is wrong, fractions.
    """

    threshold: float
    answered: int
    wrong: int
    coverage: float
    error: float


@dataclass(frozen=True, eq=False)
class CoverageCurve:
    """Error against coverage: one point for each of the K confidences that occur, from the highest down.

    Images of equal confidence cannot be told apart by it, so they are answered together or not at all. The last
    point answers every image.

    Source: Geifman, El-Yaniv, "Selective classification for deep neural networks", 2017, where the error is called
    selective risk.

    Attributes
    ----------
    thresholds : (K,) confidences, falling.
    answered, wrong : int64 (K,), images of at least this confidence, and how many of these are read wrongly.
    """

    thresholds: np.ndarray
    answered: np.ndarray
    wrong: np.ndarray

    @classmethod
    def of(cls, confidences: np.ndarray, right: np.ndarray) -> CoverageCurve:
        """The curve of N ≥ 1 answers: `confidences` (N,) and `right` (N,) bool."""
        rising, place, images = np.unique(confidences, return_inverse=True, return_counts=True)
        wrong = np.bincount(place[~right], minlength=len(rising))
        return cls(rising[::-1], np.cumsum(images[::-1]), np.cumsum(wrong[::-1]))

    @property
    def coverage(self) -> np.ndarray:
        """float64 (K,): shares of the images that are answered, rising to 1."""
        return self.answered / self.answered[-1]

    @property
    def error(self) -> np.ndarray:
        """float64 (K,): shares of the answers that are wrong."""
        return self.wrong / self.answered

    @property
    def area(self) -> float:
        """Area under the curve: the mean error over the thresholds that each image in turn would set, a fraction.

        Source: Geifman, Uziel, El-Yaniv, "Bias-reduced uncertainty estimation for deep neural classifiers", 2019,
        equation 2.
        """
        return float(np.average(self.error, weights=np.diff(self.answered, prepend=0)))

    def at(self, coverage: float) -> CoveragePoint:
        """The point that answers at least this share of the images, and beyond it as few as can be."""
        if not 0 < coverage <= 1:
            raise UsageError(f"a coverage is a share of the images above 0, at most 1, not {coverage!r}")
        k = int(np.argmax(self.coverage >= coverage - 1e-12))  # less than one image, more than rounding
        values = (self.thresholds, self.answered, self.wrong, self.coverage, self.error)
        return CoveragePoint(*(each[k].item() for each in values))
