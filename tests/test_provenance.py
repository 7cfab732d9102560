"""A model is judged only on images it did not learn from, and where that cannot be, a note says so."""

import json

import numpy as np
import pytest

from inkling.data import Dataset, Source, Split, load, split_source
from inkling.data.mnist import TRAINING_SHA256
from inkling.ensembles import ensemble, members
from inkling.errors import DataError, UsageError
from inkling.model import Model
from inkling.model import load as load_model
from inkling.nn import Flatten, Linear, Network
from inkling.optim import SGD
from inkling.provenance import leakage_note, mnist_leak, trainings, unseen
from inkling.recipes import Recipe
from inkling.runs.folder import training_source
from inkling.runs.run import Run


def trained(tmp_path, split, data="digits"):
    run = Run.create(tmp_path / "run", Recipe(Network(Flatten(), Linear(10)), SGD(), epochs=1, split=split), data)
    for _ in run.train():
        pass
    return run, run.model()


def parts_of(recipe, source):
    return split_source(source, recipe.split, recipe.seed)


def without_test(source):
    return Source(source.name, source.train, None)


def test_a_test_part_comes_first(tmp_path):
    _, model = trained(tmp_path, Split(validation=0.1))
    part, which = unseen(model, load("digits"))
    assert (len(part), which) == (360, "the test part")


@pytest.mark.parametrize(
    ("split", "rows"), [(Split(validation=0.1, test=0.2), 287), (Split(validation=0.1), 144), (Split(test=50), 50)]
)
def test_on_the_training_data_only_held_out_rows_count(tmp_path, split, rows):
    run, model = trained(tmp_path, split)
    source = without_test(load("digits"))
    part, which = unseen(model, source)
    assert len(part) == rows
    assert "held out" in which
    learnt = {image.tobytes() for image in parts_of(run.recipe, source).training.images}
    assert not learnt & {image.tobytes() for image in part.images}
    np.testing.assert_array_equal(source.train.images[part.rows], part.images)
    assert leakage_note(model, source, part) == ""


def test_a_model_that_learnt_all_rows_is_not_judged_on_them(tmp_path):
    _, model = trained(tmp_path, Split())
    with pytest.raises(DataError, match="trained on every row"):
        unseen(model, without_test(load("digits")))


def test_other_data_count_whole(tmp_path):
    _, model = trained(tmp_path, Split())
    other = load("digits").train[:100]
    source = Source("other", other, None)
    part, which = unseen(model, source)
    assert (len(part), which) == (100, "all labelled images")
    assert leakage_note(model, source, part) == " (not checked for images that the model learnt from)"
    with pytest.raises(DataError, match="no labels"):
        unseen(model, Source("other", None, Dataset(other.images)))


def test_a_leaked_test_set_is_named(tmp_path, monkeypatch):
    """The competition's training rows hold 6,049 of MNIST's test images; a file of them alone is no test part."""
    test = load("digits").test
    monkeypatch.setattr("inkling.provenance.count_mnist_test_images", len)
    _, model = trained(tmp_path, Split())
    assert leakage_note(model, Source("x", None, test), test) == ""
    model.metadata["data"]["mnist_test_images"] = 6049
    for source in (Source("x", None, test), Source("x", test, None)):
        assert "NOT unseen: the model learnt from 6,049 images of MNIST" in leakage_note(
            model, source, unseen(model, source)[0]
        )


def test_mnist_s_training_images_in_another_arrangement_are_named(monkeypatch):
    """As the competition's rows are; and so are the images of folders that a model was trained on, by its metadata."""
    test = load("digits").test
    monkeypatch.setattr("inkling.provenance.count_mnist_training_images", lambda images: len(images) - 1)
    note = " (NOT unseen: at least 359 of these 360 images are in MNIST's training set, which the model learnt from)"
    for about in ({"sha256": TRAINING_SHA256}, {"sha256": "k", "mnist_training_images": 55}):
        for model in (made(Split(), data=about), ensemble([made(Split()), made(Split(), 1, about)])):
            assert leakage_note(model, Source("x", test, None), test) == note
            assert mnist_leak(model, test.images) == note.removeprefix(" (NOT unseen: ").removesuffix(")")
    assert mnist_leak(made(Split()), test.images) == ""


def test_the_included_models_know_that_they_learnt_from_mnist(monkeypatch):
    monkeypatch.setattr("inkling.provenance.count_mnist_training_images", len)
    for name in ("reader", "tiny"):
        assert "in MNIST's training set, which the model learnt from" in mnist_leak(
            load_model(name), load("digits").test.images
        )


def test_a_training_counts_mnist_s_images(tmp_path, monkeypatch):
    monkeypatch.setattr("inkling.runs.fitting.count_mnist_training_images", len)
    _, model = trained(tmp_path, Split(validation=37))
    assert model.metadata["data"]["mnist_training_images"] == 1400


def test_a_rival_is_asked_for_the_very_rows_it_learnt_from(tmp_path):
    source = without_test(load("digits"))
    run, model = trained(tmp_path, Split(validation=0.1))
    part, _ = unseen(model, source)
    rival_recipe = run.recipe.override(seed=run.recipe.seed + 1)
    learnt = {image.tobytes() for image in parts_of(rival_recipe, source).training.images}
    shared = sum(image.tobytes() in learnt for image in part.images)
    model.metadata["recipe"] = rival_recipe.to_dict()
    assert 0 < shared < len(part)
    assert leakage_note(model, source, part) == f" (NOT unseen: the model learnt from {shared} of these images)"
    assert leakage_note(model, source, source.train) == " (NOT unseen: the model learnt from 1,293 of these images)"


def test_the_same_recipe_divides_the_same_data_the_same_way():
    recipe = Recipe(Network(Flatten(), Linear(10)), SGD(), split=Split(validation=0.2, test=0.1), seed=3)
    first, second = (parts_of(recipe, without_test(load("digits"))) for _ in range(2))
    np.testing.assert_array_equal(first.validation.images, second.validation.images)
    np.testing.assert_array_equal(first.test.labels, second.test.labels)
    other = parts_of(recipe.override(seed=4), without_test(load("digits")))
    assert not np.array_equal(first.validation.images, other.validation.images)


def made(split, seed=0, data=None, **metadata):
    """A model that might have been trained like this on the embedded digits, or on a file of another hash."""
    recipe = Recipe(Network(Flatten(), Linear(10)), SGD(), split=split, seed=seed, name=f"{split}-{seed}")
    learnt = {"source": "digits", "sha256": load("digits").train.sha256} | (data or {})
    params = recipe.network.init(np.random.default_rng(seed))
    return Model(recipe.network, params, {"recipe": recipe.to_dict(), "data": learnt, **metadata})


def taught_by(teacher, split, seed=0):
    return made(split, seed, teacher={**teacher.provenance, "sha256": "…"})


def learnt_from(source, *splits_and_seeds):
    """Rows of the embedded digits that at least one of these trainings took."""
    network = Network(Flatten(), Linear(10))
    recipes = [Recipe(network, SGD(), split=split, seed=seed) for split, seed in splits_and_seeds]
    return set(np.concatenate([parts_of(recipe, source).training.rows for recipe in recipes]).tolist())


HALF, TESTED = Split(validation=0.5), Split(test=0.5)


def test_an_ensemble_has_learnt_what_any_of_its_members_has():
    source = without_test(load("digits"))
    nested = ensemble([made(HALF, 0), ensemble([made(HALF, 1), made(HALF, 2)])])
    part, which = unseen(nested, source)
    assert which == "the validation rows held out of training"
    assert set(part.rows.tolist()) == set(range(1437)) - learnt_from(source, (HALF, 0), (HALF, 1), (HALF, 2))
    np.testing.assert_array_equal(source.train.images[part.rows], part.images)
    assert 1437 / 12 < len(part) < 1437 / 6
    assert leakage_note(nested, source, part) == ""
    held_out, _ = unseen(made(HALF, 0), source)
    known = len(set(held_out.rows.tolist()) & learnt_from(source, (HALF, 1), (HALF, 2)))
    assert leakage_note(nested, source, held_out) == f" (NOT unseen: the model learnt from {known} of these images)"


def test_a_student_has_learnt_what_its_teacher_has():
    source = without_test(load("digits"))
    student = taught_by(ensemble([made(TESTED, 1), taught_by(made(TESTED, 2), TESTED, 3)]), HALF)
    part, which = unseen(student, source)
    assert which == "the validation and test rows held out of training"
    assert set(part.rows.tolist()) == set(range(1437)) - learnt_from(
        source, (HALF, 0), *((TESTED, i) for i in (1, 2, 3))
    )
    assert len(trainings(student.metadata)) == 4
    assert [each["recipe"]["seed"] for each in members(student.metadata)] == [0]


def test_rows_that_chose_an_epoch_are_left_out_where_there_are_others():
    source, split = without_test(load("digits")), Split(validation=0.2, test=0.3)
    part, which = unseen(ensemble([made(split, 0), made(split, 1)]), source)
    assert which == "the test rows held out of training"
    tests = [set(parts_of(Recipe.from_dict(made(split, seed).metadata["recipe"]), source).test.rows) for seed in (0, 1)]
    assert set(part.rows) == tests[0] & tests[1]


@pytest.mark.parametrize(
    "model",
    [
        ensemble([made(HALF), made(Split())]),
        taught_by(made(Split()), HALF),
        ensemble([made(Split(validation=3), seed) for seed in (0, 1)]),
    ],
    ids=["a member that took all", "a teacher that did", "members that did together"],
)
def test_where_nothing_is_left_that_is_said(model):
    with pytest.raises(DataError, match="this model's members and teachers together were trained on every row of it"):
        unseen(model, without_test(load("digits")))


def test_members_trained_on_other_data_leave_a_doubt():
    source = without_test(load("digits"))
    mixed = ensemble([made(HALF), made(Split(), 1, {"sha256": "another", "source": "x.csv"})])
    part, _ = unseen(mixed, source)
    assert len(part) == len(unseen(made(HALF), source)[0])
    assert leakage_note(mixed, source, part) == " (not checked for images that the model learnt from)"


def test_the_largest_leak_of_mnist_is_told(monkeypatch):
    monkeypatch.setattr("inkling.provenance.count_mnist_test_images", len)
    models = [made(Split(), seed, {"sha256": "k", "mnist_test_images": n}) for seed, n in enumerate((0, 12, 5))]
    test = load("digits").test
    assert "learnt from 12 images of MNIST" in leakage_note(ensemble(models), Source("x", None, test), test)


def test_an_ensemble_is_judged_on_the_data_of_its_members(tmp_path):
    _, model = trained(tmp_path, HALF)
    path = tmp_path / "run" / "both.safetensors"
    model.metadata["data"]["source"] = "kaggle"
    assert training_source(path, model) == "digits", "the run of the folder knows better"
    assert training_source(path, ensemble([made(HALF), made(HALF, 1)])) == "digits"
    mixed = ensemble([made(HALF), made(HALF, 1, {"source": "x.csv"})])
    with pytest.raises(
        UsageError, match=r"both.safetensors: its members were trained on digits and x\.csv: say with --d"
    ):
        training_source(path, mixed)


def repeated(rows=300, times=2):
    """A source with every image several times."""
    some = load("digits").train[:rows]
    return Source.of("repeated", Dataset(np.tile(some.images, (times, 1, 1)), np.tile(some.labels, times)))


def shown(part):
    return {image.tobytes() for image in part.images}


@pytest.mark.parametrize("split", [HALF, Split(validation=0.2, test=0.2)], ids=repr)
def test_a_model_is_not_judged_on_copies_of_what_it_learnt(split):
    """Whether its training put copies together, which its metadata then say, or is older and did not."""
    source = repeated()
    for together in (True, False):
        data = {"sha256": source.train.sha256} | ({"copies": 300} if together else {})
        model = made(split, data=data)
        parts = split_source(source, split, 0, copies_together=together)
        part, _ = unseen(model, source)
        assert not shown(part) & shown(parts.training)
        assert leakage_note(model, source, part) == ""
        if together:
            assert len(part) == len(parts.test or parts.validation)
        else:
            assert len(part) < len(parts.test or parts.validation)
            known = sum(image.tobytes() in shown(parts.training) for image in parts.validation.images)
            assert known > 0
            assert f"learnt from {known} of these images" in leakage_note(model, source, parts.validation)


def test_a_training_with_copies_says_in_its_metadata_how_it_split(tmp_path):
    source = repeated()
    (tmp_path / "x.npz").write_bytes(b"")
    np.savez(tmp_path / "x.npz", images=source.train.images, labels=source.train.labels)
    _, model = trained(tmp_path, HALF, str(tmp_path / "x.npz"))
    assert model.metadata["data"]["copies"] == 300
    assert "copies" not in made(HALF).metadata["data"]
    part, _ = unseen(model, without_test(load(tmp_path / "x.npz")))
    assert len(part) == 300


def test_an_older_run_is_resumed_with_the_split_that_it_was_started_with(tmp_path):
    np.savez(tmp_path / "x.npz", images=repeated().train.images, labels=repeated().train.labels)
    run, _ = trained(tmp_path, HALF, str(tmp_path / "x.npz"))
    assert Run.resume(run.folder).parts.validation.rows.tolist() == run.parts.validation.rows.tolist()
    record = json.loads((run.folder / "run.json").read_text())
    del record["copies_together"]
    (run.folder / "run.json").write_text(json.dumps(record))
    older = Run.resume(run.folder).parts
    assert older.validation.rows.tolist() == split_source(run.source, HALF, 0, False).validation.rows.tolist()
    assert older.copies == 0
