"""Encoded pictures, one image each: decoded as single characters, or as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from inkling.data.values import require_size
from inkling.errors import DataError
from inkling.ink import digit_image, open_picture
from inkling.ink.normalization import DIGIT_SHAPE


@dataclass(frozen=True, eq=False)
class Pictures:
    """Encoded pictures, which are decoded when it is known what they show.

    Attributes
    ----------
    names : what messages call each of them.
    reader : the bytes of the picture at a place.
    """

    names: Sequence[str]
    reader: Callable[[int], bytes]

    def normalized(self) -> tuple[np.ndarray, bool]:
        """Single characters as MNIST has them, uint8 (N, 28, 28), and whether any of them had another form before."""
        images, changed = np.empty((len(self.names), *DIGIT_SHAPE), np.uint8), False
        for place, name in enumerate(self.names):
            levels = open_picture(self.reader(place), name).levels
            if is_like_mnist(levels):
                images[place] = np.rint(levels)
            else:
                images[place], changed = digit_image(levels), True
        return images, changed

    def as_they_are(self) -> np.ndarray:
        """Their grey levels, uint8 (N, H, W), of whatever size they have in common; DataError where they have none."""
        images: list[np.ndarray] = []
        for place, name in enumerate(self.names):
            picture = open_picture(self.reader(place), name)
            width, height = picture.size
            require_size(height, width, name)
            if images and (height, width) != images[0].shape:
                expected = "{}×{}".format(*images[0].shape)
                raise DataError(
                    f"{name}: a picture of {expected} pixels was expected, as {self.names[0]} is, found "
                    f"{height}×{width}; bring all pictures to one size"
                )
            images.append(np.rint(picture.levels).astype(np.uint8))
        return np.stack(images)


def is_like_mnist(levels: np.ndarray) -> bool:
    """Whether grey levels (H, W) are 28×28 with a dark ground: MNIST's form, which stays as it is."""
    return levels.shape == DIGIT_SHAPE and bool(2 * _border_level(levels) < levels.max())


def _border_level(levels: np.ndarray) -> float:
    """The median grey level of the outermost pixels."""
    return float(np.median(np.concatenate([levels[0], levels[-1], levels[1:-1, 0], levels[1:-1, -1]])))
