"""The words that networks are written in, in recipes and model files."""

from __future__ import annotations

from collections.abc import Iterable

from inkling.nn.activations import LeakyReLU, ReLU
from inkling.nn.conv2d import Conv2d
from inkling.nn.crop import CenterCrop
from inkling.nn.dropout import Dropout
from inkling.nn.ensemble import Ensemble
from inkling.nn.flatten import Flatten
from inkling.nn.init import Constant, KaimingNormal, Normal, XavierNormal
from inkling.nn.layer import Shape
from inkling.nn.linear import Linear
from inkling.nn.network import INPUT_SHAPE, Network
from inkling.nn.normalization import BatchNorm1d, BatchNorm2d
from inkling.nn.pooling import AvgPool2d, GlobalAvgPool, MaxPool2d
from inkling.nn.residual import Residual
from inkling.nn.sequential import Sequential
from inkling.notation import read, vocabulary

LAYERS = vocabulary(
    Linear, Conv2d, ReLU, LeakyReLU, MaxPool2d, AvgPool2d, GlobalAvgPool, BatchNorm1d, BatchNorm2d, Dropout, Flatten,
    CenterCrop, Residual, Sequential, Ensemble,
)  # fmt: skip
INITIALIZERS = vocabulary(KaimingNormal, XavierNormal, Normal, Constant)


def read_network(texts: Iterable[str], input_shape: Shape = INPUT_SHAPE) -> Network:
    """The network of layers in notation, such as ["Flatten()", "Linear(10)"]; UsageError where one is no layer."""
    return Network(*(read(text, LAYERS, LAYERS | INITIALIZERS) for text in texts), input_shape=input_shape)
