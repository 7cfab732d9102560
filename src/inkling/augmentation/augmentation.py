"""An augmentation: the frozen description of a random change, and how its parameters are drawn."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from inkling.errors import UsageError
from inkling.notation import Notated


class Augmentation(Notated, ABC):
    """Base of all augmentations. Whatever the kind, parameters of 0 leave an image as it is."""

    p: float  # the share of images that are changed, a fraction

    def __post_init__(self) -> None:
        self.require("p", self.p, 0 <= self.p <= 1, "from 0 to 1")

    def require(self, name: str, value: object, legal: bool, expected: str) -> None:
        if not legal:
            raise UsageError(f"{type(self).__name__} needs {name} {expected}, not {value}")

    def require_fits(self, shape: tuple[int, int]) -> None:
        """UsageError where images of this shape (H, W) cannot be changed so; most can, whatever their size."""

    def parameters(self, rng: np.random.Generator, n: int, shape: tuple[int, int]) -> np.ndarray:
        """Parameters (n, …) for n images of this shape (H, W), drawn for each image; 0 for those that p leaves out."""
        drawn = self.draw(rng, n, shape)
        drawn[rng.random(n) >= self.p] = 0
        return drawn

    @abstractmethod
    def draw(self, rng: np.random.Generator, n: int, shape: tuple[int, int]) -> np.ndarray:
        """Parameters (n, …) for images of this shape (H, W), as if p were 1."""
