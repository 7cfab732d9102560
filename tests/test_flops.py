"""Floating-point operations are counted of every layer inside another, with the images that it is given."""

import pytest

from inkling.nn import (
    BatchNorm2d,
    Conv2d,
    DepthwiseConv2d,
    Ensemble,
    Flatten,
    Linear,
    Network,
    ReLU,
    Residual,
    Sequential,
)
from needs import needs_benchmarks

pytestmark = needs_benchmarks("benchmarks count the floating-point operations of nested layers")

FIRST, LAST = 2 * 9 * 1 * 26 * 26 * 4, 2 * (26 * 26 * 4) * 10  # multiplications and additions per image, forward
CONVOLVED = (Conv2d(4, 3), BatchNorm2d(), ReLU(), Flatten(), Linear(10))
STRAIGHT = 2 * 784 * 10


@pytest.mark.parametrize(
    ("layers", "forward", "training"),
    [
        (CONVOLVED, FIRST + LAST, 2 * FIRST + 3 * LAST),
        (
            (DepthwiseConv2d(3), Flatten(), Linear(10)),
            2 * (9 * 26 * 26 + 26 * 26 * 10),
            2 * (2 * 9 * 26 * 26 + 3 * 26 * 26 * 10),
        ),
        ((Sequential(*CONVOLVED[:3]), *CONVOLVED[3:]), FIRST + LAST, 2 * FIRST + 3 * LAST),
        (
            (Ensemble(Sequential(*CONVOLVED), Sequential(Flatten(), Linear(10)), Sequential(*CONVOLVED)),),
            2 * (FIRST + LAST) + STRAIGHT,
            2 * (2 * FIRST + 3 * LAST) + 2 * STRAIGHT,  # no member computes the gradient of the pixels
        ),
        ((Flatten(), Linear(784), Residual(Linear(784))), 4 * 784**2, (2 + 3) * 2 * 784**2),
    ],
    ids=["a chain", "a depthwise convolution", "a nested chain", "an ensemble", "a shortcut"],
)
def test_products_are_counted_where_they_stand(layers, forward, training):
    from benchmarks.harness import flops

    network = Network(*layers)
    assert flops.inference_flops(network) == forward
    assert flops.training_flops(network) == training
