"""Batch statistics of given parameters, from training images: an average of parameters has seen no batch of its own.

The running mean and variance that training collects belong to the parameters of each step. With them, averaged
parameters answer at chance level. So images pass once more, through the averaged parameters, and the statistics of
these batches are averaged: Izmailov et al. 2018, "Averaging weights leads to wider optima and better generalization",
section 3.2.
"""

from __future__ import annotations

import numpy as np

from inkling.nn import CPU, Device, Dropout, Layer, Network, Parameters, Workspace
from inkling.nn.composite import Composite

IMAGES = 2048  # The statistics are estimated from so many images; more changed no accuracy (docs/log.md).


def without_dropout(network: Network) -> Network:
    """The same network with all features kept, as in predicting; batch normalisation still measures the batch."""
    return network.with_layers([_without_dropout(layer) for layer in network.layers])


def _without_dropout(layer: Layer) -> Layer:
    if isinstance(layer, Dropout):
        return Dropout(0.0)
    return layer.with_layers([*map(_without_dropout, layer.layers)]) if isinstance(layer, Composite) else layer


def measure_statistics(
    network: Network, params: Parameters, x: np.ndarray, workspace: Workspace, out: Parameters, device: Device = CPU
) -> None:
    """Write the statistics of a batch x under these parameters into `out`; the network is one `without_dropout`."""
    rng = device.generator(np.random.default_rng(0))  # no draw changes anything
    network.forward(params, x, workspace, training=True, rng=rng)
    network.batch_statistics(len(x), workspace, out)
