"""The network of an estimator: hidden layers from its parameters, shape and number of logits from the data."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

from inkling.errors import UsageError
from inkling.nn import GELU, INITIALIZERS, LAYERS, Dropout, Flatten, Layer, LeakyReLU, Linear, Network, ReLU
from inkling.nn.chain import shapes_of
from inkling.notation import read

Shape = tuple[int, ...]

ACTIVATIONS: dict[str, tuple[Layer, ...]] = {
    "relu": (ReLU(),),
    "leaky_relu": (LeakyReLU(),),
    "gelu": (GELU(),),
    "identity": (),
}


def perceptron(widths: Sequence[int], activation: str, dropout: float) -> list[Layer]:
    """Hidden layers of these widths, each with its activation and, where dropout is above 0, a Dropout."""
    behind = (*ACTIVATIONS[activation], *((Dropout(float(dropout)),) if dropout else ()))
    return [Flatten(), *(layer for width in widths for layer in (Linear(int(width)), *behind))]


def layers_of(network: Sequence[Layer | str]) -> list[Layer]:
    """Layers given as objects, or in the notation of recipes; UsageError where one is neither."""
    words: dict[str, Any] = {**LAYERS, **INITIALIZERS}
    return [read(each, LAYERS, words) if isinstance(each, str) else each for each in network]


def input_shape_for(image_shape: Sequence[int] | None, n_features: int) -> Shape:
    """The shape of one row: (n_features,), or that of an image (H, W, C); UsageError where the features do not fill it.

    One number of `image_shape` may be −1, as in `numpy.reshape`: it follows from the number of features.
    """
    if image_shape is None:
        return (n_features,)
    shape = (*image_shape, 1) if len(image_shape) == 2 else tuple(image_shape)
    known = math.prod(side for side in shape if side != -1)
    filled = tuple(n_features // known if side == -1 else int(side) for side in shape)
    if math.prod(filled) != n_features or min(filled) < 1:
        raise UsageError(
            f"X has {n_features} features, but images of image_shape={tuple(image_shape)} have "
            f"{'a multiple of ' if -1 in shape else ''}{known}: give the shape of the images in X"
        )
    return filled


def complete_network(layers: Sequence[Layer], input_shape: Shape, n_classes: int) -> Network:
    """A network with one logit per class.

    A last `Linear` makes the logits, whatever its width was. Layers that end in an `Ensemble` make them already. Behind
    any other layer comes a `Linear`, after a `Flatten` where the output is an image.

    Raises
    ------
    UsageError
        The layers cannot take such an input, or an ensemble has another number of logits.
    """
    *hidden, last = layers or [Flatten()]
    if isinstance(last, Linear):
        return Network(*hidden, dataclasses.replace(last, out_features=n_classes), input_shape=input_shape)
    hidden = [*hidden, last]
    end = shapes_of(hidden, input_shape)[-1]
    if last.branches and len(last.branches) > 1:
        if end != (n_classes,):
            raise UsageError(
                f"the network ends in {end}, but y has {n_classes} classes: end each branch with a logit per class"
            )
        return Network(*hidden, input_shape=input_shape)
    flat = [] if len(end) == 1 else [Flatten()]
    return Network(*hidden, *flat, Linear(n_classes), input_shape=input_shape)
