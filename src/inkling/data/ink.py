"""Ink is what stands out from the ground of a picture: grey levels become "how much ink is here".

The ground is what the picture's border shows. Ink is darker or brighter than it, whichever goes further, and what
barely differs is ground too. Later versions may look closer; their callers stay the same.
"""

from __future__ import annotations

import numpy as np

_FAINT = 0.35  # of the strongest ink: what is weaker is shadow, paper and the halo of compression


def ink_of_grey(grey: np.ndarray) -> np.ndarray:
    """How far each grey level (H, W) is from the ground, towards the ink.

    Returns
    -------
    float32 array (H, W): 0 on the ground, at most 255; all zeros for a picture of one colour.
    """
    ground = border_level(grey)
    darker, brighter = ground - grey.min(), grey.max() - ground
    ink = ground - grey if darker > brighter else grey - ground
    return np.where(ink >= _FAINT * ink.max(), ink, 0).clip(min=0)


def border_level(grey: np.ndarray) -> float:
    """The median grey level of the outermost pixels."""
    return float(np.median(np.concatenate([grey[0], grey[-1], grey[1:-1, 0], grey[1:-1, -1]])))
