"""Floating-point operations are counted of every layer inside another, with the images that it is given."""

import importlib.util
import sys
from pathlib import Path

import pytest

from inkling.nn import BatchNorm2d, Conv2d, Ensemble, Flatten, Linear, Network, ReLU, Residual, Sequential

FILE = Path(__file__).parents[1] / "benchmarks" / "flops.py"
pytestmark = pytest.mark.skipif(not FILE.is_file(), reason="the benchmarks are not beside the tests")

FIRST, LAST = 2 * 9 * 1 * 26 * 26 * 4, 2 * (26 * 26 * 4) * 10  # multiplications and additions of an image forward
CONVOLVED = (Conv2d(4, 3), BatchNorm2d(), ReLU(), Flatten(), Linear(10))
STRAIGHT = 2 * 784 * 10


@pytest.fixture(scope="module")
def flops():
    spec = importlib.util.spec_from_file_location("flops", FILE)
    module = sys.modules["flops"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("layers", "forward", "training"),
    [
        (CONVOLVED, FIRST + LAST, 2 * FIRST + 3 * LAST),
        ((Sequential(*CONVOLVED[:3]), *CONVOLVED[3:]), FIRST + LAST, 2 * FIRST + 3 * LAST),
        (
            (Ensemble(Sequential(*CONVOLVED), Sequential(Flatten(), Linear(10)), Sequential(*CONVOLVED)),),
            2 * (FIRST + LAST) + STRAIGHT,
            2 * (2 * FIRST + 3 * LAST) + 2 * STRAIGHT,  # nobody asks any member for the gradient of the pixels
        ),
        ((Flatten(), Linear(784), Residual(Linear(784))), 4 * 784**2, (2 + 3) * 2 * 784**2),
    ],
    ids=["a row", "a row inside", "side by side", "a shortcut"],
)
def test_products_are_counted_where_they_stand(flops, layers, forward, training):
    network = Network(*layers)
    assert flops.inference_flops(network) == forward
    assert flops.training_flops(network) == training
