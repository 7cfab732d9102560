"""Layers that cannot work where they stand are refused in a sentence that names them."""

import numpy as np
import pytest

from inkling.errors import UsageError
from inkling.nn import (
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    CenterCrop,
    Conv2d,
    DepthwiseConv2d,
    Dropout,
    Ensemble,
    Flatten,
    GlobalAvgPool,
    LayerNorm,
    LeakyReLU,
    Linear,
    MaxPool2d,
    Network,
    ReLU,
    Residual,
    Sequential,
    Workspace,
)
from inkling.testing import Offset

ROW, IMAGE = (9,), (6, 5, 2)


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (Linear(10), IMAGE, "rows of features, not arrays of shape .6, 5, 2.: put Flatten"),
        (Linear(0), ROW, "at least one output"),
        (Linear(10**20), ROW, "no more than 16777216"),
        (BatchNorm1d(), IMAGE, r"takes rows of features, not .* 5, 2\): use BatchNorm2d\(\), or Flatten\(\) first"),
        (BatchNorm2d(), ROW, r"takes images \(H, W, C\), not arrays of shape \(9,\): put it before Flatten\(\)"),
        (Conv2d(3, 2), ROW, r"takes images \(H, W, C\), not arrays of shape \(9,\): put it before Flatten\(\)"),
        (MaxPool2d(2), ROW, r"takes images \(H, W, C\), not arrays of shape \(9,\): put it before Flatten\(\)"),
        (AvgPool2d(2), ROW, r"takes images \(H, W, C\), not arrays of shape \(9,\): put it before Flatten\(\)"),
        (GlobalAvgPool(), ROW, r"takes images \(H, W, C\), not arrays of shape \(9,\): put it before Flatten\(\)"),
        (CenterCrop(2), ROW, r"takes images \(H, W, C\), not arrays of shape \(9,\): put it before Flatten\(\)"),
        (Conv2d(0, 3), IMAGE, "at least one output channel"),
        (Conv2d(10**20, 3), IMAGE, "no more than 65536"),
        (Conv2d(3, 0), IMAGE, "kernel_size and a stride from 1 to 1024"),
        (Conv2d(3, 10**9, padding=10**9 - 1), IMAGE, "kernel_size and a stride from 1 to 1024"),
        (Conv2d(3, 3, stride=0), IMAGE, "kernel_size and a stride from 1 to 1024"),
        (Conv2d(3, 3, stride=10**20), IMAGE, "kernel_size and a stride from 1 to 1024"),
        (Conv2d(3, 3, padding=3), IMAGE, "padding from 0 to below kernel_size"),
        (Conv2d(3, 3, padding=-1), IMAGE, "padding from 0 to below kernel_size"),
        (Conv2d(3, 6), IMAGE, "larger than the images that it is given, 6×5 pixels"),
        (Conv2d(3, 8, padding=1), IMAGE, "larger than the images that it is given, 6×5 pixels"),
        (DepthwiseConv2d(2), ROW, r"takes images \(H, W, C\), not arrays of shape \(9,\): put it before Flatten\(\)"),
        (DepthwiseConv2d(0), IMAGE, "kernel_size and a stride from 1 to 1024"),
        (DepthwiseConv2d(3, stride=0), IMAGE, "kernel_size and a stride from 1 to 1024"),
        (DepthwiseConv2d(3, padding=3), IMAGE, "padding from 0 to below kernel_size"),
        (DepthwiseConv2d(6), IMAGE, "larger than the images that it is given, 6×5 pixels"),
        (LayerNorm(), (6, 5, 1), r"needs 2 features or channels or more, not arrays of shape \(6, 5, 1\): .* Put it"),
        (LayerNorm(), (1,), r"needs 2 features or channels or more, not arrays of shape \(1,\)"),
        (MaxPool2d(6), IMAGE, "larger than the images that it is given, 6×5 pixels"),
        (AvgPool2d(0), IMAGE, "kernel_size and a stride of at least 1"),
        (MaxPool2d(2, stride=0), IMAGE, "kernel_size and a stride of at least 1"),
        (CenterCrop(6), IMAGE, "cannot be cut out of images of 6×5 pixels: give a size from 1 to 5"),
        (CenterCrop(0), IMAGE, "cannot be cut out of images of 6×5 pixels: give a size from 1 to 5"),
        (
            Residual(Conv2d(3, 1)),
            IMAGE,
            r"adds its input \(6, 5, 2\) to .* which is \(6, 5, 3\): they .* padding=1 for a 3×3 kernel, and 2 chan",
        ),
        (Residual(Linear(8), ReLU()), ROW, r"adds its input \(9,\) to .* which is \(8,\): end them with Linear\(9\)"),
        (Residual(Flatten()), IMAGE, r"adds its input \(6, 5, 2\) to .* which is \(60,\)"),
        (
            Ensemble(Linear(3), Sequential(Linear(4), ReLU()), Linear(3)),
            ROW,
            r"averages what its layers make of \(9,\), which is \(3,\) and \(4,\): make it the same",
        ),
        (Ensemble(Flatten(), Linear(8)), IMAGE, "rows of features, not arrays of shape .6, 5, 2.: put Flatten"),
        (Sequential(Conv2d(2, 3), Conv2d(2, 5)), IMAGE, "larger than the images that it is given, 4×3 pixels"),
        (Residual(Residual(Conv2d(2, 7))), IMAGE, "larger than the images that it is given, 6×5 pixels"),
    ],
    ids=repr,
)
def test_a_layer_that_does_not_fit_says_why(layer, shape, message):
    with pytest.raises(UsageError, match=message) as caught:
        Network(Offset(), layer, input_shape=shape)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Network(Flatten()), "at least one layer with parameters"),
        (lambda: Network(Residual(ReLU(), MaxPool2d(1))), "at least one layer with parameters"),
        (lambda: Network(Flatten(), "Linear(10)"), "made of layers, .*, not of 'Linear.10.'"),
        (lambda: Residual(), "Residual needs at least one layer"),
        (lambda: Sequential(), "Sequential needs at least one layer"),
        (lambda: Ensemble([Linear(3)]), r"Ensemble is made of layers, as in Ensemble\(L.*, not of \[Linear\(3\)\]"),
        (lambda: Network(Ensemble(ReLU(), Residual(ReLU()))), "at least one layer with parameters"),
        (lambda: Residual([Linear(3)]), r"made of layers, .*, not of \[Linear\(3\)\]"),
        (
            lambda: Conv2d(8, (3, 3)),
            r"Conv2d needs a kernel_size that is a whole number \(kernels are square\), not \(3, 3",
        ),
        (lambda: Conv2d(8, 3.0), "Conv2d needs a kernel_size that is a whole number, not 3.0"),
        (lambda: Conv2d(8, 3, bias=1), "Conv2d needs a bias that is True or False, not 1"),
        (
            lambda: DepthwiseConv2d((3, 3)),
            r"DepthwiseConv2d needs a kernel_size that is .* \(kernels are square\), not",
        ),
        (lambda: DepthwiseConv2d(3, init=0.1), "DepthwiseConv2d needs an init that is an initializer"),
        (lambda: LayerNorm("x"), "LayerNorm needs an eps that is a number, not 'x'"),
        (lambda: LayerNorm(eps=0.0), "LayerNorm needs eps above 0, not 0.0"),
        (lambda: MaxPool2d(2.5), "MaxPool2d needs a kernel_size that is a whole number, not 2.5"),
        (lambda: MaxPool2d(2, 1.5), "MaxPool2d needs a stride that is a whole number or None, not 1.5"),
        (lambda: Linear(2.0), "Linear needs an out_features that is a whole number, not 2.0"),
        (lambda: Linear(True), "whole number, not True"),
        (lambda: Linear(2, init=0.1), r"needs an init that is an initializer such as KaimingNormal\(\), not 0.1"),
        (lambda: CenterCrop(2.5), "CenterCrop needs a size that is a whole number, not 2.5"),
        (lambda: Dropout("x"), "Dropout needs a p that is a number, not 'x'"),
        (lambda: LeakyReLU(None), "LeakyReLU needs a negative_slope that is a number, not None"),
        (lambda: BatchNorm1d(eps="x"), "BatchNorm1d needs an eps that is a number, not 'x'"),
        (lambda: Dropout(1.0), "probability"),
        (lambda: LeakyReLU(-1), "negative_slope"),
        (lambda: BatchNorm1d(eps=0.0), "eps above 0"),
        (lambda: BatchNorm2d(momentum=1.5), "BatchNorm2d needs .* momentum"),
    ],
)
def test_what_can_stand_nowhere_is_refused_when_it_is_made(make, message):
    with pytest.raises(UsageError, match=message):
        make()


def test_numbers_of_numpy_become_plain_ones():
    assert repr(Conv2d(np.int64(8), np.int32(3))) == "Conv2d(8, 3)"
    assert repr(Dropout(np.float64(0.25))) == "Dropout(p=0.25)"


@pytest.mark.parametrize(
    ("layers", "shape"),
    [
        ((BatchNorm1d(), Linear(2)), (3,)),
        ((BatchNorm2d(), GlobalAvgPool()), (1, 1, 2)),
        ((Residual(BatchNorm2d()), GlobalAvgPool()), (1, 1, 2)),
    ],
    ids=repr,
)
def test_batch_norm_refuses_to_train_on_a_single_number(layers, shape):
    network = Network(*layers, input_shape=shape)
    params, x = network.init(np.random.default_rng(0)), np.ones((2, *shape), np.float32)
    workspace = Workspace(network, 2)
    network.forward(params, x, workspace, training=True)
    with pytest.raises(UsageError, match=r"BatchNorm.d\(\) cannot train on a single image"):
        network.forward(params, x[:1], workspace, training=True)
    assert network.forward(params, x[:1], workspace).shape == (1, 2)  # predicting may


def test_batch_norm_trains_on_the_pixels_of_a_single_image():
    network = Network(BatchNorm2d(), input_shape=(2, 1, 1))
    x = np.array([1.0, 3.0], np.float32).reshape(1, 2, 1, 1)
    y = network.forward(network.init(np.random.default_rng(0)), x, Workspace(network, 1), training=True)
    np.testing.assert_allclose(y.ravel(), [-1, 1], rtol=1e-4)


@pytest.mark.parametrize(
    ("make", "advice"),
    [
        (lambda: Linear(784, 10), r"inputs are found by themselves: Linear\(10\)"),
        (lambda: BatchNorm2d(64), r"channels and features are found by themselves: BatchNorm2d\(\)"),
    ],
)
def test_sizes_that_other_libraries_ask_for_are_left_out(make, advice):
    with pytest.raises(UsageError, match=advice):
        make()
