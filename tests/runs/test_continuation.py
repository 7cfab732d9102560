"""Training goes on: from a model, and in a run whose data or models lie elsewhere now."""

import dataclasses
import json

import numpy as np
import pytest

from inkling import fit
from inkling.data import Source, Split, load
from inkling.errors import DataError, UsageError
from inkling.model import Model
from inkling.provenance import leakage_note, trainings, unseen
from inkling.runs import ModelFile, Run, run
from inkling.runs.continuation import data_of, recipe_of
from inkling.runs.record import RunRecord
from letters import letter_source
from lively import LIVELY, SEEING, digits

RECIPE = LIVELY.override(epochs=2)


@pytest.fixture(autouse=True)
def checkpoint_every_epoch(monkeypatch):
    monkeypatch.setattr(run, "CHECKPOINT_SECONDS", 0.0)


@pytest.fixture(scope="module")
def some():
    return Source.of("some", digits()[:400])


@pytest.fixture(scope="module")
def first(some):
    return fit(RECIPE, some, workers=1)


def table(path, rows=60):
    """A table of embedded digits at this path."""
    part = digits()[:rows]
    lines = [
        f"{label}," + ",".join(map(str, image.ravel())) for image, label in zip(part.images, part.labels, strict=True)
    ]
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(["label," + ",".join(f"pixel{i}" for i in range(784)), *lines]))
    return path


def interrupted(folder, **settings):
    """A run that was dropped after its first epoch."""
    started = Run.create(folder, settings.pop("recipe", RECIPE), **settings)
    next(started.train(workers=1))
    return folder


def finish(folder, **moved):
    for _ in Run.resume(folder, **moved).train(workers=1):
        pass
    return (folder / "model.safetensors").read_bytes()


def test_training_starts_from_the_parameters_of_a_model(some, first):
    before = first.params.flat.copy()
    slow = RECIPE.override(epochs=1, lr=1e-9)
    again = fit(slow, some, start=first, workers=1)
    np.testing.assert_allclose(again.params.flat, first.params.flat, atol=1e-5)
    assert not np.allclose(again.params.flat, fit(slow, some, workers=1).params.flat, atol=1e-2)
    np.testing.assert_array_equal(first.params.flat, before)


def test_averages_start_there_too(some, first):
    again = fit(RECIPE.override(epochs=1, lr=1e-9, ema=0.99), some, start=first, workers=1)
    np.testing.assert_allclose(again.params.flat, first.params.flat, atol=1e-5)


def test_a_model_file_a_run_and_a_model_start_alike(tmp_path, some, first):
    first.save(tmp_path / "model.safetensors")
    models = [fit(RECIPE, some, start=start, workers=1) for start in (first, tmp_path, str(tmp_path))]
    models.append(fit(RECIPE, some, start=ModelFile.read(tmp_path), workers=1))
    for model in models[1:]:
        np.testing.assert_array_equal(model.params.flat, models[0].params.flat)


def test_what_the_first_training_learnt_is_remembered(some, first):
    other_rows = RECIPE.override(seed=9)
    again = fit(other_rows, some, start=first, workers=1)
    assert len(trainings(again.metadata)) == 2
    assert again.metadata["start"]["data"]["sha256"] == some.train.sha256
    part, _ = unseen(again, some)
    both = [unseen(model, some)[0].rows for model in (first, fit(other_rows, some, workers=1))]
    assert sorted(part.rows) == sorted(set(both[0]) & set(both[1]))
    assert "NOT unseen" in leakage_note(again, some, some.train[unseen(fit(other_rows, some, workers=1), some)[0].rows])
    third = fit(RECIPE.override(seed=11), some, start=again, workers=1)
    assert len(trainings(third.metadata)) == 3


def test_a_model_that_does_not_fit_is_one_sentence(some, first):
    with pytest.raises(UsageError, match=r"the model to start from knows 10 classes .*, but letters .* has 26 classes"):
        fit(RECIPE, letter_source(), start=first)
    wider = dataclasses.replace(SEEING, epochs=1)
    with pytest.raises(
        UsageError, match=r"its network has .* parameters, those of the model to start from are .*: take"
    ):
        fit(wider, some, start=first)
    with pytest.raises(UsageError, match="training starts from a Model, not from a value of type int"):
        fit(RECIPE, some, start=5)


def test_a_run_that_starts_from_a_model_is_resumed_to_the_same_bits(tmp_path, first):
    first.save(tmp_path / "first.safetensors")
    settings = {"data": "digits", "start": tmp_path / "first.safetensors"}
    whole = Run.create(tmp_path / "whole", RECIPE, **settings)
    for _ in whole.train(workers=1):
        pass
    untouched = Run.create(tmp_path / "untouched", RECIPE, **settings).folder
    expected = (tmp_path / "whole" / "model.safetensors").read_bytes()
    assert finish(interrupted(tmp_path / "r", **settings)) == expected
    assert finish(untouched) == expected, "a run without a checkpoint starts from the model, too"
    assert str(tmp_path).encode() not in expected
    assert json.loads((tmp_path / "r" / "run.json").read_text())["start"]["path"] == str(tmp_path / "first.safetensors")


def test_a_run_whose_data_moved_goes_on_to_the_same_bits(tmp_path):
    """Regression test: there was no way on."""
    old = table(tmp_path / "old" / "train.csv")
    whole = Run.create(tmp_path / "whole", RECIPE, str(old))
    for _ in whole.train(workers=1):
        pass
    folder = interrupted(tmp_path / "r", data=str(old))
    (tmp_path / "new").mkdir()
    new = old.rename(tmp_path / "new" / "train.csv")
    with pytest.raises(
        DataError, match=r"no such file .*in another place now: inkling train --resume .*r --data SOURCE"
    ):
        Run.resume(folder)
    Run.resume(folder, data=str(new))
    assert RunRecord.read(folder).data == str(new)
    assert finish(folder) == (tmp_path / "whole" / "model.safetensors").read_bytes(), "the folder remembers the place"


def test_other_data_are_refused_in_words(tmp_path):
    old = table(tmp_path / "old.csv")
    folder = interrupted(tmp_path / "r", data=str(old))
    before = (folder / "run.json").read_bytes()
    with pytest.raises(DataError) as caught:
        Run.resume(folder, data=str(table(tmp_path / "other.csv", rows=50)))
    now, then = load(tmp_path / "other.csv").train.sha256[:12], load(old).train.sha256[:12]
    assert str(caught.value) == (
        f"{tmp_path / 'other.csv'}: these are not the data that {folder} was started with: their images and labels "
        f"have the SHA-256 {now}…, and not {then}…; resuming would mix two data sets: name those data with --data, "
        f"or train anew in another folder than {folder}"
    )
    assert (folder / "run.json").read_bytes() == before


def test_test_data_teacher_and_start_may_have_moved_too(tmp_path, first):
    first.save(tmp_path / "old.safetensors")
    test = table(tmp_path / "test.csv")
    models = {"teacher": tmp_path / "old.safetensors", "start": tmp_path / "old.safetensors"}
    folder = interrupted(tmp_path / "r", data="digits", test_data=str(test), allow_overlap=True, **models)
    new = (tmp_path / "old.safetensors").rename(tmp_path / "new.safetensors")
    moved_test = test.rename(tmp_path / "moved.csv")
    with pytest.raises(DataError, match=r"inkling train --resume .*r --test SOURCE"):
        Run.resume(folder)
    with pytest.raises(DataError, match=r"the teacher of .*put it back, or .* --teacher FILE"):
        Run.resume(folder, test_data=str(moved_test))
    with pytest.raises(DataError, match=r"the model to start from of .*put it back, or .* --from FILE"):
        Run.resume(folder, test_data=str(moved_test), teacher=new)
    finish(folder, test_data=str(moved_test), teacher=new, start=new)
    fit(RECIPE.override(seed=3), "digits", workers=1).save(tmp_path / "other.safetensors")
    with pytest.raises(DataError, match=r"not the teacher that .* was started with, whose file has the SHA-256"):
        Run.resume(folder, teacher=tmp_path / "other.safetensors")


def test_what_a_run_never_had_cannot_have_moved(tmp_path):
    folder = interrupted(tmp_path / "r", data="digits")
    with pytest.raises(UsageError, match="was started without --teacher, and goes on without: leave it out"):
        Run.resume(folder, teacher=tmp_path)


def test_recipe_and_data_are_those_of_the_run_unless_others_are_named(tmp_path, first):
    folder = interrupted(tmp_path / "r", data="digits")
    finish(folder)
    assert recipe_of(None, folder, "sgd-10") == RECIPE
    assert recipe_of("sprint", folder, "sgd-10").name == "sprint"
    assert recipe_of(None, None, "sgd-10").name == "sgd-10"
    assert data_of(folder) == "digits"
    assert data_of(folder / "model.safetensors") == data_of(None) == "auto", "a mere model file decides no data"
    Model(first.network, first.params).save(tmp_path / "silent.safetensors")
    with pytest.raises(UsageError, match="this model does not tell its recipe: name one with --recipe"):
        recipe_of(None, tmp_path / "silent.safetensors", "sgd-10")
    (folder / "run.json").write_text("{")
    with pytest.raises(DataError, match=r"run\.json: damaged, so that its data are unknown: name them with --data"):
        data_of(folder)


def test_another_validation_part(tmp_path):
    started = Run.create(tmp_path / "r", RECIPE.override(validation=0.5), "digits")
    assert len(started.parts.validation) == round(0.5 * len(digits()))
    assert started.recipe.split == dataclasses.replace(RECIPE.split, validation=0.5) == Split(validation=0.5)
    assert 'split = "Split(validation=0.5)"' in (tmp_path / "r" / "recipe.toml").read_text()


def test_a_file_in_the_current_folder_is_not_the_model_that_comes_along(tmp_path, monkeypatch):
    (tmp_path / "reader").write_bytes(b"a stranger's")
    monkeypatch.chdir(tmp_path)
    assert ModelFile.read(None).model.knows_non_digits
