"""The network: a function of a flat parameter vector, with its gradient.

Letters in shapes: N images in a batch, H and W rows and columns, C channels in, O features or channels out,
K kernel size, F features in. Images are (N, H, W, C). Nothing here imports anything but NumPy.
"""

from inkling.nn import layers
from inkling.nn.alignment import ctc_alignment
from inkling.nn.ctc import ctc_log_probabilities, ctc_log_probability, ctc_loss, log_softmax
from inkling.nn.device import CPU, Device
from inkling.nn.folding import fold
from inkling.nn.init import Constant, Fans, KaimingNormal, Normal, XavierNormal
from inkling.nn.layer import ArraySpec, Cache, Layer, ParameterSpec
from inkling.nn.layers import *  # noqa: F403  # each layer, by the name that recipes know
from inkling.nn.loss import one_hot, softmax, softmax_cross_entropy
from inkling.nn.losses import LOSSES, CrossEntropyLoss, CTCLoss, Loss
from inkling.nn.network import INPUT_SHAPE, Network
from inkling.nn.parameters import Layout, Parameters
from inkling.nn.vocabulary import INITIALIZERS, LAYERS, read_network, register
from inkling.nn.workspace import Workspace

__all__ = [
    "CPU",
    "INITIALIZERS",
    "INPUT_SHAPE",
    "LAYERS",
    "LOSSES",
    "ArraySpec",
    "CTCLoss",
    "Cache",
    "Constant",
    "CrossEntropyLoss",
    "Device",
    "Fans",
    "KaimingNormal",
    "Layer",
    "Layout",
    "Loss",
    "Network",
    "Normal",
    "ParameterSpec",
    "Parameters",
    "Workspace",
    "XavierNormal",
    "ctc_alignment",
    "ctc_log_probabilities",
    "ctc_log_probability",
    "ctc_loss",
    "fold",
    "log_softmax",
    "one_hot",
    "read_network",
    "register",
    "softmax",
    "softmax_cross_entropy",
]
__all__ += layers.__all__
