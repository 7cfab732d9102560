"""The mixture of kinds that stands for all that is no digit."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from inkling.classes import require_digits
from inkling.data.dataset import Dataset
from inkling.errors import UsageError
from inkling.ink.normalization import DIGIT_SHAPE
from inkling.synthesis.alphabet import letter, symbol
from inkling.synthesis.blanks import blank
from inkling.synthesis.scribbles import scribble
from inkling.synthesis.several import several
from inkling.synthesis.spoilt import spoilt


class Kind(NamedTuple):
    """A kind of picture, its share of the mixture, and how one is drawn: uint8 (28, 28)."""

    name: str
    share: float
    draw: Callable[[Dataset, np.random.Generator], np.ndarray]


KINDS = (
    Kind("letters", 0.20, letter),
    Kind("symbols", 0.15, symbol),
    Kind("scribbles", 0.15, scribble),
    Kind("blanks", 0.15, blank),
    Kind("several digits", 0.25, several),
    Kind("spoilt digits", 0.10, spoilt),
)


def non_digits(digits: Dataset, n: int, rng: np.random.Generator) -> np.ndarray:
    """Pictures uint8 (n, 28, 28) of what is no digit, as a normaliser would hand them over, kind after kind.

    Letters, symbols and scribbles are drawn by a pen of our own; several and spoilt digits are made of `digits`, which
    have labels. The shares are those of KINDS, to within one picture.

    Raises
    ------
    UsageError
        The classes are not the digits 0 to 9, or their images not 28×28.
    """
    require_digits(digits.class_names, "pictures of what is no digit are made of data")
    if digits.image_shape != DIGIT_SHAPE:
        height, width = digits.image_shape
        raise UsageError(f"pictures of what is no digit are 28×28, but {digits.name} has images of {height}×{width}")
    bounds = np.rint(n * np.cumsum([kind.share for kind in KINDS])).astype(int)
    images = np.empty((n, *DIGIT_SHAPE), np.uint8)
    for kind, start, stop in zip(KINDS, [0, *bounds[:-1]], bounds, strict=True):
        for i in range(start, stop):
            images[i] = kind.draw(digits, rng)
    return images
