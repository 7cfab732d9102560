"""The network: a function of a flat parameter vector, with its gradient.

Letters in shapes: N images in a batch, H and W rows and columns, C channels in, O features or channels out,
K kernel size, F features in. Images are (N, H, W, C). Nothing here imports anything but NumPy.
"""

from inkling.nn.activations import LeakyReLU, ReLU
from inkling.nn.dropout import Dropout
from inkling.nn.flatten import Flatten
from inkling.nn.init import Constant, KaimingNormal, Normal, XavierNormal
from inkling.nn.layer import Cache, Layer, Spec
from inkling.nn.linear import Linear
from inkling.nn.loss import one_hot, softmax, softmax_cross_entropy
from inkling.nn.network import IMAGES, Network
from inkling.nn.normalization import BatchNorm1d
from inkling.nn.parameters import Layout, Parameters
from inkling.nn.workspace import Workspace
from inkling.notation import vocabulary

LAYERS = vocabulary(Flatten, Linear, ReLU, LeakyReLU, Dropout, BatchNorm1d)
INITIALIZERS = vocabulary(KaimingNormal, XavierNormal, Normal, Constant)

__all__ = [
    "IMAGES",
    "INITIALIZERS",
    "LAYERS",
    "BatchNorm1d",
    "Cache",
    "Constant",
    "Dropout",
    "Flatten",
    "KaimingNormal",
    "Layer",
    "Layout",
    "LeakyReLU",
    "Linear",
    "Network",
    "Normal",
    "Parameters",
    "ReLU",
    "Spec",
    "Workspace",
    "XavierNormal",
    "one_hot",
    "softmax",
    "softmax_cross_entropy",
]
