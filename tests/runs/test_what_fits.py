"""What does not fit a training is one sentence before it: teacher, test images, class names, split and types."""

import dataclasses
import json

import numpy as np
import pytest

from inkling import Model, fit
from inkling.data import Source, Split
from inkling.errors import DataError, UsageError
from inkling.nn import Flatten, Linear, Network
from inkling.recipes.training_set import training_set
from inkling.runs import Run, ingredients
from inkling.training import TrainingState, train
from letters import ALPHABET, letter_images, letter_source
from lively import LIVELY, SEEING, digits

RECIPE = LIVELY.override(epochs=1, keep="last", split=Split(validation=0.5))
OTHER_NAMES = tuple(reversed(ALPHABET))


def letter_teacher(class_names):
    network = Network(Flatten(), Linear(26))
    return Model(network, network.init(np.random.default_rng(0)), class_names=class_names)


@pytest.fixture
def letters(monkeypatch):
    """Runs of these tests read letters, or what is put into this list."""
    sources = [letter_source()]
    monkeypatch.setattr("inkling.runs.ingredients.load", lambda name: sources[0])
    return sources


def named(source, class_names):
    return dataclasses.replace(source, train=dataclasses.replace(source.train, class_names=class_names))


def no_training(*args, **options):
    return pytest.raises(UsageError, *args, **options)


def test_a_teacher_of_other_class_names_is_refused_by_fit_and_train():
    """Regression test: only the number of classes was compared, and the accuracy was that of chance."""
    source, teacher = letter_source(), letter_teacher(OTHER_NAMES)
    sentence = (
        r"its teacher knows 26 classes \(Z, Y, X, W, V, …\), but letters train has 26 classes \(A, B, C, D, E, …\)"
    )
    with no_training(match=sentence):
        fit(RECIPE, source, teacher=teacher, workers=1)
    with no_training(match=sentence):
        next(train(RECIPE.fitted_to(source.train), source.train, teacher=teacher, workers=1))
    fit(RECIPE, source, teacher=letter_teacher(ALPHABET), workers=1)


def test_a_teacher_of_other_class_names_is_refused_by_a_run(tmp_path, letters):
    letter_teacher(OTHER_NAMES).save(tmp_path / "teacher.safetensors")
    with no_training(match="its teacher knows 26 classes"):
        Run.create(tmp_path / "r", RECIPE, "letters", teacher=tmp_path / "teacher.safetensors")
    assert not (tmp_path / "r").exists()


def test_a_run_whose_teacher_has_other_class_names_does_not_go_on(tmp_path, letters):
    """Such runs were started before class names were compared."""
    letter_teacher(ALPHABET).save(tmp_path / "teacher.safetensors")
    Run.create(tmp_path / "r", RECIPE, "letters", teacher=tmp_path / "teacher.safetensors")
    record = json.loads((tmp_path / "r" / "run.json").read_text())
    del record["class_names"]
    (tmp_path / "r" / "run.json").write_text(json.dumps(record))
    letters[0] = named(letters[0], OTHER_NAMES)
    with no_training(match="its teacher knows 26 classes"):
        Run.resume(tmp_path / "r")


def test_a_teacher_with_the_class_for_no_digit_fits_the_digits():
    source = Source.of("some", digits()[:100])
    plan = SEEING.override(epochs=1)
    teacher = Model(plan.network, plan.network.init(np.random.default_rng(0)))
    fit(plan, source, teacher=teacher, workers=1)


MISFITS = {
    "size": (letter_images(20, 16, tuple("0123456789")), r"are \(16, 16\), but those of .* are \(28, 28\)"),
    "names": (dataclasses.replace(digits()[:9], class_names=tuple("abcdefghij")), r"10 classes \(a, b, .*same classes"),
    "eleven": (training_set(SEEING, digits()[:50]), "11 classes .*same classes"),
    "source": (Source.of("some", digits()), "images are a Dataset, such as the test part of a source, not a value of"),
}


@pytest.mark.parametrize(("measured", "sentence"), MISFITS.values(), ids=MISFITS)
@pytest.mark.parametrize("role", ["validation", "test"])
def test_images_to_measure_are_of_the_kind_of_the_training_images(measured, sentence, role):
    with no_training(match=f"{role} .*{sentence}|^{role} {sentence}"):
        next(train(RECIPE, digits(), **{role: measured}, workers=1))


@pytest.mark.parametrize("recipe", [RECIPE, SEEING], ids=["ten", "eleven"])
def test_images_to_measure_have_no_class_for_pictures_of_no_digit(recipe):
    data = digits()
    examples = training_set(recipe, data[:300])
    report = next(train(recipe, examples, data[300:400], test=data[400:500], workers=1))
    assert report.test_accuracy is not None
    with no_training(match="test .*same classes"):
        next(train(recipe, examples, data[300:400], test=training_set(SEEING, data[:50]), workers=1))


def test_the_test_images_of_a_run_are_checked_before_its_folder_is_made(tmp_path, monkeypatch):
    sources = {"digits": Source.of("digits", digits()), "letters": letter_source()}
    monkeypatch.setattr(ingredients, "load", sources.get)
    with no_training(match="the test images of letters train have 26 classes"):
        Run.create(tmp_path / "r", RECIPE, "digits", "letters")
    assert not (tmp_path / "r").exists()


def test_data_whose_classes_have_other_names_now_are_not_resumed_from(tmp_path, letters):
    """Regression test: images and label numbers were the same, so nothing was noticed."""
    folder = Run.create(tmp_path / "r", RECIPE, "letters").folder
    assert json.loads((folder / "run.json").read_text())["class_names"] == list(ALPHABET)
    Run.resume(folder)
    letters[0] = named(letters[0], OTHER_NAMES)
    with pytest.raises(
        DataError, match=r"the data have 26 classes \(Z, .* was started with 26 classes \(A, .* would mix two"
    ):
        Run.resume(folder)


def test_digits_that_are_named_otherwise_now_are_not_resumed_from(tmp_path, letters):
    letters[0] = Source.of("digits", digits())
    folder = Run.create(tmp_path / "r", RECIPE, "digits").folder
    assert json.loads((folder / "run.json").read_text())["class_names"] is None
    letters[0] = named(letters[0], tuple("abcdefghij"))
    with pytest.raises(DataError, match="was started with 10 classes"):
        Run.resume(folder)


def test_a_run_from_before_class_names_were_recorded_goes_on(tmp_path, letters):
    folder = Run.create(tmp_path / "r", RECIPE, "letters").folder
    record = json.loads((folder / "run.json").read_text())
    del record["class_names"]
    (folder / "run.json").write_text(json.dumps(record))
    assert Run.resume(folder).parts.training.class_names == ALPHABET


BIGGER = dataclasses.replace(RECIPE, network=Network(Flatten(), Linear(10)))
STATES = {
    "layers": (BIGGER, "7850 parameters of other layers than its network"),
    "moments": (SEEING.override(network=RECIPE.network, non_digits=0.0, ema=None), r"1 moments, but its Adam\("),
    "average": (RECIPE.override(ema=0.9), "an average of the parameters, but its ema is None"),
}


def state_of(case):
    if case == "moments":
        state = TrainingState.start(RECIPE)
        state.optimizer.moments = state.optimizer.moments[:1]
        return state
    return TrainingState.start(STATES[case][0])


@pytest.mark.parametrize("case", STATES)
def test_the_state_of_another_recipe_is_refused(case):
    with no_training(match=f"the training state is of another recipe: it holds {STATES[case][1]}"):
        next(train(RECIPE, digits()[:100], state=state_of(case), workers=1))


DATA = Source.of("some", digits()[:100])
WRONG_TYPES = {
    "array": ((RECIPE, digits().images), {}, "not a value of type ndarray"),
    "tuple": ((RECIPE, (digits().images, digits().labels)), {}, "not a value of type tuple"),
    "nothing": ((RECIPE, None), {}, "a Dataset, not None"),
    "recipe": ((3, DATA), {}, "training takes a Recipe, not 3"),
    "no recipe": ((None, DATA), {}, "training takes a Recipe, not None"),
    "teacher": ((RECIPE, DATA), {"teacher": 3}, "a teacher is a Model, not 3"),
    "workers": ((RECIPE, DATA), {"workers": "2"}, "workers is a whole number of processes, or an executor, not '2'"),
}


@pytest.mark.parametrize(("arguments", "options", "sentence"), WRONG_TYPES.values(), ids=WRONG_TYPES)
def test_fit_tells_what_it_takes(arguments, options, sentence):
    with no_training(match=sentence):
        fit(*arguments, **options)


TRAIN_TYPES = {
    "recipe": (("sprint", digits()), {}, r"training takes a Recipe, not 'sprint': load_recipe\('sprint'\) reads one"),
    "source": ((RECIPE, DATA), {}, "training takes a Dataset, .*, not a value of type Source"),
    "state": ((RECIPE, digits()), {"state": 3}, "state is a TrainingState, .*, not 3"),
    "workers": ((RECIPE, digits()), {"workers": "2"}, "workers is a whole number"),
    "teacher": ((RECIPE, digits()), {"teacher": "tiny"}, "a teacher is a Model, not 'tiny'"),
}


@pytest.mark.parametrize(("arguments", "options", "sentence"), TRAIN_TYPES.values(), ids=TRAIN_TYPES)
def test_train_tells_what_it_takes(arguments, options, sentence):
    with no_training(match=sentence):
        next(train(*arguments, **options))


def test_a_split_that_holds_out_all_of_small_data_is_told_with_its_remedy():
    recipe = RECIPE.override(name="big", split=Split(validation=5000, stratified=False))
    sentence = (
        r"recipe big: some train: holding 5000 of 100 rows out leaves nothing to train on; hold out fewer: "
        r'in a copy of the recipe, write split = "Split\(validation=0\.1, stratified=False\)" in place of split = '
        r'"Split\(validation=5000, stratified=False\)"'
    )
    with no_training(match=sentence):
        fit(recipe, DATA)
