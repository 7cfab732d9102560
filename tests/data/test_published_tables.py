"""Tables of digits as they are published: other sizes, ranges and delimiters, and a column per class as the label."""

import numpy as np
import pytest

import inkling
from inkling.data import load
from inkling.data.digits import read_digits
from inkling.errors import DataError

COUNT = 300


@pytest.fixture(scope="module")
def published():
    """The first digits of 8×8 with levels 0-16, and their labels."""
    images, labels = read_digits()
    return images[:COUNT].reshape(COUNT, -1).astype(float), labels[:COUNT]


@pytest.fixture
def read(tmp_path):
    def of(name, columns, number, delimiter, header=""):
        np.savetxt(tmp_path / name, np.hstack(columns), number, delimiter, header=header, comments="")
        return load(tmp_path / name)

    return of


FORMS = {  # name: columns of pixels and label, how numbers are written, and the delimiter
    "optdigits.tra": (lambda x, y: [x, y[:, None]], "%d", ","),
    "scikit-learn.csv": (lambda x, y: [y[:, None], x], "%.1f", ";"),
    "tabs.tsv": (lambda x, y: [x, y[:, None]], "%d", "\t"),
    "zip.train": (lambda x, y: [y[:, None], x / 8 - 1], "%.4f", " "),
    "semeion.data": (lambda x, y: [x, np.eye(10)[y]], "%.4f", " "),
    "0-1.txt": (lambda x, y: [x / 16, y[:, None]], "%.6f", " "),
}


@pytest.mark.parametrize("form", FORMS)
def test_digits_of_8_by_8_are_those_that_come_along(form, read, published):
    columns, number, delimiter = FORMS[form]
    source = read(form, columns(*published), number, delimiter)
    assert source.train.labels.tolist() == published[1].tolist()
    assert "digits of 8×8 pixels brought to 28×28, as pictures are" in source.notes
    assert source.normalized
    expected = load("digits").train.images[:COUNT].astype(int)
    assert np.abs(source.train.images - expected).mean() < 1  # rounding to bytes moves a few digits by a pixel
    model = inkling.load("tiny")
    assert (model.predict(source.train.images) == published[1]).mean() >= (
        model.predict(expected) == published[1]
    ).mean() - 0.02


@pytest.mark.parametrize(
    ("form", "note"),
    [
        ("optdigits.tra", "pixels are whole numbers from 0 to 16: scaled by 255/16"),
        ("zip.train", "pixels run from -1 to 1: brought to 0-255"),
        ("0-1.txt", "pixels run from 0 to 1: scaled by 255"),
    ],
)
def test_the_range_is_said(form, note, read, published):
    columns, number, delimiter = FORMS[form]
    assert note in read(form, columns(*published), number, delimiter).notes


@pytest.mark.parametrize("inverted", [False, True])
def test_binary_digits_of_32_by_32_as_words_of_0_and_1(inverted, read):
    digits = load("digits").test[:COUNT]
    pixels = np.pad(digits.images > 127, ((0, 0), (2, 2), (2, 2))).reshape(COUNT, -1) ^ inverted
    source = read("orig.txt", [pixels, digits.labels[:, None]], "%d", " ")
    model = inkling.load("tiny")
    right = (model.predict(source.train.images) == digits.labels).mean()
    assert right > (model.predict(digits.images) == digits.labels).mean() - 0.05


def test_images_of_other_classes_keep_their_size(read, published):
    header = ",".join(["label", *map(str, range(64))])
    source = read("x.csv", [1 + np.arange(COUNT)[:, None] % 20, published[0]], "%d", ",", header=header)
    assert source.train.image_shape == (8, 8)
    assert not source.normalized


def test_an_unknown_range_is_refused_with_a_remedy(read, published):
    with pytest.raises(DataError, match=r"row 1: pixels of 0-255 .* divide by the number that is white, pixels / 12.8"):
        read("x.csv", [published[1][:, None], published[0] * 0.8], "%.2f", ",")


def test_columns_behind_the_pixels_that_are_no_classes_are_refused(read, published):
    with pytest.raises(DataError, match="columns of pixels"):
        read("x.csv", [published[0], np.eye(10)[published[1]] * 2], "%d", ",")
