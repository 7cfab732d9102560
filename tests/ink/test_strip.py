"""A strip shows a row of writing level, 32 pixels high, its digits 20, wherever it lies in the picture."""

import numpy as np
import pytest

from inkling.ink.strip import DIGIT_HEIGHT, MARGIN, STRIP_HEIGHT, Row, row_of, strip_of


def page(boxes, shape=(200, 400)):
    depth = np.zeros(shape, np.float32)
    for left, top, right, bottom in boxes:
        depth[top:bottom, left:right] = 0.5
    return depth


@pytest.mark.parametrize("height", [10, 20, 37, 80])
def test_digits_are_20_pixels_high_and_in_the_middle(height):
    boxes = [(40 + i * height, 60, 40 + i * height + height // 2, 60 + height) for i in range(4)]
    strip = strip_of(page(boxes), row_of(boxes), stroke=0.5)
    inked = np.flatnonzero(strip.max(axis=1) > 127)
    assert strip.shape[0] == STRIP_HEIGHT
    assert len(inked) == pytest.approx(DIGIT_HEIGHT, abs=2)
    assert inked.mean() == pytest.approx((STRIP_HEIGHT - 1) / 2, abs=1)
    columns = np.flatnonzero(strip.max(axis=0) > 127)
    assert columns[0] == pytest.approx(MARGIN, abs=1)
    assert strip.shape[1] - 1 - columns[-1] == pytest.approx(MARGIN, abs=1)
    assert strip.max() >= 250


def test_a_row_that_rises_is_made_level():
    boxes = [(40 + i * 40, 120 - i * 8, 60 + i * 40, 160 - i * 8) for i in range(7)]
    strip = strip_of(page(boxes), row_of(boxes), stroke=0.5)
    middles = [np.flatnonzero(part.max(axis=1) > 127).mean() for part in (strip[:, :30], strip[:, -30:])]
    unlevelled = 6 * 8 * DIGIT_HEIGHT / 40  # the steps of the boxes, in pixels of the strip
    assert abs(middles[0] - middles[1]) < 0.15 * unlevelled


def test_dots_and_dashes_do_not_move_the_row():
    digits = [(40, 60, 60, 100), (70, 60, 90, 100), (100, 60, 120, 100)]
    assert row_of([*digits, (93, 95, 97, 100)]) == row_of(digits)
    with_dash = row_of([*digits, (130, 78, 230, 82)])
    assert (with_dash.height, with_dash.middle, with_dash.slope) == (40, 80, 0), "as long as all digits together"
    assert with_dash.right == 230


@pytest.mark.parametrize("rise", [0, 30])
def test_a_window_of_the_picture_gives_the_same_strip(rise):
    boxes = [(140, 60 + rise, 160, 100 + rise), (170, 60, 190, 100), (210, 60, 230, 100)]
    picture, row = page(boxes), row_of(boxes)
    window = row.window(picture.shape)
    assert picture[window].size < picture.size / 2
    assert np.array_equal(strip_of(picture[window], row.within(window), 0.5), strip_of(picture, row, 0.5))


def test_a_column_of_the_strip_is_found_again_in_the_picture():
    row = Row(left=100.0, right=300.0, middle=50.0, slope=0.0, height=40.0)
    assert row.column(MARGIN) == 100.0
    assert row.column(MARGIN + DIGIT_HEIGHT) == 140.0


def test_a_row_beyond_the_picture_shows_ground_there():
    strip = strip_of(np.full((30, 30), 0.5, np.float32), Row(-20.0, 60.0, 15.0, 0.0, 20.0), stroke=0.5)
    assert not strip[:, :MARGIN].any()
    assert strip[16, MARGIN + 25] == 255
