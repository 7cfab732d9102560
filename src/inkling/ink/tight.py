"""Tight crops: small pictures whose digit reaches their border, as collections of 8×8 or 16×16 pixels have them.

With hardly any ground around, neither its level shows nor which side of it ink is on, and ink at the border would be
taken for what remains of a neighbour. The ground of such a picture is of one level; so more of it is put around.
"""

from __future__ import annotations

import numpy as np

_SMALL = 32  # pixels: the longer side; remains of frames and neighbours are found in larger pictures, cut out of pages
_GROUND = 0.15  # of the border has exactly its level at least, which is the lowest or the highest in the picture
_FRAME = 0.25  # of the longer side


def framed(levels: np.ndarray) -> tuple[np.ndarray, int]:
    """Grey levels float32 (H, W) with a frame of ground, and how many pixels wide that is; 0 where none is needed."""
    if max(levels.shape) > _SMALL:
        return levels, 0
    border = np.concatenate([levels[0], levels[-1], levels[:, 0], levels[:, -1]])
    share, ground = max((float((border == level).mean()), float(level)) for level in (levels.min(), levels.max()))
    if not _GROUND <= share < 1:
        return levels, 0
    margin = 1 + int(_FRAME * max(levels.shape))
    return np.pad(levels, margin, constant_values=ground), margin
