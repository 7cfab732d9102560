"""Every optimizer against its published equations: a scalar twin, PyTorch, and itself in pieces."""

import dataclasses
import itertools

import numpy as np
import pytest

import reference
from inkling.errors import UsageError
from inkling.optim import SGD, Adam, AdamW, RMSprop, optimizer
from needs import needs_torch

SIZE, DECAYED, STEPS, LR = 50, 23, 20, 0.03

# A new optimizer is one row: the rule, its twin, and its name and settings in PyTorch.
RULES = [
    (SGD(weight_decay=0.1), (reference.sgd, {}), ("SGD", {})),
    (SGD(momentum=0.9, weight_decay=0.1), (reference.sgd, {"momentum": 0.9}), ("SGD", {"momentum": 0.9})),
    (
        SGD(momentum=0.8, nesterov=True, weight_decay=0.1),
        (reference.sgd, {"momentum": 0.8, "nesterov": True}),
        ("SGD", {"momentum": 0.8, "nesterov": True}),
    ),
    (RMSprop(weight_decay=0.1), (reference.rmsprop, {}), ("RMSprop", {})),
    (
        RMSprop(alpha=0.9, eps=1e-3),
        (reference.rmsprop, {"alpha": 0.9, "eps": 1e-3}),
        ("RMSprop", {"alpha": 0.9, "eps": 1e-3}),
    ),
    (Adam(weight_decay=0.1), (reference.adam, {}), ("Adam", {})),
    (
        Adam(betas=(0.8, 0.95), eps=1e-3),
        (reference.adam, {"betas": (0.8, 0.95), "eps": 1e-3}),
        ("Adam", {"betas": (0.8, 0.95), "eps": 1e-3}),
    ),
    (AdamW(weight_decay=0.1), (reference.adam, {"decoupled": True}), ("AdamW", {})),
]
rules = pytest.mark.parametrize(("rule", "twin", "torchs"), RULES, ids=[repr(rule) for rule, *_ in RULES])


@pytest.fixture
def problem():
    rng = np.random.default_rng(3)
    return rng.normal(size=SIZE), rng.normal(size=(STEPS, SIZE))


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """So that 50 numbers are several blocks, with the end of the decayed ones inside one."""
    monkeypatch.setattr(optimizer, "BLOCK_SIZE", 16)


def course(rule, theta, gradients):
    """θ after every step."""
    theta, state = theta.copy(), rule.init(theta)
    for gradient in gradients:
        rule.step(theta, gradient.copy(), state, lr=LR, decayed=DECAYED)
        yield theta.copy()


@rules
def test_rule_follows_its_equations(rule, twin, torchs, problem):
    theta, gradients = problem
    make, settings = twin
    expected = make(theta.tolist(), LR, lambda i: rule.weight_decay if i < DECAYED else 0.0, **settings)
    next(expected)
    for came, gradient in zip(course(rule, theta, gradients), gradients, strict=True):
        np.testing.assert_allclose(came, expected.send(gradient.tolist()), rtol=1e-11, atol=1e-13)


@rules
def test_rule_agrees_with_pytorch(rule, twin, torchs, problem):
    torch = pytest.importorskip("torch", reason=needs_torch.reason("optimizers make PyTorch's steps"))
    theta, gradients = problem
    name, settings = torchs
    decayed, rest = (torch.tensor(part.copy(), requires_grad=True) for part in (theta[:DECAYED], theta[DECAYED:]))
    groups = [{"params": [decayed], "weight_decay": rule.weight_decay}, {"params": [rest], "weight_decay": 0.0}]
    theirs = getattr(torch.optim, name)(groups, lr=LR, **settings)
    for came, gradient in zip(course(rule, theta, gradients), gradients, strict=True):
        decayed.grad, rest.grad = torch.tensor(gradient[:DECAYED]), torch.tensor(gradient[DECAYED:])
        theirs.step()
        np.testing.assert_allclose(came, torch.cat([decayed, rest]).detach().numpy(), rtol=1e-10, atol=1e-12)


@rules
@pytest.mark.parametrize("cuts", [(0, 50), (0, 17, 50), (0, 16, 23, 24, 50)], ids=str)
def test_threads_that_share_a_step_give_the_same_bits(rule, twin, torchs, cuts, problem):
    theta, gradients = (part.astype(np.float32) for part in problem)
    whole = list(course(rule, theta, gradients))[-1]
    state = rule.init(theta)
    for gradient in gradients:
        state.steps += 1
        for span in itertools.pairwise(cuts):
            rule.update(theta, gradient, state, lr=LR, decayed=DECAYED, span=span)
    np.testing.assert_array_equal(theta, whole)
    assert theta.dtype == np.float32
    assert all(moment.dtype == np.float32 for moment in state.moments)


@rules
def test_a_rule_is_frozen_and_keeps_its_memory_outside(rule, twin, torchs, problem):
    theta, gradients = problem
    first, second = (list(course(rule, theta, gradients))[-1] for _ in range(2))
    np.testing.assert_array_equal(first, second)
    with pytest.raises(dataclasses.FrozenInstanceError):
        rule.weight_decay = 1.0


def test_without_decay_given_the_whole_vector_is_decayed():
    theta = np.full(4, 2.0)
    rule = SGD(weight_decay=0.5)
    rule.step(theta, np.zeros(4), rule.init(theta), lr=0.1)
    np.testing.assert_allclose(theta, 2.0 - 0.1 * 0.5 * 2.0)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SGD(momentum=1.0), "momentum from 0 to below 1, not 1.0"),
        (lambda: SGD(nesterov=True), "needs a momentum above 0"),
        (lambda: SGD(weight_decay=-0.1), "weight_decay of at least 0, not -0.1"),
        (lambda: RMSprop(alpha=1.5), "alpha from 0 to below 1, not 1.5"),
        (lambda: Adam(betas=(0.9, 1.0)), r"betas from 0 to below 1, not \(0.9, 1.0\)"),
    ],
)
def test_impossible_settings_are_refused_in_a_sentence(make, message):
    with pytest.raises(UsageError, match=message):
        make()
