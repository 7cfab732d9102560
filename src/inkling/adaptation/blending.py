"""Blending: a model on the straight line between the parameters before and after fine-tuning.

    θ = θ_old + share · (θ_new − θ_old)

Wortsman et al. 2022, "Robust fine-tuning of zero-shot models". The share is chosen on images held out of training.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from inkling.data import Dataset
from inkling.model import Model

CANDIDATE_SHARES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
# The fraction of the holdout that may be lost. It is half of result.MAX_ACCURACY_LOSS, because the holdout is only a
# sample of what other writers write.
MAX_HOLDOUT_LOSS = 0.001


def blend(old: Model, new: Model, share: float) -> Model:
    """The model at a share, from 0 to 1, of the way from the old parameters and batch statistics to the new."""
    params = old.params.copy()
    params.flat += share * (new.params.flat - params.flat)
    params.statistics += share * (new.params.statistics - params.statistics)
    return dataclasses.replace(new, params=params)


def largest_safe_share(old: Model, new: Model, holdout: Dataset) -> float:
    """The largest candidate share whose blend still reads the holdout; 0 where there is none.

    Compared with the old model it loses at most MAX_HOLDOUT_LOSS of the images, or one image where that is more.
    """
    fewest = _count_correct(old, holdout) - max(MAX_HOLDOUT_LOSS * len(holdout), 1)
    safe = (share for share in CANDIDATE_SHARES if _count_correct(blend(old, new, share), holdout) >= fewest)
    return next(safe, 0.0)


def _count_correct(model: Model, dataset: Dataset) -> int:
    return int(np.count_nonzero(model.predict(dataset.images) == dataset.labels))
