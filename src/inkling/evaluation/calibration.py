"""Calibration: of the answers given with 80 % confidence, are 80 % right?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

EQUAL_BINS = tuple(i / 15 for i in range(16))  # as the calibration error is published
# Bins for answers that are nearly sure, in which a good network's answers nearly all lie: doubt in steps of √10.
SURE_BINS = (0.0, 0.5, 0.7, 0.9, 0.97, 0.99, 0.997, 0.999, 0.9997, 0.9999, 1.0)


@dataclass(frozen=True)
class ReliabilityBin:
    """The answers whose confidence lies in (lower, upper]; there is at least one.

    Attributes
    ----------
    lower, upper : the ends of the bin, fractions.
    images : how many answers fall into it.
    right : how many of them are right.
    confidence, accuracy : their mean confidence and the share that is right, fractions.
    """

    lower: float
    upper: float
    images: int
    right: int
    confidence: float
    accuracy: float


def reliability_bins(confidences: np.ndarray, right: np.ndarray, edges: Sequence[float]) -> tuple[ReliabilityBin, ...]:
    """Answers gathered in bins of confidence; bins without an answer are left out.

    Parameters
    ----------
    confidences : (N,) probability of the answer given, fractions.
    right : (N,) bool, whether that answer is right.
    edges : the ends of the bins, rising from 0 to 1.
    """
    confidences = confidences.astype(np.float64)
    count = len(edges) - 1
    bins = np.clip(np.searchsorted(edges, confidences) - 1, 0, count - 1)
    images = np.bincount(bins, minlength=count)
    hits = np.bincount(bins[right], minlength=count)
    sums = np.bincount(bins, weights=confidences, minlength=count)
    return tuple(
        ReliabilityBin(
            lower=edges[i],
            upper=edges[i + 1],
            images=int(images[i]),
            right=int(hits[i]),
            confidence=float(sums[i] / images[i]),
            accuracy=float(hits[i] / images[i]),
        )
        for i in np.flatnonzero(images).tolist()
    )


def expected_calibration_error(bins: Sequence[ReliabilityBin]) -> float:
    """ECE: the mean distance between confidence and accuracy over all answers, a fraction.

    It depends on the bins; those of the figures that others publish are 15 equally wide ones, `EQUAL_BINS`.

    Source: Guo, Pleiss, Sun, Weinberger, "On calibration of modern neural networks", 2017, equation 3.
    """
    gaps = sum(b.images * abs(b.accuracy - b.confidence) for b in bins)
    return gaps / sum(b.images for b in bins)
