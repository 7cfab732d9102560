"""The network: a function of a flat parameter vector, with its gradient.

Letters in shapes: N images in a batch, H and W rows and columns, C channels in, O features or channels out,
K kernel size, F features in. Images are (N, H, W, C). Nothing here imports anything but NumPy.
"""

from inkling.nn.activations import LeakyReLU, ReLU
from inkling.nn.conv2d import Conv2d
from inkling.nn.crop import CenterCrop
from inkling.nn.dropout import Dropout
from inkling.nn.ensemble import Ensemble
from inkling.nn.flatten import Flatten
from inkling.nn.folding import fold
from inkling.nn.init import Constant, KaimingNormal, Normal, XavierNormal
from inkling.nn.layer import Cache, Layer, ParameterSpec
from inkling.nn.linear import Linear
from inkling.nn.loss import one_hot, softmax, softmax_cross_entropy
from inkling.nn.network import INPUT_SHAPE, Network
from inkling.nn.normalization import BatchNorm1d, BatchNorm2d
from inkling.nn.parameters import Layout, Parameters
from inkling.nn.pooling import AvgPool2d, GlobalAvgPool, MaxPool2d
from inkling.nn.residual import Residual
from inkling.nn.sequential import Sequential
from inkling.nn.vocabulary import INITIALIZERS, LAYERS, read_network
from inkling.nn.workspace import Workspace

__all__ = [
    "INITIALIZERS",
    "INPUT_SHAPE",
    "LAYERS",
    "AvgPool2d",
    "BatchNorm1d",
    "BatchNorm2d",
    "Cache",
    "CenterCrop",
    "Constant",
    "Conv2d",
    "Dropout",
    "Ensemble",
    "Flatten",
    "GlobalAvgPool",
    "KaimingNormal",
    "Layer",
    "Layout",
    "LeakyReLU",
    "Linear",
    "MaxPool2d",
    "Network",
    "Normal",
    "ParameterSpec",
    "Parameters",
    "ReLU",
    "Residual",
    "Sequential",
    "Workspace",
    "XavierNormal",
    "fold",
    "one_hot",
    "read_network",
    "softmax",
    "softmax_cross_entropy",
]
