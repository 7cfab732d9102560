"""The gradient check: does `backward` say what the function says?

A gradient is checked along random directions v: (f(θ + hv) − f(θ − hv)) / 2h against ∇f · v, in float64 and
through the very code that trains. Shapes that fit and losses that fall prove nothing; this does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from inkling.nn import Cache, Network, Parameters, Workspace
from inkling.nn.parameters import Place

STEP = 1e-6  # h
TOLERANCE = 1e-6  # The relative error that passes; central differences in float64 reach about 1e-9.


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
    _spoil(workspace.buffers_for(images)[0])
    network.backward(params, gradient, weights.copy(), workspace)
    for place in params.layout.parameters:
        for _ in range(directions):
            v = np.zeros_like(params.flat)
            place.view(v)[...] = rng.normal(0.0, 1.0, place.shape)
            _compare(network, place, f, params.flat, gradient.flat, v, resolution)


def _compare(
    network: Network,
    place: Place,
    f: Callable[[np.ndarray], float],
    flat: np.ndarray,
    gradient: np.ndarray,
    v: np.ndarray,
    resolution: float,
) -> None:
    """AssertionError where the derivative of f along v, which moves the array at `place`, is not ∇f · v."""
    expected = (f(flat + STEP * v) - f(flat - STEP * v)) / (2 * STEP)
    came = float(np.vdot(place.view(gradient), place.view(v)))
    scale = max(abs(expected), abs(came), float(np.linalg.norm(v)) * 1e-3)
    if not abs(expected - came) <= TOLERANCE * scale + resolution:
        raise AssertionError(
            f"gradient of {place.name} of {network.layers[place.layer]} in {network} along a random direction: "
            f"backward says {came:.9g}, the function says {expected:.9g}"
        )


def _spoil(caches: Sequence[Cache]) -> None:
    """Fill with nan what a backward pass has to overwrite, so that no number of an earlier pass hides an omission."""
    for cache in caches:
        _spoil(cache.inner)
        if cache.dx is not None:
            cache.dx.fill(np.nan)
