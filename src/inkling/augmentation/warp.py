"""A warp: all that moves pixels about, composed into one map from new to old places and sampled once.

    y, x = Σₖ cₖ · basisₖ       a number for each of the 784 pixels: 1, its y and its x, and elastic maps
    new  = old between the four pixels around (y, x), bilinearly; ground outside

Sampling after every augmentation would blur the digit each time.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np

from inkling.augmentation.affine import Affine
from inkling.augmentation.canvas import AREA, CHUNK, SIDE, WIDTH, Canvas
from inkling.augmentation.elastic import Elastic

_CENTRE = (SIDE - 1) / 2
_PIXELS = SIDE * SIDE


class Warp:
    """Affine augmentations in their order, and elastic displacements added to where those lead; with its scratch."""

    def __init__(self, parts: Sequence[Affine | Elastic]) -> None:
        self.parts = parts
        y, x = np.indices((SIDE, SIDE), np.float32).reshape(2, _PIXELS) - np.float32(_CENTRE)
        self.basis = np.vstack([np.ones_like(y), y, x, *(part.basis for part in parts if isinstance(part, Elastic))])
        self.starts = np.repeat(np.arange(CHUNK, dtype=np.float32) * AREA, _PIXELS).reshape(CHUNK, _PIXELS)
        self.index = np.empty((CHUNK, _PIXELS), np.intp)
        self.places, self.whole, self.left, self.right = np.empty((4, 2, CHUNK, _PIXELS), np.float32)

    def parameters(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Coefficients (n, 2, K) float32 of the rows and of the columns to sample at, drawn from all parts."""
        return self.compose([part.parameters(rng, n) for part in self.parts])

    def compose(self, drawn: Sequence[np.ndarray]) -> np.ndarray:
        """Coefficients (n, 2, K) float32 that the parameters of the parts come to."""
        pairs = list(zip(self.parts, drawn, strict=True))
        matrices = [part.matrices(parameters) for part, parameters in pairs if isinstance(part, Affine)]
        affine = functools.reduce(np.matmul, matrices, np.eye(3))[..., 1:, :]
        elastic = [parameters for part, parameters in pairs if isinstance(part, Elastic)]
        all_of_them = [np.broadcast_to(affine, (len(drawn[0]), 2, 3)), *elastic]
        coefficients = np.concatenate(all_of_them, axis=2, dtype=np.float32, casting="same_kind")
        coefficients[..., 0] += _CENTRE + 1  # places on a canvas count from the corner of its ring
        return coefficients

    def apply(self, images: np.ndarray, coefficients: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        """Replace images (n, 28, 28), at most CHUNK of them, by what they show where the coefficients say."""
        n, canvas = len(images), scratch[0]
        canvas.inside[:n] = images
        places, whole, left, right = (a[:, :n] for a in (self.places, self.whole, self.left, self.right))
        np.matmul(coefficients.swapaxes(0, 1), self.basis, out=places)
        np.clip(places, 0, WIDTH - 1, out=places)
        np.floor(places, out=whole)
        places -= whole
        down, across = places
        index = self._index(whole)
        for shift, corners in ((0, left), (1, right)):
            np.take(canvas.flat[shift:], index, out=corners[0], mode="clip")  # "raise" would buffer a copy
            np.take(canvas.flat[shift + WIDTH :], index, out=corners[1], mode="clip")
        upper, lower = _between(left, right, across)
        images[...] = _between(upper, lower, down).reshape(images.shape)

    def _index(self, whole: np.ndarray) -> np.ndarray:
        """Where the pixel above and left of each place lies in the flat canvas; exact, being far below 2²⁴."""
        rows, columns = whole
        rows *= WIDTH
        rows += columns
        rows += self.starts[: len(rows)]
        index = self.index[: len(rows)]
        np.copyto(index, rows, casting="unsafe")
        return index


def _between(start: np.ndarray, end: np.ndarray, share: np.ndarray) -> np.ndarray:
    """The value that lies this share of the way from start to end, in the place of start; end is used up."""
    end -= start
    end *= share
    start += end
    return start
