"""Temperature: the one number that logits are divided by, so that a network is as sure as it is right.

    p = softmax(z / T)

T > 1 makes every answer less sure, T < 1 surer; which answer is the most probable stays the same. A network trained
to certainty wants T > 1, one that saw softened labels or hard augmentation T < 1. T is fitted on images that the
network did not learn from.

Source: Guo, Pleiss, Sun, Weinberger, "On calibration of modern neural networks", 2017, section 4.2.
"""

from __future__ import annotations

import math

import numpy as np

LEAST, MOST = 0.05, 20.0  # where T is looked for
HALVINGS = 50  # of log T, which leave it known to 14 digits


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The T from 0.05 to 20 with the lowest cross-entropy of softmax(logits / T).

    In β = 1 / T the cross-entropy is convex, so its one minimum lies where the slope changes sign:

        d cross-entropy / dβ = meanₙ (Σⱼ pₙⱼ zₙⱼ − zₙ[labelₙ]),    p = softmax(β z)

    log T is halved in on that place. Without one, as where every answer is right, T is the end that is better.

    Parameters
    ----------
    logits : (N, O)
    labels : (N,) classes.
    """
    z = logits - logits.max(axis=1, keepdims=True).astype(np.float64)
    of_label = z[np.arange(len(z)), labels].mean()
    low, high = math.log(LEAST), math.log(MOST)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        p = np.exp(math.exp(-middle) * z)
        expected = ((p * z).sum(axis=1) / p.sum(axis=1)).mean()
        if expected > of_label:  # the cross-entropy rises with β, so it falls with T
            low = middle
        else:
            high = middle
    return math.exp((low + high) / 2)
