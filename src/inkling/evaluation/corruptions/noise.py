"""Noise: light that is counted in few photons, and pixels that fail."""

from __future__ import annotations

import numpy as np

from inkling.evaluation.pixels import to_float, to_uint8

# Shot noise has severity 5 of 5: a white pixel counts so many events on average.
EVENTS = 3
# Impulse noise has severity 4 of 5: this share of the pixels fails.
FAILING = 0.17


def shot_noise(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each pixel counts events, Poisson-distributed with 3 times its level 0-1 as the mean; three or more are white."""
    return to_uint8(rng.poisson(to_float(images) * EVENTS) / EVENTS)


def impulse_noise(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """17 % of the pixels become black or white, with equal probability (salt and pepper)."""
    draw = rng.random(images.shape, np.float32)
    salted = np.where(draw < FAILING, np.uint8(255), images)
    return np.where(draw < FAILING / 2, np.uint8(0), salted)
