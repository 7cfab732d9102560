"""Noise: light that arrives in grains, and pixels that fail."""

from __future__ import annotations

import numpy as np

from inkling.evaluation.pixels import to_float, to_uint8

EVENTS = 3  # that a white pixel counts on average; severity 5 of 5
FAILING = 0.17  # share of the pixels; severity 4 of 5


def shot_noise(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each pixel counts events, Poisson with 3 times its light as the mean; three or more are white."""
    return to_uint8(rng.poisson(to_float(images) * EVENTS) / EVENTS)


def impulse_noise(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """17 % of the pixels fail: each is black or white, with equal chances, whatever it was (salt and pepper)."""
    draw = rng.random(images.shape, np.float32)
    salted = np.where(draw < FAILING, np.uint8(255), images)
    return np.where(draw < FAILING / 2, np.uint8(0), salted)
