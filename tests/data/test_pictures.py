"""Folders of pictures, one folder a digit."""

import numpy as np
import pytest
from PIL import Image

from inkling.classes import DIGITS
from inkling.data import load, normalize
from inkling.errors import DataError


def test_28_by_28_on_dark_is_taken_as_it_is(make, digits, tmp_path):
    pictures = {
        f"{label}/{index:02}.png": make.picture(image)
        for index, (image, label) in enumerate(zip(digits.images, digits.labels, strict=True))
    }
    source = load(make.folder(tmp_path, pictures))
    order = np.argsort(digits.labels, kind="stable")
    assert np.array_equal(source.train.images, digits.images[order])
    assert np.array_equal(source.train.labels, digits.labels[order])


@pytest.mark.parametrize("zipped", [False, True])
def test_parts_to_train_and_test_on(make, digits, tmp_path, zipped):
    one, two = (make.picture(image) for image in digits.images[:2])
    files = {"set/training/3/a.png": one, "set/testing/7/b.PNG": two, "set/readme.txt": b"hello"}
    path = tmp_path / "set.zip"
    source = load(
        make.folder(tmp_path, {"set.zip": make.zip(files)}) / path.name if zipped else make.folder(tmp_path, files)
    )
    assert (source.train.labels.tolist(), source.test.labels.tolist()) == ([3], [7])
    assert np.array_equal(source.test.images, digits.images[1:2])


def stroke() -> np.ndarray:
    """A slanted stroke, ink 255 on 0, twice as high as wide."""
    ink = np.zeros((90, 70), np.uint8)
    for row in range(10, 80):
        ink[row, 45 - row // 4 : 55 - row // 4] = 255
    return ink


@pytest.mark.parametrize("suffix", ["png", "jpeg", "gif", "bmp", "tiff", "webp"])
@pytest.mark.parametrize("dark_on_light", [False, True])
def test_other_sizes_are_normalised_whatever_the_format_and_polarity(make, tmp_path, suffix, dark_on_light):
    levels = 255 - stroke() if dark_on_light else stroke()
    read = load(make.folder(tmp_path, {f"1/x.{suffix}": make.picture(levels, suffix)})).train.images[0]
    expected = normalize(stroke().astype(np.float32)).astype(int)
    shifts = [np.roll(expected, (down, right), (0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    assert min(np.abs(read - shifted).mean() for shifted in shifts) < 1.5


def test_pictures_in_other_folders_are_left_out_and_noted(make, digits, tmp_path):
    one = make.picture(digits.images[0])
    source = load(make.folder(tmp_path, {"4/a.png": one, "unclear/a.png": one, "10/b.png": one}))
    assert source.train.labels.tolist() == [4]
    assert source.class_names == DIGITS
    assert source.notes == (
        "pictures in folders named after the digit",
        "left out: pictures in other folders (10, unclear)",
        f"{tmp_path} train: all images are of one digit, 4: nothing can be told apart, and an accuracy means nothing",
    )


def test_digits_and_letters_are_classes_side_by_side(make, digits, tmp_path):
    one = make.picture(digits.images[0])
    source = load(make.folder(tmp_path, {"4/a.png": one, "A/a.png": one, "ä/a.png": one, "10/b.png": one}))
    assert source.class_names == ("4", "A", "ä")
    assert source.train.labels.tolist() == [0, 1, 2]
    assert source.notes[1:] == (
        "digits and letters are classes side by side",
        "left out: pictures in other folders (10)",
        "3 classes (4, A, ä); pictures of single characters are normalised to 28×28",
    )


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n nothing", b"GIF89a", b"text"])
def test_a_damaged_picture_is_named(make, digits, tmp_path, data):
    with pytest.raises(
        DataError, match=r"5/bad\.png in .*: a picture was expected, but (this is text|it is cut off or damaged)"
    ):
        load(make.folder(tmp_path, {"5/good.png": make.picture(digits.images[0]), "5/bad.png": data}))


def test_a_cut_off_picture_is_named(make, digits, tmp_path):
    with pytest.raises(DataError, match=r"5/cut\.png in .*: a picture was expected, but it is cut off"):
        load(make.folder(tmp_path, {"5/cut.png": make.picture(digits.images[0])[:-60]}))


def test_a_single_picture_is_no_data_set(make, digits, tmp_path):
    Image.fromarray(digits.images[0]).save(tmp_path / "seven.png")
    with pytest.raises(DataError, match="this is a picture; put pictures into folders named after their class"):
        load(tmp_path / "seven.png")


def test_masks_of_levels_0_and_1_are_scaled_and_told_in_one_note(make, tmp_path):
    pictures = {f"1/{name}.png": make.picture((stroke() > 0).astype(np.uint8)) for name in "abc"}
    source = load(make.folder(tmp_path, pictures))
    assert (source.train.images.max(axis=(1, 2)) == 255).all()
    assert f"3 pictures: levels run from 0 to 1: scaled by 255 (such as 1/a.png in {tmp_path})" in source.notes
