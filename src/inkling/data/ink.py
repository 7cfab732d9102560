"""Ink is what stands out from the ground of a picture: grey levels become "how much ink is here".

The ground is what the picture's border shows. Ink is darker or brighter than it, whichever goes further, and what
barely differs is ground too. Later versions may look closer; their callers stay the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

_FAINT = 0.35  # of the strongest ink: what is weaker is shadow, paper and the halo of compression


def ink_of(image: Image) -> np.ndarray:
    """How much ink is where in a picture of any mode, upright as its EXIF tag says.

    Returns
    -------
    float32 array (H, W): 0 on the ground, at most 255; all zeros for a picture of one colour.
    """
    return ink_of_grey(grey_of(image))


def grey_of(image: Image) -> np.ndarray:
    """Grey levels float32 (H, W) from 0 to 255, turned upright, on a ground where the picture is transparent."""
    from PIL import ImageOps

    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I;16"):
        return np.asarray(image, np.float32) / 257
    if image.mode in ("I", "F"):  # 32 bits: nobody knows the range
        levels = np.asarray(image, np.float32)
        return levels * (255 / max(255, levels.max()))
    if not image.has_transparency_data:
        return np.asarray(image.convert("L"), np.float32)
    levels, alpha = (np.asarray(band, np.float32) for band in image.convert("LA").split())
    opacity = alpha / 255
    return levels * opacity + _ground_under(levels, opacity) * (1 - opacity)


def _ground_under(levels: np.ndarray, opacity: np.ndarray) -> float:
    """What to lay under transparency: more of a mostly opaque paper, or the opposite of drawn ink."""
    opaque = levels[opacity > 0.5]
    if not opaque.size:
        return 255.0
    if 2 * opaque.size > levels.size:
        return float(np.median(opaque))
    return 255.0 if opaque.mean() < 128 else 0.0


def ink_of_grey(grey: np.ndarray) -> np.ndarray:
    """How far each grey level (H, W) is from the ground, towards the ink."""
    ground = border_level(grey)
    darker, brighter = ground - grey.min(), grey.max() - ground
    ink = ground - grey if darker > brighter else grey - ground
    return np.where(ink >= _FAINT * ink.max(), ink, 0).clip(min=0)


def border_level(grey: np.ndarray) -> float:
    """The median grey level of the outermost pixels."""
    return float(np.median(np.concatenate([grey[0], grey[-1], grey[1:-1, 0], grey[1:-1, -1]])))
