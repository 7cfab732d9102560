"""The notation reads back what it writes, and understands nothing but calls of known names."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkling.errors import UsageError
from inkling.nn import (
    GELU,
    INITIALIZERS,
    LAYERS,
    LOSSES,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    CenterCrop,
    Constant,
    Conv2d,
    DepthwiseConv2d,
    Dropout,
    Ensemble,
    Flatten,
    GlobalAvgPool,
    KaimingNormal,
    LayerNorm,
    LeakyReLU,
    Linear,
    MaxPool2d,
    Normal,
    ReLU,
    Residual,
    Sequential,
    XavierNormal,
)
from inkling.notation import read, write
from inkling.optim import (
    OPTIMIZERS,
    SCHEDULES,
    SGD,
    Adam,
    AdamW,
    ChangedLR,
    ConstantLR,
    CosineAnnealingLR,
    ExponentialLR,
    OneCycleLR,
    RMSprop,
    StepLR,
)
from inkling.recipes import LossVariance, Patience
from inkling.recipes.stopping import STOPPING

WORDS = LAYERS | LOSSES | OPTIMIZERS | SCHEDULES | STOPPING

any_float = st.floats(allow_nan=False, allow_infinity=False)
positive = st.floats(1e-9, 1e9)
share = st.floats(0, 1, exclude_max=True)
count = st.integers(1, 10**6)
decay = st.floats(0, 10)
initializers = st.one_of(
    st.builds(KaimingNormal, any_float),
    st.just(XavierNormal()),
    st.builds(Normal, st.floats(0, 1e9), any_float),
    st.builds(Constant, any_float),
)
single_layers = st.one_of(
    st.just(Flatten()),
    st.just(ReLU()),
    st.just(GELU()),
    st.just(GlobalAvgPool()),
    st.builds(Linear, count, initializers),
    st.builds(Conv2d, count, count, stride=count, padding=count, bias=st.booleans(), init=initializers),
    st.builds(DepthwiseConv2d, count, stride=count, padding=count, bias=st.booleans(), init=initializers),
    st.builds(MaxPool2d, count, st.none() | count),
    st.builds(AvgPool2d, count, st.none() | count),
    st.builds(CenterCrop, count),
    st.builds(LeakyReLU, share),
    st.builds(Dropout, share),
    st.builds(BatchNorm1d, positive, share.filter(bool)),
    st.builds(BatchNorm2d, positive, share.filter(bool)),
    st.builds(LayerNorm, positive),
)
layers = st.recursive(
    single_layers,
    lambda inside: st.lists(inside, min_size=1, max_size=3).flatmap(
        lambda some: st.sampled_from([Residual(*some), Sequential(*some), Ensemble(*some)])
    ),
    max_leaves=6,
)
objects = st.one_of(
    layers,
    initializers,
    st.sampled_from([loss() for loss in LOSSES.values()]),
    st.builds(SGD, momentum=share.filter(bool), nesterov=st.booleans(), weight_decay=decay),
    st.builds(RMSprop, alpha=share, eps=positive, weight_decay=decay),
    st.builds(Adam, betas=st.tuples(share, share), eps=positive, weight_decay=decay),
    st.builds(AdamW, betas=st.tuples(share, share), eps=positive, weight_decay=decay),
    st.builds(ConstantLR, positive),
    st.builds(ExponentialLR, positive, gamma=share.filter(bool)),
    st.builds(StepLR, positive, step_size=count, gamma=share.filter(bool)),
    st.builds(CosineAnnealingLR, positive, eta_min=positive, warmup=positive),
    st.builds(OneCycleLR, positive, pct_start=share.filter(bool), div_factor=positive, final_div_factor=positive),
    st.builds(ChangedLR, positive, st.builds(ConstantLR, positive), count),
    st.builds(Patience, count),
    st.builds(LossVariance, st.integers(2, 100), positive),
)


@given(objects)
def test_what_is_written_reads_back(thing):
    assert read(write(thing), WORDS | INITIALIZERS, LAYERS | INITIALIZERS | SCHEDULES) == thing
    assert repr(thing) == write(thing)


@pytest.mark.parametrize(
    ("thing", "text"),
    [
        (Linear(10), "Linear(10)"),
        (Linear(10, init=Normal(0.01)), "Linear(10, init=Normal(0.01))"),
        (Adam(weight_decay=1e-4, betas=(0.8, 0.9)), "Adam(weight_decay=0.0001, betas=(0.8, 0.9))"),
        (ExponentialLR(0.1, 0.5), "ExponentialLR(0.1, gamma=0.5)"),
        (ReLU(), "ReLU()"),
        (Conv2d(8, 3, bias=False), "Conv2d(8, 3, bias=False)"),
        (DepthwiseConv2d(3, padding=1), "DepthwiseConv2d(3, padding=1)"),
        (MaxPool2d(2, 2), "MaxPool2d(2, stride=2)"),
        (Residual(Residual(Linear(9)), Dropout()), "Residual(Residual(Linear(9)), Dropout())"),
    ],
)
def test_the_shortest_call_is_written(thing, text):
    assert write(thing) == text


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    with pytest.raises(UsageError):
        read(text, {})


def test_numbers_that_numpy_computed_are_written_as_plain_ones():
    """Regression test: ConstantLR(np.float64(0.1)) was written so, and could not be read."""
    computed = [
        ConstantLR(np.float64(0.1)),
        StepLR(np.float32(0.5), step_size=np.int64(3)),
        SGD(momentum=np.float64(0.5)),
    ]
    assert [write(each) for each in computed] == [
        "ConstantLR(0.1)", "StepLR(0.5, step_size=3)", "SGD(momentum=0.5)"
    ]  # fmt: skip
