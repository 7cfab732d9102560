"""Small pictures that are cropped to their digit, or hardly larger, are read as if there were ground around them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from drawn import trimmed
from inkling.data.digits import read_digits
from inkling.ink import pad_tight_crop
from inkling.reading import read

ROWS = slice(1437, None)  # by writers whom no model has seen


def coarse(images):
    """As they are published, 8×8, from 0 to 255."""
    return [np.rint(image * (255 / 16)).astype(np.uint8) for image in images]


def filling(side):
    """Scaled so that each fills a square of so many pixels from its top to its bottom, or from side to side."""

    def fill(images):
        found = []
        for image in map(trimmed, coarse(images)):
            height, width = (max(1, round(length * side / max(image.shape))) for length in image.shape)
            large = np.asarray(Image.fromarray(image).resize((width, height), Image.Resampling.BICUBIC))
            sides = [((side - length) // 2, side - length - (side - length) // 2) for length in large.shape]
            found.append(np.pad(large, sides))
        return found

    return fill


def stretched(images):
    """Black and white, 16×16, and filling it in both directions."""
    large = (Image.fromarray(trimmed(image)).resize((16, 16), Image.Resampling.BICUBIC) for image in coarse(images))
    return [np.uint8(255 * (np.asarray(image) > 127)) for image in large]


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize(
    ("crop", "least"),
    [
        pytest.param(coarse, 0.95, id="8x8"),
        pytest.param(lambda images: list(map(trimmed, coarse(images))), 0.95, id="8x8 trimmed"),
        pytest.param(filling(16), 0.95, id="16x16"),
        pytest.param(filling(32), 0.95, id="32x32"),
        pytest.param(stretched, 0.75, id="16x16 stretched"),
    ],
)
def test_digits_that_touch_the_border_are_read(crop, least, inverted):
    images, labels = (part[ROWS][::2] for part in read_digits())
    readings = [read(255 - image if inverted else image, single=True, min_confidence=0) for image in crop(images)]
    right = [reading.text == str(label) for reading, label in zip(readings, labels.tolist(), strict=True)]
    assert np.mean(right) >= least


def test_its_place_is_right_and_there_is_still_a_warning_that_it_touches_the_border():
    image = np.zeros((16, 9), np.uint8)
    image[:, 3:6] = 255
    (digit,) = read(image, single=True, min_confidence=0).digits
    assert (digit.text, digit.box) == ("1", (3, 0, 3, 16))
    assert "touches the border" in digit.warnings


def test_boxes_are_right_also_where_small_digits_are_enlarged():
    image = np.full((14, 20), 255, np.uint8)
    image[1:13, 3:5] = image[0:14, 12:14] = 0
    reading = read(image, min_confidence=0)
    assert reading.text == "11"
    for digit, box in zip(reading.digits, [(3, 1, 2, 12), (12, 0, 2, 14)], strict=True):
        assert np.abs(np.subtract(digit.box, box)).max() <= 1


def test_a_frame_is_of_the_ground():
    ink = np.float32([[0, 0, 200], [0, 255, 0], [200, 0, 0]])
    larger, margin = pad_tight_crop(ink)
    assert margin == 1
    assert np.array_equal(larger, np.pad(ink, 1))
    assert np.array_equal(pad_tight_crop(255 - ink)[0], np.pad(255 - ink, 1, constant_values=255))


@pytest.mark.parametrize(
    "levels",
    [
        pytest.param(np.pad(np.full((6, 6), 9, np.float32), 1), id="ground all around"),
        pytest.param(np.tile(np.float32([0, 255]), (33, 16)), id="a large one"),
        pytest.param(np.arange(64, dtype=np.float32).reshape(8, 8), id="no ground of one level"),
        pytest.param(np.full((5, 5), 7, np.float32), id="blank"),
    ],
)
def test_others_stay_as_they_are(levels):
    same, margin = pad_tight_crop(levels)
    assert margin == 0
    assert same is levels


@given(arrays.arrays(np.float32, st.tuples(*[st.integers(1, 34)] * 2), elements=st.sampled_from([0, 3, 200, 255])))
def test_nothing_but_a_frame_is_put_around(levels):
    larger, margin = pad_tight_crop(levels)
    rows, columns = (slice(margin, margin + side) for side in levels.shape)
    assert np.array_equal(larger[rows, columns], levels)
    around = larger.copy()
    around[rows, columns] = np.nan
    assert not margin or len(np.unique(around[~np.isnan(around)])) == 1
