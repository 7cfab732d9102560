"""The names that networks are written in, in recipes and model files."""

from __future__ import annotations

from collections.abc import Iterable

from inkling.nn import layers
from inkling.nn.init import Constant, KaimingNormal, Normal, XavierNormal
from inkling.nn.layer import Shape
from inkling.nn.network import INPUT_SHAPE, Network
from inkling.notation import read, vocabulary

LAYERS = vocabulary(*(getattr(layers, name) for name in layers.__all__))
INITIALIZERS = vocabulary(KaimingNormal, XavierNormal, Normal, Constant)


def read_network(texts: Iterable[str], input_shape: Shape = INPUT_SHAPE) -> Network:
    """The network of layers in notation, such as ["Flatten()", "Linear(10)"]; UsageError where one is no layer."""
    return Network(*(read(text, LAYERS, LAYERS | INITIALIZERS) for text in texts), input_shape=input_shape)
