"""Blending: between the parameters of a model and what it became lie models that know something of both.

    θ = θ_old + s (θ_new − θ_old)

Wortsman et al. 2022, "Robust fine-tuning of zero-shot models". How far to go is decided by images held out of training.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from inkling.data import Dataset
from inkling.model import Model

SHARES = tuple(tenth / 10 for tenth in range(10, 0, -1))  # of the way
FORGOTTEN = 0.001  # of the guard's images, at most: half of what is promised for others, which it only stands for


def blend(old: Model, new: Model, share: float) -> Model:
    """The model at a share of the way from the old one to the new."""
    params = old.params.copy()
    params.flat += share * (new.params.flat - params.flat)
    params.statistics += share * (new.params.statistics - params.statistics)
    return dataclasses.replace(new, params=params)


def largest_safe_share(old: Model, new: Model, holdout: Dataset) -> float:
    """The largest share that loses no more than FORGOTTEN of the guard, or one image; 0 where all lose more."""
    least = _right(old, holdout) - max(FORGOTTEN * len(holdout), 1)
    return next((share for share in SHARES if _right(blend(old, new, share), holdout) >= least), 0.0)


def _right(model: Model, dataset: Dataset) -> int:
    return int(np.count_nonzero(model.predict(dataset.images) == dataset.labels))
