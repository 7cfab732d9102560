"""The augmenter: a list of augmentations at work on batches, with the scratch they need."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inkling.augmentation.affine import Affine, Shift
from inkling.augmentation.augmentation import Augmentation
from inkling.augmentation.canvas import CHUNK, Canvas
from inkling.augmentation.elastic import Elastic
from inkling.augmentation.photometric import Photometric
from inkling.augmentation.warp import Warp
from inkling.ink.normalization import DIGIT_SHAPE


class Augmenter:
    """Augmentations as a function on batches; scratch for one process.

    What moves pixels comes first, as one warp; the others follow in their order.
    """

    def __init__(self, augmentations: Sequence[Augmentation], image_shape: Sequence[int] = DIGIT_SHAPE) -> None:
        """UsageError where one of them cannot work on images of this shape (H, W)."""
        height, width = image_shape
        self.image_shape = height, width
        for each in augmentations:
            each.require_fits(self.image_shape)
        photometric = (each for each in augmentations if isinstance(each, Photometric))
        self.stages = [*_geometric(augmentations, self.image_shape), *photometric]
        self.scratch = Canvas(self.image_shape), Canvas(self.image_shape)

    def __call__(self, images: np.ndarray, rng: np.random.Generator) -> None:
        """Change images (n, H, W, 1) float32 0-1, bright ink, in place, each by a draw of its own."""
        pixels = images.reshape(len(images), *self.image_shape)
        for stage in self.stages:
            parameters = stage.parameters(rng, len(images), self.image_shape)
            changed = np.flatnonzero(parameters.any(axis=tuple(range(1, parameters.ndim))))
            for start in range(0, len(changed), CHUNK):
                rows = changed[start : start + CHUNK]
                chunk = pixels[rows]
                stage.apply(chunk, parameters[rows], self.scratch)
                pixels[rows] = chunk


def _geometric(augmentations: Sequence[Augmentation], shape: tuple[int, int]) -> list[Shift | Warp]:
    """What moves pixels, as one stage at most; whole pixels need no sampling."""
    match [each for each in augmentations if isinstance(each, Affine | Elastic)]:
        case []:
            return []
        case [Shift() as shift]:
            return [shift]
        case moves:
            return [Warp(moves, shape)]
