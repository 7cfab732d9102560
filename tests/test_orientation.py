"""Digits that are transposed, mirrored, rotated or inverted are told by what a model reads in every way."""

import dataclasses

import numpy as np
import pytest

from inkling.data import Dataset, load
from inkling.errors import InklingWarning
from inkling.orientation import suspected_orientation, warn_of_orientation


@pytest.fixture(scope="module")
def digits():
    return load("digits").test


def changed(data, images):
    return dataclasses.replace(data, images=np.ascontiguousarray(images))


WAYS = {
    "transposed": lambda x: x.swapaxes(1, 2),
    "mirrored left to right": lambda x: x[:, :, ::-1],
    "rotated by 90° to the left": lambda x: np.rot90(x, -1, (1, 2)),
    "rotated by 90° to the right": lambda x: np.rot90(x, 1, (1, 2)),
    "rotated by 180°": lambda x: x[:, ::-1, ::-1],
    "inverted": lambda x: 255 - x,
    "transposed and inverted": lambda x: 255 - x.swapaxes(1, 2),
}


@pytest.mark.parametrize("way", WAYS)
def test_another_orientation_is_told_with_what_undoes_it(way, digits):
    sentence = suspected_orientation(changed(digits, WAYS[way](digits.images)))
    assert sentence.startswith("the images are not as MNIST's, upright and bright on dark: of 200 the bundled model ")
    assert sentence.endswith(f"% once they are {way}")


def test_a_file_in_the_current_folder_is_not_taken_for_the_bundled_model(digits, tmp_path, monkeypatch):
    (tmp_path / "tiny").write_text("somebody's file")
    monkeypatch.chdir(tmp_path)
    assert "once they are transposed" in suspected_orientation(changed(digits, digits.images.swapaxes(1, 2)))


def test_nothing_is_told_of_right_data_or_noise_or_other_classes(digits):
    noise = np.random.default_rng(0).integers(0, 256, digits.images.shape).astype(np.uint8)
    for data in (
        digits,
        digits[:1],
        changed(digits, noise),
        Dataset(digits.images.swapaxes(1, 2)),
        Dataset(digits.images.swapaxes(1, 2), digits.labels, class_names=tuple("abcdefghij")),
        changed(digits, digits.images[:, 4:24, 4:24]),
    ):
        assert suspected_orientation(data) == ""


def test_nothing_is_read_again_where_a_model_reads_most(digits, monkeypatch):
    monkeypatch.setattr("inkling.orientation.load", None)
    assert suspected_orientation(digits, accuracy=0.9) == ""


def test_a_poor_accuracy_makes_evaluate_warn(digits):
    with pytest.warns(InklingWarning, match="digits test: the images are not as MNIST's.* once they are transposed"):
        warn_of_orientation(changed(digits, digits.images.swapaxes(1, 2)), accuracy=0.2)


def test_the_range_of_faint_images_is_not_told_again_for_every_way(digits, recwarn):
    """It was told when the images were loaded, and `data info` repeated it nine times."""
    suspected_orientation(changed(digits, digits.images // 16))
    assert not recwarn.list
