"""Calibration: of the answers given with 80 % confidence, are 80 % right?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BINS = 15


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


def reliability_bins(confidences: np.ndarray, right: np.ndarray) -> tuple[ReliabilityBin, ...]:
    """Answers gathered in 15 equally wide bins of confidence; bins without an answer are left out.

    Parameters
    ----------
    confidences : (N,) probability of the answer given, fractions.
    right : (N,) bool, whether that answer is right.
    """
    confidences = confidences.astype(np.float64)
    bins = np.clip(np.ceil(confidences * BINS).astype(np.int64) - 1, 0, BINS - 1)
    images = np.bincount(bins, minlength=BINS)
    hits = np.bincount(bins[right], minlength=BINS)
    sums = np.bincount(bins, weights=confidences, minlength=BINS)
    return tuple(
        ReliabilityBin(
            lower=i / BINS,
            upper=(i + 1) / BINS,
            images=int(images[i]),
            right=int(hits[i]),
            confidence=float(sums[i] / images[i]),
            accuracy=float(hits[i] / images[i]),
        )
        for i in np.flatnonzero(images).tolist()
    )


def expected_calibration_error(bins: Sequence[ReliabilityBin]) -> float:
    """ECE: the mean distance between confidence and accuracy over all answers, a fraction.

    Source: Guo, Pleiss, Sun, Weinberger, "On calibration of modern neural networks", 2017, equation 3.
    """
    gaps = sum(b.images * abs(b.accuracy - b.confidence) for b in bins)
    return gaps / sum(b.images for b in bins)
