"""One of Inkling's layers alone: forward and backward on given numbers, to compare one's own code with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from inkling.nn import Layer, Network, Parameters, Workspace
from inkling.testing import Offset


class LayerPass(NamedTuple):
    """What a layer computes in a training step: its output, and the gradients of its input and its parameters."""

    y: np.ndarray
    dx: np.ndarray
    gradients: Mapping[str, np.ndarray]


def layer_pass(
    layer: Layer,
    x: np.ndarray,
    dy: np.ndarray,
    *,
    rng: np.random.Generator | None = None,
    **parameters: np.ndarray,
) -> LayerPass:
    """Forward and backward through one layer, in float64.

    Parameters
    ----------
    x : (N, *input) what the layer is given.
    dy : (N, *output) the gradient of a loss with respect to its output.
    rng : what layers such as `Dropout` draw from.
    parameters : by the names that the layer gives them, such as `weight` and `bias`; 0 where they are left out.
    """
    network = Network(Offset(), layer, input_shape=x.shape[1:])  # the first layer of a network is not asked for dx
    params = Parameters(network.layout).astype(np.float64)
    params.flat.fill(0)
    for name, numbers in parameters.items():
        getattr(params[1], name)[...] = numbers
    workspace = Workspace(network, len(x), np.float64)
    y = network.forward(params, x.astype(np.float64), workspace, training=True, rng=rng).copy()
    gradient = Parameters(network.layout).astype(np.float64)
    network.backward(params, gradient, dy.astype(np.float64), workspace)
    dx = workspace.buffers_for(len(x))[0][1].dx.copy()
    return LayerPass(y, dx, {name: getattr(gradient[1], name).copy() for name in layer.parameters(x.shape[1:])})
