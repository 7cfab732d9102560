"""An augmentation: the frozen description of a random change, and how its parameters are drawn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any

import numpy as np

from inkling.errors import UsageError
from inkling.notation import Notated


class Augmentation(Notated, ABC):
    """Base of all augmentations. Whatever the kind, parameters of 0 leave an image as it is."""

    p: float  # the share of images that are changed

    def __post_init__(self) -> None:
        self.require("p", self.p, 0 <= self.p <= 1, "from 0 to 1")

    def require(self, name: str, value: object, legal: bool, expected: str) -> None:
        if not legal:
            raise UsageError(f"{type(self).__name__} needs {name} {expected}, not {value}")

    def __getstate__(self) -> dict[str, Any]:
        """The fields, without the tables made of them: a view of every window in the noise would be pickled in full."""
        return {
            name: value
            for name, value in vars(self).items()
            if not isinstance(getattr(type(self), name, None), cached_property)
        }

    def parameters(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Parameters (n, …) for n images, each drawn for itself; 0 for those that p leaves out."""
        drawn = self.draw(rng, n)
        drawn[rng.random(n) >= self.p] = 0
        return drawn

    @abstractmethod
    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Parameters (n, …), as if p were 1."""
