"""A layer: a frozen description plus two short methods that are handed all they work on.

The contract, which `inkling.testing.check_layer` proves for any layer:

1. `forward` writes into `cache.y` and returns it; it leaves in `cache` what `backward` needs.
2. `backward` overwrites the arrays of `g` and writes the gradient of its input into `cache.dx`. Only the first
   layer with parameters may find None there: nobody asks for the gradient of the pixels. It may consume the
   cache: one backward per forward.
3. Neither allocates arrays as large as a batch: what they need is declared in `buffers` (for each image, when
   training) and in `scratch` (of a fixed size, always there), and lives in a `Workspace`.
4. `training` and `rng` are arguments; a layer has no state. With `training=False`, `forward` may read only
   `p`, `x`, `cache.y`, its scratch and the caches of the layers inside it.
5. An `in_place` layer needs neither its input nor the gradient of its output once it has written its own, so
   `cache.y` may be the array of `x`, and `cache.dx` that of `dy`; of one that is only `in_place_backward`, the
   latter. A layer that `reads_output` in `backward` is never followed in place. The workspace decides; layers need
   not care.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, ClassVar, NamedTuple

import numpy as np

from inkling.nn.init import Initializer
from inkling.notation import Notated

Array = np.ndarray
Shape = tuple[int, ...]
Rng = np.random.Generator | None
Cache = SimpleNamespace


class Spec(NamedTuple):
    """One parameter of a layer: its shape, its first values, and whether weight decay applies to it."""

    shape: Shape
    init: Initializer
    decayed: bool = False


class Layer(Notated, ABC):
    """Base of all layers. Shapes leave out the batch axis N."""

    in_place: ClassVar[bool] = False
    in_place_backward: ClassVar[bool] = False
    reads_output: ClassVar[bool] = False
    reshapes: ClassVar[bool] = False  # y is a view of x, dx a view of dy; nothing is computed

    def output_shape(self, shape: Shape) -> Shape:
        """Shape of y for an x of `shape`; UsageError where such an x cannot be taken."""
        return shape

    @property
    def inner(self) -> tuple[Layer, ...]:
        """Layers that this one is made of, in a row; their caches are `cache.inner`, their parameters p[0], p[1], …"""
        return ()

    def parameters(self, shape: Shape) -> Mapping[str, Spec]:
        """What is learnt by descent, by name."""
        return {}

    def statistics(self, shape: Shape) -> Mapping[str, Spec]:
        """What is estimated from the batches seen, by name (batch normalisation's running moments)."""
        return {}

    def buffers(self, shape: Shape) -> Mapping[str, tuple[Shape, type]]:
        """What training needs beside y and dx: name → (shape, dtype), a leading N added to each."""
        return {}

    def scratch(self, shape: Shape, *, training: bool) -> Mapping[str, Shape]:
        """Arrays of a fixed size, zero at first, to work through a batch in pieces that fit the cache: name → shape."""
        return {}

    @abstractmethod
    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array: ...

    @abstractmethod
    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None: ...

    def observe(self, p: Any, seen: Any) -> None:
        """Fold the statistics of a batch, left by `backward` in `seen`, into those of `p`."""
