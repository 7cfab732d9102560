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
   latter. A layer that `needs_output` in `backward` is never followed in place. The workspace decides; layers need
   not care.
"""

from __future__ import annotations

import dataclasses
import typing
from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, ClassVar, NamedTuple

import numpy as np

from inkling.errors import UsageError
from inkling.nn.init import Initializer
from inkling.notation import Notated, fits, make_plain

Array = np.ndarray
Shape = tuple[int, ...]
Rng = np.random.Generator | None
Cache = SimpleNamespace
KINDS: Mapping[Any, str] = {  # of arguments; others are not checked
    int: "a whole number",
    int | None: "a whole number or None",
    float: "a number",
    bool: "True or False",
    Initializer: "an initializer such as KaimingNormal()",
}


class ParameterSpec(NamedTuple):
    """One parameter of a layer: its shape, its first values, and whether weight decay applies to it."""

    shape: Shape
    init: Initializer
    decayed: bool = False


class Layer(Notated, ABC):
    """Base of all layers. Shapes leave out the batch axis N."""

    in_place: ClassVar[bool] = False
    in_place_backward: ClassVar[bool] = False
    needs_output: ClassVar[bool] = False
    reshapes: ClassVar[bool] = False  # y is a view of x, dx a view of dy; nothing is computed
    transparent: ClassVar[bool] = False  # the layers inside work on x, y, dy and dx as if they stood in its place

    def __post_init__(self) -> None:
        """UsageError where an argument is not of its kind; NumPy's numbers become plain ones, which can be written."""
        make_plain(self)
        hints = typing.get_type_hints(type(self))
        for field in dataclasses.fields(self):  # type: ignore[arg-type]  # every layer is one
            name, content = field.name, getattr(self, field.name)
            kind = KINDS.get(hints[name])
            if kind and not fits(content, hints[name]):
                article = "an" if name[0] in "aeiou" else "a"
                square = " (kernels are square)" if isinstance(content, tuple | list) else ""
                raise UsageError(
                    f"{type(self).__name__} needs {article} {name} that is {kind}{square}, not {content!r}"
                )

    def output_shape(self, shape: Shape) -> Shape:
        """Shape of y for an x of `shape`; UsageError where such an x cannot be taken."""
        return shape

    @property
    def inner(self) -> tuple[Layer, ...]:
        """Layers that this one is made of; their caches are `cache.inner`, their parameters p[0], p[1], …"""
        return ()

    @property
    def branches(self) -> tuple[tuple[Layer, ...], ...]:
        """The layers of `inner` as chains, each of which is given the input of this layer."""
        return (self.inner,) if self.inner else ()

    def parameters(self, shape: Shape) -> Mapping[str, ParameterSpec]:
        """What is learnt by descent, by name."""
        return {}

    def statistics(self, shape: Shape) -> Mapping[str, ParameterSpec]:
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

    def update_statistics(self, p: Any, seen: Any) -> None:
        """Fold the statistics of a batch, left by `backward` in `seen`, into those of `p`."""


def require_images(layer: Layer, shape: Shape) -> None:
    """UsageError where what the layer is given are no images (H, W, C)."""
    if len(shape) != 3:
        raise UsageError(f"{layer} takes images (H, W, C), not arrays of shape {shape}: put it before Flatten()")
