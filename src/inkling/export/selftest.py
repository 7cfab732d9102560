"""Images for the self-tests of exported files."""

from __future__ import annotations

import numpy as np

from inkling.data.digits import load_digits
from inkling.ink import DIGIT_SHAPE
from inkling.model import Model


def selftest_images(model: Model) -> np.ndarray:
    """At least ten images uint8 (N, H, W): embedded digits, or noise where the network takes images of another size."""
    shape, digits = model.input_shape[:2], load_digits().test
    if shape == DIGIT_SHAPE and digits is not None:
        return digits.images
    return np.random.default_rng(0).integers(0, 256, (10, *shape), np.uint8)
