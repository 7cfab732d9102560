"""Schedules against their closed forms and against PyTorch's schedulers."""

import math

import pytest

from inkling.errors import UsageError
from inkling.optim import ChangedLR, ConstantLR, CosineAnnealingLR, ExponentialLR, OneCycleLR, StepLR
from needs import needs_torch

EPOCHS = 12
TIMES = [0, 0.25, 1, 2.9, 3, 3.6, 7.5, 11, 11.99]


@pytest.mark.parametrize(
    ("schedule", "closed_form"),
    [
        (ConstantLR(0.1), lambda t: 0.1),
        (ExponentialLR(0.1, gamma=0.9), lambda t: 0.1 * 0.9 ** int(t)),
        (StepLR(0.1, step_size=3, gamma=0.5), lambda t: 0.1 * 0.5 ** int(t / 3)),
        (CosineAnnealingLR(0.1), lambda t: 0.05 * (1 + math.cos(math.pi * t / EPOCHS))),
        (CosineAnnealingLR(0.1, eta_min=0.02), lambda t: 0.02 + 0.04 * (1 + math.cos(math.pi * t / EPOCHS))),
        (
            CosineAnnealingLR(0.1, warmup=3),
            lambda t: 0.1 * t / 3 if t < 3 else 0.05 * (1 + math.cos(math.pi * (t - 3) / (EPOCHS - 3))),
        ),
    ],
    ids=["constant", "exponential", "step", "cosine", "cosine to a least rate", "warm-up and cosine"],
)
def test_closed_form(schedule, closed_form):
    assert [schedule(t, EPOCHS) for t in TIMES] == pytest.approx([closed_form(t) for t in TIMES], rel=1e-12)


def test_a_changed_rate_holds_from_its_epoch_on():
    before = OneCycleLR(0.1)
    once = ChangedLR(0.02, before, 3)
    assert [once(t, EPOCHS) for t in TIMES] == [before(t, EPOCHS) if t < 3 else 0.02 for t in TIMES]
    twice = ChangedLR(0.5, once, 7)
    assert [twice(t, EPOCHS) for t in (2.9, 3, 6.9, 7, 11)] == [before(2.9, EPOCHS), 0.02, 0.02, 0.5, 0.5]


def test_one_cycle_goes_through_its_three_corners():
    schedule = OneCycleLR(0.1, pct_start=0.25, div_factor=10, final_div_factor=100)
    assert schedule(0, EPOCHS) == pytest.approx(0.01)
    assert schedule(3, EPOCHS) == pytest.approx(0.1)
    assert schedule(EPOCHS, EPOCHS) == pytest.approx(0.01 / 100)
    assert schedule(1.5, EPOCHS) == pytest.approx((0.01 + 0.1) / 2)  # half-way up a cosine is its middle


@pytest.mark.parametrize(
    ("schedule", "theirs"),
    [
        (ExponentialLR(0.1, gamma=0.8), lambda lr, opt: lr.ExponentialLR(opt, gamma=0.8)),
        (StepLR(0.1, step_size=3, gamma=0.3), lambda lr, opt: lr.StepLR(opt, step_size=3, gamma=0.3)),
        (CosineAnnealingLR(0.1, eta_min=0.01), lambda lr, opt: lr.CosineAnnealingLR(opt, EPOCHS, eta_min=0.01)),
        # PyTorch counts its steps 0 … total_steps − 1 and ends its cycle at the last of them.
        (
            OneCycleLR(0.1),
            lambda lr, opt: lr.OneCycleLR(
                opt, 0.1, total_steps=EPOCHS + 1, pct_start=(0.3 * EPOCHS + 1) / (EPOCHS + 1)
            ),
        ),
    ],
    ids=["exponential", "step", "cosine", "one cycle"],
)
def test_agrees_with_pytorch(schedule, theirs):
    torch = pytest.importorskip("torch", reason=needs_torch.reason("schedules give PyTorch's learning rates"))
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    scheduler = theirs(torch.optim.lr_scheduler, optimizer)
    expected = []
    for _ in range(EPOCHS):
        expected.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    assert [schedule(t, EPOCHS) for t in range(EPOCHS)] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("lr", [0.0, -1.0, math.inf, math.nan])
def test_a_learning_rate_that_cannot_work_is_refused(lr):
    with pytest.raises(UsageError, match="a learning rate is a number above 0"):
        ConstantLR(lr)


@pytest.mark.parametrize(
    "make",
    [
        lambda: StepLR(0.1, step_size=0),
        lambda: ExponentialLR(0.1, gamma=-0.5),
        lambda: CosineAnnealingLR(0.1, warmup=-1.0),
        lambda: OneCycleLR(0.1, div_factor=0.0),
        lambda: OneCycleLR(0.1, pct_start=1.0),
    ],
)
def test_shapes_that_cannot_work_are_refused(make):
    with pytest.raises(UsageError, match=r"LR needs \w+ (above|from|below) [01]"):
        make()


def test_one_cycle_without_a_rise_only_falls():
    assert OneCycleLR(0.1, pct_start=0.0)(0.0, 10) == 0.1
