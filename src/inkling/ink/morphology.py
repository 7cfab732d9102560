"""Grey-level morphology: the highest level in a window around each pixel, and the closing that is made of it.

The names are SciPy's (`scipy.ndimage`); NumPy alone is as fast here and imports in no time.
"""

from __future__ import annotations

import numpy as np


def grey_closing(levels: np.ndarray, reach: int) -> np.ndarray:
    """Grey levels (H, W) without dark things that are narrower than 2 reach + 1 pixels.

    First the highest level in a square window around each pixel, then the lowest of these. Edges of shadows stay
    where they are.
    """
    return -max_filter(-max_filter(levels, reach), reach)


def max_filter(levels: np.ndarray, reach: int) -> np.ndarray:
    """The highest level in the window of ± `reach` pixels around each pixel, float or bool array (H, W)."""
    for axis in (0, 1):
        levels = np.moveaxis(_max_along_rows(np.moveaxis(levels, axis, 0), reach), 0, axis)
    return levels


def _max_along_rows(levels: np.ndarray, reach: int) -> np.ndarray:
    """The same along the first axis: windows grow by doubling, then two of them overlap to the wanted length."""
    count, window = len(levels), 2 * reach + 1
    found, covered = np.pad(levels, ((reach, reach), (0, 0)), mode="edge"), 1
    while 2 * covered <= window:
        found = np.maximum(found[:-covered], found[covered:])
        covered *= 2
    return np.maximum(found[:count], found[window - covered : window - covered + count])


def labelled_as(labels: np.ndarray, wanted: np.ndarray | list[int]) -> np.ndarray:
    """The pixels of an array of labels, int (H, W) from 0, that have one of some labels: bool (H, W).

    `np.isin` does the same, and takes twice as long for a small picture.
    """
    is_wanted = np.zeros(max(int(labels.max(initial=0)), int(np.max(wanted, initial=0))) + 1, bool)
    is_wanted[wanted] = True
    return is_wanted[labels]


def dilate(mask: np.ndarray, iterations: int = 1) -> np.ndarray:
    """Binary dilation, bool (H, W): each iteration adds the neighbours above, below and beside the pixels."""
    for _ in range(iterations):
        grown = mask.copy()
        grown[1:] |= mask[:-1]
        grown[:-1] |= mask[1:]
        grown[:, 1:] |= mask[:, :-1]
        grown[:, :-1] |= mask[:, 1:]
        mask = grown
    return mask
