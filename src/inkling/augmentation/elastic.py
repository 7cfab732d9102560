"""Elastic deformation: every pixel moved a little, its neighbours nearly alike, as if another person had written."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np

from inkling.augmentation.augmentation import Augmentation
from inkling.augmentation.canvas import require_small_table
from inkling.ink.normalization import DIGIT_SHAPE, SIDE

_KEPT_VARIANCE = 0.999  # The expansion is cut where it has this fraction of the variance of the field.


@dataclass(frozen=True, repr=False)
class Elastic(Augmentation):
    """Random displacements: Simard, Steinkraus and Platt 2003, "Best Practices for Convolutional Neural Networks", 2.

    They fill an image with uniform noise from −1 to 1, smooth it by a Gaussian of `sigma` pixels and multiply it by
    `alpha`, once for the rows and once for the columns. Such a field has, at every pixel,

        standard deviation  s = alpha / (sigma √(12π)) pixels       correlation at distance r   exp(−r² / 4 sigma²)

    Here a field with these two, of normal instead of nearly normal values, is drawn without smoothing anything: as
    a sum of fixed maps with random coefficients (its Karhunen-Loève expansion, cut where 99.9 % of s² are reached).
    The paper found alpha = 34, sigma = 4 best for MNIST: s = 1.4 pixels.
    """

    alpha: float
    sigma: float = 4.0
    p: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("alpha", self.alpha, 0 < self.alpha <= 1000, "above 0, at most 1000")
        self.require("sigma", self.sigma, 1 <= self.sigma <= SIDE, f"from 1 to {SIDE} pixels")

    def draw(self, rng: np.random.Generator, n: int, shape: tuple[int, int]) -> np.ndarray:
        """Coefficients (n, 2, K) of the displacements down and to the right."""
        return rng.standard_normal((n, 2, len(self.basis(shape))), np.float32)

    def require_fits(self, shape: tuple[int, int]) -> None:
        self.basis(shape)

    def basis(self, shape: tuple[int, int] = DIGIT_SHAPE) -> np.ndarray:
        """Maps (K, H·W) float32; with normal coefficients, their sum is a field of displacements in pixels.

        Raises
        ------
        UsageError
            So many maps are needed for large images and a small sigma that they would not fit into memory.
        """
        return _basis(self, shape)


@functools.lru_cache(maxsize=4)
def _basis(elastic: Elastic, shape: tuple[int, int]) -> np.ndarray:
    """The covariance is a product of one for rows and one for columns, so its eigenvectors are outer products."""
    (down, rows_of), (across, columns_of) = (_eigenvectors(side, elastic.sigma) for side in shape)
    products = np.outer(down, across).ravel()
    largest = np.argsort(-products, kind="stable")
    shares = np.cumsum(products[largest]) / (shape[0] * shape[1])
    kept = largest[: np.searchsorted(shares, _KEPT_VARIANCE) + 1]
    require_small_table(4 * len(kept) * shape[0] * shape[1], elastic, shape, "take a larger sigma")
    rows, columns = np.divmod(kept, shape[1])
    sizes = np.sqrt(down[rows] * across[columns]) * elastic.alpha / (elastic.sigma * math.sqrt(12 * math.pi))
    maps = np.einsum("k,ik,jk->kij", sizes, rows_of[:, rows], columns_of[:, columns])
    return maps.reshape(len(maps), -1).astype(np.float32)


def _eigenvectors(side: int, sigma: float) -> tuple[np.ndarray, np.ndarray]:
    """Variances (side,) and vectors (side, side), one per column, of the covariance exp(−d² / 4 sigma²)."""
    places = np.arange(side)
    variances, vectors = np.linalg.eigh(np.exp(-((places[:, None] - places) ** 2) / (4 * sigma**2)))
    vectors *= np.sign(vectors[0])  # the signs are the library's whim; with these, machines agree but for rounding
    return variances, vectors
