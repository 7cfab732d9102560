"""Morphology: the highest and the lowest levels around each pixel, and things narrower than that filled up."""

from __future__ import annotations

import numpy as np


def grey_closing(levels: np.ndarray, reach: int) -> np.ndarray:
    """Grey levels (H, W) without the dark things on them that are narrower than 2 reach + 1 pixels.

    A closing: the highest in a square window, then of these the lowest. Edges of shadows stay where they are.
    """
    return -max_filter(-max_filter(levels, reach), reach)


def max_filter(levels: np.ndarray, reach: int) -> np.ndarray:
    """The highest level in the window of ± `reach` pixels around each, float or bool array (H, W)."""
    for axis in (0, 1):
        levels = np.moveaxis(_highest_along(np.moveaxis(levels, axis, 0), reach), 0, axis)
    return levels


def _highest_along(levels: np.ndarray, reach: int) -> np.ndarray:
    """Along the first axis: windows grow by doubling, then two of them overlap to the wanted length."""
    count, window = len(levels), 2 * reach + 1
    found, covered = np.pad(levels, ((reach, reach), (0, 0)), mode="edge"), 1
    while 2 * covered <= window:
        found = np.maximum(found[:-covered], found[covered:])
        covered *= 2
    return np.maximum(found[:count], found[window - covered : window - covered + count])
