"""Pages of small marks: enlarging them for better cuts must not cost more memory than the largest picture does."""

import numpy as np
import pytest

from inkling.ink import LONGEST_SIDE, Picture
from inkling.reading.reader import read_page


@pytest.mark.parametrize(("shape", "times"), [((60, 100), 4), ((600, 600), 2), ((1000, 1000), 1)])
def test_small_marks_are_enlarged_to_no_more_pixels_than_a_picture_has(shape, times):
    levels = np.full(shape, 255, np.float32)
    for top in range(14, shape[0] - 20, 40):
        for left in range(20, shape[1] - 10, 24):
            levels[top : top + 12, left : left + 3] = 0
    page = read_page(Picture("small", levels))
    assert page.ink.marks
    assert page.scale == 1 / times
    assert page.ink.labels.shape == (times * shape[0], times * shape[1])
    assert page.ink.labels.size <= LONGEST_SIDE**2
