"""Splits: exact sizes, every row once, shares kept, the same for the same seed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkling.data import Dataset, Split
from inkling.data.split import apportion
from inkling.errors import UsageError


def numbered(rows: int) -> Dataset:
    """Images that carry their row number, labels of uneven shares."""
    images = np.zeros((rows, 28, 28), np.uint8)
    images[:, 27, 27] = 255  # so that no numbers of rows look like another range of pixels
    images[:, 0, 0], images[:, 0, 1] = np.arange(rows) // 256, np.arange(rows) % 256
    return Dataset(images, np.arange(rows) ** 2 % 10)


def rows_of(part: Dataset | None) -> list[int]:
    return [] if part is None else (part.images[:, 0, 0].astype(int) * 256 + part.images[:, 0, 1]).tolist()


def apply(split: Split, data: Dataset, seed: int = 0):
    return split.apply(data, np.random.default_rng(seed))


def test_nothing_held_out_is_the_dataset_itself():
    data = numbered(10)
    assert apply(Split(), data) == (data, None, None)


def test_the_first_rows_in_order():
    train, validation, test = apply(Split(validation=3, test=2, stratified=False, shuffled=False), numbered(10))
    assert (rows_of(validation), rows_of(test), rows_of(train)) == ([0, 1, 2], [3, 4], [5, 6, 7, 8, 9])


def test_the_first_rows_of_the_shuffled_ones():
    order = np.random.default_rng(5).permutation(100).tolist()
    train, validation, test = apply(Split(validation=10, stratified=False), numbered(100), seed=5)
    assert (rows_of(validation), rows_of(train), test) == (order[:10], order[10:], None)


def test_training_rows_of_a_stratified_split_are_shuffled_too():
    train, _, _ = apply(Split(validation=0.1), numbered(100))
    assert rows_of(train) != sorted(rows_of(train))
    assert (np.diff(train.labels) != 0).sum() > 40  # not sorted by label either


@given(
    rows=st.integers(3, 300),
    validation=st.integers(0, 100) | st.floats(0, 0.49),
    test=st.integers(0, 100) | st.floats(0, 0.49),
    stratified=st.booleans(),
    shuffled=st.booleans(),
)
def test_exact_sizes_every_row_once_and_labels_that_stay_with_their_images(
    rows, validation, test, stratified, shuffled
):
    sizes = [size if isinstance(size, int) else round(size * rows) for size in (validation, test)]
    split, data = Split(validation, test, stratified, shuffled), numbered(rows)
    if sum(sizes) >= rows:
        with pytest.raises(UsageError, match="leaves nothing to train on"):
            apply(split, data)
        return
    parts = apply(split, data)
    assert [len(rows_of(part)) for part in parts[1:]] == sizes
    assert all(part is None or part.rows.tolist() == rows_of(part) for part in parts)
    assert sorted(row for part in parts for row in rows_of(part)) == list(range(rows))
    for part in parts:
        assert part is None or part.labels.tolist() == data.labels[rows_of(part)].tolist()
    if stratified:
        counts = np.bincount(data.labels, minlength=10)
        for part, size in zip(parts[1:], sizes, strict=True):
            found = np.bincount(data.labels[rows_of(part)], minlength=10)
            assert np.abs(found - counts * size / rows).max() <= 1


def test_the_seed_decides():
    data, split = numbered(200), Split(validation=0.2, test=50)
    one, same, other = (list(map(rows_of, apply(split, data, seed))) for seed in (1, 1, 2))
    assert one == same
    assert one != other


@given(st.lists(st.integers(0, 50), min_size=1, max_size=10).filter(any), st.data())
def test_apportion_keeps_sums_and_shares(counts, data):
    total = sum(counts)
    first = data.draw(st.integers(0, total))
    second = data.draw(st.integers(0, total - first))
    sizes = np.array([first, second, total - first - second])
    shares = apportion(np.array(counts), sizes)
    assert shares.sum(axis=0).tolist() == sizes.tolist()
    assert shares.sum(axis=1).tolist() == counts
    assert (shares >= 0).all()
    assert np.abs(shares - np.outer(counts, sizes) / total).max() <= 1


@pytest.mark.parametrize("size", [-1, -0.1, 1.0, 1.5, float("nan")])
@pytest.mark.parametrize("name", ["validation", "test"])
def test_sizes_that_cannot_be_are_refused_at_once(name, size):
    with pytest.raises(UsageError, match=rf"{name}: a fraction in \[0, 1\) or a whole number of rows was expected"):
        Split(**{name: size})


def test_fractions_that_leave_nothing_are_refused_at_once():
    with pytest.raises(UsageError, match=r"validation 0.5 and test 0.5 leave nothing to train on"):
        Split(0.5, 0.5)


def test_stratifying_needs_labels():
    unlabelled = Dataset(numbered(10).images)
    with pytest.raises(UsageError, match="a stratified split needs labels"):
        apply(Split(validation=2), unlabelled)
    train, validation, _ = apply(Split(validation=2, stratified=False), unlabelled)
    assert (len(train), len(validation), train.labels) == (8, 2, None)


@pytest.mark.parametrize("stratified", [True, False])
def test_every_row_is_in_the_validation_part_of_one_fold(stratified):
    data = numbered(103)
    parts = [apply(Split(folds=5, fold=fold, test=10, stratified=stratified), data, seed=3) for fold in range(5)]
    tested = {tuple(rows_of(test)) for _, _, test in parts}
    assert len(tested) == 1
    validated = [row for _, validation, _ in parts for row in rows_of(validation)]
    assert sorted([*validated, *tested.pop()]) == list(range(103))
    for train, validation, _ in parts:
        assert len(validation) in (18, 19)
        assert not set(rows_of(train)) & set(rows_of(validation))
        assert len(train) + len(validation) == 93
        if stratified:
            counts = np.bincount(validation.labels, minlength=10)
            expected = np.bincount(data.labels, minlength=10) * len(validation) / 103
            assert (abs(counts - expected) <= 1).all()


@pytest.mark.parametrize(
    "settings", [{"folds": 1}, {"folds": -2}, {"folds": 3, "fold": 3}, {"fold": 1}, {"folds": 3, "validation": 0.1}]
)
def test_folds_that_cannot_be(settings):
    with pytest.raises(UsageError, match="folds"):
        Split(**settings)


def test_more_folds_than_rows():
    with pytest.raises(UsageError, match="20 folds of 9 rows would be empty"):
        apply(Split(folds=20, test=1), numbered(10))
