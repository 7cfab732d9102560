"""A warp: all that moves pixels about, composed into one map from new to old places and sampled once.

    y, x = Σₖ cₖ · basisₖ       a number per pixel: 1, its y and its x, and elastic maps
    new  = old between the four pixels around (y, x), bilinearly; ground outside

Sampling after every augmentation would blur the image each time.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np

from inkling.augmentation.affine import Affine
from inkling.augmentation.canvas import CHUNK, Canvas
from inkling.augmentation.elastic import Elastic
from inkling.ink.normalization import DIGIT_SHAPE


class Warp:
    """Affine augmentations in their order, and elastic displacements added to where those lead; with its scratch."""

    def __init__(self, parts: Sequence[Affine | Elastic], shape: tuple[int, int] = DIGIT_SHAPE) -> None:
        self.parts = parts
        self.centre = (np.array(shape, np.float32) - 1) / 2
        n_pixels = shape[0] * shape[1]
        y, x = np.indices(shape, np.float32).reshape(2, n_pixels) - self.centre[:, None]
        elastic = (part.basis(shape) for part in parts if isinstance(part, Elastic))
        self.basis = np.vstack([np.ones_like(y), y, x, *elastic])
        self.index = np.empty((CHUNK, n_pixels), np.intp)
        self.places, self.whole, self.left, self.right = np.empty((4, 2, CHUNK, n_pixels), np.float32)

    def parameters(self, rng: np.random.Generator, n: int, shape: tuple[int, int]) -> np.ndarray:
        """Coefficients (n, 2, K) float32 of the rows and of the columns to sample at, drawn from all parts."""
        return self.compose([part.parameters(rng, n, shape) for part in self.parts])

    def compose(self, drawn: Sequence[np.ndarray]) -> np.ndarray:
        """Coefficients (n, 2, K) float32 that the parameters of the parts come to."""
        pairs = list(zip(self.parts, drawn, strict=True))
        matrices = [part.matrices(parameters) for part, parameters in pairs if isinstance(part, Affine)]
        affine = functools.reduce(np.matmul, matrices, np.eye(3))[..., 1:, :]
        elastic = [parameters for part, parameters in pairs if isinstance(part, Elastic)]
        all_of_them = [np.broadcast_to(affine, (len(drawn[0]), 2, 3)), *elastic]
        coefficients = np.concatenate(all_of_them, axis=2, dtype=np.float32, casting="same_kind")
        coefficients[..., 0] += self.centre + 1  # places on a canvas count from the corner of its ring
        return coefficients

    def apply(self, images: np.ndarray, coefficients: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        """Replace images (n, H, W), at most CHUNK of them, by what they show where the coefficients say."""
        n, canvas = len(images), scratch[0]
        canvas.inside[:n] = images
        places, whole, left, right = (a[:, :n] for a in (self.places, self.whole, self.left, self.right))
        np.matmul(coefficients.swapaxes(0, 1), self.basis, out=places)
        for along, last in zip(places, canvas.whole.shape[1:], strict=True):
            np.clip(along, 0, last - 1, out=along)
        np.floor(places, out=whole)
        places -= whole
        down, across = places
        index = self._index(whole, canvas)
        for shift, corners in ((0, left), (1, right)):
            np.take(canvas.flat[shift:], index, out=corners[0], mode="clip")  # "raise" would buffer a copy
            np.take(canvas.flat[shift + canvas.pitch :], index, out=corners[1], mode="clip")
        upper, lower = _between(left, right, across)
        images[...] = _between(upper, lower, down).reshape(images.shape)

    def _index(self, whole: np.ndarray, canvas: Canvas) -> np.ndarray:
        """Where the pixel above and left of each place lies in the flat canvas; exact within an image, below 2²⁴."""
        rows, columns = whole
        rows *= canvas.pitch
        rows += columns
        index = self.index[: len(rows)]
        np.copyto(index, rows, casting="unsafe")
        index += np.arange(0, len(rows) * canvas.area, canvas.area)[:, None]
        return index


def _between(start: np.ndarray, end: np.ndarray, share: np.ndarray) -> np.ndarray:
    """The value that lies this share of the way from start to end, in the place of start; end is used up."""
    end -= start
    end *= share
    start += end
    return start
