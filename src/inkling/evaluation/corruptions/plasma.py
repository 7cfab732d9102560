"""Plasma: clouds by the diamond-square algorithm, coarse to fine, on a square whose opposite edges meet.

    centre of four points   =  mean of the four points + noise
    middle of two points    =  mean of the two points and of the two centres beside them + noise

Each round halves the distance of the points and shrinks the noise.

Source: A. Fournier, D. Fussell, L. Carpenter, "Computer rendering of stochastic models", 1982. Opposite edges meet, as
in the code that MNIST-C uses.
"""

from __future__ import annotations

import numpy as np


def plasma(rng: np.random.Generator, count: int, rounds: int, shrink: float) -> np.ndarray:
    """Clouds float32 (count, S, S), S = 2^rounds, each from 0 to 1; every round divides the noise by `shrink`."""
    clouds = np.zeros((count, 1, 1), np.float32)
    for i in range(rounds):
        clouds = _finer(clouds, rng, shrink**-i)
    low, high = (end(axis=(1, 2), keepdims=True) for end in (clouds.min, clouds.max))
    clouds -= low
    clouds /= high - low
    return clouds


def _finer(coarse: np.ndarray, rng: np.random.Generator, size: float) -> np.ndarray:
    """Clouds (N, S, S) on a grid of twice the fineness, (N, 2S, 2S); noise is uniform from −size to size."""
    count, side, _ = coarse.shape
    fine = rng.random((count, 2 * side, 2 * side), np.float32)
    fine -= np.float32(0.5)
    fine *= np.float32(2 * size)
    across = coarse + np.roll(coarse, -1, axis=2)
    centres = fine[:, 1::2, 1::2]
    centres += (across + np.roll(across, -1, axis=1)) / 4
    fine[:, ::2, 1::2] += (across + centres + np.roll(centres, 1, axis=1)) / 4
    fine[:, 1::2, ::2] += (coarse + np.roll(coarse, -1, axis=1) + centres + np.roll(centres, 1, axis=2)) / 4
    fine[:, ::2, ::2] = coarse
    return fine
