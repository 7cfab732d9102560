"""Rows of symbols and their texts: a network learns them by CTC, any number of processes gives the same bits."""

import itertools

import numpy as np
import pytest

import inkling
from inkling.augmentation import Shift
from inkling.data import Dataset
from inkling.errors import UsageError
from inkling.nn import BatchNorm2d, Conv2d, CTCLoss, Flatten, Linear, MaxPool2d, Network, ReLU, ctc_loss
from inkling.optim import SGD, Adam, Muon, OneCycleLR
from inkling.recipes import Recipe, load_recipe
from inkling.training import TrainingDiverged, TrainingState, train
from inkling.training.examples import Examples
from inkling.training.measure import CHUNK
from separate import Separate

COLUMNS = 18
GLYPHS = np.random.default_rng(9).integers(0, 256, (3, 6, 4))  # three symbols, 6×4 pixels each
NETWORK = Network(
    *(Conv2d(8, 3, padding=1, bias=False), BatchNorm2d(), ReLU(), MaxPool2d(2)),
    *(Conv2d(16, 3, bias=False), BatchNorm2d(), ReLU(), Conv2d(4, 1)),  # (1, 18, 4): three symbols and the blank
    input_shape=(6, 40, 1),
)
PLAN = Recipe(NETWORK, Muon(), OneCycleLR(0.05), batch_size=20, epochs=6, loss=CTCLoss(), augment=[Shift(1, p=0.5)])
PLAN = PLAN.override(ema=0.9, keep="best")


def rows_of(count, seed):
    """Noisy rows of none to three symbols, and their texts."""
    rng = np.random.default_rng(seed)
    x, labels = rng.integers(0, 40, (count, 6, 40, 1)).astype(np.uint8), np.full((count, 3), -1)
    for i in range(count):
        places = np.sort(rng.choice(9, rng.integers(0, 4), replace=False))
        labels[i, : len(places)] = rng.integers(0, 3, len(places))
        for j, place in enumerate(places):
            x[i, :, 4 * place + 2 : 4 * place + 6, 0] = GLYPHS[labels[i, j]]
    return Examples(x, labels)


TRAINING, VALIDATION = rows_of(300, seed=0), rows_of(100, seed=1)


@pytest.fixture(scope="module")
def alone():
    """A training in this process."""
    return trained(1)


def trained(workers, **changes):
    recipe = PLAN.override(**changes)
    state = TrainingState.start(recipe)
    reports = list(train(recipe, TRAINING, VALIDATION, state, workers=workers))
    return state, [(each.training_loss, each.training_accuracy, each.validation_loss) for each in reports]


def test_a_network_learns_rows_from_their_texts_alone(alone):
    state, reports = alone
    assert state.history[0]["validation_accuracy"] < 0.5
    assert state.history[state.best_epoch - 1]["validation_accuracy"] > 0.9
    assert state.history[-1]["training_accuracy"] > 0.7
    assert reports[-1][0] < reports[0][0] / 4


def test_what_is_measured_is_the_best_path_of_each_row_and_the_mean_loss(alone):
    state, _ = alone
    assert len(VALIDATION) > CHUNK // COLUMNS  # measured in pieces
    logits = NETWORK.logits(state.eval_parameters, VALIDATION.inputs / np.float32(255))[:, 0]
    shown = [[k for k, _ in itertools.groupby(path) if k != 3] for path in logits.argmax(axis=2).tolist()]
    texts = [[k for k in label if k >= 0] for label in VALIDATION.labels.tolist()]
    right = sum(a == b for a, b in zip(shown, texts, strict=True))
    assert state.history[-1]["validation_accuracy"] == pytest.approx(right / 100)
    assert state.history[-1]["validation_loss"] == pytest.approx(ctc_loss(logits, VALIDATION.labels), rel=1e-5)


@pytest.mark.parametrize("workers", [2, Separate()], ids=["two processes", "separate memory"])
def test_the_bits_do_not_depend_on_who_computes_them(alone, workers):
    state, reports = trained(workers)
    assert reports == alone[1]
    np.testing.assert_array_equal(state.params.flat, alone[0].params.flat)
    np.testing.assert_array_equal(state.average.statistics, alone[0].average.statistics)


def test_a_training_goes_on_where_it_was(alone):
    state = TrainingState.start(PLAN)
    reports = itertools.islice(train(PLAN, TRAINING, VALIDATION, state, workers=1), 2)
    assert len(list(reports)) == 2
    state = TrainingState.unpack(PLAN, *state.pack())
    list(train(PLAN, TRAINING, VALIDATION, state, workers=1))
    np.testing.assert_array_equal(state.params.flat, alone[0].params.flat)


def test_a_loss_that_is_not_finite_ends_the_training():
    recipe = PLAN.override(optimizer=SGD(), lr=1e30, ema=0.9)
    with pytest.raises(TrainingDiverged, match=r"the loss of step \d+ is not finite at learning rate"):
        list(train(recipe, TRAINING, VALIDATION, workers=1))


def test_the_recipe_is_a_file_and_other_recipes_do_not_name_their_loss(tmp_path):
    (tmp_path / "rows.toml").write_text(PLAN.to_toml(), encoding="utf-8")
    assert load_recipe(tmp_path / "rows.toml").loss == CTCLoss()
    assert 'loss = "CTCLoss()"' in PLAN.to_toml()
    assert "loss" not in load_recipe("sgd-10").to_dict()
    assert PLAN.n_classes == 3


DIGITS = Network(Flatten(), Linear(10))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: PLAN.override(label_smoothing=0.1), "label_smoothing is about images of one class each, but CTCLoss"),
        (lambda: PLAN.override(temperature="fit"), "temperature is about images of one class each"),
        (lambda: PLAN.override(temperature=2.0), "temperature is about images of one class each"),
        (lambda: PLAN.override(non_digits=0.2), "non_digits"),
        (lambda: PLAN.override(drawn_digits=0.2), "drawn_digits"),
        (lambda: PLAN.override(loss="CTCLoss()"), r"loss must be a Loss, not 'CTCLoss\(\)', such as CTCLoss\(\)"),
        (lambda: Recipe(DIGITS, Adam(), loss=CTCLoss()), r"ends in \(10,\), but CTCLoss\(\) needs logits \(1, columns"),
        (
            lambda: Recipe(Network(Conv2d(4, 3), input_shape=(6, 40, 1)), Adam(), loss=CTCLoss()),
            r"ends in \(4, 38, 4\), but CTCLoss\(\) needs",
        ),
        (lambda: Recipe(NETWORK, Adam()), r"ends in \(1, 18, 4\) instead of a logit for each class"),
        (lambda: inkling.fit(PLAN, images()), "learns the text of each row, but the images of .* have one class each"),
        (lambda: run(images()), "learns the text of each row, but the images of .* have one class each"),
        (lambda: run(TRAINING, images()), "Examples are measured on Examples"),
        (lambda: run(TRAINING, teacher=object()), "learnt without a teacher"),
        (lambda: run(labelled(np.zeros(4, int))), r"rows \(N, L\) of whole numbers, padded with -1, not int64"),
        (lambda: run(labelled(np.full((4, 1), 3))), "from 0 to 3 without the blank, 3, .* but one is 3"),
        (lambda: run(labelled(np.arange(19) % 2 + np.zeros((4, 1), int))), "label 0 needs 19 columns, .* has 18"),
        (lambda: run(TRAINING, labelled(np.zeros((4, 10), int))), "label 0 needs 19 columns, .* has 18: leave it out"),
        (lambda: run(TRAINING, None), "need validation images"),
        (lambda: labelled(np.zeros((3, 2), int)), r"4 inputs need as many labels and weights, not \(3, 2\)"),
        (
            lambda: next(
                train(Recipe(DIGITS, Adam()), Examples(np.zeros((4, 28, 28, 1), np.uint8), np.ones((4, 2), int)))
            ),
            r"CrossEntropyLoss\(\) takes one class for each input, labels of the shape \(N,\), not \(4, 2\)",
        ),
    ],
)
def test_what_makes_no_sense_is_one_sentence(make, sentence):
    with pytest.raises(UsageError, match=sentence) as caught:
        make()
    assert "\n" not in str(caught.value)


def run(training, validation=VALIDATION, **arguments):
    return next(train(PLAN, training, validation, **arguments))


def labelled(labels):
    return Examples(np.zeros((4, 6, 40, 1), np.uint8), labels)


def images():
    return Dataset(np.zeros((4, 28, 28), np.uint8), np.array([0, 1, 2, 0]))
