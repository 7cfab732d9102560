"""A layer: a frozen description plus two short methods that are handed all they work on.

The contract, which `inkling.testing.check_layer` proves for any layer:

1. `forward` writes into `cache.y` and returns it. In training it leaves in `cache` what `backward` needs. When it
   predicts, the output of an image does not depend on the other images of its batch.
2. `backward` overwrites the arrays of `g` with the gradient of the parameters, and writes that of its input into
   `cache.dx`. A layer with parameters may find None there: nobody asks the first of them for the gradient of the
   pixels. `backward` may consume the cache: each training forward has one backward. It may overwrite `dy`: a caller
   that needs `dy` afterwards hands it a copy.
3. Neither method allocates an array as large as a batch. A `Workspace` makes, once, the arrays of this table. Arrays as
   large as a parameter may be allocated; what exists anyway may be put into the cache, as in `cache.x = x`. All arrays
   of a batch are contiguous, also x and dy, so that a `reshape` of one, or of a slice of its images, is a view.

   | array                | shape             | exists      | its content lasts        | declared by      |
   |----------------------|-------------------|-------------|--------------------------|------------------|
   | `cache.y`            | (N, *output)      | always      | until the next forward   | `output_shape`   |
   | `cache.dx`           | (N, *input)       | in training | until the next backward  |                  |
   | `cache.NAME`         | (N, *declared)    | in training | from forward to backward | `cache_arrays`   |
   | `cache.scratch.NAME` | as declared, no N | always      | during one call          | `scratch_arrays` |

   Scratch is zero at first and no other layer writes to it: a border that this layer never writes to stays zero.
4. A layer has no state: `training` and `rng` are arguments. With `training=False`, `forward` reads nothing but `p`,
   `x`, `cache.y`, `cache.scratch`, and `cache.inner`, the caches of the layers inside.
5. Neighbours may share arrays. The workspace decides it, from what each layer declares:

   | flag                | the layer declares                           | the workspace may then                 |
   |---------------------|----------------------------------------------|----------------------------------------|
   | `in_place`          | it reads x no more once y is written,        | let y be the array of x, dx that of dy |
   |                     | nor dy once dx is                            |                                        |
   | `in_place_backward` | it reads dy no more once dx is written       | let dx be the array of dy              |
   | `needs_output`      | its `backward` reads `cache.y`               | not let the next layer write over y    |
   | `reshapes`          | y is x in another shape, dx is dy            | let y be a view of x, dx a view of dy  |
   | `transparent`       | x, y, dy and dx are those of its inner chain | leave all of it to the layers inside   |

   Only with `in_place` may `forward` write over x.
6. Statistics, such as running means, are not moved by descent. `forward` leaves those of the batch in the cache,
   `batch_statistics` hands them over, before `backward` or after it, and `update_statistics` moves the running ones.
7. A weight declares what its shape does not tell: its fans, and whether it is a matrix (`ParameterSpec`).
8. Prediction folds a scale and shift for each channel into another layer. Where a layer is one (`as_affine`), can take
   one in (`absorb`), or can stand on either side of one (`passes_affine`), it says so.
"""

from __future__ import annotations

import dataclasses
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

from inkling.errors import UsageError
from inkling.nn.init import Fans, Initializer
from inkling.notation import Notated, fits, make_plain, type_hints

if TYPE_CHECKING:
    from inkling.nn.blocks import Block

Array = np.ndarray
Arrays = Mapping[str, Array]  # the parameters and statistics of one layer by name, "0.weight" for a layer inside it
Shape = tuple[int, ...]
Rng = np.random.Generator | None
Cache = SimpleNamespace

# What an argument with such an annotation must be, in words. Arguments with other annotations are not checked.
ARGUMENT_KINDS: Mapping[Any, str] = {
    int: "a whole number",
    int | None: "a whole number or None",
    float: "a number",
    bool: "True or False",
    Initializer: "an initializer such as KaimingNormal()",
}


class ParameterSpec(NamedTuple):
    """What a layer declares about one of its parameters.

    Attributes
    ----------
    shape, init : its shape and how its first values are drawn.
    decayed : whether weight decay applies to it.
    fans : how many numbers each output is a sum over, and each input goes into. Initializers scale with them.
    is_matrix : whether it is one linear map, (F, O) or (…, O), of all inputs at a place to O outputs: Muon makes such a
        map orthogonal. A kernel (K, K, C, O) is one; a kernel for each channel by itself is not.
    """

    shape: Shape
    init: Initializer
    decayed: bool = False
    fans: Fans | None = None
    is_matrix: bool = False


class ArraySpec(NamedTuple):
    """What a layer declares about one array of its cache: the shape of one image's part of it, and the dtype.

    None is the dtype of the network, which is float32 in training and float64 in gradient checks.
    """

    shape: Shape
    dtype: type | None = None


class Layer(Notated, ABC):
    """Base of all layers. Shapes are those of one image: they leave out the batch axis N."""

    in_place: ClassVar[bool] = False
    in_place_backward: ClassVar[bool] = False
    needs_output: ClassVar[bool] = False
    reshapes: ClassVar[bool] = False
    transparent: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """UsageError where an argument is not of its kind; NumPy's numbers become plain ones, which can be written."""
        make_plain(self)
        hints = type_hints(type(self))
        for field in dataclasses.fields(self):  # type: ignore[arg-type]  # every layer is one
            name, content = field.name, getattr(self, field.name)
            kind = ARGUMENT_KINDS.get(hints[name])
            if kind and not fits(content, hints[name]):
                article = "an" if name[0] in "aeiou" else "a"
                square = " (kernels are square)" if isinstance(content, tuple | list) else ""
                raise UsageError(
                    f"{type(self).__name__} needs {article} {name} that is {kind}{square}, not {content!r}"
                    f"{self.advice(name, content)}"
                )

    # --- what the layer is made of ------------------------------------------------------------------------------

    def output_shape(self, shape: Shape) -> Shape:
        """Shape of y for an x of `shape`; UsageError where such an x cannot be taken."""
        return shape

    def parameters(self, shape: Shape) -> Mapping[str, ParameterSpec]:
        """What is learnt by descent, by name."""
        return {}

    def statistics(self, shape: Shape) -> Mapping[str, ParameterSpec]:
        """What is estimated from the batches of training, by name, such as batch normalisation's running moments."""
        return {}

    def cache_arrays(self, shape: Shape) -> Mapping[str, ArraySpec]:
        """Arrays for each image of a training batch besides y and dx, by name: `cache.NAME`, (N,) for the shape ()."""
        return {}

    def scratch_arrays(self, shape: Shape, *, training: bool) -> Mapping[str, Shape | Block]:
        """Shapes of arrays to work through a batch in pieces, by name: `cache.scratch.NAME`, zero at first.

        How many images make a piece is up to the layer (`blocks.images_per_block`); the last may have fewer. An array
        that is a `Block` may be longer than declared: a GPU takes the whole batch as one piece.
        """
        return {}

    def operations(self, shape: Shape) -> int:
        """About how many multiplications, or comparisons, one image takes in predicting, for `bounds`.

        Each weight is used at each place of y, of which the last axis is no place; to that, one operation per output.
        """
        output = self.output_shape(shape)
        weights = sum(math.prod(spec.shape) for spec in self.parameters(shape).values())
        return weights * math.prod(output[:-1]) + math.prod(output)

    @property
    def inner(self) -> tuple[Layer, ...]:
        """The layers inside: their caches are `cache.inner`, their parameters p[0], p[1], …"""
        return ()

    @property
    def branches(self) -> tuple[tuple[Layer, ...], ...]:
        """The layers of `inner` as chains, each of which is given the input of this layer."""
        return (self.inner,) if self.inner else ()

    # --- training and predicting --------------------------------------------------------------------------------

    @abstractmethod
    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        """y (N, *output_shape) of x (N, *shape), with the parameters p; written into `cache.y` as a rule."""

    @abstractmethod
    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        """Overwrite g with the gradient of p, and `cache.dx` with that of x, given dy, that of y (N, *output_shape)."""

    def batch_statistics(self, cache: Cache, out: Any) -> None:
        """Write what the batch of the last training forward showed into the statistics of `out`.

        It may be called before `backward` or after it, which therefore leaves in the cache what this method reads.
        """

    def update_statistics(self, p: Any, seen: Any) -> None:
        """Move the statistics of `p` towards those of a batch, `seen`."""

    # --- folding, where only predicting counts (nn/folding.py) ---------------------------------------------------

    def as_affine(self, arrays: Arrays) -> tuple[Array, Array] | None:
        """s and t (C,) where this layer predicts y = s x + t for each channel, the last axis; None for other layers."""
        return None

    def absorb(self, arrays: Arrays, scale: Array, shift: Array) -> tuple[Layer, Arrays] | None:
        """A layer whose output is scale · y + shift for each channel of y, and its arrays; None where there is none."""
        return None

    def passes_affine(self, scale: Array) -> bool:
        """Whether s x + t in front of this layer comes out as s y + t, for the factors s (C,) and any t."""
        return False


def require_images(layer: Layer, shape: Shape) -> None:
    """UsageError where the input of a layer is not images (H, W, C)."""
    if len(shape) != 3:
        raise UsageError(f"{layer} takes images (H, W, C), not arrays of shape {shape}: put it before Flatten()")


def require_eps(layer: Layer, eps: float) -> None:
    """UsageError where ε is a whole number: other libraries take the number of channels or features in its place."""
    if isinstance(eps, int) and eps > 1:
        name = type(layer).__name__
        raise UsageError(
            f"{name} needs an eps near 0, not {eps}: channels and features are found by themselves: {name}()"
        )
