"""What is no notation is refused in one sentence that names the mistake, and nothing of it is run."""

import pytest

from inkling.errors import UsageError
from inkling.nn import INITIALIZERS, LAYERS
from inkling.notation import read
from inkling.optim import OPTIMIZERS, SCHEDULES
from inkling.recipes.stopping import STOPPING

WORDS = LAYERS | OPTIMIZERS | SCHEDULES | STOPPING


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
        ("Linear(10, bias=False)", "unexpected keyword argument 'bias': Linear takes out_features, init"),
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
        ("Conv2d(8, kernel=3)", "unexpected keyword argument 'kernel': did you mean kernel_size"),
        ("ReLU(slope=1)", "unexpected keyword argument 'slope': ReLU takes no arguments"),
        ("Adam(lr=0.1)", r"argument 'lr': the learning rate belongs to the schedule, such as ConstantLR\(0.1\)"),
        ("Residual([ReLU()])", "write the layers without brackets"),
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


def test_reading_runs_no_code(tmp_path):
    with pytest.raises(UsageError):
        read(f"Linear(open({str(tmp_path / 'made')!r}, 'w'))", WORDS)
    assert list(tmp_path.iterdir()) == []
