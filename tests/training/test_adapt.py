"""A model learns a hand: it reads it better, still reads the others, and is judged on what it did not see."""

import numpy as np
import pytest

from inkling.adaptation.adaptation import Adaptation
from inkling.adaptation.adapted import PROMISE, Adapted, Comparison
from inkling.adaptation.blend import blend, largest_safe_share
from inkling.adaptation.rehearsal import Rehearsal
from inkling.data import Dataset, Split, load, split_source
from inkling.errors import DataError, InklingError
from inkling.evaluation import Evaluation
from inkling.model import Model
from inkling.model import load as load_model
from inkling.provenance import trainings, unseen
from inkling.recipes.recipe import Recipe


@pytest.fixture(scope="module")
def digits():
    return load("digits")


@pytest.fixture(scope="module")
def mirrored(digits):
    """A hand that writes everything the wrong way round: the embedded test digits, by writers not among the others."""
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


def test_an_odd_hand_is_read_better_and_the_others_as_before(digits, mirrored):
    reader = load_model("reader")
    adaptation = Adaptation(reader, mirrored[:120], digits)
    model, share = adaptation.learn(mirrored[:120])
    assert 0 < share <= 1
    assert accuracy(model, mirrored[120:]) > accuracy(reader, mirrored[120:]) + 0.15
    holdout = adaptation.rehearsal.holdout
    assert accuracy(model, holdout) >= accuracy(reader, holdout) - 1 / len(holdout) - 1e-9
    assert (model.not_a_digit(digits.test.images) < 0.5).mean() > 0.9  # the eleventh logit is alive, and no glutton
    assert model.not_a_digit(np.zeros((1, 28, 28), np.uint8))[0] > 0.9
    assert model.metadata["calibration"]["images"] == len(holdout)
    assert model.temperature != reader.temperature


def test_each_digit_is_held_out_once_and_each_fold_has_all(folds, adaptation):
    assert np.sort(np.concatenate([fold.rows for fold in folds])).tolist() == list(range(60))
    for fold in folds:
        shares = np.bincount(adaptation.hand.labels[fold.rows], minlength=10) * 5 - np.array(adaptation.counts)
        assert (np.abs(shares) < 5).all()  # within one of a fifth


def test_a_fold_is_judged_by_a_model_that_did_not_see_it(folds, adaptation):
    rest = np.setdiff1d(np.arange(60), folds[2].rows)
    model, _ = adaptation.learn(adaptation.hand[rest])
    images = adaptation.hand.images[folds[2].rows]
    np.testing.assert_array_equal(folds[2].after, model.predict_proba(images))
    np.testing.assert_array_equal(folds[2].before, adaptation.model.predict_proba(images))


def test_the_figures_are_those_of_the_folds_and_of_the_model_that_is_kept(adapted, folds, adaptation, digits):
    labels = np.concatenate([adaptation.hand.labels[fold.rows] for fold in folds])
    right = np.concatenate([fold.after.argmax(axis=1) for fold in folds]) == labels
    assert adapted.hand.after.accuracy == right.mean()
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
    assert record["hand"]["after"]["accuracy"] == adapted.hand.after.accuracy
    assert [each["data"]["images"] for each in trainings(metadata)] == [55000, 60, 1437]
    again = Adaptation(adapted.model, mirrored[:60], digits)
    assert [each["from"] for each in again._facts(adapted)["adaptations"]] == ["5ha", ""]


def test_it_is_judged_on_what_neither_it_nor_the_model_it_was_learnt_from(adapted, adaptation, digits):
    part, which = unseen(adapted.model, type(digits)("digits", digits.train, None))
    assert sorted(part.rows) == sorted(adaptation.rehearsal.holdout.rows)
    assert "held out" in which
    with pytest.raises(DataError, match="trained on every row"):
        unseen(adapted.model, type(digits)("hand", adaptation.hand, None))


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


def test_a_model_that_learnt_every_row_gets_a_guard_all_the_same():
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


def test_the_farthest_blend_forgets_no_more_than_allowed(digits):
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
    monkeypatch.setattr("inkling.adaptation.adaptation.farthest", lambda *_: 0.0)
    model, share = adaptation.learn(adaptation.hand)
    assert share == 0
    np.testing.assert_array_equal(model.params.flat, adaptation.model.params.flat)
    with pytest.raises(InklingError, match="cannot be learnt without forgetting others: check that every picture"):
        adaptation.conclude(folds)


@pytest.mark.parametrize(("labels", "found"), [([0, 0, 0, 4, 7, 7], "1 of 4, 2 of 7"), ([], "none"), ([5], "1 of 5")])
def test_too_few_digits(labels, found, adaptation):
    hand = Dataset(np.zeros((len(labels), 28, 28), np.uint8), np.array(labels, np.int64), "mine")
    with pytest.raises(DataError, match=f"^mine: at least 3 pictures of each digit were expected, found {found}: "):
        Adaptation(adaptation.model, hand, adaptation.source)


def test_the_promise():
    labels = np.zeros(1000, np.int64)

    def read(wrong):
        return np.eye(10, dtype=np.float32)[[1] * wrong + [0] * (1000 - wrong)]

    for wrong, kept in ((5, True), (7, True), (8, False)):
        others = Comparison("others", Evaluation(labels, read(5)), Evaluation(labels, read(wrong)))
        assert Adapted(None, 1.0, others, others).keeps_its_promise is kept
    assert pytest.approx(0.002) == PROMISE
