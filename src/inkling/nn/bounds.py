"""Bounds: how large a network may be, so that a file cannot decide how long building takes or how much memory it needs.

A text of a hundred characters can describe layers that never end: pools that look at every pixel a million times,
padding that makes gigabytes of a small image, composites inside composites. Building takes time that is linear in the
number of layers, and what one image needs is bounded. Each bound is far above what reads images of some hundred pixels.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import NamedTuple

from inkling.errors import UsageError
from inkling.nn import chain
from inkling.nn.blocks import array_shape
from inkling.nn.layer import Layer, Shape

MOST_LAYERS = 4096  # Layers inside others count.
MOST_NESTED = 24  # Layers inside layers are nested at most so deep.
MOST_CHARACTERS = 2**18  # of the notation of all layers of a network
MOST_PARAMETERS = 2**27  # half a gigabyte in float32
MOST_NUMBERS = 2**25  # in the outputs of all layers for one image; 128 MiB in float32
MOST_SCRATCH = 2**26  # numbers in the scratch of all layers, which does not grow with the images; 256 MiB in float32
MOST_OPERATIONS = 2**32  # multiplications, or comparisons, to predict one image: about a second


class Size(NamedTuple):
    """What a network takes.

    Attributes
    ----------
    parameters : how many numbers are learnt.
    numbers : in one image and the outputs of all layers for it.
    scratch : numbers in the scratch of all layers.
    operations : multiplications, or comparisons, to predict one image.
    """

    parameters: int
    numbers: int
    scratch: int
    operations: int


def require_few(layers: Sequence[Layer]) -> None:
    """UsageError where there are more layers than MOST_LAYERS, or they are nested deeper than MOST_NESTED."""
    left, found = [(layer, 1) for layer in layers[: MOST_LAYERS + 1]], 0
    while left:
        layer, depth = left.pop()
        found += 1
        if found + len(left) > MOST_LAYERS:
            raise UsageError(f"a network has at most {MOST_LAYERS:,} layers, and this one has more: leave some out")
        if depth > MOST_NESTED:
            raise UsageError(f"layers are nested at most {MOST_NESTED} deep, and these are deeper: nest them less")
        left += [(each, depth + 1) for each in layer.inner[: MOST_LAYERS + 1]]


def size_of(layers: Sequence[Layer], shape: Shape) -> Size:
    """The size of a chain that is given images of this shape; UsageError, as early as possible, beyond a bound."""
    require_few(layers)
    total = _require(Size(0, math.prod(shape), 0, 0), f"an image of {shape}")
    for visit in chain.walk(layers, shape):
        layer, before = visit.layer, visit.shape
        learnt = sum(math.prod(spec.shape) for spec in layer.parameters(before).values()) if not layer.inner else 0
        output = 0 if layer.reshapes or layer.transparent else math.prod(visit.output_shape)
        total = _require(_sum(total, Size(learnt, output, 0, 0)), layer)
        operations = 0 if layer.inner else layer.operations(before)
        arrays = layer.scratch_arrays(before, training=False).values()
        scratch = sum(math.prod(array_shape(each)) for each in arrays)
        total = _require(_sum(total, Size(0, 0, scratch, operations)), layer)
    return total


def _sum(one: Size, other: Size) -> Size:
    return Size(*map(operator.add, one, other))


def _require(size: Size, cause: Layer | str) -> Size:
    """The size, where it is within the bounds; UsageError, which names the layer that is too much, where it is not."""
    for found, most, what in zip(size, _BOUNDS, _WORDS, strict=True):
        if found > most:
            raise UsageError(
                f"{cause} makes the network too large: {found:,} {what} come together, and the bound is {most:,}: make "
                "the network smaller"
            )
    return size


_BOUNDS = Size(MOST_PARAMETERS, MOST_NUMBERS, MOST_SCRATCH, MOST_OPERATIONS)
_WORDS = ("parameters", "numbers per image", "numbers of scratch", "operations per image")
