"""Tempering: a trained model gets the temperature that its recipe gives or wants fitted."""

from __future__ import annotations

import dataclasses
from typing import Literal

from inkling.data import Dataset
from inkling.evaluation import fit_temperature
from inkling.model import Model
from inkling.nn import softmax_cross_entropy
from inkling.processor import one_blas_thread

DECIMALS = 4  # to carry into another recipe; more are noise


def calibrate(model: Model, temperature: float | Literal["fit"], validation: Dataset | None) -> Model:
    """A model of temperature 1 with this temperature instead; what "fit" came to is among its facts.

    The facts say under "calibration" on how many images it was fitted, and their mean cross-entropy in nats
    without it and with it.
    """
    if temperature != "fit":
        return dataclasses.replace(model, temperature=temperature)
    assert validation is not None, "the recipe or the loop refuses this"
    assert validation.labels is not None
    with one_blas_thread():  # as where there is one core: the facts are part of the model's bytes
        logits, labels = model.logits(validation.images), validation.labels
    fitted = round(fit_temperature(logits, labels), DECIMALS)
    calibration = {
        "images": len(validation),
        "cross_entropy_before": softmax_cross_entropy(logits, labels),
        "cross_entropy_after": softmax_cross_entropy(logits / fitted, labels),
    }
    return dataclasses.replace(model, temperature=fitted, metadata={**model.metadata, "calibration": calibration})
