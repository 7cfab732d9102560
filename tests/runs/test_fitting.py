"""`inkling.fit` does all that a recipe asks for, and its model tells `evaluate` what it learnt from."""

import dataclasses

import numpy as np
import pytest

import inkling
from inkling import fit
from inkling.data import Source, Split, load, split_source
from inkling.errors import DataError, UsageError
from inkling.optim import ConstantLR
from inkling.provenance import unseen
from inkling.recipes import Patience, Recipe
from inkling.recipes.training_set import training_set
from inkling.runs import Run
from inkling.training import TrainingState, train
from letters import letter_source
from lively import LIVELY, SEEING, digits

RECIPE = LIVELY.override(epochs=3, keep="last", split=Split(validation=0.5))


@pytest.fixture(scope="module")
def data():
    """A source of 400 labelled digits without a test part."""
    return Source.of("some", digits()[:400])


def trained(recipe, source, teacher=None):
    """The state after the loop that `fit` spares its user."""
    parts, state = split_source(source, recipe.split, recipe.seed), TrainingState.start(recipe)
    for _ in train(recipe, training_set(recipe, parts.training), parts.validation, state, teacher=teacher, workers=1):
        pass
    return state, parts


def assert_same(params, expected):
    np.testing.assert_array_equal(params.flat, expected.flat)
    np.testing.assert_array_equal(params.statistics, expected.statistics)


def test_the_split_is_held_out(data):
    """Regression test: a recipe with Split(validation=0.5) was trained on everything."""
    model = fit(RECIPE, data, workers=1)
    state, parts = trained(RECIPE, data)
    assert len(parts.training) == len(parts.validation) == 200
    assert_same(model.params, state.params)
    assert model.metadata["data"]["images"] == 200


def test_evaluate_knows_which_rows_it_did_not_learn_from(data, tmp_path):
    fit(RECIPE, data, workers=1).save(tmp_path / "model.safetensors")
    part, which = unseen(inkling.load(tmp_path), data)
    assert which == "the validation rows held out of training"
    _, parts = trained(RECIPE.override(epochs=1), data)
    assert sorted(part.rows) == sorted(parts.validation.rows)


def test_the_best_epoch_is_kept_where_the_recipe_says_so(data):
    recipe = RECIPE.override(keep="best", epochs=12, schedule=ConstantLR(0.1))
    model, (state, _) = fit(recipe, data, workers=1), trained(recipe, data)
    assert 0 < state.best_epoch < 12, "otherwise this proves nothing"
    assert_same(model.params, state.best)
    assert model.metadata["metrics"]["epoch"] == state.best_epoch


def test_training_stops_early(data):
    recipe = RECIPE.override(stopping=Patience(1), epochs=30, lr=0.3)
    epochs = []
    model = fit(recipe, data, workers=1, on_epoch=lambda report: epochs.append(report.epoch))
    assert len(epochs) < 30
    assert epochs == list(range(1, len(epochs) + 1))
    assert model.metadata["metrics"]["epoch"] == epochs[-1]


def test_averaged_parameters_are_the_models(data):
    recipe = RECIPE.override(ema=0.9)
    model, (state, _) = fit(recipe, data, workers=1), trained(recipe, data)
    assert_same(model.params, state.average)
    assert not np.array_equal(model.params.flat, state.params.flat)


def test_the_temperature_is_fitted_on_the_validation_images(data):
    """Regression test: temperature = "fit" gave 1.0."""
    recipe = RECIPE.override(temperature="fit")
    model, (_, parts) = fit(recipe, data, workers=1), trained(recipe, data)
    assert model.temperature != 1
    calibration = model.metadata["calibration"]
    assert calibration["images"] == len(parts.validation)
    assert calibration["cross_entropy_after"] < calibration["cross_entropy_before"]
    probabilities = model.predict_proba(parts.validation.images)
    told = -np.log(probabilities[np.arange(200), parts.validation.labels]).mean()
    assert calibration["cross_entropy_after"] == pytest.approx(told, rel=1e-4)


def test_a_temperature_of_the_recipe_is_the_models(data):
    assert fit(RECIPE.override(temperature=1.7, epochs=1), data, workers=1).temperature == 1.7


def test_a_teacher_is_learnt_from_and_told(data, tmp_path):
    teacher = fit(RECIPE, data, workers=1)
    teacher.save(tmp_path / "teacher.safetensors")
    recipe = RECIPE.override(seed=9)
    taught = fit(recipe, data, teacher=teacher, workers=1)
    assert_same(taught.params, trained(recipe, data, teacher=teacher)[0].params)
    assert not np.array_equal(taught.params.flat, fit(recipe, data, workers=1).params.flat)
    by_file = fit(recipe, data, teacher=tmp_path / "teacher.safetensors", workers=1)
    assert_same(by_file.params, taught.params)
    assert len(by_file.metadata["teacher"]["sha256"]) == 64
    for each in (taught, by_file):
        assert each.metadata["teacher"]["data"]["sha256"] == teacher.metadata["data"]["sha256"]
    part, _ = unseen(taught, data)
    known = [split_source(data, each.split, each.seed).training.rows for each in (RECIPE, recipe)]
    assert not np.isin(part.rows, np.concatenate(known)).any()


def test_pictures_of_no_digit_are_learnt(data):
    recipe = SEEING.override(epochs=1, split=Split(validation=0.25))
    model = fit(recipe, data, workers=1)
    assert model.knows_non_digits
    assert model.not_a_digit(data.train.images[:2]).shape == (2,)
    assert model.predict_proba(data.train.images[:2]).shape == (2, 10)
    assert model.metadata["data"]["images"] == 300, "synthetic pictures are no images of the data"


def test_the_model_is_that_of_a_run_byte_for_byte(tmp_path):
    recipe = SEEING.override(epochs=2, temperature="fit")
    run = Run.create(tmp_path / "run", recipe, "digits")
    for _ in run.train():
        pass
    fit(recipe, "digits").save(tmp_path / "fitted.safetensors")
    assert (tmp_path / "fitted.safetensors").read_bytes() == (tmp_path / "run" / "model.safetensors").read_bytes()


def test_the_number_of_workers_leaves_the_bits_alone(data):
    assert_same(fit(RECIPE, data, workers=1).params, fit(RECIPE, data, workers=2).params)


def test_a_recipe_is_given_as_such_by_name_or_by_file_and_data_too(data, tmp_path, monkeypatch):
    (tmp_path / "mine.toml").write_text(RECIPE.to_toml())
    expected = fit(RECIPE, data, workers=1)
    assert_same(fit(tmp_path / "mine.toml", data.train, workers=1).params, expected.params)
    monkeypatch.setattr("inkling.runs.fitting.load_recipe", {"mine": RECIPE}.get)
    assert_same(fit("mine", data, workers=1).params, expected.params)


@pytest.mark.parametrize("size", [28, 16])
def test_named_classes_and_other_sizes_are_fitted_and_told(size, tmp_path):
    source = letter_source(each=20, side=size)
    model = fit(RECIPE.override(epochs=8, lr=0.03), source, workers=1)
    model.save(tmp_path / "letters.safetensors")
    again = inkling.load(tmp_path / "letters.safetensors")
    assert again.class_names == tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert again.network.input_shape == (size, size, 1)
    assert (again.predict(source.train.images) == source.train.labels).mean() > 0.5
    assert Recipe.from_dict(again.metadata["recipe"]).network == again.network
    part, _ = unseen(again, source)
    assert len(part) == len(source.train) // 2


def test_what_does_not_fit_is_one_sentence(data):
    with pytest.raises(UsageError, match="non_digits and drawn_digits need data of the digits"):
        fit(SEEING, letter_source())
    with pytest.raises(UsageError, match="its teacher takes images"):
        fit(RECIPE, letter_source(), teacher=fit(RECIPE.override(epochs=1), data, workers=1))
    with pytest.raises(UsageError, match="unknown recipe 'sgd-11': did you mean sgd-10"):
        fit("sgd-11", data)
    with pytest.raises(DataError, match="some train: no labelled images to train on"):
        fit(dataclasses.replace(RECIPE, split=Split(), keep="last"), dataclasses.replace(data.train, labels=None))


def test_the_embedded_digits_by_name():
    model = fit(RECIPE.override(epochs=1), "digits", workers=1)
    assert model.metadata["data"]["source"] == "digits"
    assert model.metadata["data"]["sha256"] == load("digits").train.sha256
