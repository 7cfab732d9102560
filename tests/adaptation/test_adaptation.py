"""A model learns the handwriting of one writer, still reads other writers, and is judged on what it did not see."""

import dataclasses

import numpy as np
import pytest

from inkling.adaptation import (
    Adaptation,
    Adapted,
    Comparison,
    Rehearsal,
    blend,
    largest_safe_share,
    read_handwriting,
)
from inkling.adaptation.result import MAX_ACCURACY_LOSS
from inkling.data import Dataset, Source, Split, load, split_source
from inkling.errors import DataError, InklingError, UsageError
from inkling.evaluation import Evaluation
from inkling.model import Model
from inkling.model import load as load_model
from inkling.provenance import leakage_note, trainings, unseen
from inkling.recipes.recipe import Recipe


@pytest.fixture(scope="module")
def digits():
    return load("digits")


@pytest.fixture(scope="module")
def mirrored(digits):
    """A writer who mirrors every digit: the embedded test digits, whose writers are not in the training part."""
    return Dataset(digits.test.images[:, :, ::-1].copy(), digits.test.labels, "mirrored")


@pytest.fixture(scope="module")
def adaptation(digits, mirrored):
    """Of the smallest model, for which a training takes a third of a second."""
    model = load_model("tiny")
    return Adaptation(model, mirrored[:60], digits, "5ha", seed=3)


@pytest.fixture(scope="module")
def folds(adaptation):
    return list(adaptation.folds())


@pytest.fixture(scope="module")
def adapted(adaptation, folds):
    return adaptation.conclude(folds)


def accuracy(model, dataset):
    return float((model.predict(dataset.images) == dataset.labels).mean())


def test_an_odd_writer_is_read_better_and_other_writers_as_before(digits, mirrored):
    reader = load_model("reader")
    adaptation = Adaptation(reader, mirrored[:120], digits)
    model, share = adaptation.learn(mirrored[:120])
    assert 0 < share <= 1
    assert accuracy(model, mirrored[120:]) > accuracy(reader, mirrored[120:]) + 0.15
    holdout = adaptation.rehearsal.holdout
    assert accuracy(model, holdout) >= accuracy(reader, holdout) - 1 / len(holdout) - 1e-9
    assert (model.not_a_digit(digits.test.images) < 0.5).mean() > 0.9  # the eleventh logit rejects no digits
    assert model.not_a_digit(np.zeros((1, 28, 28), np.uint8))[0] > 0.9
    assert model.metadata["calibration"]["images"] == len(holdout)
    assert model.temperature != reader.temperature


def test_each_digit_is_held_out_once_and_each_fold_has_all(folds, adaptation):
    assert np.sort(np.concatenate([fold.rows for fold in folds])).tolist() == list(range(60))
    for fold in folds:
        shares = np.bincount(adaptation.writer.labels[fold.rows], minlength=10) * 5 - np.array(adaptation.counts)
        assert (np.abs(shares) < 5).all()  # within one of a fifth


def test_a_fold_is_judged_by_a_model_that_did_not_see_it(folds, adaptation):
    rest = np.setdiff1d(np.arange(60), folds[2].rows)
    model, _ = adaptation.learn(adaptation.writer[rest])
    images = adaptation.writer.images[folds[2].rows]
    np.testing.assert_array_equal(folds[2].after, model.predict_proba(images))
    np.testing.assert_array_equal(folds[2].before, adaptation.model.predict_proba(images))


def test_the_figures_are_those_of_the_folds_and_of_the_model_that_is_kept(adapted, folds, adaptation, digits):
    labels = np.concatenate([adaptation.writer.labels[fold.rows] for fold in folds])
    right = np.concatenate([fold.after.argmax(axis=1) for fold in folds]) == labels
    assert adapted.writer.after.accuracy == right.mean()
    assert adapted.others.before.accuracy == accuracy(adaptation.model, digits.test)
    assert adapted.others.after.accuracy == accuracy(adapted.model, digits.test)


def test_the_same_seed_gives_the_same_model(adapted, adaptation, folds, tmp_path):
    again = adaptation.conclude(folds)
    paths = tmp_path / "one", tmp_path / "two"
    for path, each in zip(paths, (adapted, again), strict=True):
        each.model.save(path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_the_model_tells_what_it_learnt(adapted, adaptation, digits, mirrored, tmp_path):
    adapted.model.save(tmp_path / "mine")
    metadata = load_model(tmp_path / "mine").metadata
    assert metadata["recipe"] == adaptation.model.metadata["recipe"]
    (record,) = metadata["adaptations"]
    assert record["from"] == "5ha"
    assert record["digits"] == np.bincount(mirrored.labels[:60]).tolist()
    assert record["writer"]["after"]["accuracy"] == adapted.writer.after.accuracy
    assert [each["data"]["images"] for each in trainings(metadata)] == [55000, 60, 1437]
    again = Adaptation(adapted.model, mirrored[:60], digits)
    assert [each["from"] for each in again._metadata(adapted)["adaptations"]] == ["5ha", ""]


def test_it_is_judged_on_what_neither_it_nor_the_model_it_was_learnt_from(adapted, adaptation, digits):
    part, which = unseen(adapted.model, type(digits)("digits", digits.train, None))
    assert sorted(part.rows) == sorted(adaptation.rehearsal.holdout.rows)
    assert "held out" in which
    with pytest.raises(DataError, match="trained on every row"):
        unseen(adapted.model, type(digits)("handwriting", adaptation.writer, None))


def test_an_ensemble_knows_what_its_members_and_it_have_learnt():
    record = {"learnt": [{"data": "hand"}]}
    single = {"data": "a", "teacher": {"data": "t", "adaptations": [record]}}
    metadata = {"members": [single, {"data": "b"}], "adaptations": [{"learnt": [{"data": "c"}]}]}
    assert [each["data"] for each in trainings(metadata)] == ["c", "a", "t", "hand", "b"]


def test_rehearsal_keeps_the_rows_that_the_model_was_validated_on():
    digits = load("digits")
    recipe = Recipe.from_dict(load_model("tiny").metadata["recipe"]).override(split=Split(validation=200), seed=4)
    metadata = {"recipe": recipe.to_dict(), "data": {"sha256": digits.train.sha256}}
    tiny = load_model("tiny")
    rehearsal = Rehearsal.of(Model(tiny.network, tiny.params, metadata), digits, seed=0)
    assert sorted(rehearsal.holdout.rows) == sorted(split_source(digits, recipe.split, recipe.seed).validation.rows)
    assert len(rehearsal.digits) + len(rehearsal.holdout) == len(digits.train)
    assert rehearsal.split is None


def test_a_model_that_learnt_every_row_gets_a_holdout_all_the_same():
    digits = load("digits")
    tiny = load_model("tiny")
    recipe = Recipe.from_dict(tiny.metadata["recipe"]).override(split=Split(), temperature=1.0)
    metadata = {"recipe": recipe.to_dict(), "data": {"sha256": digits.train.sha256}}
    rehearsal = Rehearsal.of(Model(tiny.network, tiny.params, metadata), digits, seed=0)
    assert len(rehearsal.holdout) == 1437 // 3 == rehearsal.split.validation
    assert not np.isin(rehearsal.digits.rows, rehearsal.holdout.rows).any()


def test_a_blend_lies_on_the_way():
    old, new = load_model("reader"), load_model("reader")
    new.params.flat[:] += 1
    new.params.statistics[:] += 2
    between = blend(old, new, 0.25)
    np.testing.assert_allclose(between.params.flat - old.params.flat, 0.25, atol=1e-5)
    np.testing.assert_allclose(between.params.statistics - old.params.statistics, 0.5, atol=1e-4)


def test_the_largest_safe_share_forgets_no_more_than_allowed(digits):
    old, holdout = load_model("reader"), digits.test
    new = load_model("reader")
    new.params.flat[:] += np.random.default_rng(0).normal(0, 0.2, new.params.flat.size).astype(np.float32)
    assert largest_safe_share(old, old, holdout) == 1
    assert accuracy(new, holdout) < accuracy(old, holdout) - 0.05  # a step that went wrong
    share = largest_safe_share(old, new, holdout)
    assert share < 1
    lost = [accuracy(old, holdout) - accuracy(blend(old, new, each), holdout) for each in (share, share + 0.1)]
    assert lost[0] * len(holdout) <= 1 + 1e-6 < lost[1] * len(holdout)


def test_what_cannot_be_learnt_without_forgetting(adaptation, folds, monkeypatch):
    monkeypatch.setattr("inkling.adaptation.adaptation.largest_safe_share", lambda *_: 0.0)
    model, share = adaptation.learn(adaptation.writer)
    assert share == 0
    np.testing.assert_array_equal(model.params.flat, adaptation.model.params.flat)
    with pytest.raises(InklingError, match="cannot be learnt without forgetting that of other writers: check that"):
        adaptation.conclude(folds)


@pytest.mark.parametrize(("labels", "found"), [([0, 0, 0, 4, 7, 7], "1 of 4, 2 of 7"), ([], "none"), ([5], "1 of 5")])
def test_too_few_digits(labels, found, adaptation):
    writer = Dataset(np.zeros((len(labels), 28, 28), np.uint8), np.array(labels, np.int64), "mine")
    with pytest.raises(DataError, match=f"^mine: at least 3 pictures of each digit were expected, found {found}: "):
        Adaptation(adaptation.model, writer, adaptation.source)


LETTERS = tuple("ABCDEFGHIJ")


@pytest.mark.parametrize("which", ["model", "writer", "source"])
def test_adapting_is_for_digits_only(adaptation, which):
    def of_letters(dataset):
        return dataclasses.replace(dataset, class_names=LETTERS)

    parts = {"model": adaptation.model, "writer": adaptation.writer, "source": adaptation.source}
    if which == "source":
        parts["source"] = Source("letters", of_letters(adaptation.source.train), None)
    else:
        parts[which] = of_letters(parts[which])
    with pytest.raises(UsageError, match=r"of the digits 0 to 9, not of 10 classes \(A, B, C, D, E, …\)$"):
        Adaptation(**parts)


def test_a_model_of_averaged_parameters_is_adapted_without_an_average(adaptation, mirrored, digits):
    """Regression test: the record of an adaptation held the `ema` of the model's own recipe, which was not applied."""
    own = Recipe.from_dict(adaptation.model.metadata["recipe"]).override(ema=0.99)
    averaged = dataclasses.replace(adaptation.model, metadata={**adaptation.model.metadata, "recipe": own.to_dict()})
    again = Adaptation(averaged, mirrored[:60], digits, "5ha", seed=3)
    assert again.recipe.ema is None
    assert again.recipe == adaptation.recipe


def test_other_writers_may_lose_a_five_hundredth():
    labels = np.zeros(1000, np.int64)

    def read(wrong):
        return np.eye(10, dtype=np.float32)[[1] * wrong + [0] * (1000 - wrong)]

    for wrong, kept in ((5, True), (7, True), (8, False)):
        others = Comparison("others", Evaluation(labels, read(5)), Evaluation(labels, read(wrong)))
        assert Adapted(None, 1.0, others, others).keeps_others is kept
    assert pytest.approx(0.002) == MAX_ACCURACY_LOSS


def test_every_place_that_was_learnt_from_is_remembered(tmp_path, digits, monkeypatch):
    """Regression test: adapted from several places, a model was judged on one of them as on unseen images."""
    test = digits.test
    places = [tmp_path / name for name in ("mine.npz", "more.npz")]
    for place, part in zip(places, (test[:60], test[60:130]), strict=True):
        np.savez(place, images=part.images, labels=part.labels)
    writer = read_handwriting(places)
    assert len(writer) == 130
    model = load_model("tiny")
    adaptation = Adaptation(model, writer, digits)
    adapted = Adapted(model, 1.0, *[Comparison.of(writer, *[model.predict_proba(writer.images)] * 2)] * 2)
    monkeypatch.setitem(model.metadata, "calibration", {})
    model.metadata.update(adaptation._metadata(adapted))
    model.save(tmp_path / "mine.safetensors")
    again = load_model(tmp_path / "mine.safetensors")
    for place in places:
        with pytest.raises(DataError, match="trained on every row"):
            unseen(again, load(place))
    assert unseen(again, Source("x", test[130:], None))[1] == "all labelled images"


def test_a_test_part_that_was_learnt_is_no_test(digits):
    """Regression test: `adapt` learns from both parts of a source, and its test part then counted as unseen."""
    model = load_model("tiny")
    learnt = [{"data": {"sha256": digits.test.sha256}}]
    taught = Model(model.network, model.params, {**model.metadata, "adaptations": [{"learnt": learnt}]})
    with pytest.raises(DataError, match="trained on every row"):
        unseen(taught, digits)
    assert "NOT unseen: the model learnt from 360 of these images" in leakage_note(taught, digits, digits.test)
    assert unseen(model, digits)[1] == "the test part"
