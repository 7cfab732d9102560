"""A sheet that is printed, filled in and photographed comes back as the digits that were written, each in its row."""

import numpy as np
import pytest

from inkling.errors import DataError
from inkling.sheet import digits_on_sheet, layout
from inkling.sheet.fiducials import possible_fiducials
from sheets import filled, photograph, position, printed

SOME = [0, 11, 13, 26, 40, 49, 66, 73, 77, 90, 101, 108, 119]  # cells of every digit, and those in the corners


def difference(read, written):
    """Mean absolute difference in grey levels."""
    return np.abs(read.astype(int) - written).mean()


@pytest.mark.parametrize("paper", layout.PAPERS)
def test_a_scan_gives_back_what_was_written(paper):
    page, written = filled(SOME, paper)
    digits = digits_on_sheet(page.astype(np.float32), "scan.png")
    assert digits.rows.tolist() == SOME
    assert digits.labels.tolist() == [place // 12 for place in SOME]
    assert difference(digits.images, written) < 9
    shuffled = np.roll(written, 1, axis=0)
    assert difference(digits.images, shuffled) > 20  # which shows that 9 is little


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_photo_gives_back_what_was_written_however_it_is_turned(turn):
    page, written = filled(SOME, seed=turn)
    digits = digits_on_sheet(photograph(page, turn, seed=turn), "photo.jpg")
    assert digits.rows.tolist() == SOME
    assert digits.labels.tolist() == [place // 12 for place in SOME]
    assert difference(digits.images, written) < 12


@pytest.mark.parametrize("how", [{"noise": 14.0}, {"size": 700, "tilt": 0.05}, {"shadow": 0.8}, {"tilt": 0.2}])
def test_hard_photos(how):
    page, _ = filled(SOME, seed=5)
    assert digits_on_sheet(photograph(page, 3, seed=5, **how), "photo.jpg").rows.tolist() == SOME


def test_a_full_sheet_has_120_digits():
    page, _ = filled(range(120))
    digits = digits_on_sheet(photograph(page, 180), "photo.jpg")
    assert np.bincount(digits.labels).tolist() == [12] * 10


def test_fiducials_are_found_to_a_fifth_of_a_millimetre():
    corners = [(0, 0), (layout.WIDTH, 0), (layout.WIDTH, layout.HEIGHT), (0, layout.HEIGHT)]
    wanted = np.array([position(*corner) for corner in corners])
    for turns in range(4):  # to the left: (x, y) goes to (y, width − x)
        page = np.rot90(printed(), turns)
        np.testing.assert_allclose(possible_fiducials(page)[0], wanted, atol=0.2 / 25.4 * 300)
        wanted = np.stack([wanted[:, 1], page.shape[1] - wanted[:, 0]], axis=1)


def test_what_reaches_over_from_the_next_cell_is_not_read():
    page = printed().copy()
    box = layout.cell(4, 5)
    left, top = (round(v) for v in position(box.left - 1.5, box.top + 6))
    page[top : top + 8, left - 60 : left + 22] = 30  # a stroke of cell (4, 4) ends 0.4 mm into its neighbour
    assert digits_on_sheet(page.astype(np.float32), "scan.png").rows.tolist() == [4 * 12 + 4]


def test_a_sheet_that_nobody_filled_in():
    with pytest.raises(DataError, match=r"^new\.png: a sheet without a single digit in it: fill in some cells"):
        digits_on_sheet(photograph(printed(), 0), "new.png")


@pytest.mark.parametrize("corner", [(0, 0), (layout.WIDTH, layout.HEIGHT)])
def test_a_fiducial_that_is_covered_is_missed(corner):
    page, _ = filled(range(120))
    x, y = (round(v) for v in position(*corner))
    page[y - 70 : y + 70, x - 70 : x + 70] = 255
    with pytest.raises(DataError, match=r"^cut\.jpg: the four black corner marks .* take the picture again"):
        digits_on_sheet(photograph(page, 0), "cut.jpg")


@pytest.mark.parametrize("levels", [np.zeros((1, 1)), np.full((300, 200), 255.0), np.zeros((50, 900))])
def test_a_picture_of_something_else_is_no_sheet(levels):
    with pytest.raises(DataError, match="they are not all to be found"):
        digits_on_sheet(levels, "else.png")
