"""Every layer and every optimizer on arrays of CuPy's double: the values of NumPy, and no array of NumPy in between.

The double refuses arrays of NumPy, as CuPy does. So a layer that makes one, or calls what CuPy lacks, fails here.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from cupy_double import Ledger
from inkling.nn import (
    CPU,
    Conv2d,
    DepthwiseConv2d,
    Device,
    Layer,
    Linear,
    MaxPool2d,
    Network,
    Parameters,
    ReLU,
    Workspace,
)
from inkling.nn.layers import __all__ as LAYERS
from inkling.optim import SGD, Adam, AdamW, Muon, Optimizer, RMSprop
from inkling.testing import Offset
from inkling.training.cuda import Cuda
from nn.test_layers import IMAGES, ROWS, TO_ROWS, WIDE, keeping, names

BATCH = 6
CASES = [(layer, (9,)) for layer in ROWS]
CASES += [(layer, shape) for layer, *shape in IMAGES] + [(layer, (8, 7, 2)) for layer in [*keeping(2), *TO_ROWS]]


@pytest.fixture
def cuda(cupy: Ledger) -> Device:
    device = Cuda()
    cupy.clear()
    return device


def prepared(network: Network, images: int, device: Device) -> Callable[[], list[np.ndarray]]:
    """A training step and a prediction, whose arrays lie on the device already.

    They return logits, gradient, batch statistics, dx behind the first layer, and the logits of predicting.
    """
    rng = np.random.default_rng(0)
    params, gradient = network.init(rng).on(device), Parameters(network.layout).on(device)
    x = device.put(rng.normal(size=(images, *network.input_shape)).astype(np.float32))
    dy = rng.normal(size=(images, *network.shapes[-1])).astype(np.float32)
    workspace = Workspace(network, images + 2, device=device)
    predicting = Workspace(network, images, training=False, device=device)
    caches, dlogits = workspace.buffers_for(images)
    draws = device.generator(np.random.default_rng(1))

    def run() -> list[np.ndarray]:
        y = device.get(network.forward(params, x, workspace, training=True, rng=draws)).copy()
        host = device.host_array(dlogits)
        host[...] = dy
        network.backward(params, gradient, device.put(host, out=dlogits), workspace)
        came = [y, *map(device.get, (gradient.flat, gradient.statistics, caches[1].dx))]
        return [each.copy() for each in (*came, device.get(network.forward(params, x, predicting)))]

    return run


def test_every_layer_has_a_case() -> None:
    assert set(LAYERS) <= {name for layer, _ in CASES for name in names(layer)}


@pytest.mark.parametrize(("layer", "shape"), CASES, ids=repr)
def test_a_layer_has_the_values_of_numpy(layer: Layer, shape: tuple[int, ...], cuda: Device, cupy: Ledger) -> None:
    network = Network(Offset(), layer, Offset(), input_shape=tuple(shape))
    on_cpu, on_device = (prepared(network, BATCH, device)() for device in (CPU, cuda))
    assert cupy.to_device, "the double was at work"
    for expected, came in zip(on_cpu, on_device, strict=True):
        assert type(came) is np.ndarray
        assert came.dtype == expected.dtype == np.float32
        np.testing.assert_allclose(came, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("layer", "shape"), WIDE, ids=repr)
def test_arrays_as_large_as_a_batch_are_made_by_two_layers_alone(
    layer: Layer, shape: tuple[int, ...], cuda: Device, cupy: Ledger
) -> None:
    """CuPy's `einsum` has no `out=`; and where pixels are few and channels many, a convolution copies its patches.

    LayerNorm makes arrays of a number for each row, the last axis of a row being its channels.
    """
    network, images, made = Network(Offset(), layer, Offset(), input_shape=shape), 20, []
    for count in (images, 2 * images):
        run = prepared(network, count, cuda)
        cupy.clear()
        run()
        made.append(Counter(map(math.prod, cupy.made)))
    growing = max((made[1] - made[0]).keys(), default=0) / (2 * images)  # numbers for each image in the largest array
    smaller = min(map(math.prod, network.shapes[1:3]))
    assert (growing > smaller / 2) == (isinstance(layer, DepthwiseConv2d) or layer == Conv2d(40, 3)), growing


@dataclass(frozen=True, repr=False)
class MakesAnArray(ReLU):
    """A rectifier that makes an array of NumPy on its way."""

    def forward(self, p, x, cache, *, training, rng):  # type: ignore[no-untyped-def]
        return np.maximum(x, np.zeros(x.shape[1:], np.float32), out=cache.y)


@dataclass(frozen=True, repr=False)
class Converts(ReLU):
    """A rectifier that takes its input for an array of NumPy."""

    def forward(self, p, x, cache, *, training, rng):  # type: ignore[no-untyped-def]
        return np.maximum(np.asarray(x), 0, out=cache.y)


@pytest.mark.parametrize(
    ("layer", "said"),
    [(MakesAnArray(), "Unsupported type <class 'numpy.ndarray'>"), (Converts(), "Implicit conversion")],
)
def test_a_layer_that_makes_an_array_of_numpy_fails(layer: Layer, said: str, cuda: Device) -> None:
    network = Network(Linear(4), layer, Linear(3), input_shape=(5,))
    with pytest.raises(TypeError, match=said):
        prepared(network, BATCH, cuda)()


def test_a_block_is_the_whole_batch(cuda: Device) -> None:
    """A GPU starts each operation once, where the processor works through several blocks."""
    layers = Conv2d(8, 3, padding=1), ReLU(), Conv2d(8, 3, padding=1), MaxPool2d(2)
    network, images = Network(*layers, input_shape=(28, 28, 1)), 64
    on_cpu, on_device = (Workspace(network, images, device=each).buffers_for(images)[0][2] for each in (CPU, cuda))
    assert len(on_cpu.scratch.patches) < images
    assert {len(array) for array in vars(on_device.scratch).values()} == {images}


@pytest.mark.parametrize(
    "rule",
    [
        SGD(weight_decay=0.1),
        SGD(momentum=0.8, nesterov=True, weight_decay=0.1),
        RMSprop(weight_decay=0.1),
        Adam(weight_decay=0.1),
        AdamW(),
        Muon(weight_decay=0.1),
    ],
    ids=repr,
)
def test_an_optimizer_makes_the_steps_of_numpy(rule: Optimizer, cuda: Device) -> None:
    rng, results = np.random.default_rng(0), []
    start, gradients = rng.normal(size=40_000).astype(np.float32), rng.normal(size=(3, 40_000)).astype(np.float32)
    for device in (CPU, cuda):
        theta = device.put(start.copy())
        state = rule.init(theta)
        for gradient in gradients:
            there = device.put(gradient.copy())
            rule.step(theta, there, state, lr=0.1, decayed=30_000, matrices=[(0, 100, 200), (20_000, 50, 30)])
        results.append(device.get(theta))
        assert all(type(moment) is type(theta) for moment in state.moments)
    np.testing.assert_allclose(results[1], results[0], rtol=1e-5, atol=1e-6)
