"""npz files: the names and shapes they come with; never a pickle."""

import numpy as np
import pytest

from inkling.data import load
from inkling.errors import DataError


@pytest.fixture
def loaded(make, tmp_path):
    def of(**arrays):
        path = tmp_path / "digits.npz"
        path.write_bytes(make.npz(**arrays))
        return load(path)

    return of


def test_keras_names_give_both_parts(loaded, digits):
    source = loaded(
        x_train=digits.images[:12], y_train=digits.labels[:12], x_test=digits.images[12:], y_test=digits.labels[12:]
    )
    assert np.array_equal(source.train.images, digits.images[:12])
    assert np.array_equal(source.train.labels, digits.labels[:12])
    assert np.array_equal(source.test.images, digits.images[12:])
    assert np.array_equal(source.test.labels, digits.labels[12:])


@pytest.mark.parametrize("shape", [(20, 28, 28), (20, 784), (20, 28, 28, 1), (20, 1, 28, 28)])
@pytest.mark.parametrize("dtype", ["uint8", "int64", "float32"])
def test_images_and_labels_in_any_shape_and_type(loaded, digits, shape, dtype):
    source = loaded(images=digits.images.reshape(shape).astype(dtype), labels=digits.labels.reshape(-1, 1))
    assert source.train.images.dtype == np.uint8
    assert np.array_equal(source.train.images, digits.images)
    assert np.array_equal(source.train.labels, digits.labels)
    assert source.notes == ()


def test_floats_of_0_to_1_are_scaled(loaded, digits):
    source = loaded(X=digits.images / 255, y=digits.labels.astype(float))
    assert np.array_equal(source.train.images, digits.images)
    assert source.notes == ("pixels run from 0 to 1: scaled by 255",)


def test_images_alone_are_images_to_predict(loaded, digits):
    assert np.array_equal(loaded(images=digits.images).test.images, digits.images)


WRONG = {
    "names": ({"pictures": np.zeros(3)}, "arrays called images and labels .* were expected, found pictures"),
    "pickle": ({"images": np.array([{}])}, "plain arrays in npz were expected.*pickle"),
    "shape": (
        {"images": np.zeros((5, 3, 8))},
        r"shape \(N, H, W\), .*, from 4 to 1024 pixels per side, found \(5, 3, 8\)",
    ),
    "scalar": ({"images": np.float64(3)}, r"were expected, .*, found \(\)"),
    "no square": ({"images": np.zeros((5, 785))}, r"or of squares \(N, H·W\) were expected, .*, found \(5, 785\)"),
    "colour": ({"images": np.zeros((5, 32, 32, 3))}, r"were expected, .*, found \(5, 32, 32, 3\)"),
    "text": ({"images": np.full((2, 784), "a")}, "numbers were expected as pixels, found <U1"),
    "complex": ({"images": np.zeros((2, 784), complex)}, "numbers were expected as pixels, found complex128"),
    "negative": ({"images": np.full((2, 784), -1.5)}, r"row 1: pixels of 0-255 \(or 0-1\) were expected, found -1.5"),
    "NaN": ({"images": np.array([np.zeros(784), np.full(784, np.nan)])}, "row 2: pixels .* found nan"),
    "counts": (
        {"images": np.zeros((2, 784)), "labels": np.zeros(3)},
        r"2 labels were .* found an array \(3,\)",
    ),
    "label": ({"images": np.zeros((2, 784)), "labels": np.array([3, 10])}, "row 2: a label from 0 to 9 .* found 10"),
    "label text": (
        {"images": np.zeros((1, 784)), "labels": np.array([7j])},
        "row 1: numbers or texts were .* found complex",
    ),
    "nothing": ({"images": np.zeros((0, 784))}, "images were expected, but there is none"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_said(loaded, wrong):
    arrays, sentence = WRONG[wrong]
    with pytest.raises(DataError, match=sentence):
        loaded(**arrays)
