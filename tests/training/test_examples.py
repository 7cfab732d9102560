"""Rows of numbers as they are, with weights: the shard's gradient, any executor, and what does not fit."""

import numpy as np
import pytest

from inkling.data import Dataset
from inkling.errors import UsageError
from inkling.nn import GELU, Linear, Network, Parameters
from inkling.optim import Adam
from inkling.recipes import Recipe
from inkling.training import TrainingState, train
from inkling.training.examples import Examples
from inkling.training.shard import Objective, Shard, ShardScratch, loss_and_gradient

NETWORK = Network(Linear(8), GELU(), Linear(3), input_shape=(5,))  # smooth: differences tell its gradient
RNG = np.random.default_rng(0)
X, LABELS = RNG.normal(0, 2, (40, 5)).astype(np.float32), RNG.integers(0, 3, 40)
WEIGHTS = RNG.integers(0, 4, 40)


def shard_of(x, labels, weights, count, params):
    """Loss and gradient of all rows as one shard of a batch of `count`."""
    scratch, gradient = ShardScratch(NETWORK, len(x), training=True), Parameters(NETWORK.layout)
    shard = Shard(np.arange(len(x)), count, np.random.default_rng(0), np.random.default_rng(0))
    objective = Objective(NETWORK, x, labels, weights=weights)
    return loss_and_gradient(objective, params, shard, gradient, scratch)[0], gradient.flat.copy()


def test_the_gradient_of_weighted_rows_is_that_of_repeated_rows_and_of_the_loss():
    params = NETWORK.init(np.random.default_rng(1))
    loss, gradient = shard_of(X, LABELS, WEIGHTS.astype(np.float32), WEIGHTS.sum(), params)
    repeated = shard_of(X.repeat(WEIGHTS, 0), LABELS.repeat(WEIGHTS), None, WEIGHTS.sum(), params)
    assert loss == pytest.approx(repeated[0], rel=1e-6)
    np.testing.assert_allclose(gradient, repeated[1], rtol=1e-4, atol=1e-6)
    direction = RNG.normal(size=len(gradient)).astype(np.float32)
    losses = []
    for ε in (1e-3, -1e-3):
        moved = Parameters(NETWORK.layout, params.flat + np.float32(ε) * direction, params.statistics)
        losses.append(shard_of(X, LABELS, WEIGHTS.astype(np.float32), WEIGHTS.sum(), moved)[0])
    assert gradient @ direction == pytest.approx((losses[0] - losses[1]) / 2e-3, rel=2e-3)


def test_weighted_rows_give_the_same_bits_in_any_number_of_processes():
    examples = Examples(X, LABELS, (WEIGHTS / WEIGHTS.mean()).astype(np.float32))
    found = []
    for workers in (1, 2):
        recipe = Recipe(NETWORK, Adam(), batch_size=16, epochs=2, shards=2)
        state = TrainingState.start(recipe)
        history = [report.training_loss for report in train(recipe, examples, examples, state, workers=workers)]
        found.append((history, state.params.flat, state.history[-1]["validation_loss"]))
    assert found[0][0] == found[1][0]
    np.testing.assert_array_equal(found[0][1], found[1][1])
    logits = NETWORK.logits(Parameters(NETWORK.layout, found[0][1], np.empty(0, np.float32)), X).astype(np.float64)
    losses = np.log(np.exp(logits).sum(axis=1)) - logits[range(40), LABELS]
    assert found[0][2] == pytest.approx(np.average(losses, weights=WEIGHTS), rel=1e-5)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Examples(X.astype(np.float64), LABELS), "inputs are images uint8 or numbers float32, not float64"),
        (lambda: Examples(X, LABELS[:3]), r"40 inputs need as many labels and weights, not \(3,\)"),
        (
            lambda: Examples(X, np.zeros((40, 2, 2), int)),
            r"or texts of the shape \(N, L\) .*, not of the shape \(40, 2, 2\)",
        ),
        (lambda: Examples(X, LABELS.astype(float)), "labels are whole numbers, .* not float64"),
        (lambda: Examples(X, LABELS, WEIGHTS / 2), "weights are numbers float32, not float64"),
        (lambda: Examples(X, LABELS, np.float32(WEIGHTS - 1)), "weights are finite and at least 0"),
        (lambda: Examples(X, LABELS, np.full(40, np.nan, np.float32)), "weights are finite and at least 0"),
        (lambda: run(Examples(X[:, :4], LABELS)), r"the network takes \(5,\), but the inputs are \(4,\)"),
        (lambda: run(Examples(X, LABELS + 1)), "the network has 3 logits: labels are from 0 to 2"),
        (lambda: run(Examples(X[:0], LABELS[:0])), "there are no examples"),
        (lambda: run(Examples(X, LABELS), images()), "Examples are measured on Examples"),
        (lambda: run(images()), r"the network takes \(5,\), but the images of .* are \(28, 28\)"),
    ],
)
def test_examples_that_do_not_fit(make, sentence):
    with pytest.raises(UsageError, match=sentence):
        make()


def run(examples, validation=None):
    return next(train(Recipe(NETWORK, Adam()), examples, validation))


def images():
    return Dataset(np.zeros((3, 28, 28), np.uint8), np.array([0, 1, 2]))
