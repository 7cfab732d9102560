"""The average of the parameters: what its formula says, and that nothing else is changed by it."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inkling.optim import ConstantLR
from inkling.recipes.training_set import training_set
from inkling.training import TrainingState, step_job, train
from inkling.training.average import ema_update
from lively import SEEING, digits

STEPS = arrays(np.float32, st.tuples(st.integers(1, 30), st.integers(1, 4)), elements=st.floats(-8, 8, width=32))


def weights(decay, count):
    """How much step s of `count`, and before them the start, weighs in the average: the recursion, multiplied out."""
    d = [min(decay, (1 + t) / (10 + t)) for t in range(1, count + 1)]
    return np.array([np.prod(d)] + [(1 - d[s]) * np.prod(d[s + 1 :]) for s in range(count)])


@given(STEPS, st.floats(0.01, 0.9999))
def test_every_step_weighs_what_the_formula_says(steps, decay):
    start = np.full(steps.shape[1], 3, np.float32)
    average, scratch = start.copy(), np.empty_like(start)
    for t, θ in enumerate(steps, 1):
        ema_update(average, θ, scratch, decay=decay, t=t)
    assert average.dtype == np.float32
    share = weights(decay, len(steps))
    assert share.sum() == pytest.approx(1)
    np.testing.assert_allclose(average, share @ np.vstack([start, steps]).astype(np.float64), rtol=1e-4, atol=1e-4)


def test_a_long_training_forgets_its_start_however_slow_the_average():
    """Of 300 steps with a decay of 0.9999, which by itself would leave 97 % to the start."""
    assert weights(0.9999, 300)[:150].sum() < 0.01


@pytest.mark.parametrize("workers", [1, 2])
def test_training_averages_the_parameters_after_every_step(monkeypatch, workers):
    monkeypatch.setattr(step_job, "SHARED_UPDATE_PARAMETERS", 1)  # so that each worker has a span of its own
    plan = dataclasses.replace(SEEING, schedule=ConstantLR(0.1), batch_size="full", epochs=30, ema=0.7, keep="last")
    state = TrainingState.start(plan)
    θ = [state.params.flat.astype(np.float64)]
    for _ in train(plan, training_set(plan, digits()[:100]), state=state, workers=workers):
        θ.append(state.params.flat.astype(np.float64))
        expected = weights(0.7, len(θ) - 1) @ np.stack(θ)
        np.testing.assert_allclose(state.average.flat, expected, rtol=1e-4, atol=1e-5)
    assert np.abs(state.average.flat - state.params.flat).max() > 0.01


def test_averaging_only_looks_on():
    """The parameters themselves, and their running statistics, end in the same bits with and without an average."""
    ends = []
    for recipe in (SEEING, dataclasses.replace(SEEING, ema=None)):
        state = TrainingState.start(recipe)
        list(train(recipe, training_set(recipe, digits()[:500]), digits()[500:600], state))
        ends.append(state)
    averaging, plain = ends
    np.testing.assert_array_equal(averaging.params.flat, plain.params.flat)
    np.testing.assert_array_equal(averaging.params.statistics, plain.params.statistics)
    assert plain.average is None
    assert averaging.history[-1]["training_loss"] == plain.history[-1]["training_loss"]
    assert averaging.history[-1]["validation_loss"] != plain.history[-1]["validation_loss"]
