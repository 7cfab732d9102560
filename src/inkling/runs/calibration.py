"""Calibration of a trained model: it gets the temperature that its recipe gives, or one fitted on held-out images."""

from __future__ import annotations

import dataclasses
from typing import Literal

from inkling.data import Dataset
from inkling.evaluation import fit_temperature
from inkling.model import Model
from inkling.nn import softmax_cross_entropy
from inkling.processor import one_blas_thread

# A fitted temperature is rounded, so that it can be copied into another recipe; further decimals are noise.
DECIMALS = 4


def calibrate(model: Model, temperature: float | Literal["fit"], validation: Dataset | None) -> Model:
    """The model, of temperature 1 and any classes, with this temperature.

    Where the temperature is fitted, the metadata have an entry "calibration": the number of images that it was fitted
    on, and their mean cross-entropy in nats before and after.
    """
    if temperature != "fit":
        return dataclasses.replace(model, temperature=temperature)
    assert validation is not None, "the recipe and the training loop refuse this"
    assert validation.labels is not None
    with one_blas_thread():  # the same bits on any number of cores, since the metadata are part of the model file
        logits, labels = model.logits(validation.images), validation.labels
    fitted = round(fit_temperature(logits, labels), DECIMALS)
    calibration = {
        "images": len(validation),
        "cross_entropy_before": softmax_cross_entropy(logits, labels),
        "cross_entropy_after": softmax_cross_entropy(logits / fitted, labels),
    }
    return dataclasses.replace(model, temperature=fitted, metadata={**model.metadata, "calibration": calibration})
