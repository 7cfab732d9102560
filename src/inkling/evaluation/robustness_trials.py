"""A stress test: a reader of digits is shown the same images clean, corrupted in 15 ways, and in sweeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from inkling.evaluation.corruptions import CORRUPTIONS, corrupt
from inkling.evaluation.pixels import ndimage
from inkling.evaluation.robustness import CLEAN, Trial
from inkling.evaluation.sweeps import SWEEPS

TRIALS = 1 + len(CORRUPTIONS) + sum(len(sweep.strengths) for sweep in SWEEPS)


def evaluate_robustness(
    predict: Callable[[np.ndarray], np.ndarray], images: np.ndarray, labels: np.ndarray
) -> Iterator[Trial]:
    """The TRIALS trials of a `Robustness`, each when it is done; the same images are changed alike in every test.

    Parameters
    ----------
    predict : probabilities (N, 10) of images uint8 (N, 28, 28).
    images, labels : N ≥ 1 images uint8 (N, 28, 28), bright ink on ground 0, and the digits (N,) that they show.

    Raises
    ------
    MissingExtraError : if SciPy is not installed.
    """
    ndimage()  # before minutes of work, not after

    def trial(change: str, changed: np.ndarray, strength: float | None = None, unit: str = "") -> Trial:
        right = predict(changed).argmax(axis=1) == labels
        return Trial(change, float(right.mean()), changed[0].copy(), strength, unit)

    yield trial(CLEAN, images)
    for name in CORRUPTIONS:
        yield trial(name, corrupt(images, name))
    for sweep in SWEEPS:
        for strength in sweep.strengths:
            yield trial(sweep.name, sweep.change(images, strength), strength, sweep.unit)
