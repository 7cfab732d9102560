"""Images that occur more than once: on one side of a split, and told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkling.data import Dataset, Source, Split, load, split_source
from inkling.data.copies import first_copies, with_copies
from inkling.rng import Purpose, make_rng

TIMES = 16


@pytest.fixture(scope="module")
def digits():
    return load("digits").train[:200]


@pytest.fixture(scope="module")
def repeated(digits):
    """Two hundred digits, sixteen times each, as a table that was written again and again."""
    return Source.of("repeated", Dataset(np.tile(digits.images, (TIMES, 1, 1)), np.tile(digits.labels, TIMES)))


def shown(part):
    return {image.tobytes() for image in part.images}


@given(st.lists(st.integers(0, 5), max_size=30), st.sampled_from([(4, 4), (5, 7), (28, 28)]))
def test_first_copies_are_those_of_a_search_byte_by_byte(numbers, shape):
    images = np.zeros((len(numbers), *shape), np.uint8)
    images[:, -1, -1], images[:, 0, 0] = numbers, 255
    assert first_copies(images).tolist() == [numbers.index(number) for number in numbers]


def test_images_that_differ_are_never_taken_for_copies():
    """Sums of the top bytes of two words are often equal; the images are then compared themselves."""
    images = np.zeros((4096, 4, 4), np.uint8)
    images.reshape(4096, 16)[:, 7], images.reshape(4096, 16)[:, 15] = np.divmod(np.arange(4096), 64)
    assert (first_copies(images) == np.arange(4096)).all()


def test_the_copies_of_chosen_images_are_found(digits):
    images = digits.images[[3, 4, 3, 5, 4]]
    assert with_copies(np.array([False, True, False, False, False]), images).tolist() == [0, 1, 0, 0, 1]


@pytest.mark.parametrize(
    "split",
    [
        Split(validation=0.25),
        Split(validation=640, test=320),
        Split(validation=0.2, test=0.2, stratified=False),
        Split(validation=0.2, stratified=False, shuffled=False),
    ],
    ids=repr,
)
def test_no_image_is_on_two_sides_of_a_split(split, repeated):
    parts = split_source(repeated, split, seed=3)
    there = [part for part in (parts.training, parts.validation, parts.test) if part is not None]
    assert sum(map(len, there)) == len(repeated.train) == sum(len(shown(part)) for part in there) * TIMES
    rows = np.concatenate([part.rows for part in there])
    assert sorted(rows.tolist()) == list(range(len(repeated.train)))
    wanted = split.validation if isinstance(split.validation, int) else split.validation * len(repeated.train)
    assert len(parts.validation) == pytest.approx(wanted, rel=0.05)
    assert parts.copies == 200 * (TIMES - 1)
    assert parts.notes == (
        "3,000 of the 3,200 images are copies of earlier ones: all copies of an image are in one part, so that no "
        "validation image is trained on",
    )


def test_rows_that_are_equal_for_different_images_do_not_mix_the_parts(digits):
    """As in a dataset that was put together from the first rows of two others."""
    rows, chosen = np.tile(np.arange(100), 2), [*range(199), 0]
    data = Dataset(digits.images[chosen], digits.labels[chosen], rows=rows)
    parts = split_source(Source.of("two", data), Split(validation=0.2), seed=0)
    assert not shown(parts.training) & shown(parts.validation)
    assert len(parts.training) + len(parts.validation) == 200


def test_where_all_images_differ_the_split_is_as_ever(digits):
    split = Split(validation=0.2, test=0.1)
    parts = split_source(Source.of("x", digits), split, seed=3)
    as_ever = split.apply(digits, make_rng(3, Purpose.SPLIT))
    for part, expected in zip((parts.training, parts.validation, parts.test), as_ever, strict=True):
        assert part.rows.tolist() == expected.rows.tolist()
    assert (parts.copies, parts.notes) == (0, ())


def test_too_few_different_images_are_split_all_the_same_and_it_is_told_how_many_are_learnt(digits):
    one = Source.of("one", Dataset(digits.images[[0] * 20], digits.labels[[0] * 20]))
    parts = split_source(one, Split(validation=0.2), seed=0)
    assert len(parts.validation) == 4
    assert parts.copies == 0
    assert parts.notes[0].endswith("4 of the validation images are in the training part, too")
