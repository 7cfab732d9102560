"""The vectors of a training step, in the memory of an executor."""

from __future__ import annotations

import numpy as np

from inkling.nn import Device, Layout, Parameters
from inkling.training.executor import Executor
from inkling.training.quantized_weights import WeightBits, quantize

ROW_PARAMETERS = 16  # the gradients of the shards begin at multiples of these, which are cache lines of 64 bytes


def allocated(params: Parameters, executor: Executor) -> Parameters:
    """The same parameters in memory of the executor."""
    return Parameters(params.layout, executor.allocate(params.flat), executor.allocate(params.statistics))


def evaluated(params: Parameters, weight_bits: WeightBits, executor: Executor) -> Parameters:
    """The parameters that images pass through: the quantised ones, or these where weights stay float32."""
    if weight_bits is None:
        return params
    quantized = Parameters(params.layout, executor.allocate(params.flat), params.statistics)
    quantize(params, weight_bits, quantized.flat)
    return quantized


def gradients(layout: Layout, shards: int, executor: Executor, device: Device) -> list[Parameters]:
    """The gradient of each shard: a row of one array, as each allocation may cost a file handle."""
    flat, statistics = (
        device.put(executor.allocate(np.zeros((shards, -(-n // ROW_PARAMETERS) * ROW_PARAMETERS), np.float32)))[:, :n]
        for n in (layout.size, layout.statistics_size)
    )
    return [Parameters(layout, flat[k], statistics[k]) for k in range(shards)]
