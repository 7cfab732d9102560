"""The metrics of a record: on images as they are labelled, and without known label errors."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from inkling.data import Dataset
from inkling.evaluation import Evaluation
from inkling.export.c import export_c
from inkling.export.c.int8 import Int8Code
from inkling.export.c.judged import IntegerModel
from inkling.model import Model

VIEWS = {"plain": "one view", "tta": "five views"}  # "tta" is test-time augmentation
# Rows, from 0, of the images of MNIST's test set whose label is wrong by human judgement. Northcutt, Athalye and
# Mueller, "Pervasive label errors in test sets destabilize machine learning benchmarks", 2021, count as many.
LABEL_ERRORS = (947, 1621, 1901, 2130, 2462, 2597, 2654, 3520, 3558, 5937, 6651, 6783, 8527, 9679, 9729)


@dataclass(frozen=True)
class RecordMetrics:
    """Accuracies and error rates are fractions.

    Attributes
    ----------
    errors : images whose prediction is not their label.
    accuracy : share of the images whose prediction is their label.
    accuracy_without_label_errors : accuracy without `LABEL_ERRORS`; None unless the images are the test set.
    cross_entropy : mean −log probability of the label, in nats.
    calibration_error : expected calibration error over 15 equal bins.
    error_at_99_coverage : share of errors among the 99 % of the images that the model is surest of.
    """

    errors: int
    accuracy: float
    accuracy_without_label_errors: float | None
    cross_entropy: float
    calibration_error: float
    error_at_99_coverage: float


def evaluate(model: Model, images: Dataset, *, is_test: bool) -> dict[str, Any]:
    """The metrics for each of VIEWS, as plain types; `is_test` says that the images are MNIST's test set."""
    return {view: dataclasses.asdict(_metrics(model, images, view == "tta", is_test)) for view in VIEWS}


def integer_accuracy(model: Model, calibration: np.ndarray, images: Dataset) -> dict[str, float]:
    """Errors and accuracy of the integers that `inkling export c --int8` makes of the model, for one view of an image.

    Parameters
    ----------
    calibration : uint8 (N, H, W), images that the model has learnt, for the scales.
    """
    code = export_c(model, calibration, int8=True).code
    assert isinstance(code, Int8Code)
    wrong = int((IntegerModel.of(model, code).predict(images.images) != images.labels).sum())
    return {"errors": wrong, "accuracy": 1 - wrong / len(images)}


def _metrics(model: Model, images: Dataset, tta: bool, is_test: bool) -> RecordMetrics:
    assert images.labels is not None
    found = Evaluation(images.labels, model.predict_proba(images.images, tta=tta))
    correct = found.predictions == images.labels
    return RecordMetrics(
        errors=found.errors,
        accuracy=found.accuracy,
        accuracy_without_label_errors=float(np.delete(correct, LABEL_ERRORS).mean()) if is_test else None,
        cross_entropy=found.cross_entropy,
        calibration_error=found.calibration_error,
        error_at_99_coverage=found.coverage_curve.at(0.99).error,
    )
