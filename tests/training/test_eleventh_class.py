"""The eleventh class: trained with pictures of what is no digit, a model says so, and reads digits as ever."""

import dataclasses

import numpy as np
import pytest

import inkling
from inkling import Model
from inkling.classes import DIGITS
from inkling.data import load
from inkling.errors import DataError, UsageError
from inkling.evaluation import Evaluation
from inkling.inference import PIXEL_SCALE
from inkling.nn import Flatten, Linear, Network, ReLU, softmax
from inkling.optim import SGD, Adam, ConstantLR
from inkling.recipes import Recipe
from inkling.recipes.training_set import training_set
from inkling.rng import Purpose, make_rng
from inkling.storage import load_tensors, save_tensors
from inkling.synthesis import non_digits
from inkling.training import TrainingState, train
from lively import Spy, digits


def recipe(*layers, **settings):
    layers = layers or (Flatten(), Linear(48), ReLU(), Linear(11))
    defaults = {"batch_size": 100, "epochs": 25, "non_digits": 0.5}
    return Recipe(Network(*layers), Adam(), ConstantLR(2e-3), **defaults | settings)


@pytest.fixture(scope="module")
def taught():
    """A small model, and the report of its last epoch, in which the test part of the digits is measured."""
    plan = recipe()
    state = TrainingState.start(plan)
    *_, report = train(plan, training_set(plan, digits()), state=state, test=load("digits").test)
    return Model(plan.network, state.eval_parameters), report


def test_a_small_network_learns_to_tell(taught):
    model, _ = taught
    test = load("digits").test
    others = non_digits(test, 400, np.random.default_rng(17))
    assert (model.not_a_digit(test.images) >= 0.5).mean() < 0.1
    assert (model.not_a_digit(others) >= 0.5).mean() > 0.8
    assert (model.predict(test.images) == test.labels).mean() > 0.85


@pytest.mark.parametrize("tta", [False, True])
def test_probabilities_of_digits_are_given_that_it_is_one(taught, tta):
    model, _ = taught
    images = np.concatenate([load("digits").test.images[:50], non_digits(digits(), 50, np.random.default_rng(3))])
    none = model.not_a_digit(images, tta=tta)
    assert none.shape == (100,)
    assert none.dtype == np.float32
    all_eleven = softmax(model._all_logits(images, tta))
    np.testing.assert_array_equal(none, all_eleven[:, 10])
    proba = model.predict_proba(images, tta=tta)
    assert proba.shape == model.logits(images, tta=tta).shape == (100, 10)
    np.testing.assert_allclose(proba * (1 - none[:, None]), all_eleven[:, :10], atol=1e-5)
    np.testing.assert_array_equal(model.predict(images, tta=tta), proba.argmax(axis=1))


def test_what_is_measured_are_probabilities_of_digits(taught):
    model, report = taught
    test = load("digits").test
    evaluation = Evaluation(test.labels, model.predict_proba(test.images))
    assert report.test_accuracy == pytest.approx(evaluation.accuracy)
    assert report.test_loss == pytest.approx(evaluation.cross_entropy, rel=1e-4)


def test_non_digits_come_behind_the_digits_and_are_shown_as_such():
    plan = recipe(Spy(), Linear(11), batch_size="full", shards=1, epochs=1, non_digits=0.25)
    plan = dataclasses.replace(plan, optimizer=SGD(), schedule=ConstantLR(1e-9))
    seen, data = [], digits()[:80]
    Spy.watch = lambda x: seen.append(x.copy())
    (report,) = train(plan, training_set(plan, data), workers=1)
    made = non_digits(data, 20, make_rng(plan.seed, Purpose.NON_DIGITS))
    expected = np.concatenate([data.images, made])[..., None] * PIXEL_SCALE
    np.testing.assert_array_equal(seen[0], expected)
    before = TrainingState.start(plan).params
    right = plan.network.logits(before, expected).argmax(axis=1) == np.append(data.labels, np.full(20, 10))
    assert report.training_accuracy == right.mean()


def test_workers_and_interruptions_leave_the_bits_alone():
    plan = recipe(epochs=4, non_digits=0.1)
    data = training_set(plan, digits()[:300])
    one, two, resumed = (TrainingState.start(plan) for _ in range(3))
    list(train(plan, data, state=one, workers=1))
    list(train(plan, data, state=two, workers=2))
    next(train(plan, data, state=resumed))
    resumed = TrainingState.unpack(plan, *resumed.pack())
    list(train(plan, data, state=resumed))
    np.testing.assert_array_equal(two.params.flat, one.params.flat)
    np.testing.assert_array_equal(resumed.params.flat, one.params.flat)


def test_a_model_of_ten_logits_cannot_say_it():
    network = Network(Flatten(), Linear(10))
    model = Model(network, network.init(np.random.default_rng(0)))
    assert not model.knows_non_digits
    with pytest.raises(UsageError, match='cannot say "not a digit": train one whose recipe has non_digits'):
        model.not_a_digit(digits().images[:1])


@pytest.mark.parametrize("logits", [9, 12])
def test_other_numbers_of_logits_are_no_model_of_digits(taught, logits, tmp_path):
    network = Network(Flatten(), Linear(logits))
    sentence = (
        r"a model of 10 classes \(0, 1, 2, 3, 4, …\) ends in 10 logits, or one more for what is none of them, not in "
        rf"{logits}$"
    )
    with pytest.raises(UsageError, match=sentence):
        Model(network, network.init(np.random.default_rng(0)), class_names=DIGITS)
    path = tmp_path / "model.safetensors"
    taught[0].save(path)
    _, metadata = load_tensors(path)
    params = network.init(np.random.default_rng(0))
    metadata["network"] = ["Flatten()", f"Linear({logits})"]
    save_tensors(path, {"parameters": params.flat, "statistics": params.statistics}, metadata)
    with pytest.raises(DataError, match=f"not a usable model: {sentence}"):
        inkling.load(path)
