"""All layers that recipes and model files can name. A new layer is an import and a name here."""

from inkling.nn.activations import LeakyReLU, ReLU
from inkling.nn.conv2d import Conv2d
from inkling.nn.crop import CenterCrop
from inkling.nn.depthwise_conv2d import DepthwiseConv2d
from inkling.nn.dropout import Dropout
from inkling.nn.ensemble import Ensemble
from inkling.nn.flatten import Flatten
from inkling.nn.gelu import GELU
from inkling.nn.global_pooling import GlobalAvgPool
from inkling.nn.layer_norm import LayerNorm
from inkling.nn.linear import Linear
from inkling.nn.normalization import BatchNorm1d, BatchNorm2d
from inkling.nn.pooling import AvgPool2d, MaxPool2d
from inkling.nn.residual import Residual
from inkling.nn.sequential import Sequential

__all__ = [  # noqa: RUF022  # in the order in which messages list them
    "Linear",
    "Conv2d",
    "ReLU",
    "LeakyReLU",
    "GELU",
    "DepthwiseConv2d",
    "MaxPool2d",
    "AvgPool2d",
    "GlobalAvgPool",
    "BatchNorm1d",
    "BatchNorm2d",
    "LayerNorm",
    "Dropout",
    "Flatten",
    "CenterCrop",
    "Residual",
    "Sequential",
    "Ensemble",
]
