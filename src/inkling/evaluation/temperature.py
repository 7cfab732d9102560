"""Temperature: one number that logits are divided by, so that confidence agrees with accuracy.

    p = softmax(z / T)

T > 1 lowers every confidence and T < 1 raises it; the most probable class stays the same. An overconfident network
needs T > 1. A network trained with label smoothing or strong augmentation often needs T < 1. T is fitted on images
that the network did not learn from.

Source: Guo, Pleiss, Sun, Weinberger, "On calibration of modern neural networks", 2017, section 4.2.
"""

from __future__ import annotations

import math

import numpy as np

MIN_TEMPERATURE = 0.05
MAX_TEMPERATURE = 20.0
# The interval of log T is halved so often, which leaves T known to 14 digits.
BISECTIONS = 50


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The T from 0.05 to 20 with the lowest cross-entropy of softmax(logits / T).

    The cross-entropy is convex in β = 1 / T, so its only minimum lies where the slope changes sign:

        d cross-entropy / dβ = meanₙ (Σⱼ pₙⱼ zₙⱼ − zₙ[labelₙ]),    p = softmax(β z)

    That T is found by bisection of log T. If the slope keeps its sign, as where every answer is correct, the result
    is the end of the range with the lower cross-entropy.

    Parameters
    ----------
    logits : (N, K) of a model with temperature 1.
    labels : int64 (N,), classes.
    """
    z = logits - logits.max(axis=1, keepdims=True).astype(np.float64)
    of_label = z[np.arange(len(z)), labels].mean()
    low, high = math.log(MIN_TEMPERATURE), math.log(MAX_TEMPERATURE)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        p = np.exp(math.exp(-middle) * z)
        expected = ((p * z).sum(axis=1) / p.sum(axis=1)).mean()
        if expected > of_label:  # the cross-entropy rises with β, so it falls with T
            low = middle
        else:
            high = middle
    return math.exp((low + high) / 2)
