"""An evaluation: what a model said about labelled images, and every number that follows from it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np

from inkling.classes import DIGITS
from inkling.errors import DataError
from inkling.evaluation.calibration import EQUAL_BINS, ReliabilityBin, expected_calibration_error, reliability_bins
from inkling.evaluation.compare import McNemar, mcnemar
from inkling.evaluation.coverage import CoverageCurve
from inkling.evaluation.intervals import wilson_interval
from inkling.evaluation.scores import ConfusedPair, DigitScore, Mistake


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A model's answers to N labelled images.

    Attributes
    ----------
    labels : int64 array (N,) of 0-9.
    probabilities : float32 array (N, 10), each row summing to 1.
    name : what tables and reports call the model.
    rows : int64 array (N,), the row of each image in the data it was taken from; in order unless given.

    Raises
    ------
    DataError : if there is no image, or a probability is not finite.
    """

    labels: np.ndarray
    probabilities: np.ndarray
    name: str = "model"
    rows: np.ndarray = None  # type: ignore[assignment]  # made from N below

    def __post_init__(self) -> None:
        if self.probabilities.shape != (len(self.labels), len(DIGITS)):
            raise ValueError(f"{len(self.labels)} labels but probabilities {self.probabilities.shape}")
        if len(self.labels) == 0:
            raise DataError(f"{self.name} cannot be evaluated on 0 images: expected at least one with a label")
        broken = np.flatnonzero(~np.isfinite(self.probabilities).all(axis=1))
        if len(broken):
            raise DataError(
                f"{self.name} gave a probability that is not a finite number for image {broken[0]} "
                f"(counting from 0): its weights are damaged or its training diverged, so train it again"
            )
        if self.rows is None:
            object.__setattr__(self, "rows", np.arange(self.images))

    @property
    def images(self) -> int:
        return len(self.labels)

    @cached_property
    def predictions(self) -> np.ndarray:
        """int64 (N,): the most probable digit of each image, the smaller one of equals."""
        return self.probabilities.argmax(axis=1)

    @cached_property
    def confidences(self) -> np.ndarray:
        """float32 (N,): the probability of each prediction."""
        return self.probabilities.max(axis=1)

    @cached_property
    def right(self) -> np.ndarray:
        """bool (N,): whether each prediction is the label."""
        return self.predictions == self.labels

    @property
    def errors(self) -> int:
        """Images read wrongly."""
        return self.images - int(np.count_nonzero(self.right))

    @property
    def accuracy(self) -> float:
        """Share of images read rightly, a fraction."""
        return (self.images - self.errors) / self.images

    @property
    def interval(self) -> tuple[float, float]:
        """95 % Wilson interval of the accuracy, fractions."""
        return wilson_interval(self.images - self.errors, self.images)

    @cached_property
    def cross_entropy(self) -> float:
        """Mean −log probability of the label, in nats.

        A probability that underflowed to 0 counts as the smallest normal float32, 87.3 nats: it was smaller
        than that, so the mean is never overstated.
        """
        of_label = self.probabilities[np.arange(self.images), self.labels].astype(np.float64)
        return float(-np.log(np.maximum(of_label, float(np.finfo(np.float32).tiny))).mean())

    @cached_property
    def confusion(self) -> np.ndarray:
        """int64 (10, 10): images by true digit (rows) and predicted digit (columns)."""
        cells = self.labels * len(DIGITS) + self.predictions
        return np.bincount(cells, minlength=len(DIGITS) ** 2).reshape(len(DIGITS), len(DIGITS))

    @cached_property
    def per_digit(self) -> tuple[DigitScore, ...]:
        """Precision, recall, F1 and support of each digit, 0 to 9."""
        hits = self.confusion.diagonal()
        support, predicted = self.confusion.sum(axis=1), self.confusion.sum(axis=0)
        precision = hits / np.maximum(predicted, 1)
        recall = hits / np.maximum(support, 1)
        f1 = 2 * hits / np.maximum(support + predicted, 1)
        rows = zip(precision.tolist(), recall.tolist(), f1.tolist(), support.tolist(), strict=True)
        return tuple(DigitScore(digit, *row) for digit, row in enumerate(rows))

    @cached_property
    def reliability(self) -> tuple[ReliabilityBin, ...]:
        """Confidence against accuracy, in the bins of 1/15 that hold an image."""
        return reliability_bins(self.confidences, self.right, EQUAL_BINS)

    @property
    def calibration_error(self) -> float:
        """Expected calibration error over those bins, a fraction."""
        return expected_calibration_error(self.reliability)

    @cached_property
    def coverage_curve(self) -> CoverageCurve:
        """How the share of errors falls where only the surer answers are given."""
        return CoverageCurve.of(self.confidences, self.right)

    def compare(self, rival: Evaluation) -> McNemar:
        """Which of two is better on the same images; ValueError where these are not the same."""
        if not np.array_equal(self.labels, rival.labels):
            raise ValueError(f"{self.name} and {rival.name} were not evaluated on the same images")
        return mcnemar(self.labels, self.predictions, rival.predictions)

    def confused_pairs(self, k: int) -> tuple[ConfusedPair, ...]:
        """The at most k kinds of mistake that were made most often, most frequent first."""
        wrong = self.confusion.copy()
        np.fill_diagonal(wrong, 0)
        cells = np.argsort(-wrong, axis=None, kind="stable")[:k].tolist()
        return tuple(
            ConfusedPair(cell // len(DIGITS), cell % len(DIGITS), int(wrong.flat[cell]))
            for cell in cells
            if wrong.flat[cell]
        )

    def worst_mistakes(self, k: int) -> tuple[Mistake, ...]:
        """The at most k wrong answers given with the highest confidence, most confident first."""
        wrong = np.flatnonzero(~self.right)
        worst = wrong[np.argsort(-self.confidences[wrong], kind="stable")][:k]
        columns = (worst, self.rows[worst], self.labels[worst], self.predictions[worst], self.confidences[worst])
        return tuple(Mistake(*values) for values in zip(*(column.tolist() for column in columns), strict=True))

    def to_dict(self) -> dict[str, Any]:
        """Everything for JSON: shares are fractions, the confusion matrix has a row per true digit."""
        return {
            "name": self.name,
            "images": self.images,
            "errors": self.errors,
            "accuracy": self.accuracy,
            "accuracy_interval_95": list(self.interval),
            "cross_entropy_nats": self.cross_entropy,
            "calibration_error": self.calibration_error,
            "at_99_percent_coverage": self.coverage_curve.at(0.99)._asdict(),
            "area_under_coverage_curve": self.coverage_curve.area,
            "per_digit": [asdict(score) for score in self.per_digit],
            "confusion": self.confusion.tolist(),
            "confused_pairs": [asdict(pair) for pair in self.confused_pairs(10)],
            "worst_mistakes": [asdict(mistake) for mistake in self.worst_mistakes(10)],
            "reliability": [asdict(bin_) for bin_ in self.reliability],
        }
