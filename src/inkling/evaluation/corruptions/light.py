"""Light: too much of it, and the sides of the picture turned to their negative."""

from __future__ import annotations

import numpy as np

from inkling.evaluation.pixels import to_float, to_uint8

BRIGHTNESS = 0.5  # severity 5 of 5
STRIPE = 14  # columns in the middle


def brightness(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Half of full light added to every pixel; beyond white is white."""
    return to_uint8(to_float(images) + np.float32(BRIGHTNESS))


def stripe(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The middle 14 columns as they are, the 7 on either side inverted."""
    side = (images.shape[2] - STRIPE) // 2
    striped = 255 - images
    striped[:, :, side:-side] = images[:, :, side:-side]
    return striped
