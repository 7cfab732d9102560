"""Muon against its equations in loops, what it does to singular values, and where it takes its matrices from."""

import numpy as np
import pytest

import reference
from inkling.errors import UsageError
from inkling.nn import (
    BatchNorm1d,
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
from inkling.optim import Matrix, Muon, optimizer
from inkling.optim.muon import orthogonal

MATRICES = [Matrix(0, 6, 4), Matrix(24, 3, 5)]  # and a gap of 6 numbers, and other weights behind it
SIZE, DECAYED, STEPS, LR = 60, 39, 12, 0.03


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(optimizer, "BLOCK_SIZE", 16)


@pytest.mark.parametrize(
    "settings", [{}, {"momentum": 0.8, "ns_steps": 3, "other_lr_scale": 0.5}], ids=["default", "all others"]
)
@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_it_follows_its_equations(settings, decay):
    rng = np.random.default_rng(3)
    theta, gradients = rng.normal(size=SIZE), rng.normal(size=(STEPS, SIZE))
    twin = reference.muon(theta, LR, lambda i: decay if i < DECAYED else 0.0, MATRICES, **settings)
    next(twin)
    rule = Muon(weight_decay=decay, **settings)
    state = rule.init(theta)
    for gradient in gradients:
        rule.step(theta, gradient.copy(), state, lr=LR, decayed=DECAYED, matrices=MATRICES)
        np.testing.assert_allclose(theta, twin.send(gradient), rtol=1e-9)


@pytest.mark.parametrize("shape", [(9, 9), (40, 6), (6, 40)])
def test_singular_values_come_near_one_and_directions_stay(shape):
    u = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    left, values, right = np.linalg.svd(u, full_matrices=False)
    result = orthogonal(u, 5)
    assert result.dtype == np.float32
    along = np.diag(left.T @ result @ right.T)
    np.testing.assert_allclose(result, left * along @ right, atol=1e-4)
    seen = along[values > 0.05 * values[0]]  # smaller ones need more steps
    assert seen.min() > 0.6
    assert seen.max() < 1.25


def test_a_matrix_of_zeros_stays_finite():
    np.testing.assert_array_equal(orthogonal(np.zeros((4, 3), np.float32), 5), np.zeros((4, 3)))


def test_matrices_may_lie_in_any_order():
    rng = np.random.default_rng(4)
    theta, gradient = rng.normal(size=SIZE), rng.normal(size=SIZE)
    shuffled = MATRICES[::-1]
    twin = reference.muon(theta, LR, lambda i: 0.0, shuffled)
    next(twin)
    Muon().step(theta, gradient.copy(), Muon().init(theta), lr=LR, matrices=shuffled)
    np.testing.assert_allclose(theta, twin.send(gradient), rtol=1e-9)


def test_without_matrices_it_is_nesterov_momentum():
    rng = np.random.default_rng(5)
    theta, gradients = rng.normal(size=20), rng.normal(size=(STEPS, 20))
    twin = reference.sgd(theta, LR, lambda i: 0.0, momentum=0.95, nesterov=True)
    next(twin)
    state = Muon().init(theta)
    for gradient in gradients:
        Muon().step(theta, gradient.copy(), state, lr=LR)
        np.testing.assert_allclose(theta, twin.send(gradient), rtol=1e-12)


def test_float32_stays_float32():
    theta = np.ones(SIZE, np.float32)
    state = Muon(weight_decay=0.1).init(theta)
    Muon(weight_decay=0.1).step(theta, np.ones(SIZE, np.float32), state, lr=LR, matrices=MATRICES)
    assert theta.dtype == state.moments[0].dtype == np.float32
    assert np.isfinite(theta).all()


def test_a_network_tells_the_weights_of_its_hidden_layers():
    network = Network(
        Conv2d(4, 3), BatchNorm2d(), Residual(Conv2d(4, 1), BatchNorm2d()), Flatten(), Linear(10), input_shape=(5, 5, 2)
    )
    assert [shape for _, *shape in network.hidden_matrices] == [[18, 4], [4, 4]]
    params = network.init(np.random.default_rng(0))
    for (start, rows, columns), weight in zip(
        network.hidden_matrices, (params[0].weight, params[2][0].weight), strict=True
    ):
        np.testing.assert_array_equal(Matrix(start, rows, columns).view(params.flat), weight.reshape(rows, columns))


@pytest.mark.parametrize(
    ("layers", "hidden"),
    [
        ((Linear(7), Residual(Linear(6), Linear(7)), BatchNorm1d()), [[9, 7], [7, 6]]),
        ((Linear(7), Residual(BatchNorm1d()), Sequential(BatchNorm1d(), ReLU())), []),
        ((Linear(7), Sequential(Linear(6), Linear(5))), [[9, 7], [7, 6]]),
        ((Linear(7), Ensemble(Linear(5), Sequential(Linear(6), Linear(5), ReLU()), Linear(5))), [[9, 7], [7, 6]]),
        ((Ensemble(Linear(7), Sequential(Linear(6), Linear(7))), Linear(5)), [[9, 7], [9, 6], [6, 7]]),
        ((Ensemble(Sequential(Linear(4), Ensemble(Linear(3), Linear(3))), Linear(3)),), [[9, 4]]),
    ],
    ids=repr,
)
def test_the_last_layer_is_one_in_every_branch_of_an_ensemble(layers, hidden):
    network = Network(*layers, input_shape=(9,))
    assert [shape for _, *shape in network.hidden_matrices] == hidden


def test_a_kernel_for_each_channel_by_itself_is_no_matrix():
    """Regression test: whatever had two axes was made orthogonal as a whole. A layer declares which of its are."""
    layers = Conv2d(4, 3), DepthwiseConv2d(3), Conv2d(5, 1), Flatten(), Linear(10)
    network = Network(*layers, input_shape=(5, 5, 2))
    assert [shape for _, *shape in network.hidden_matrices] == [[18, 4], [4, 5]]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"momentum": 1.0}, "a momentum from 0 to below 1, not 1.0"),
        ({"ns_steps": 0}, "ns_steps from 1 to 20, not 0"),
        ({"ns_steps": 10**6}, "ns_steps from 1 to 20, not 1000000"),
        ({"other_lr_scale": -1.0}, "other_lr_scale of at least 0, not -1.0"),
        ({"weight_decay": -1.0}, "a weight_decay of at least 0, not -1.0"),
    ],
)
def test_impossible_settings_are_refused(settings, message):
    with pytest.raises(UsageError, match=f"Muon needs {message}"):
        Muon(**settings)
