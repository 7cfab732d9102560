"""The exponential moving average of θ over the steps: it follows the descent without the noise of single batches."""

from __future__ import annotations

import numpy as np


def ema_update(average: np.ndarray, θ: np.ndarray, scratch: np.ndarray, *, decay: float, t: int) -> None:
    """Let θ into the average after step t, counted from 1. `scratch`, as long as θ, is overwritten.

    θ̄ₜ = dₜ θ̄ₜ₋₁ + (1 − dₜ) θₜ      with      dₜ = min(d, (1 + t) / (10 + t))

    The warm-up of dₜ lets go of the start: until d is reached, the latest ninth of the steps weighs most. It is that of
    TensorFlow's ExponentialMovingAverage (`num_updates`). The mean of all steps so far, which Kingma and Ba's
    correction for bias amounts to ("Adam" 2015, section 7.2), kept too much of the start (docs/log.md).
    """
    weight = 1.0 - min(decay, (1 + t) / (10 + t))
    np.subtract(θ, average, out=scratch)
    scratch *= weight
    average += scratch
