"""Robustness trials: a model predicts the same images clean, corrupted in 15 ways, and along sweeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from inkling.errors import UsageError
from inkling.evaluation.corruptions import CORRUPTIONS, corrupt
from inkling.evaluation.pixels import ndimage
from inkling.evaluation.robustness import CLEAN, Trial
from inkling.evaluation.sweeps import SWEEPS
from inkling.ink.normalization import DIGIT_SHAPE

TRIALS = 1 + len(CORRUPTIONS) + sum(len(sweep.strengths) for sweep in SWEEPS)


def evaluate_robustness(
    predict: Callable[[np.ndarray], np.ndarray], images: np.ndarray, labels: np.ndarray
) -> Iterator[Trial]:
    """The TRIALS trials of a `Robustness`, one after the other; the same images are always changed alike.

    Parameters
    ----------
    predict : gives probabilities (N, K) of images uint8 (N, 28, 28).
    images : uint8 (N, 28, 28), N ≥ 1, bright ink on ground 0.
    labels : int64 (N,), classes.

    Raises
    ------
    UsageError : if the images have another size. MNIST-C states its strengths in pixels of images of 28×28, so that
        figures for other sizes would not compare with any other.
    MissingExtraError : if SciPy is not installed.
    """
    height, width = images.shape[1:]
    if (height, width) != DIGIT_SHAPE:
        raise UsageError(
            f"robustness is measured with the corruptions of MNIST-C, which are made for images of 28×28 pixels, not "
            f"of {height}×{width}: evaluate without it"
        )
    ndimage()  # A missing SciPy is an error now, not after minutes of work.

    def trial(change: str, changed: np.ndarray, strength: float | None = None, unit: str = "") -> Trial:
        correct = predict(changed).argmax(axis=1) == labels
        return Trial(change, float(correct.mean()), changed[0].copy(), strength, unit)

    yield trial(CLEAN, images)
    for name in CORRUPTIONS:
        yield trial(name, corrupt(images, name))
    for sweep in SWEEPS:
        for strength in sweep.strengths:
            yield trial(sweep.name, sweep.change(images, strength), strength, sweep.unit)
