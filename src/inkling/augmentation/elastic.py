"""Elastic deformation: every pixel moved a little, its neighbours nearly alike, as by another hand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from inkling.augmentation.augmentation import Augmentation
from inkling.augmentation.canvas import SIDE

_KEPT = 0.999  # of the variance of the field


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

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Coefficients (n, 2, K) of the displacements down and to the right."""
        return rng.standard_normal((n, 2, len(self.basis)), np.float32)

    @cached_property
    def basis(self) -> np.ndarray:
        """Maps (K, 784) float32; with normal coefficients, their sum is a field of displacements in pixels.

        The covariance is a product of one for rows and one for columns, so its eigenvectors are outer products.
        """
        places = np.arange(SIDE)
        variances, vectors = np.linalg.eigh(np.exp(-((places[:, None] - places) ** 2) / (4 * self.sigma**2)))
        vectors *= np.sign(vectors[0])  # the signs are the library's whim; with these, machines agree but for rounding
        products = np.outer(variances, variances).ravel()
        largest = np.argsort(-products, kind="stable")
        shares = np.cumsum(products[largest]) / SIDE**2
        rows, columns = np.divmod(largest[: np.searchsorted(shares, _KEPT) + 1], SIDE)
        sizes = np.sqrt(variances[rows] * variances[columns]) * self.alpha / (self.sigma * math.sqrt(12 * math.pi))
        maps = np.einsum("k,ik,jk->kij", sizes, vectors[:, rows], vectors[:, columns])
        return maps.reshape(-1, SIDE * SIDE).astype(np.float32)
