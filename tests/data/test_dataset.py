"""A dataset: what it refuses, and that every image keeps its label and its row."""

import numpy as np
import pytest

from inkling.classes import DIGITS
from inkling.data import Dataset, Source

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
        (np.array([0, 1, 2, 10, 4, 11]), "10 as in row 3 of six"),
        (np.array([0, -1, 2, 3, 4, 5]), "-1 as in row 1 of six"),
        (np.arange(6.0), "float64"),
        (np.array(list("012345")), "<U1"),
    ],
)
def test_labels_that_are_no_digits_are_refused(labels, found):
    with pytest.raises(ValueError, match=f"^labels must be integers from 0 to 9, not {found}$"):
        Dataset(IMAGES, labels, "six")


def test_classes_have_names_that_differ():
    with pytest.raises(ValueError, match=r"^class names must be different, not 3 classes \(A, B, A\)$"):
        Dataset(IMAGES, class_names=("A", "B", "A"))
    with pytest.raises(ValueError, match=r"^labels must be integers from 0 to 1, not 2 as in row 2 of six$"):
        Dataset(IMAGES, np.arange(6), "six", class_names=("A", "B"))


def test_a_source_has_the_class_names_of_its_parts():
    letters = Dataset(IMAGES, class_names=("A", "B"))
    assert Source.of("x", letters).class_names == Source.of("x", None, letters).class_names == ("A", "B")
    assert Source("x", None, None).class_names == DIGITS
