"""Checks for layers and networks, public like `numpy.testing`: does the gradient match the function?

A gradient is checked along random directions v: (f(θ + hv) − f(θ − hv)) / 2h against ∇f · v, in float64 and
through the very code that trains. Shapes that fit and losses that fall prove nothing; this does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inkling.nn import Cache, Layer, Network, Normal, Parameters, ParameterSpec, Workspace
from inkling.nn.layer import Array, Rng, Shape

STEP = 1e-6
TOLERANCE = 1e-6  # relative; central differences in float64 reach about 1e-9


@dataclass(frozen=True, repr=False)
class Offset(Layer):
    """y = x + b with one b for every number of an image: ∂f/∂b is ∂f/∂x, made visible to the gradient check."""

    def parameters(self, shape: Shape) -> Mapping[str, ParameterSpec]:
        return {"bias": ParameterSpec(shape, Normal(0.1))}

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

    def output(flat: np.ndarray) -> np.ndarray:
        at = Parameters(params.layout, flat, params.statistics)
        return network.forward(at, x, workspace, training=True, rng=np.random.default_rng(1))

    def f(flat: np.ndarray) -> float:
        return float(np.vdot(weights, output(flat)))

    terms = np.abs(weights * output(params.flat)).sum()
    resolution = np.finfo(np.float64).eps * float(terms) / STEP  # of a difference of two sums of such terms
    gradient = Parameters(params.layout, np.full_like(params.flat, np.nan))
    _spoil(workspace.rows(images)[0])
    network.backward(params, gradient, weights.copy(), workspace)
    for place in params.layout.parameters:
        for _ in range(directions):
            v = np.zeros_like(params.flat)
            place.view(v)[...] = rng.normal(0.0, 1.0, place.shape)
            expected = (f(params.flat + STEP * v) - f(params.flat - STEP * v)) / (2 * STEP)
            came = float(np.vdot(place.view(gradient.flat), place.view(v)))
            scale = max(abs(expected), abs(came), float(np.linalg.norm(v)) * 1e-3)
            if not abs(expected - came) <= TOLERANCE * scale + resolution:
                raise AssertionError(
                    f"gradient of {place.name} of {network.layers[place.layer]} in {network} along a random direction: "
                    f"backward says {came:.9g}, the function says {expected:.9g}"
                )


def check_layer(layer: Layer, input_shape: Shape, *, images: int = 6, seed: int = 0) -> None:
    """Prove the layer contract for one layer: gradients, dtypes, predicting, statistics, the first-layer case.

    Parameters
    ----------
    layer : what to check.
    input_shape : shape of one image in front of it, without N.
    """
    between = Network(Offset(), layer, Offset(), input_shape=input_shape)
    check_gradients(between, images=images, seed=seed)
    check_dtypes(between, images=images, seed=seed)
    check_statistics(between, images=images, seed=seed)
    for network in (
        Network(layer, Offset(), input_shape=input_shape),  # before the caller's images
        Network(Offset(), layer, input_shape=input_shape),  # behind an array that it may work in
    ):
        check_predicting(network, images=images, seed=seed)
    if layer.parameters(input_shape):
        check_gradients(Network(layer, input_shape=input_shape), images=images, seed=seed)


def check_dtypes(network: Network, *, images: int = 6, seed: int = 0) -> None:
    """Every array of a training step is float32 (or a mask): one float64 scalar would silently spread."""
    params, x = _start(network, images, seed)
    before = x.copy()
    _, workspace = _step(network, params, x)
    for layer, cache in zip(network.layers, workspace.rows(images)[0], strict=True):
        for name, array in vars(cache).items():
            if isinstance(array, np.ndarray | np.generic) and array.dtype not in (np.float32, np.bool_):
                raise AssertionError(f"{name} of {layer} in {network} is {array.dtype}, not float32")
    if not np.array_equal(x, before):
        raise AssertionError(f"{network} overwrote the caller's images")


def check_statistics(network: Network, *, images: int = 6, seed: int = 0) -> None:
    """A training step leaves θ and the statistics alone; `update_statistics` moves every statistic and no parameter."""
    params, x = _start(network, images, seed)
    before = params.copy()
    seen, _ = _step(network, params, x)
    if not (np.array_equal(params.flat, before.flat) and np.array_equal(params.statistics, before.statistics)):
        raise AssertionError(f"forward or backward of {network} changed what it may only read")
    network.update_statistics(params, seen)
    if not np.array_equal(params.flat, before.flat):
        raise AssertionError(f"observe of {network} moved parameters, not only statistics")
    for place in params.layout.statistics:
        now, then = place.view(params.statistics), place.view(before.statistics)
        if not np.isfinite(now).all() or np.array_equal(now, then):
            raise AssertionError(
                f"observe of {network.layers[place.layer]} in {network} left {place.name} as it was, or not finite"
            )


def check_predicting(network: Network, *, images: int = 6, seed: int = 0) -> None:
    """Without training: no scratch, no randomness, float32, the images kept, and what a training forward gives.

    The last is left out where it need not hold: for networks that keep statistics or draw random numbers.
    """
    params, x = _start(network, images, seed)
    before = x.copy()
    try:
        y = network.forward(params, x, Workspace(network, images, training=False))
    except AttributeError as error:  # what is not there: scratch, or the None that stands for no generator
        raise AssertionError(f"{network} predicts with more than p, x and cache.y: {error}") from error
    if y.dtype != np.float32:
        raise AssertionError(f"{network} predicts in {y.dtype}, not float32")
    if not np.array_equal(x, before):
        raise AssertionError(f"{network} overwrote the caller's images when predicting")
    one, other = (
        network.forward(params, x, Workspace(network, images), training=True, rng=np.random.default_rng(draw))
        for draw in (seed, seed + 1)
    )
    random = not np.array_equal(one, other)
    if not (random or network.layout.statistics or np.allclose(y, one, rtol=1e-5, atol=1e-6)):
        raise AssertionError(f"{network} predicts otherwise than it trains, without statistics or randomness")


def _start(network: Network, images: int, seed: int) -> tuple[Parameters, np.ndarray]:
    """Fresh parameters and images (N, *input_shape), both float32 and of either sign."""
    rng = np.random.default_rng(seed)
    return network.init(rng), rng.normal(0.0, 1.0, (images, *network.input_shape)).astype(np.float32)


def _step(network: Network, params: Parameters, x: np.ndarray) -> tuple[Parameters, Workspace]:
    """The gradient of half the sum of squared outputs, first filled with nan, and the workspace it was computed in."""
    workspace = Workspace(network, len(x))
    y = network.forward(params, x, workspace, training=True, rng=np.random.default_rng(1))
    _, dlogits = workspace.rows(len(x))
    dlogits[...] = y
    gradient = Parameters(network.layout)
    gradient.flat.fill(np.nan)
    gradient.statistics.fill(np.nan)
    network.backward(params, gradient, dlogits, workspace)
    return gradient, workspace


def _spoil(caches: Sequence[Cache]) -> None:
    """Fill with nan what a backward pass has to overwrite: numbers of an earlier one must not shine through."""
    for cache in caches:
        _spoil(cache.inner)
        if cache.dx is not None:
            cache.dx.fill(np.nan)
