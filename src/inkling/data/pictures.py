"""Encoded pictures, one image each: decoded as single characters, or as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from inkling.data.mnist_form import has_dark_ground, in_mnist_form
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
        """Single characters as MNIST has them, uint8 (N, 28, 28), and whether any of them had another form before.

        Pictures that are in MNIST's form already stay as they are.
        """
        images, changed = np.empty((len(self.names), *DIGIT_SHAPE), np.uint8), False
        candidates = []
        for place, name in enumerate(self.names):
            levels = open_picture(self.reader(place), name).levels
            if levels.shape == DIGIT_SHAPE and has_dark_ground(levels[None])[0]:
                images[place] = np.rint(levels)
                candidates.append(place)
            else:
                images[place], changed = digit_image(levels), True
        if candidates:
            others = np.array(candidates)[~in_mnist_form(images[candidates])]
            for place in others:
                images[place], changed = digit_image(images[place].astype(np.float32)), True
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
