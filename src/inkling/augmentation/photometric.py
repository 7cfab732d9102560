"""Photometric augmentations change how much ink is where and move nothing: the effects of pen, paper, light, camera.

Two layers of ink let through what both let through, so that a layer s over an image x makes it 1 − (1 − s)(1 − x).
"""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from inkling.augmentation.augmentation import Augmentation
from inkling.augmentation.canvas import Canvas


class Photometric(Augmentation):
    """Base of the augmentations that change grey levels in place."""

    @abstractmethod
    def apply(self, images: np.ndarray, parameters: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        """Change images (n, H, W) float32 0-1 in place, at most CHUNK of them, as their parameters (n, …) say."""


def lay_over(images: np.ndarray, layer: np.ndarray) -> None:
    """x ← x + s (1 − x), in place, for ink s from 0 to 1; the layer is used up."""
    layer *= 1 - images
    images += layer
