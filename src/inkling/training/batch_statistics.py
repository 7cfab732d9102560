"""Batch statistics of given parameters, from training images: an average of parameters has seen no batch of its own.

The running mean and variance that were collected on the way belong to the parameters of each step. With them, averaged
parameters answer by chance. So images pass once more, through these parameters, and what the batches show is averaged:
Izmailov et al. 2018, "Averaging weights leads to wider optima and better generalization", section 3.2.
"""

from __future__ import annotations

import numpy as np

from inkling.nn import Dropout, Layer, Network, Parameters, Workspace

IMAGES = 2048  # that the statistics are estimated from; more changed no accuracy (docs/log.md)


def without_dropout(network: Network) -> Network:
    """The network of the same parameters that silences nothing, as when predicting, but normalises by the batch."""
    return Network(*map(_calm, network.layers), input_shape=network.input_shape)


def _calm(layer: Layer) -> Layer:
    if isinstance(layer, Dropout):
        return Dropout(0.0)
    return type(layer)(*map(_calm, layer.inner)) if layer.inner else layer


def show(calm: Network, params: Parameters, x: np.ndarray, workspace: Workspace, seen: Parameters) -> None:
    """Leave the statistics of a batch x, as these parameters make them of it, in `seen`.

    A layer tells them in its backward pass, whatever dy may be: its own y will do.
    """
    calm.forward(params, x, workspace, training=True, rng=np.random.default_rng(0))  # which nothing depends on
    caches, _ = workspace.rows(len(x))
    for i, layer in enumerate(calm.layers):
        if layer.statistics(calm.shapes[i]):
            layer.backward(params[i], seen[i], caches[i].y, caches[i])
