"""Pages of small components: enlarging them for better cuts must not cost more memory than the largest picture does."""

import numpy as np
import pytest

from inkling.data import load
from inkling.ink import LONGEST_SIDE, MAX_COMPONENTS, Picture, find_ink
from inkling.reading import read
from inkling.reading.page import read_page


@pytest.mark.parametrize(("shape", "times"), [((60, 100), 4), ((600, 600), 2), ((1000, 1000), 1)])
def test_small_marks_are_enlarged_to_no_more_pixels_than_a_picture_has(shape, times):
    levels = np.full(shape, 255, np.float32)
    for top in range(14, shape[0] - 20, 40):
        for left in range(20, shape[1] - 10, 24):
            levels[top : top + 12, left : left + 3] = 0
    page = read_page(Picture("small", levels, shape[::-1]))
    assert page.ink.components
    assert page.scale == (1 / times, 1 / times)
    assert page.ink.labels.shape == (times * shape[0], times * shape[1])
    assert page.ink.labels.size <= LONGEST_SIDE**2


def test_little_ink_on_a_large_page_is_read():
    """Four digits of 20 pixels are .2 % of the small page's area, and .03 % of the large one's."""
    digits = load("digits").test
    written = [digits.images[np.flatnonzero(digits.labels == digit)[0]] for digit in (2, 7, 3)]
    texts = set()
    for side in (200, 800, 1600):
        page = np.full((side, side), 255, np.uint8)
        for place, image in enumerate(written):
            page[60:88, 40 + 35 * place : 68 + 35 * place] = 255 - image
        texts.add(read(page).text)
    assert len(texts) == 1
    assert len(texts.pop()) == 3


def test_a_page_of_specks_is_warned_of_and_takes_no_time():
    specks = np.full((192, 192), 255, np.uint8)
    specks[4:188:8, 4:188:8] = specks[4:188:8, 5:188:8] = specks[5:188:8, 4:188:8] = 0
    assert len(find_ink(specks.astype(np.float32)).components) == MAX_COMPONENTS
    assert f"much ink: only the {MAX_COMPONENTS} largest components were looked at" in read(specks).warnings
