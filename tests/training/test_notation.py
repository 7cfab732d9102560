"""The notation reads back what it writes, and understands nothing but calls of known names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkling.errors import UsageError
from inkling.nn import (
    INITIALIZERS,
    LAYERS,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    CenterCrop,
    Constant,
    Conv2d,
    Dropout,
    Flatten,
    GlobalAvgPool,
    KaimingNormal,
    LeakyReLU,
    Linear,
    MaxPool2d,
    Normal,
    ReLU,
    Residual,
    XavierNormal,
)
from inkling.notation import read, write
from inkling.optim import (
    OPTIMIZERS,
    SCHEDULES,
    SGD,
    Adam,
    AdamW,
    ConstantLR,
    CosineAnnealingLR,
    ExponentialLR,
    OneCycleLR,
    RMSprop,
    StepLR,
)
from inkling.training import LossVariance, Patience
from inkling.training.stopping import STOPPING

WORDS = LAYERS | OPTIMIZERS | SCHEDULES | STOPPING

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
    st.just(GlobalAvgPool()),
    st.builds(Linear, count, initializers),
    st.builds(Conv2d, count, count, stride=count, padding=count, bias=st.booleans(), init=initializers),
    st.builds(MaxPool2d, count, st.none() | count),
    st.builds(AvgPool2d, count, st.none() | count),
    st.builds(CenterCrop, count),
    st.builds(LeakyReLU, share),
    st.builds(Dropout, share),
    st.builds(BatchNorm1d, positive, share.filter(bool)),
    st.builds(BatchNorm2d, positive, share.filter(bool)),
)
layers = st.recursive(
    single_layers,
    lambda inside: st.lists(inside, min_size=1, max_size=3).map(lambda some: Residual(*some)),
    max_leaves=6,
)
objects = st.one_of(
    layers,
    initializers,
    st.builds(SGD, momentum=share.filter(bool), nesterov=st.booleans(), weight_decay=decay),
    st.builds(RMSprop, alpha=share, eps=positive, weight_decay=decay),
    st.builds(Adam, betas=st.tuples(share, share), eps=positive, weight_decay=decay),
    st.builds(AdamW, betas=st.tuples(share, share), eps=positive, weight_decay=decay),
    st.builds(ConstantLR, positive),
    st.builds(ExponentialLR, positive, gamma=share.filter(bool)),
    st.builds(StepLR, positive, step_size=count, gamma=share.filter(bool)),
    st.builds(CosineAnnealingLR, positive, eta_min=positive, warmup=positive),
    st.builds(OneCycleLR, positive, pct_start=share.filter(bool), div_factor=positive, final_div_factor=positive),
    st.builds(Patience, count),
    st.builds(LossVariance, st.integers(2, 100), positive),
)


@given(objects)
def test_what_is_written_reads_back(thing):
    assert read(write(thing), WORDS | INITIALIZERS, LAYERS | INITIALIZERS) == thing
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
        (MaxPool2d(2, 2), "MaxPool2d(2, stride=2)"),
        (Residual(Residual(Linear(9)), Dropout()), "Residual(Residual(Linear(9)), Dropout())"),
    ],
)
def test_the_shortest_call_is_written(thing, text):
    assert write(thing) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Liner(10)", "unknown name 'Liner': did you mean Linear"),
        ("Quux(10)", "unknown name 'Quux': known are Linear, Conv2d, ReLU"),
        ("__import__('os').system('true')", "cannot read"),
        ("__import__('os')", "unknown name '__import__'"),
        ("Linear(__import__('os').getpid())", "cannot read"),
        ("Linear.__init__(10)", "cannot read"),
        ("Linear((lambda: 10)())", "cannot read"),
        ("Linear(f'{10}')", "cannot read"),
        ("Linear([n for n in (1,)])", "cannot read"),
        ("Linear(2 ** 999999999)", "cannot read"),
        ("Linear(*(10,))", "cannot read"),
        ("Linear(**{'out_features': 10})", "cannot read"),
        ("Linear(x := 10)", "cannot read"),
        ("Linear(10", "expected a call such as"),
        ("Linear(10); 1", "expected a call such as"),
        ("", "expected a call such as"),
        ("0", "expected a call such as"),
        ("None", "expected a call such as"),
        ("(Linear(10),)", "expected a call such as"),
        ("Normal(0.1)", "unknown name 'Normal'"),
        ("Linear(Linear(10))", r"out_features must be of type int, not Linear\(10\)"),
        ("Linear\0(10)", "expected a call such as"),
        ("Linear(10, 11, 12)", "too many positional arguments"),
        ("Linear()", "missing a required argument: 'out_features'"),
        ("Linear(10, bias=False)", "unexpected keyword argument 'bias'"),
        ("Linear(10, out_features=10)", "multiple values for argument 'out_features'"),
        ("Linear('10')", "out_features must be of type int, not '10'"),
        ("Linear(2.5)", "out_features must be of type int, not 2.5"),
        ("Linear(True)", "out_features must be of type int, not True"),
        ("Linear(10, init=ReLU())", r"init must be of type Initializer, not ReLU\(\)"),
        ("Linear(10, init=Adam())", "unknown name 'Adam': known are Linear"),
        ("Conv2d(8)", "missing a required argument: 'kernel_size'"),
        ("Conv2d(8, (3, 3))", r"kernel_size must be of type int, not \(3, 3\)"),
        ("Conv2d(8, 3, bias=1)", "bias must be of type bool, not 1"),
        ("MaxPool2d(2, stride=1.5)", "stride must be of type .*, not 1.5"),
        ("Residual()", "Residual needs at least one layer"),
        ("Residual(3)", r"layers must be of type Layer each, not \(3,\)"),
        ("Residual((ReLU(),))", r"layers must be of type Layer each, not \(\(ReLU\(\),\),\)"),
        ("Residual(layers=(ReLU(),))", "unexpected keyword argument 'layers'"),
        ("Residual(ReLU(), Normal(0.1))", "layers must be of type Layer each, not .ReLU.., Normal.0.1.."),
        ("Residual(Residual(ReLUU()))", "unknown name 'ReLUU': did you mean ReLU"),
        ("Dropout('x')", "p must be of type float, not 'x'"),
        ("Dropout(None)", "p must be of type float, not None"),
        ("Linear(10, init=Normal(1e999))", "std must be of type float, not inf"),
        pytest.param("ConstantLR(1" + "0" * 400 + ")", r"lr must be of type float, not 10+\.\.\.$", id="400 zeros"),
        pytest.param("ConstantLR(1" + "0" * 5000 + ")", "cannot read", id="5000 zeros"),
        ("Adam(betas=0.9)", "betas must be of type .*, not 0.9"),
        ("Adam(betas=(0.9,))", r"betas must be of type .*, not \(0.9,\)"),
        ("SGD(0.9)", "too many positional arguments"),
        ("ConstantLR(-0.1)", "a learning rate is a number above 0, not -0.1"),
    ],
)
def test_mistakes_are_one_sentence(text, message):
    with pytest.raises(UsageError, match=message) as caught:
        read(text, WORDS, LAYERS | INITIALIZERS)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "-" * 50_000 + "1",
        "Linear(" * 500 + ")" * 500,
        "Linear(" + "(" * 90 + ")" * 90 + ")",
        "Residual(" * 500 + "ReLU()" + ")" * 500,
    ],
    ids=["brackets", "signs", "calls", "tuples", "layers"],
)
def test_deep_nesting_is_a_mistake_and_no_crash(text):
    with pytest.raises(UsageError) as caught:
        read(text, WORDS, LAYERS)
    assert len(str(caught.value)) < 300


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    with pytest.raises(UsageError):
        read(text, {})


def test_reading_runs_no_code(tmp_path):
    with pytest.raises(UsageError):
        read(f"Linear(open({str(tmp_path / 'made')!r}, 'w'))", WORDS)
    assert list(tmp_path.iterdir()) == []
