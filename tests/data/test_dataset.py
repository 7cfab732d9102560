"""A dataset: what it refuses, and that every image keeps its label and its row."""

import numpy as np
import pytest

from inkling.classes import DIGITS
from inkling.data import Dataset, Source
from inkling.errors import DataError, UsageError

IMAGES = np.arange(6, dtype=np.uint8)[:, None, None] * np.ones((28, 28), np.uint8)


def test_rows_are_those_of_the_data_it_was_taken_from():
    data = Dataset(IMAGES, np.arange(6), "six")
    assert data.rows.tolist() == [0, 1, 2, 3, 4, 5]
    taken = data[[4, 1, 5]].renamed("three")[::2]
    assert taken.rows.tolist() == taken.labels.tolist() == taken.images[:, 0, 0].tolist() == [4, 5]
    assert data[IMAGES[:, 0, 0] > 3].rows.tolist() == [4, 5]


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        (np.array([0, 1, 2, 10, 4, 11]), "10 as in row 3 of six: leave the row out, or name its class in class_names"),
        (np.array([0, -1, 2, 3, 4, 5]), "-1 as in row 1 of six: leave the row out, or name its class in class_names"),
        (np.arange(6.0) + 0.5, "0.5 as in row 0 of six: leave the row out, or name its class in class_names"),
        (np.full(6, np.nan), "nan as in row 0 of six: leave the row out, or name its class in class_names"),
        (np.array(list("012345")), "<U1: give for each image the place of its class in class_names, from 0"),
    ],
)
def test_labels_that_are_no_digits_are_refused(labels, found):
    with pytest.raises(ValueError, match=f"^labels must be integers from 0 to 9, not {found}$"):
        Dataset(IMAGES, labels, "six")


def test_classes_have_names_that_differ():
    with pytest.raises(ValueError, match=r"^class names must be different, and A is there more than once$"):
        Dataset(IMAGES, class_names=("A", "B", "A"))
    with pytest.raises(ValueError, match=r"^labels must be integers from 0 to 1, not 2 as in row 2 of six: leave"):
        Dataset(IMAGES, np.arange(6), "six", class_names=("A", "B"))


def test_a_source_has_the_class_names_of_its_parts():
    letters = Dataset(IMAGES, class_names=("A", "B"))
    assert Source.of("x", letters).class_names == Source.of("x", None, letters).class_names == ("A", "B")
    assert Source("x", None, None).class_names == DIGITS


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (tuple(range(10)), "class names must be texts that are not empty, not 0: give each class a name"),
        (("A", ""), "class names must be texts that are not empty, not ''"),
        ("AB", "class names must be a tuple of texts such as .*, not 'AB'"),
        (None, "class names must be a tuple of texts such as .*, not None"),
        ((), "class names must be at least one, found none"),
    ],
)
def test_class_names_are_texts(names, sentence):
    with pytest.raises(UsageError, match=sentence):
        Dataset(IMAGES, class_names=names)


def test_a_list_of_class_names_becomes_a_tuple():
    names = Dataset(IMAGES, class_names=["A", np.str_("B")]).class_names
    assert names == ("A", "B")
    assert list(map(type, names)) == [str, str]


def test_lists_and_other_integers_become_the_types_of_a_dataset():
    data = Dataset(IMAGES.astype(np.int64).tolist(), np.arange(6, dtype=np.int8), rows=[5, 4, 3, 2, 1, -1])
    assert (data.images.dtype, data.labels.dtype, data.rows.dtype) == (np.uint8, np.int64, np.int64)
    np.testing.assert_array_equal(data.images, IMAGES)
    assert data.labels.tolist() == [0, 1, 2, 3, 4, 5]
    assert data.rows.tolist() == [5, 4, 3, 2, 1, -1]
    assert data.sha256 == Dataset(IMAGES, np.arange(6)).sha256
    assert len(Dataset(IMAGES[:0], [])) == 0


def test_whole_numbers_are_labels_whatever_their_type():
    assert Dataset(IMAGES.tolist(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]).labels.tolist() == [0, 1, 2, 3, 4, 5]
    assert Dataset(IMAGES, np.arange(6, dtype=np.float32)).labels.dtype == np.int64


class Column:
    """As the columns and tables of other libraries: what NumPy asks for its array."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.values, dtype)


def test_what_has_an_array_is_taken_as_one():
    data = Dataset(Column(IMAGES.astype(np.int64)), Column(np.arange(6)))
    np.testing.assert_array_equal(data.images, IMAGES)
    assert data.labels.tolist() == [0, 1, 2, 3, 4, 5]


def test_few_faint_images_of_a_dataset_are_not_taken_for_binary_ones():
    """Images 0 and 1 have no other levels than 0 and 1; the dataset as a whole is of grey levels."""
    images = IMAGES.copy()
    images[1, 0, 0], images[5] = 0, 200
    assert Dataset(images)[:2].renamed("two").images.max() == 1


def test_a_table_of_rows_is_not_a_choice_of_rows():
    with pytest.raises(UsageError, match="chosen by a slice or by one list of rows"):
        Dataset(IMAGES)[np.array([[0, 1]])]


def test_it_is_told_in_a_line_what_a_dataset_and_a_source_are():
    data = Dataset(IMAGES, np.arange(6), "six")
    assert repr(data) == "<Dataset six: 6 labelled images 28×28, 10 classes (0, 1, 2, 3, 4, …)>"
    assert repr(Source.of("some", data, Dataset(IMAGES[:1]))) == (
        "<Source some: train 6 labelled images 28×28, test 1 images without labels 28×28, "
        "10 classes (0, 1, 2, 3, 4, …)>"
    )
    assert repr(Source("x", None, None)).startswith("<Source x: no images, ")


def test_arrays_in_their_form_are_not_copied():
    labels = np.arange(6)
    data = Dataset(IMAGES, labels)
    assert data.images is IMAGES
    assert data.labels is labels


@pytest.mark.parametrize(
    ("images", "sentence"),
    [
        (IMAGES.astype(int) - 1, r"of data: pixels of 0-255 \(or 0-1\) were expected, found -1: bring them to 0-1, "),
        (IMAGES.astype(int) + 251, r"pixels of 0-255 \(or 0-1\) were expected, found 256: divide by "),
        (IMAGES[0], r"of shape \(N, H, W\) .*, not \(28, 28\): for one image give images\[None\]"),
        (IMAGES[..., None], r"not \(6, 28, 28, 1\): leave out the last axis"),
        (IMAGES[:, None], r"not \(6, 1, 28, 28\): leave out an axis, images\[:, 0\]"),
        (IMAGES.reshape(6, -1), r"not \(6, 784\): make squares of the rows, images\.reshape\(-1, 28, 28\)"),
        (IMAGES[:, :0], r"at least one pixel per image, not \(6, 0, 28\)"),
        ([[[1, 2]], [[1]]], "images must have one shape, found a list of several"),
        (np.ma.masked_less(IMAGES, 2), r"not a masked one: fill in what is masked, images\.filled\(0\)"),
        (None, "images must be an array, not NoneType: convert it with"),
    ],
)
def test_images_of_another_form_are_refused_with_a_remedy(images, sentence):
    with pytest.raises(UsageError, match=sentence):
        Dataset(images)


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"labels": [1, 2]}, r"labels must be one per image, \(6,\), not of shape \(2,\): align"),
        ({"labels": np.ones((6, 1), int)}, r"not of shape \(6, 1\): leave out the last axis, labels\[:, 0\]"),
        ({"labels": np.eye(10)[:6]}, r"not of shape \(6, 10\): take the place of each 1, labels\.argmax\(axis=1\)"),
        ({"labels": np.ma.masked_less(np.arange(6), 2)}, "labels must be a plain array, not a masked one"),
        ({"labels": np.ones(6, bool)}, "labels must be integers from 0 to 9, not bool"),
        ({"rows": np.arange(5)}, r"rows must be one integer per image, \(6,\), not int64 \(5,\): leave rows out"),
        ({"rows": np.arange(6.0)}, "rows must be one integer per image"),
    ],
)
def test_labels_and_rows_of_another_form_are_refused_with_a_remedy(arrays, sentence):
    with pytest.raises(UsageError, match=sentence):
        Dataset(IMAGES, **arrays)


def test_a_part_is_had_by_its_name_and_a_missing_one_is_told():
    data = Dataset(np.zeros((2, 28, 28), np.uint8))
    source = Source.of("mine", test=data)
    assert source.part("test") is source.test
    with pytest.raises(DataError, match="mine has no part called 'train': it has test"):
        source.part("train")
