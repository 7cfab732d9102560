"""Every layer and every optimizer on arrays of CuPy's double: the values of NumPy, and no array of NumPy in between.

The double refuses arrays of NumPy, as CuPy does. So a layer that makes one, or calls what CuPy lacks, fails here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

import cupy_double
from cupy_double import LEDGER
from inkling.nn import CPU, Conv2d, Device, Layer, Linear, MaxPool2d, Network, Parameters, ReLU, Workspace
from inkling.nn.layers import __all__ as LAYERS
from inkling.optim import SGD, Adam, AdamW, Muon, Optimizer, RMSprop
from inkling.testing import Offset
from inkling.training.cuda import Cuda
from nn.test_layers import IMAGES, ROWS, TO_ROWS, keeping, names

BATCH = 6
CASES = [(layer, (9,)) for layer in ROWS]
CASES += [(layer, shape) for layer, *shape in IMAGES] + [(layer, (8, 7, 2)) for layer in [*keeping(2), *TO_ROWS]]


@pytest.fixture
def cuda(monkeypatch: pytest.MonkeyPatch) -> Iterator[Device]:
    monkeypatch.setitem(sys.modules, "cupy", cupy_double.module())
    device = Cuda()
    LEDGER.clear()
    yield device
    LEDGER.clear()


def step(network: Network, params: Parameters, x: np.ndarray, dy: np.ndarray, device: Device) -> list[np.ndarray]:
    """Logits, gradient, batch statistics and dx of a training step, then the logits of predicting."""
    params, gradient = params.on(device), Parameters(network.layout).on(device)
    workspace = Workspace(network, len(x) + 2, device=device)
    rng = device.generator(np.random.default_rng(1))
    y = device.get(network.forward(params, device.put(x), workspace, training=True, rng=rng)).copy()
    caches, dlogits = workspace.buffers_for(len(x))
    host = device.host_array(dlogits)
    host[...] = dy
    network.backward(params, gradient, device.put(host, out=dlogits), workspace)
    came = [y, device.get(gradient.flat), device.get(gradient.statistics), device.get(caches[1].dx).copy()]
    predicting = Workspace(network, len(x), training=False, device=device)
    return [*came, device.get(network.forward(params, device.put(x), predicting))]


def test_every_layer_has_a_case() -> None:
    assert set(LAYERS) <= {name for layer, _ in CASES for name in names(layer)}


@pytest.mark.parametrize(("layer", "shape"), CASES, ids=repr)
def test_a_layer_has_the_values_of_numpy(layer: Layer, shape: tuple[int, ...], cuda: Device) -> None:
    network, rng = Network(Offset(), layer, Offset(), input_shape=tuple(shape)), np.random.default_rng(0)
    params, x = network.init(rng), rng.normal(size=(BATCH, *shape)).astype(np.float32)
    dy = rng.normal(size=(BATCH, *network.shapes[-1])).astype(np.float32)
    on_cpu, on_device = step(network, params, x, dy, CPU), step(network, params, x, dy, cuda)
    assert LEDGER.to_device, "the double was at work"
    for expected, came in zip(on_cpu, on_device, strict=True):
        assert type(came) is np.ndarray
        assert came.dtype == expected.dtype == np.float32
        np.testing.assert_allclose(came, expected, rtol=1e-4, atol=1e-5)


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
    params, x = network.init(np.random.default_rng(0)), np.ones((BATCH, 5), np.float32)
    with pytest.raises(TypeError, match=said):
        step(network, params, x, np.ones((BATCH, 3), np.float32), cuda)


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
        LEDGER.clear()
        for gradient in gradients:
            there = device.put(gradient.copy())
            rule.step(theta, there, state, lr=0.1, decayed=30_000, matrices=[(0, 100, 200), (20_000, 50, 30)])
        results.append(device.get(theta))
        assert all(type(moment) is type(theta) for moment in state.moments)
    np.testing.assert_allclose(results[1], results[0], rtol=1e-5, atol=1e-6)
