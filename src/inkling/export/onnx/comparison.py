"""What int8 costs and gains: accuracy and speed of two exported files on the same images, in the same rounds."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass

import numpy as np

from inkling.export.loss import Loss, loss_of
from inkling.export.onnx.session import OnnxModel

ROUNDS = 9  # behind one to warm up; both files are measured in each, so that a slow minute reaches both
TIMED_IMAGES = 512


@dataclass(frozen=True)
class Comparison:
    """`speedups` are the seconds of float32 over those of int8, one per round."""

    loss: Loss
    speedups: tuple[float, ...]

    @property
    def speedup(self) -> float:
        return statistics.median(self.speedups)


def compare(float32: OnnxModel, int8: OnnxModel, images: np.ndarray, labels: np.ndarray) -> Comparison:
    """Both files on labelled images uint8 (N, H, W)."""
    loss = loss_of(float32.predict(images), int8.predict(images), labels)
    return Comparison(loss, _speedups(float32, int8, images))


def _speedups(float32: OnnxModel, int8: OnnxModel, images: np.ndarray) -> tuple[float, ...]:
    timed = np.resize(images, (TIMED_IMAGES, *images.shape[1:]))
    rounds = [[_seconds(model, timed) for model in (float32, int8)] for _ in range(ROUNDS + 1)]
    return tuple(a / b for a, b in rounds[1:])


def _seconds(model: OnnxModel, images: np.ndarray) -> float:
    started = time.perf_counter()
    model.predict_proba(images)
    return time.perf_counter() - started
