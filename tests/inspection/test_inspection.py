"""The inspection of data: what was planted among the embedded digits is found, and nothing else is said of them."""

import io

import numpy as np
import pytest
from PIL import Image

import inkling
from inkling.data import Dataset, Source, load
from inkling.errors import UsageError
from inkling.inspection import KINDS, inspect
from inkling.inspection.copies import NEARLY, nearly_equal
from inkling.inspection.labels import doubtful, findings

DIGITS = load("digits")
READER = inkling.load_model("reader")


def compressed(image, quality=80):
    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def planted():
    """The embedded test digits, with something wrong about some rows."""
    part = DIGITS.part("test")[:300]
    images, labels = part.images.copy(), part.labels.copy()
    right = np.flatnonzero(READER.predict(images) == labels)
    sevens, twos, ones = (right[labels[right] == digit] for digit in (7, 2, 1))
    wrong = {
        "duplicates": {31: 30},
        "near-duplicates": {41: 40},
        "labels": {int(sevens[0]): 4},
        "orientation": [int(place) for place in twos[:2]],
        "blank": [60],
        "inverted": [70],
        "off-centre": [int(ones[-1])],
    }
    images[31], labels[31] = images[30], labels[30]
    images[41], labels[41] = compressed(images[40]), (labels[40] + 1) % 10
    labels[int(sevens[0])] = 4
    for place in wrong["orientation"]:
        images[place] = images[place].T
    images[60] = 3
    images[70] = 255 - images[70]
    images[ones[-1]] = np.roll(images[ones[-1]], 7, axis=1)
    return Dataset(images, labels, "planted"), wrong


def test_what_was_planted_is_found_and_little_else():
    part, wrong = planted()
    found = inspect([Source("planted", part, None)], model=READER)
    rows = {kind: {finding.row for finding in found.of_kind(kind)} for kind in KINDS}
    assert rows["duplicates"] == {31}
    assert {(each.row, each.other[1]) for each in found.of_kind("near-duplicates") if each.row == 41} == {(41, 40)}
    assert len(rows["near-duplicates"]) < 5, "ones that are drawn alike"
    assert {each.row for each in found.of_kind("conflicts")} == {41}
    assert set(wrong["labels"]) <= rows["labels"]
    assert "is read as 7" in next(each.says for each in found.of_kind("labels") if each.row in wrong["labels"])
    turned = [each for each in found.findings if each.row in wrong["orientation"]]
    assert {each.row for each in turned} == set(wrong["orientation"])
    for kind in ("blank", "inverted", "off-centre"):
        assert rows[kind] == set(wrong[kind]), kind
    every = {41, *(row for each in wrong.values() for row in each)}
    assert len(rows["labels"] - every) <= 0.04 * len(part), "the reader misreads 2 to 3 % of these digits"
    assert not found.of_kind("balance")
    for finding in found.findings:
        assert (finding.part, finding.row) in found.pictures
    assert [list(KINDS).index(each.kind) for each in found.findings] == sorted(
        list(KINDS).index(each.kind) for each in found.findings
    )


def test_an_image_that_is_read_as_labelled_once_it_is_turned():
    part = Dataset(DIGITS.part("test").images[:4].swapaxes(1, 2), DIGITS.part("test").labels[:4], "turned")
    unsure = np.full((4, 10), 0.1, np.float32)
    unsure[np.arange(4), part.labels] = 0
    unsure[2, part.labels[2]] = 0.5
    found = list(findings(part, unsure, lambda images, places: READER.predict_proba(images)))
    assert {(each.row, each.kind) for each in found} <= {(row, "orientation") for row in (0, 1, 3)}
    assert any(each.says == "is read as labelled once it is transposed" for each in found)


def test_labels_are_judged_out_of_fold_and_a_test_part_by_all_folds():
    train, test = (DIGITS.part(name) for name in ("train", "test"))
    labels, test_labels = train.labels[:800].copy(), test.labels[:100].copy()
    changed = np.arange(0, 800, 80)
    labels[changed] = (labels[changed] + 3) % 10
    test_labels[5] = (test_labels[5] + 3) % 10
    source = Source(
        "own", Dataset(train.images[:800], labels, "own train"), Dataset(test.images[:100], test_labels, "own test")
    )
    steps = []
    recipe = inkling.recipes.load_recipe("sprint").override(epochs=16)
    found = inspect([source], folds=2, recipe=recipe, on_step=steps.append)
    assert "own train: labels are judged by a model of the other folds, which reads 9" in " ".join(found.notes)
    found = found.of_kind("labels")
    rows = {each.row for each in found if each.part == "own train"}
    assert len(rows & set(changed.tolist())) >= 8, "eight of ten are surely another digit"
    assert 5 in {each.row for each in found if each.part == "own test"}
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert sum("training a model per fold" in step for step in steps) == 2


def test_models_that_learnt_nothing_are_not_believed():
    rng = np.random.default_rng(0)
    part = Dataset(rng.integers(0, 256, (150, 8, 9)).astype(np.uint8), rng.integers(0, 10, 150), "noise")
    notes = " ".join(inspect([Source("noise", part, None)], folds=2).notes)
    assert "of the images as labelled; doubts of such models say little" in notes
    one = Dataset(DIGITS.part("test").images[:120], np.zeros(120, np.int64), "one class")
    assert "too few labelled images or classes" in " ".join(inspect([Source("one", one, None)]).notes)


def test_copies_across_parts_and_sources():
    train = DIGITS.part("train")[:50]
    other = Dataset(train.images[[3, 7]], None, "other")
    third = Dataset(np.zeros((2, 5, 6), np.uint8), None, "third")
    sources = [Source("own", train, None), Source("other", None, other), Source("third", None, third)]
    found = inspect(sources).of_kind("duplicates")
    assert {(each.part, each.row, each.other) for each in found} >= {
        ("other", 0, (train.name, 3)),
        ("other", 1, (train.name, 7)),
        ("third", 1, ("third", 0)),
    }
    assert "too few labelled images" in " ".join(inspect(sources).notes)
    with pytest.raises(UsageError, match="is given twice"):
        inspect([sources[0], sources[0]])


def test_few_dimensions_lose_no_pair():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (400, 9, 9)).astype(np.uint8)
    images[200:] = np.clip(images[:200] + rng.normal(0, 10.5, (200, 9, 9)), 0, 255)
    r = np.corrcoef(images.reshape(400, -1))
    expected = {(row, int(r[row, :row].argmax())) for row in range(1, 400) if r[row, :row].max() >= NEARLY}
    assert 50 < len(expected) < 199
    found = {(later, earlier): correlation for later, earlier, correlation in nearly_equal(images)}
    assert set(found) == expected
    assert all(correlation == pytest.approx(r[pair], abs=1e-5) for pair, correlation in found.items())


def test_brighter_copies_and_blank_images():
    images = DIGITS.part("test").images[:5]
    darker = (images * 0.5).astype(np.uint8)
    blank = np.zeros((3, 28, 28), np.uint8)
    found = list(nearly_equal(np.concatenate([images, darker, blank])))
    assert [pair[:2] for pair in found] == [(5 + place, place) for place in range(5)]


def test_doubtful_labels_by_hand():
    part = Dataset(np.zeros((4, 2, 2), np.uint8), [0, 0, 1, 1], "by hand", class_names=("a", "b", "c"))
    p = np.array([[0.9, 0.1, 0], [0.45, 0.55, 0], [0.2, 0.8, 0], [0.6, 0.4, 0]])
    assert doubtful(part, p).tolist() == [3, 1]


def test_a_class_with_few_images_and_one_with_none():
    labels = [0] * 40 + [1] * 40 + [2] * 2
    part = Dataset(np.zeros((82, 3, 3), np.uint8), labels, "uneven", class_names=("a", "b", "c", "d"))
    found = inspect([Source("uneven", part, None)], model=None).of_kind("balance")
    assert [(each.label, each.row) for each in found] == [("d", None), ("c", None)]
