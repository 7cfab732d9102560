"""Every layer keeps the contract, alone and next to every other layer. A new layer is a row of one list here.

A layer that takes rows of features, or arrays of any shape, stands in ROWS. A layer from images to images stands in
`keeping`, and in IMAGES with the sizes that are special to it.
"""

import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from inkling.nn import (
    GELU,
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
    Parameters,
    ReLU,
    Residual,
    Sequential,
    Workspace,
    XavierNormal,
)
from inkling.nn.layers import __all__ as LAYERS
from inkling.testing import Offset, check_allocation, check_dtypes, check_gradients, check_layer

ROWS = [
    Linear(7),
    Linear(5, init=XavierNormal()),
    ReLU(),
    LeakyReLU(0.1),
    GELU(),
    Dropout(0.4),
    BatchNorm1d(),
    LayerNorm(),
    Flatten(),
    Residual(BatchNorm1d(), ReLU()),
    Sequential(ReLU(), Linear(6), Dropout(0.3)),
    Ensemble(Sequential(Linear(6), LeakyReLU(0.2)), Linear(6)),
]


def keeping(channels):
    """Layers from images to images of as many channels, of 8×7 pixels through any two of them."""
    return [
        Conv2d(channels, 3),
        Conv2d(channels, 2, stride=2, padding=1, bias=False),
        DepthwiseConv2d(3),
        DepthwiseConv2d(2, stride=2, padding=1, bias=False),
        MaxPool2d(2),
        MaxPool2d(3, stride=2),
        AvgPool2d(2, stride=1),
        BatchNorm2d(),
        *([LayerNorm(eps=0.1)] if channels > 1 else []),  # of two channels it makes ±1, but for a large eps
        ReLU(),
        LeakyReLU(0.1),
        GELU(),
        Dropout(0.4),
        CenterCrop(3),
        Residual(Conv2d(channels, 3, padding=1), ReLU()),
        Sequential(ReLU(), Conv2d(channels, 2), ReLU()),
        Ensemble(ReLU(), Sequential(Conv2d(channels, 3, padding=1), BatchNorm2d())),
    ]


TO_ROWS = [GlobalAvgPool(), Flatten()]

IMAGES = [  # (layer, height, width, channels)
    (Conv2d(3, 3), 6, 5, 2),
    (Conv2d(3, 3, padding=1), 5, 6, 2),
    (Conv2d(4, 3, stride=2, padding=1), 8, 7, 3),
    (Conv2d(2, 2, stride=3), 9, 8, 2),
    (Conv2d(2, 2, stride=3, padding=1), 4, 9, 2),
    (Conv2d(3, 1), 4, 5, 2),
    (Conv2d(3, 1, stride=2, bias=False), 5, 4, 2),
    (Conv2d(5, 4), 4, 4, 2),
    (Conv2d(2, 5, padding=4), 3, 4, 2),
    (Conv2d(20, 3), 4, 5, 3),
    (Conv2d(1, 3), 5, 5, 3),
    (Conv2d(3, 3, padding=1), 6, 5, 1),
    (Conv2d(4, 5, stride=2, padding=2), 9, 8, 1),
    (Conv2d(70, 3), 5, 6, 1),
    (Conv2d(3, 2, stride=3, bias=False), 8, 9, 1),
    (Conv2d(3, 1), 4, 5, 1),
    (Conv2d(2, 4), 4, 4, 1),
    (DepthwiseConv2d(3), 6, 5, 2),
    (DepthwiseConv2d(3, padding=1), 5, 6, 3),
    (DepthwiseConv2d(4, stride=2, padding=1), 8, 7, 2),
    (DepthwiseConv2d(2, stride=3), 9, 8, 2),
    (DepthwiseConv2d(2, stride=3, padding=1, bias=False), 4, 9, 2),
    (DepthwiseConv2d(1), 4, 5, 2),
    (DepthwiseConv2d(4), 4, 4, 1),
    (DepthwiseConv2d(5, padding=4), 3, 4, 2),
    *((pool(2), 5, 7, 2) for pool in (MaxPool2d, AvgPool2d)),
    *((pool(3, stride=2), 7, 8, 2) for pool in (MaxPool2d, AvgPool2d)),
    *((pool(3, stride=1), 5, 4, 1) for pool in (MaxPool2d, AvgPool2d)),
    *((pool(2, stride=3), 8, 7, 2) for pool in (MaxPool2d, AvgPool2d)),
    *((pool(1), 3, 4, 2) for pool in (MaxPool2d, AvgPool2d)),
    *((pool(1, stride=2), 4, 5, 2) for pool in (MaxPool2d, AvgPool2d)),
    *((pool(4), 4, 4, 3) for pool in (MaxPool2d, AvgPool2d)),
    (GlobalAvgPool(), 4, 3, 2),
    (GlobalAvgPool(), 1, 1, 3),
    (BatchNorm2d(), 4, 3, 2),
    (BatchNorm2d(), 1, 1, 3),
    (LayerNorm(), 4, 3, 5),
    (LayerNorm(), 1, 1, 3),
    (CenterCrop(3), 6, 5, 2),
    (CenterCrop(4), 4, 4, 1),
    (Flatten(), 4, 3, 2),
    (Residual(ReLU(), Conv2d(2, 3, padding=1)), 4, 5, 2),
    (Residual(Conv2d(6, 3, padding=1, bias=False), BatchNorm2d(), LeakyReLU(0.2), Conv2d(1, 1)), 4, 5, 1),
    (Residual(Residual(BatchNorm2d(), ReLU()), Residual(AvgPool2d(1), Conv2d(2, 1)), Dropout(0.2)), 3, 4, 2),
    (Residual(Dropout(0.3)), 3, 4, 2),
    (Residual(MaxPool2d(1)), 3, 4, 2),
    (Sequential(Conv2d(3, 2), ReLU(), MaxPool2d(2), Flatten(), Linear(4)), 5, 6, 2),
    (Sequential(Sequential(ReLU(), Flatten()), Sequential(Linear(3), Dropout(0.3)), ReLU()), 3, 4, 2),
    (Ensemble(Sequential(Conv2d(3, 3), BatchNorm2d(), GlobalAvgPool()), Sequential(Flatten(), Linear(3))), 5, 4, 2),
    (
        Ensemble(ReLU(), LeakyReLU(0.3), Dropout(0.2), Residual(Conv2d(2, 1)), Sequential(ReLU(), BatchNorm2d())),
        3,
        4,
        2,
    ),
    (Ensemble(Ensemble(Flatten(), Sequential(Flatten(), Linear(24))), Flatten()), 3, 4, 2),
    (Ensemble(Flatten()), 3, 4, 2),
]


def test_every_layer_has_a_row():
    rows = {name for layer in [*ROWS, *keeping(1), *TO_ROWS] for name in names(layer)}
    assert set(LAYERS) - rows == set(), "add a row to ROWS or to keeping, at the top of this file"


def test_every_layer_has_a_test_of_its_values():
    """Gradients alone would also be those of another function. What Dropout draws is tested below."""
    files = ("test_values.py", "test_image_values.py", "test_pytorch_networks.py")
    text = "".join((Path(__file__).parent / name).read_text(encoding="utf-8") for name in files)
    untested = [name for name in LAYERS if not re.search(rf"\b{name}\b", text) and name != "Dropout"]
    assert untested == [], f"hold it to a naive twin in {files[0]} or {files[1]}"


def names(layer):
    """The class of a layer, and of all layers inside it."""
    return {type(layer).__name__}.union(*map(names, layer.inner))


WIDE = [(layer, (256,)) for layer in ROWS]
WIDE += [(layer, (8, 8, 4)) for layer in [*keeping(4), *TO_ROWS, Conv2d(40, 3)]]


@pytest.mark.parametrize(("layer", "shape"), WIDE, ids=repr)
def test_nothing_as_large_as_a_batch_is_allocated(layer, shape):
    """Also no mask of the batch, of which the small images of other tests cannot tell."""
    check_allocation(layer, shape)


@pytest.mark.parametrize("layer", ROWS, ids=repr)
def test_layer_of_rows_keeps_the_contract(layer):
    check_layer(layer, (9,))


@pytest.mark.parametrize(("layer", "height", "width", "channels"), IMAGES, ids=repr)
def test_layer_of_images_keeps_the_contract(layer, height, width, channels):
    check_layer(layer, (height, width, channels))


def test_residual_of_rows_keeps_the_contract():
    check_layer(Residual(Flatten(), Linear(4), ReLU(), Residual(Linear(4)), Linear(9)), (9,))


PAIRS = [(first, second, (9,)) for first, second in product(ROWS, ROWS)]
for c in (1, 2):
    PAIRS += [(first, second, (8, 7, c)) for first, second in product(keeping(c), keeping(c) + TO_ROWS)]
    PAIRS += [(first, second, (8, 7, c + 1)) for first, second in product(TO_ROWS, ROWS)]


@pytest.mark.parametrize(("first", "second", "shape"), PAIRS, ids=repr)
def test_ordered_pair_keeps_the_contract(first, second, shape):
    """Pairs expose what single layers cannot: in-place work over something that a neighbour still needs."""
    network = Network(Offset(), first, second, Offset(), input_shape=shape)
    check_gradients(network, directions=2)
    check_dtypes(network)


@pytest.mark.parametrize("layers", list(product([ReLU(), Dropout(0.3), LeakyReLU(0.2)], repeat=3)))
def test_chains_of_in_place_layers_keep_the_contract(layers):
    check_gradients(Network(Linear(8), *layers, Linear(3), input_shape=(9,)))
    check_gradients(Network(Conv2d(2, 2), Residual(*layers), Conv2d(2, 2), input_shape=(5, 4, 1)))


ALONE = [ReLU(), Linear(6), Sequential(ReLU(), Linear(6)), Ensemble(Linear(6), Sequential(Linear(6), ReLU()))]


def arrays(caches):
    """The memory of activations and their gradients, by where it begins; of all layers, inside and outside."""
    found = {}
    for cache in caches:
        for array in (cache.y, cache.dx):
            if array is not None:
                found[array.ctypes.data] = array.nbytes
        found |= arrays(cache.inner)
    return found


@pytest.mark.parametrize("layers", list(product(ALONE, repeat=3)), ids=repr)
def test_sequential_is_its_layers_in_bits_and_memory(layers):
    """Also where layers inside and outside work in place over one another's arrays."""
    x, dy = np.random.default_rng(1).normal(size=(2, 8, 6)).astype(np.float32)
    results = []
    for network in (
        Network(Linear(6), *layers, Linear(6), input_shape=(6,)),
        Network(Sequential(Linear(6), *layers), Linear(6), input_shape=(6,)),
        Network(Linear(6), Sequential(*layers[:2]), Sequential(layers[2], Linear(6)), input_shape=(6,)),
    ):
        params, workspace = network.init(np.random.default_rng(0)), Workspace(network, 8)
        y = network.forward(params, x, workspace, training=True).copy()
        gradient = Parameters(network.layout)
        network.backward(params, gradient, dy, workspace)
        results.append((y, params.flat, gradient.flat, sum(arrays(workspace.buffers_for(8)[0]).values())))
    for other in results[1:]:
        for one, same in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(one, same)


def test_dropout_is_off_when_predicting():
    network = Network(Linear(50), Dropout(0.5), Linear(10), input_shape=(20,))
    params = network.init(np.random.default_rng(0))
    x = np.random.default_rng(1).random((8, 20), dtype=np.float32)
    without = Network(Linear(50), Linear(10), input_shape=(20,))
    expected = without.logits(Parameters(without.layout, params.flat), x)
    np.testing.assert_array_equal(network.logits(params, x), expected)
    workspace = Workspace(network, 8)
    dropped = network.forward(params, x, workspace, training=True, rng=np.random.default_rng(2))
    assert not np.allclose(dropped, expected)


def test_dropout_silences_the_right_share_and_keeps_the_mean():
    layer = Dropout(0.3)
    network = Network(Offset(), layer, input_shape=(1000,))
    params = Parameters(network.layout)
    y = network.forward(
        params, np.ones((100, 1000), np.float32), Workspace(network, 100), training=True, rng=np.random.default_rng(0)
    )
    assert np.mean(y == 0) == pytest.approx(0.3, abs=0.005)
    assert y.mean() == pytest.approx(1.0, abs=0.01)
    assert set(np.unique(y)) == {0.0, np.float32(1 / 0.7)}


def test_batch_norm_uses_running_statistics_when_predicting():
    network = Network(BatchNorm1d(momentum=0.5), Linear(2), input_shape=(3,))
    params, seen = network.init(np.random.default_rng(0)), Parameters(network.layout)
    x = np.random.default_rng(1).normal(5.0, 2.0, (64, 3)).astype(np.float32)
    workspace = Workspace(network, 64)
    for _ in range(40):
        network.forward(params, x, workspace, training=True)
        network.backward(params, seen, np.ones((64, 2), np.float32), workspace)
        network.update_statistics(params, seen)
    np.testing.assert_allclose(params[0].running_mean, x.mean(axis=0), rtol=1e-4)
    np.testing.assert_allclose(params[0].running_var, x.var(axis=0, ddof=1), rtol=1e-4)
    one_by_one = np.concatenate([network.logits(params, x[i : i + 1]) for i in range(64)])
    np.testing.assert_allclose(one_by_one, network.logits(params, x), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("last", [Flatten(), ReLU(), Residual(Flatten())], ids=repr)
def test_a_gradient_of_logits_from_elsewhere_is_as_good(last):
    """Even if the last layer hands on a view of it or works in place, and then it stays as it was."""
    network = Network(Linear(4), last, input_shape=(9,))
    check_gradients(network)
    rng = np.random.default_rng(0)
    params, x, dy = network.init(rng), rng.random((3, 9), np.float32), rng.random((3, 4), np.float32)
    gradient, before, workspace = Parameters(network.layout), dy.copy(), Workspace(network, 3)
    network.forward(params, x, workspace, training=True)
    network.backward(params, gradient, dy, workspace)
    np.testing.assert_array_equal(dy, before)
