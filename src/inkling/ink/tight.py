"""Tight crops: small pictures whose digit reaches their border, as collections of 8×8 or 16×16 pixels have them.

Where hardly any ground is left around a digit, its level does not show, and ink at the border would be taken for the
remains of a neighbour. The ground of such a picture has one level, so a frame of this level is added.
"""

from __future__ import annotations

import numpy as np

_LONGEST_SIDE = 32  # pixels; larger pictures are cut out of pages and may have remains of frames and neighbours.
_GROUND_SHARE = 0.15  # The ground has exactly one level, the lowest or highest, on at least this share of the border.
_FRAME = 0.25  # The width of the frame is this share of the longer side, and one pixel.


def pad_tight_crop(levels: np.ndarray) -> tuple[np.ndarray, int]:
    """Grey levels float32 (H, W) with a frame of ground, and its width in pixels; 0 where none is needed."""
    if max(levels.shape) > _LONGEST_SIDE:
        return levels, 0
    border = np.concatenate([levels[0], levels[-1], levels[:, 0], levels[:, -1]])
    share, ground = max((float((border == level).mean()), float(level)) for level in (levels.min(), levels.max()))
    if not _GROUND_SHARE <= share < 1:
        return levels, 0
    margin = 1 + int(_FRAME * max(levels.shape))
    return np.pad(levels, margin, constant_values=ground), margin
