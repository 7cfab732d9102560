"""Calibration: of the answers given with 80 % confidence, are 80 % correct?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# Edges of 15 equally wide bins, with which the calibration error is usually published.
EQUAL_BINS = tuple(i / 15 for i in range(16))
# Edges of finer bins near 100 %, where nearly all answers of a good network lie: 1 − confidence shrinks by about √10.
SURE_BINS = (0.0, 0.5, 0.7, 0.9, 0.97, 0.99, 0.997, 0.999, 0.9997, 0.9999, 1.0)


@dataclass(frozen=True)
class ReliabilityBin:
    """The answers whose confidence lies in (lower, upper]; there is at least one.

    Attributes
    ----------
    lower, upper : edges of the bin, fractions.
    n_images : number of answers in the bin.
    n_correct : number of them that are correct.
    confidence : mean confidence of the answers, a fraction.
    accuracy : share of the answers that is correct, a fraction.
    """

    lower: float
    upper: float
    n_images: int
    n_correct: int
    confidence: float
    accuracy: float


def reliability_bins(
    confidences: np.ndarray, correct: np.ndarray, edges: Sequence[float]
) -> tuple[ReliabilityBin, ...]:
    """Answers gathered in bins of confidence; bins without an answer are left out.

    Parameters
    ----------
    confidences : (N,) probability of the answer given, fractions.
    correct : bool (N,), whether that answer is the label.
    edges : edges of the bins, rising from 0 to 1.
    """
    confidences = confidences.astype(np.float64)
    n_bins = len(edges) - 1
    bins = np.clip(np.searchsorted(edges, confidences) - 1, 0, n_bins - 1)
    n_images = np.bincount(bins, minlength=n_bins)
    n_correct = np.bincount(bins[correct], minlength=n_bins)
    sums = np.bincount(bins, weights=confidences, minlength=n_bins)
    return tuple(
        ReliabilityBin(
            lower=edges[i],
            upper=edges[i + 1],
            n_images=int(n_images[i]),
            n_correct=int(n_correct[i]),
            confidence=float(sums[i] / n_images[i]),
            accuracy=float(n_correct[i] / n_images[i]),
        )
        for i in np.flatnonzero(n_images).tolist()
    )


def expected_calibration_error(bins: Sequence[ReliabilityBin]) -> float:
    """ECE: the mean distance between confidence and accuracy over all answers, a fraction.

    It depends on the bins. Published figures use 15 equally wide ones, `EQUAL_BINS`.

    Source: Guo, Pleiss, Sun, Weinberger, "On calibration of modern neural networks", 2017, equation 3.
    """
    gaps = sum(b.n_images * abs(b.accuracy - b.confidence) for b in bins)
    return gaps / sum(b.n_images for b in bins)
