"""An evaluation: a model's answers to labelled images, and every figure that follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np

from inkling.classes import DIGITS
from inkling.errors import DataError
from inkling.evaluation.calibration import EQUAL_BINS, ReliabilityBin, expected_calibration_error, reliability_bins
from inkling.evaluation.coverage import CoverageCurve
from inkling.evaluation.intervals import wilson_interval
from inkling.evaluation.scores import ClassScore, ConfusedPair, Mistake
from inkling.evaluation.significance import McNemar, mcnemar

# Lists of confused pairs and of mistakes hold so many entries in JSON.
LISTED_IN_JSON = 10


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A model's answers to N labelled images of K classes.

    Attributes
    ----------
    labels : int64 array (N,) of classes, 0 to K − 1.
    probabilities : float32 array (N, K), each row summing to 1.
    name : what tables and reports call the model.
    rows : int64 array (N,), the row of each image in the data it was taken from; in order unless given.
    class_names : names of the K classes; the digits unless given.

    Raises
    ------
    DataError : if there is no image, or a probability is not finite.
    ValueError : if the shapes do not agree.
    """

    labels: np.ndarray
    probabilities: np.ndarray
    name: str = "model"
    rows: np.ndarray = None  # type: ignore[assignment]  # made from N below
    class_names: Sequence[str] = DIGITS

    def __post_init__(self) -> None:
        object.__setattr__(self, "class_names", tuple(self.class_names))
        if self.probabilities.shape != (self.n_images, self.n_classes):
            raise ValueError(
                f"{self.n_images} labels of {self.n_classes} classes but probabilities {self.probabilities.shape}"
            )
        if self.n_images == 0:
            raise DataError(f"{self.name} cannot be evaluated on 0 images: expected at least one with a label")
        broken = np.flatnonzero(~np.isfinite(self.probabilities).all(axis=1))
        if len(broken):
            raise DataError(
                f"{self.name} gave a probability that is not a finite number for image {broken[0]} "
                f"(counting from 0): its weights are damaged or its training diverged, so train it again"
            )
        if self.rows is None:
            object.__setattr__(self, "rows", np.arange(self.n_images))

    @property
    def n_images(self) -> int:
        """N."""
        return len(self.labels)

    @property
    def n_classes(self) -> int:
        """K."""
        return len(self.class_names)

    @property
    def class_noun(self) -> str:
        """What tables and plots call a class: "digit" where the classes are the digits, "class" otherwise."""
        return "digit" if self.class_names == DIGITS else "class"

    @cached_property
    def predictions(self) -> np.ndarray:
        """int64 (N,): the most probable class of each image, the first one of equals."""
        return self.probabilities.argmax(axis=1)

    @cached_property
    def confidences(self) -> np.ndarray:
        """float32 (N,): the probability of each prediction."""
        return self.probabilities.max(axis=1)

    @cached_property
    def correct(self) -> np.ndarray:
        """bool (N,): whether each prediction is the label."""
        return self.predictions == self.labels

    @property
    def errors(self) -> int:
        """Number of images read wrongly."""
        return self.n_images - int(np.count_nonzero(self.correct))

    @property
    def accuracy(self) -> float:
        """Share of images read correctly, a fraction."""
        return (self.n_images - self.errors) / self.n_images

    @property
    def interval(self) -> tuple[float, float]:
        """95 % Wilson interval of the accuracy, fractions."""
        return wilson_interval(self.n_images - self.errors, self.n_images)

    @cached_property
    def cross_entropy(self) -> float:
        """Mean −log probability of the label, in nats.

        A probability that underflowed to 0 counts as the smallest normal float32, 87.3 nats: it was smaller
        than that, so the mean is never overstated.
        """
        of_label = self.probabilities[np.arange(self.n_images), self.labels].astype(np.float64)
        return float(-np.log(np.maximum(of_label, float(np.finfo(np.float32).tiny))).mean())

    @cached_property
    def confusion(self) -> np.ndarray:
        """int64 (K, K): number of images per true class (rows) and predicted class (columns)."""
        cells = self.labels * self.n_classes + self.predictions
        return np.bincount(cells, minlength=self.n_classes**2).reshape(self.n_classes, self.n_classes)

    @cached_property
    def per_class(self) -> tuple[ClassScore, ...]:
        """Precision, recall, F1 and support of each class, in the order of `class_names`."""
        hits = self.confusion.diagonal()
        support, predicted = self.confusion.sum(axis=1), self.confusion.sum(axis=0)
        precision = hits / np.maximum(predicted, 1)
        recall = hits / np.maximum(support, 1)
        f1 = 2 * hits / np.maximum(support + predicted, 1)
        columns = (column.tolist() for column in (precision, recall, f1, support))
        return tuple(ClassScore(*row) for row in zip(self.class_names, *columns, strict=True))

    @cached_property
    def reliability(self) -> tuple[ReliabilityBin, ...]:
        """Confidence against accuracy, in the bins of width 1/15 that hold an image."""
        return reliability_bins(self.confidences, self.correct, EQUAL_BINS)

    @property
    def calibration_error(self) -> float:
        """Expected calibration error over those bins, a fraction."""
        return expected_calibration_error(self.reliability)

    @cached_property
    def coverage_curve(self) -> CoverageCurve:
        """How the share of errors falls where only the more confident answers are given."""
        return CoverageCurve.of(self.confidences, self.correct)

    def compare(self, rival: Evaluation) -> McNemar:
        """McNemar's test against another model on the same images; ValueError where images or classes differ."""
        if self.class_names != rival.class_names:
            raise ValueError(f"{self.name} and {rival.name} do not have the same classes")
        if not np.array_equal(self.labels, rival.labels):
            raise ValueError(f"{self.name} and {rival.name} were not evaluated on the same images")
        return mcnemar(self.labels, self.predictions, rival.predictions)

    def confused_pairs(self, k: int) -> tuple[ConfusedPair, ...]:
        """The at most k pairs of classes that are confused most often, most frequent first."""
        wrong = self.confusion.copy()
        np.fill_diagonal(wrong, 0)
        cells = np.argsort(-wrong, axis=None, kind="stable")[:k].tolist()
        return tuple(
            ConfusedPair(cell // self.n_classes, cell % self.n_classes, int(wrong.flat[cell]))
            for cell in cells
            if wrong.flat[cell]
        )

    def worst_mistakes(self, k: int) -> tuple[Mistake, ...]:
        """The at most k wrong answers given with the highest confidence, most confident first."""
        wrong = np.flatnonzero(~self.correct)
        worst = wrong[np.argsort(-self.confidences[wrong], kind="stable")][:k]
        columns = (worst, self.rows[worst], self.labels[worst], self.predictions[worst], self.confidences[worst])
        return tuple(Mistake(*values) for values in zip(*(column.tolist() for column in columns), strict=True))

    def to_dict(self) -> dict[str, Any]:
        """Everything for JSON: shares are fractions, classes have their names, `confusion` one row per true class."""
        return {
            "name": self.name,
            "images": self.n_images,
            "errors": self.errors,
            "accuracy": self.accuracy,
            "accuracy_interval_95": list(self.interval),
            "cross_entropy_nats": self.cross_entropy,
            "calibration_error": self.calibration_error,
            "at_99_percent_coverage": self.coverage_curve.at(0.99)._asdict(),
            "area_under_coverage_curve": self.coverage_curve.area,
            "class_names": list(self.class_names),
            "per_class": [asdict(score) for score in self.per_class],
            "confusion": self.confusion.tolist(),
            "confused_pairs": [self._named(pair) for pair in self.confused_pairs(LISTED_IN_JSON)],
            "worst_mistakes": [self._named(mistake) for mistake in self.worst_mistakes(LISTED_IN_JSON)],
            "reliability": [_entry(bin_) for bin_ in self.reliability],
        }

    def _named(self, entry: ConfusedPair | Mistake) -> dict[str, Any]:
        """A confused pair or a mistake with names of classes in place of their numbers."""
        names = {"label": self.class_names[entry.label], "prediction": self.class_names[entry.prediction]}
        return _entry(entry) | names


def _entry(entry: ConfusedPair | Mistake | ReliabilityBin) -> dict[str, Any]:
    """The entry of a list for JSON, where counts are called "images" and "correct", since there are no arrays."""
    return {name.removeprefix("n_"): value for name, value in asdict(entry).items()}
