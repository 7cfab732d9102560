"""An archive to score: MNIST's training images again and again, each time from another one on, in one npy file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inkling.data import load


def write_archive(path: Path, count: int) -> None:
    """Write so many images, uint8 (count, 28, 28); the same ones each time."""
    training = load("mnist").part("train").images
    archive = np.lib.format.open_memmap(path, "w+", np.uint8, (count, *training.shape[1:]))
    rng = np.random.default_rng(0)
    for start in range(0, count, len(training)):
        turned = np.roll(training, int(rng.integers(len(training))), axis=0)
        archive[start : start + len(training)] = turned[: count - start]
    archive.flush()
