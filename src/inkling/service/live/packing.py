"""Packing: arrays in JSON, small enough to be sent after each epoch."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

LEVELS = 32767  # The largest int16.


def packed(array: np.ndarray) -> dict[str, Any]:
    """Numbers as little-endian int16: each is `largest` · value / 32767, right to 1/65534 of the largest magnitude."""
    largest = float(np.abs(array).max(initial=0.0))
    levels = np.rint(array * (LEVELS / largest)) if largest else np.zeros(array.shape)
    return {
        "shape": list(array.shape),
        "largest": largest,
        "int16": base64.b64encode(levels.astype("<i2").tobytes()).decode(),
    }


def packed_bytes(array: np.ndarray) -> str:
    """A uint8 array in base64."""
    assert array.dtype == np.uint8
    return base64.b64encode(array.tobytes()).decode()
