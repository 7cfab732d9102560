"""Pictures of the levels 0 and 1 alone: masks that were saved without scaling, black to the eye."""

import io

import numpy as np
import pytest
from PIL import Image

from inkling.ink import open_picture


def saved(levels, mode):
    file = io.BytesIO()
    Image.fromarray(levels).convert(mode).save(file, "png")
    return file.getvalue()


@pytest.fixture
def mask():
    levels = np.zeros((40, 30), np.uint8)
    levels[8:32, 12:16] = 1
    return levels


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_levels_of_0_and_1_are_scaled_and_said(mode, mask):
    picture = open_picture(saved(mask, mode))
    np.testing.assert_array_equal(picture.levels, mask * 255.0)
    assert picture.notes == ("levels run from 0 to 1: scaled by 255",)


def test_nothing_is_said_of_other_pictures(mask):
    for levels in (mask * 0, mask * 16, mask * 255, 255 - mask):
        picture = open_picture(saved(levels, "L"))
        np.testing.assert_array_equal(picture.levels, levels)
        assert picture.notes == ()
