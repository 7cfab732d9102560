"""One rule for what the numbers of images mean, at every door: models, datasets, `read` and files."""

import re
import warnings

import numpy as np
import pytest

import inkling
from inkling.data import Dataset, load
from inkling.data.values import grey_levels, numbered
from inkling.errors import DataError, InklingWarning, UsageError
from inkling.ink import open_picture
from inkling.pixel_values import pixel_range, to_levels


@pytest.fixture(scope="module")
def digits():
    return load("digits").test[:60]


@pytest.fixture(scope="module")
def model():
    return inkling.load("tiny")


BINARY = "pixels run from 0 to 1: scaled by 255"
FORMS = {  # name: how the numbers are written, how far levels may be off by it, and what is said in Python
    "bytes": (lambda x: x, 0, None),
    "int64": (lambda x: x.astype(np.int64), 0, None),
    "uint16": (lambda x: x.astype(np.uint16), 0, None),
    "booleans": (lambda x: x > 127, 128, None),
    "binary bytes": (lambda x: (x > 127).astype(np.uint8), 128, BINARY),
    "binary integers": (lambda x: (x > 127).astype(np.int32), 128, BINARY),
    "binary floats": (lambda x: (x > 127).astype(float), 128, None),
    "floats of 0-1": (lambda x: x / 255, 0, None),
    "float32 of 0-1": (lambda x: (x / 255).astype(np.float32), 0, None),
    "floats of 0-255": (lambda x: x.astype(float), 0, None),
    "fractions of 0-255": (lambda x: x * 0.999, 1, None),
    "0-16": (lambda x: np.rint(x / 255 * 16).astype(np.uint8), 9, "whole numbers from 0 to 16: scaled by 255/16"),
    "-1 to 1": (lambda x: x / 127.5 - 1, 1, "pixels run from -1 to 1: brought to 0-255"),
}


def told(call):
    """The result of a call, and its InklingWarnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = call()
    return result, [str(each.message) for each in caught if each.category is InklingWarning]


@pytest.mark.parametrize("form", FORMS)
def test_every_door_takes_the_same_numbers_for_the_same_image(form, digits, model):
    written, off, said = FORMS[form]
    numbers = written(digits.images)
    levels = {
        "files": told(lambda: grey_levels(numbers, numbered("x"))[0]),
        "Dataset": told(lambda: Dataset(numbers).images),
        "read": told(lambda: open_picture(numbers[0]).levels[None]),
        "predict": told(lambda: model.predict(numbers)),
    }
    for door, (_, warned) in levels.items():
        expected = said if door != "files" else None
        assert len(warned) == (expected is not None), (door, warned)
        assert expected is None or expected in warned[0]
    np.testing.assert_array_equal(levels["files"][0], levels["Dataset"][0])
    np.testing.assert_array_equal(levels["read"][0][0], levels["Dataset"][0][0])
    assert abs(levels["Dataset"][0].astype(int) - digits.images).max() <= off
    assert (levels["predict"][0] == model.predict(digits.images)).mean() >= (0.8 if off == 128 else 0.95)


@pytest.mark.parametrize("blank", [np.zeros((5, 28, 28), np.uint8), np.zeros((5, 28, 28)), np.ones((5, 28, 28), int)])
def test_blank_images_are_not_warned_of(blank, model):
    assert told(lambda: (Dataset(blank), model.predict(blank), open_picture(blank[0])))[1] == []


def test_a_blank_image_among_binary_ones_does_not_matter(digits):
    numbers = (digits.images > 127).astype(np.uint8)
    numbers[0] = 0
    with pytest.warns(InklingWarning, match="scaled by 255"):
        assert Dataset(numbers).images.max() == 255


def test_faint_whole_numbers_are_told_where_a_model_is_shown_them(digits, model):
    numbers = np.rint(digits.images / 255 * 9).astype(int)
    sentence = "pixels run from 0 to 9 only, where white is 255: multiply them by 255/9 if 9 is white"
    with pytest.warns(InklingWarning, match=sentence):
        model.predict(numbers)
    assert grey_levels(numbers, numbered("x"))[1] == (sentence,)
    right, warned = told(lambda: model.predict(np.rint(numbers * (255 / 9)).astype(np.uint8)))
    assert warned == []
    assert (right == model.predict(digits.images)).mean() > 0.9


REFUSED = {
    "standardised with MNIST's mean and deviation": lambda x: (x / 255 - 0.1307) / 0.3081,
    "standardised otherwise": lambda x: (x / 255 - 0.5) / 0.25,
    "from -0.5": lambda x: x / 255 - 0.5,
    "integers from -128": lambda x: x.astype(int) - 128,
    "signed bytes": lambda x: x.view(np.int8),
    "16 bits": lambda x: x.astype(np.uint16) * 257,
    "12 bits": lambda x: x.astype(int) * 16,
    "floats above 1": lambda x: x / 200,
    "fractions of 0-16": lambda x: x / 16.1,
}


@pytest.mark.parametrize("form", REFUSED)
def test_the_remedy_that_a_message_names_works(form, digits, model):
    numbers, right = REFUSED[form](digits.images), model.predict(digits.images)
    for door in (model.predict, Dataset, lambda pixels: grey_levels(pixels, numbered("x"))):
        with pytest.raises((UsageError, DataError), match=r"pixels of 0-255 \(or 0-1\) were expected, found") as caught:
            door(numbers)
        remedy = re.search(r"pixels\.view\(numpy\.uint8\)|\(?pixels [-+*/] [^,;:]+", str(caught.value))[0]
        mended = eval(remedy, {"pixels": numbers, "numpy": np})
        assert (model.predict(mended) == right).mean() >= 0.95
        assert abs(Dataset(mended).images.astype(int) - digits.images).max() <= 2


def test_the_remedy_for_numbers_that_are_not_finite_works(digits, model):
    numbers = digits.images / 255
    numbers[0, 0, 0], numbers[1, 0, 0] = np.nan, np.inf
    with pytest.raises(UsageError, match="replace numbers that are not finite by 0, the ground"):
        model.predict(numbers)
    mended = np.where(np.isfinite(numbers), numbers, 0)
    assert (model.predict(mended) == model.predict(digits.images)).all()


def test_the_remedy_for_one_image_works(digits):
    with pytest.raises(UsageError, match=r"for one image give images\[None\]$"):
        Dataset(digits.images[0])
    assert len(Dataset(digits.images[0][None])) == 1


@pytest.mark.parametrize("shape", [(784,), (28, 28, 1), (1, 28, 28)])
def test_the_remedy_for_a_shape_works(shape, digits):
    given = digits.images.reshape(-1, *shape)
    with pytest.raises(UsageError, match=r"images must be of shape \(N, H, W\)") as caught:
        Dataset(given)
    mended = eval(re.search(r"images(\[|\.).*", str(caught.value))[0], {"images": given})
    np.testing.assert_array_equal(Dataset(mended).images, digits.images)


def test_floats_may_be_above_white_by_a_rounding_error(digits):
    numbers = digits.images.astype(np.float32)
    numbers[numbers == 255] += np.float32(1e-4)
    np.testing.assert_array_equal(Dataset(numbers).images, digits.images)


def test_the_row_that_is_wrong_is_named():
    with pytest.raises(DataError, match="x, row 3: pixels of 0-255"):
        grey_levels(np.repeat([0, 0, 300, 0], 784).reshape(4, 784), numbered("x"))


@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 1), (784,)])
def test_one_image_is_a_batch_of_one(shape, digits, model):
    one = digits.images[3]
    assert model.predict(one.reshape(shape)).tolist() == model.predict(one[None]).tolist()
    np.testing.assert_array_equal(model.predict_proba(one.reshape(shape)), model.predict_proba(one[None]))


def test_binary_images_are_averaged_over_shifts_as_they_are_scaled(digits, model):
    numbers = (digits.images > 127).astype(np.uint8)
    with pytest.warns(InklingWarning, match="scaled by 255"):
        shown = model.predict_proba(numbers, tta=True)
    np.testing.assert_array_equal(shown, model.predict_proba(numbers * np.uint8(255), tta=True))


def test_levels_are_not_copied_where_they_are_bytes(digits):
    assert to_levels(digits.images, pixel_range(digits.images)) is digits.images


def test_binary_bytes_in_idx_are_scaled_and_noted_as_elsewhere(digits, tmp_path):
    """IDX holds bytes, whatever they mean. Loading a file warns of nothing: a source has notes."""
    images, labels = digits.images > 127, digits.labels
    for name, array in (("train-images-idx3-ubyte", images), ("train-labels-idx1-ubyte", labels)):
        sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
        (tmp_path / name).write_bytes(bytes([0, 0, 8, array.ndim]) + sizes + array.astype(np.uint8).tobytes())
    source, warned = told(lambda: load(tmp_path))
    np.testing.assert_array_equal(source.train.images, images * 255)
    assert sum(BINARY in note for note in source.notes) == 1
    assert warned == []


@pytest.mark.parametrize("given", [None, "digits.png", b"\x89PNG"])
def test_what_is_no_array_is_told_what_reads_it(given, model):
    """The message spoke of the shape ()."""
    with pytest.raises(UsageError, match=r"expected an array of images, not .*: read pictures with inkling\.read"):
        model.predict(given)
