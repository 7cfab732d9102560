"""Checks for layers and networks, public like `numpy.testing`: does the gradient match the function?

A gradient is checked along random directions v: (f(θ + hv) − f(θ − hv)) / 2h against ∇f · v, in float64 and
through the very code that trains. Shapes that fit and losses that fall prove nothing; this does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from inkling.nn import Cache, Layer, Network, Normal, Parameters, Spec, Workspace
from inkling.nn.layer import Array, Rng, Shape

STEP = 1e-6
TOLERANCE = 1e-6  # relative; central differences in float64 reach about 1e-9


@dataclass(frozen=True, repr=False)
class Offset(Layer):
    """y = x + b with one b for every number of an image: ∂f/∂b is ∂f/∂x, made visible to the gradient check."""

    def parameters(self, shape: Shape) -> Mapping[str, Spec]:
        return {"bias": Spec(shape, Normal(0.1))}

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        return np.add(x, p.bias, out=cache.y)

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        np.add.reduce(dy, axis=0, out=g.bias)
        if cache.dx is not None:
            cache.dx[...] = dy


def random_parameters(network: Network, rng: np.random.Generator) -> Parameters:
    """Parameters in float64 where nothing is zero by initialisation, which would hide errors."""
    params = network.init(rng).astype(np.float64)
    params.flat += rng.normal(0.0, 0.1, params.flat.shape)
    return params


def check_gradients(network: Network, *, images: int = 6, directions: int = 3, seed: int = 0) -> None:
    """Check ∇θ of a random function of the network's output; AssertionError names the array that is wrong."""
    rng = np.random.default_rng(seed)
    params = random_parameters(network, rng)
    x = rng.normal(0.0, 1.0, (images, *network.input_shape))
    weights = rng.normal(0.0, 1.0, (images, *network.shapes[-1]))  # f(θ) = Σ weights · output
    workspace = Workspace(network, images, np.float64)

    def f(flat: np.ndarray) -> float:
        at = Parameters(params.layout, flat, params.statistics)
        return float(np.vdot(weights, network.forward(at, x, workspace, training=True, rng=np.random.default_rng(1))))

    f(params.flat)
    gradient = Parameters(params.layout, np.full_like(params.flat, np.nan))
    network.backward(params, gradient, weights.copy(), workspace)
    for place in params.layout.parameters:
        for _ in range(directions):
            v = np.zeros_like(params.flat)
            place.view(v)[...] = rng.normal(0.0, 1.0, place.shape)
            expected = (f(params.flat + STEP * v) - f(params.flat - STEP * v)) / (2 * STEP)
            came = float(np.vdot(place.view(gradient.flat), place.view(v)))
            scale = max(abs(expected), abs(came), float(np.linalg.norm(v)) * 1e-3)
            if not abs(expected - came) <= TOLERANCE * scale:
                raise AssertionError(
                    f"gradient of {place.name} of {network.layers[place.layer]} in {network} along a random direction: "
                    f"backward says {came:.9g}, the function says {expected:.9g}"
                )


def check_layer(layer: Layer, input_shape: Shape, *, images: int = 6, seed: int = 0) -> None:
    """Prove the layer contract for one layer: gradients of its parameters and its input, dtypes, the first-layer case.

    Parameters
    ----------
    layer : what to check.
    input_shape : shape of one image in front of it, without N.
    """
    between = Network(Offset(), layer, Offset(), input_shape=input_shape)
    check_gradients(between, images=images, seed=seed)
    check_dtypes(between, images=images, seed=seed)
    if layer.parameters(input_shape):
        check_gradients(Network(layer, input_shape=input_shape), images=images, seed=seed)


def check_dtypes(network: Network, *, images: int = 6, seed: int = 0) -> None:
    """Every array of a training step is float32 (or a mask): one float64 scalar would silently spread."""
    rng = np.random.default_rng(seed)
    params = network.init(rng)
    workspace = Workspace(network, images)
    x = rng.random((images, *network.input_shape), dtype=np.float32)
    before = x.copy()
    y = network.forward(params, x, workspace, training=True, rng=rng)
    caches, dlogits = workspace.rows(images)
    dlogits[...] = y
    gradient = Parameters(network.layout)
    network.backward(params, gradient, dlogits, workspace)
    for layer, cache in zip(network.layers, caches, strict=True):
        for name, array in vars(cache).items():
            if isinstance(array, np.ndarray | np.generic) and array.dtype not in (np.float32, np.bool_):
                raise AssertionError(f"{name} of {layer} in {network} is {array.dtype}, not float32")
    if not np.array_equal(x, before):
        raise AssertionError(f"{network} overwrote the caller's images")
