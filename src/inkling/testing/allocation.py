"""The allocation check: does a layer allocate arrays that grow with the batch?

A layer may allocate what has a fixed size: a vector of its parameters, a block of images, Python objects. So the most
memory that is allocated at any moment of a training step is measured on a batch and on one twice as large. The
difference, per image, is what grows with the batch. NumPy reports its allocations to `tracemalloc`.
"""

from __future__ import annotations

import math
import tracemalloc
from collections.abc import Callable

import numpy as np

from inkling.nn import Layer, Network, Parameters, Workspace
from inkling.nn.layer import Shape
from inkling.testing.neighbours import Offset

# The smaller batch has so many numbers, several blocks of any layer here. A block may not grow with the batch.
BATCH_NUMBERS = 2**19

# What passes, per image: an eighth of the bytes of the smaller of x and y, which is half of what a mask of them takes.
# Six float32 numbers pass whatever the shape: an image of so few numbers is hardly more than what a layer sums it to.
ALLOWED_PART = 1 / 8
ALLOWED_BYTES = 24


def check_allocation(layer: Layer, input_shape: Shape) -> None:
    """Neither training nor predicting allocates an array as large as a batch.

    The larger the images, the more surely a mask, or anything of a few bits per number, is found: give at least 64
    numbers.
    """
    network = Network(Offset(), layer, Offset(), input_shape=input_shape)
    numbers = [math.prod(shape) for shape in network.shapes[1:3]]
    images = max(2, -(-BATCH_NUMBERS // max(numbers)))
    allowed = max(ALLOWED_PART * np.dtype(np.float32).itemsize * min(numbers), ALLOWED_BYTES)
    for training in (False, True):
        small, large = (_peak(_step(network, count, training)) for count in (images, 2 * images))
        per_image = (large - small) / images
        if per_image > allowed:
            verb = "a training step" if training else "predicting"
            raise AssertionError(
                f"{verb} of {layer} allocates {per_image:.0f} bytes per image of shape {input_shape}: declare the "
                "arrays in cache_arrays, or work through the batch in blocks with scratch_arrays"
            )


def _step(network: Network, images: int, training: bool) -> Callable[[], None]:
    """A forward pass, and a backward pass in training, on a batch that is made before."""
    rng = np.random.default_rng(0)
    params, gradient = network.init(rng), Parameters(network.layout)
    x = rng.standard_normal((images, *network.input_shape), np.float32)
    workspace = Workspace(network, images, training=training)
    _, dlogits = workspace.buffers_for(images)
    dlogits.fill(1.0)

    def step() -> None:
        network.forward(params, x, workspace, training=training, rng=rng)
        if training:
            network.backward(params, gradient, dlogits, workspace)

    return step


def _peak(step: Callable[[], None]) -> int:
    """The most bytes that are allocated at any moment of a step beyond what is allocated before it."""
    traced_by_caller = tracemalloc.is_tracing()
    if not traced_by_caller:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        step()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        if not traced_by_caller:
            tracemalloc.stop()
    return peak - before
