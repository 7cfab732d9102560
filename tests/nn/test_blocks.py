"""Batches are worked through in blocks, of which none is forgotten, and nothing is left behind."""

import tracemalloc

import numpy as np
import pytest

from inkling.nn import (
    GELU,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    DepthwiseConv2d,
    Dropout,
    Flatten,
    LayerNorm,
    LeakyReLU,
    Linear,
    MaxPool2d,
    Network,
    Parameters,
    ReLU,
    Residual,
    Workspace,
)
from inkling.testing import Offset, random_parameters

SINGLE = [
    (Conv2d(8, 3, padding=1), (28, 28, 8)),
    (Conv2d(8, 5, stride=2, padding=2), (28, 28, 1)),
    (Conv2d(64, 3), (5, 5, 32)),
    (DepthwiseConv2d(3, padding=1), (28, 28, 8)),
    (DepthwiseConv2d(5, stride=2, padding=2), (28, 28, 8)),
    (DepthwiseConv2d(3), (28, 28, 1)),
    (GELU(), (500,)),
    (LayerNorm(), (500,)),
    (LayerNorm(), (28, 28, 8)),
    (MaxPool2d(2), (28, 28, 8)),
    (MaxPool2d(3, stride=2), (28, 28, 8)),
    (AvgPool2d(3, stride=1), (28, 28, 8)),
]


def step(network, params, x, dy):
    """y, dx of the layer behind the first one, and the gradient, of one step in float64."""
    workspace, gradient = Workspace(network, len(x), np.float64), Parameters(network.layout).astype(np.float64)
    y = network.forward(params, x, workspace, training=True).copy()
    network.backward(params, gradient, dy.copy(), workspace)
    return y, workspace.buffers_for(len(x))[0][1].dx, gradient


def largest_block(network, layer):
    """Images that the layer takes at a time, at most."""
    cache = Workspace(network, 1).buffers_for(1)[0][network.layers.index(layer)]
    return max(len(array) for array in vars(cache.scratch).values())


@pytest.mark.parametrize(("layer", "shape"), SINGLE, ids=repr)
def test_several_blocks_are_their_images_one_by_one(layer, shape):
    rng = np.random.default_rng(0)
    network = Network(Offset(), layer, input_shape=shape)
    params = random_parameters(network, rng)
    count = 2 * largest_block(network, layer) + 1  # two whole blocks and a rest, or more
    x, dy = rng.normal(size=(count, *shape)), rng.normal(size=(count, *network.shapes[-1]))
    y, dx, gradient = step(network, params, x, dy)
    total = np.zeros_like(gradient.flat)
    for i in range(count):
        y_one, dx_one, one = step(network, params, x[i : i + 1], dy[i : i + 1])
        np.testing.assert_allclose(y[i], y_one[0], rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(dx[i], dx_one[0], rtol=1e-10, atol=1e-12)
        total += one.flat
    np.testing.assert_allclose(gradient.flat, total, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(network.logits(params, x), y, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(("layer", "shape"), [(BatchNorm1d(), (500,)), (BatchNorm2d(), (28, 28, 8))], ids=repr)
def test_several_blocks_are_normalised_as_one(layer, shape):
    rng = np.random.default_rng(0)
    network = Network(Offset(), layer, input_shape=shape)
    params = random_parameters(network, rng)
    count = 2 * largest_block(network, layer) + 1
    x, dy = (rng.normal(size=(count, *shape)) for _ in range(2))
    y, dx, gradient = step(network, params, x, dy)
    axes, p = tuple(range(x.ndim - 1)), params[1]
    x = x + params[0].bias
    mean, std = x.mean(axes), np.sqrt(x.var(axes) + layer.eps)
    normal = (x - mean) / std
    np.testing.assert_allclose(y, p.weight * normal + p.bias, rtol=1e-9, atol=1e-10)
    np.testing.assert_allclose(gradient[1].weight, (dy * normal).sum(axes), rtol=1e-9)
    expected = p.weight / std * (dy - dy.mean(axes) - normal * (dy * normal).mean(axes))
    np.testing.assert_allclose(dx, expected, rtol=1e-9, atol=1e-10)


def test_steps_leave_nothing_behind():
    """What thirty steps of a convolutional network hold on to is what ten do, but for a few Python objects."""
    network = Network(
        *(Conv2d(8, 5, stride=2, padding=2), BatchNorm2d(), ReLU(), MaxPool2d(2)),
        *(Residual(Conv2d(8, 3, padding=1, bias=False), BatchNorm2d(), LeakyReLU(0.1), Dropout(0.1)), AvgPool2d(2)),
        *(Flatten(), Linear(10)),
    )
    rng = np.random.default_rng(0)
    params, gradient, workspace = network.init(rng), Parameters(network.layout), Workspace(network, 40)
    x, held = rng.random((40, 28, 28, 1), np.float32), []
    tracemalloc.start()
    for i in range(30):
        count = 40 - i % 2  # the last batch of an epoch is smaller
        dlogits = workspace.buffers_for(count)[1]
        dlogits[...] = network.forward(params, x[:count], workspace, training=True, rng=rng)
        network.backward(params, gradient, dlogits, workspace)
        network.update_statistics(params, gradient)
        params.flat -= 1e-4 * gradient.flat
        held.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert held[-1] - held[9] < 10_000
