"""Light: a brighter image, and the sides of the image inverted."""

from __future__ import annotations

import numpy as np

from inkling.evaluation.pixels import to_float, to_uint8

# Brightness has severity 5 of 5: this share of white is added.
BRIGHTNESS = 0.5
# Width of the stripe in the middle that stays as it is.
STRIPE_PIXELS = 14


def brightness(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Half of white added to every pixel, at most white."""
    return to_uint8(to_float(images) + np.float32(BRIGHTNESS))


def stripe(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The middle 14 columns as they are, the 7 on either side inverted."""
    side = (images.shape[2] - STRIPE_PIXELS) // 2
    striped = 255 - images
    striped[:, :, side:-side] = images[:, :, side:-side]
    return striped
