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


class Augmenter:
    """Augmentations as a function on batches; scratch for one process.

    What moves pixels comes first, as one warp; the others follow in their order.
    """

    def __init__(self, augmentations: Sequence[Augmentation]) -> None:
        self.stages = [*_moves(augmentations), *(each for each in augmentations if isinstance(each, Photometric))]
        self.scratch = Canvas(), Canvas()

    def __call__(self, images: np.ndarray, rng: np.random.Generator) -> None:
        """Change images (n, 28, 28, 1) float32 0-1, bright ink, in place, each by a draw of its own."""
        pixels = images.reshape(images.shape[:3])
        for stage in self.stages:
            parameters = stage.parameters(rng, len(images))
            changed = np.flatnonzero(parameters.any(axis=tuple(range(1, parameters.ndim))))
            for start in range(0, len(changed), CHUNK):
                rows = changed[start : start + CHUNK]
                chunk = pixels[rows]
                stage.apply(chunk, parameters[rows], self.scratch)
                pixels[rows] = chunk


def _moves(augmentations: Sequence[Augmentation]) -> list[Shift | Warp]:
    """What moves pixels, as one stage at most; whole pixels need no sampling."""
    match [each for each in augmentations if isinstance(each, Affine | Elastic)]:
        case []:
            return []
        case [Shift() as shift]:
            return [shift]
        case moves:
            return [Warp(moves)]
