"""The exponential moving average (EMA) of θ over the steps: it follows θ without the noise of single batches."""

from __future__ import annotations

import numpy as np


def ema_update(average: np.ndarray, θ: np.ndarray, scratch: np.ndarray, *, decay: float, t: int) -> None:
    """Update the average with θ as it is after step t, counted from 1. `scratch`, as long as θ, is overwritten.

    θ̄ₜ = dₜ θ̄ₜ₋₁ + (1 − dₜ) θₜ      with      dₜ = min(d, (1 + t) / (10 + t))

    dₜ grows from 2/11 to d, so that the start is soon forgotten; it is the warm-up of TensorFlow's
    ExponentialMovingAverage (`num_updates`). The correction for bias of Kingma and Ba ("Adam" 2015, section 7.2) would
    give the mean of all steps so far. That kept too much of the start (docs/log.md).
    """
    weight = 1.0 - min(decay, (1 + t) / (10 + t))
    np.subtract(θ, average, out=scratch)
    scratch *= weight
    average += scratch
