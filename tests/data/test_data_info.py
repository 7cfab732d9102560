"""What `describe` counts."""

import json

import numpy as np
import pytest

from inkling.data import Dataset, Source, count_mnist_test_images, describe, load


@pytest.fixture
def source(digits):
    rows = [0, 1, 2, 1, 1, 11]
    labels = np.array([0, 1, 2, 1, 7, 1])
    return Source.of("six", Dataset(digits.images[rows], labels), Dataset(digits.images[:2]), ("a note",))


def test_counts_repeats_and_contradictions(source):
    train = describe(source).parts["train"]
    assert (train.rows, train.image_size) == (6, (28, 28))
    assert train.counts == (1, 3, 1, 0, 0, 0, 0, 1, 0, 0)
    assert (train.duplicates, train.contradictions) == (2, 1)
    assert train.pixel_range == (0, 255)
    assert train.mean_ink == pytest.approx(source.train.images.mean() / 255)
    assert train.mnist_test_rows == 0
    assert train.sha256 == source.train.sha256


def test_counts_are_by_class_with_its_name_and_a_test_set_of_28_by_28_is_looked_for_nowhere_else():
    data = Dataset(np.zeros((3, 16, 12), np.uint8), np.array([2, 0, 2]), class_names=("coat", "bag", "shoe"))
    part = describe(Source.of("clothes", data)).parts["train"]
    assert (part.class_names, part.counts) == (("coat", "bag", "shoe"), (1, 0, 2))
    assert part.image_size == (16, 12)
    assert (part.mnist_test_rows, count_mnist_test_images(data.images)) == (0, 0)


def test_a_part_without_labels_has_no_counts(source):
    test = describe(source).parts["test"]
    assert (test.rows, test.counts, test.duplicates, test.contradictions) == (2, None, 0, 0)


def test_it_goes_into_json(source):
    info = json.loads(json.dumps(describe(source).to_dict()))
    assert info["name"] == "six"
    assert info["notes"] == ["a note"]
    assert info["parts"]["train"]["counts"][1] == 3


def test_mnist_s_test_images_are_known(real_data):
    """42,000 rows of the competition were drawn from all 70,000: 6,049 of them are MNIST test images."""
    mnist = describe(load("mnist"))
    assert (mnist.parts["train"].mnist_test_rows, mnist.parts["test"].mnist_test_rows) == (0, 10_000)
    kaggle = describe(load("kaggle"))
    assert (kaggle.parts["train"].mnist_test_rows, kaggle.parts["test"].mnist_test_rows) == (6_049, 3_951)
