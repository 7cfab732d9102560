"""A picture that is not one whole sheet is refused: no digit gets the label of another cell."""

import numpy as np
import pytest
from PIL import Image

from inkling.errors import DataError
from inkling.sheet import digits_on_sheet, layout
from sheets import filled, photograph, position

SOME = [0, 11, 40, 66, 108, 119]


@pytest.fixture(scope="module")
def page():
    return filled(SOME)[0].astype(np.float32)


def rows(levels: np.ndarray) -> list[int]:
    return digits_on_sheet(levels, "scan.png").rows.tolist()


@pytest.mark.parametrize("mirrored", [np.fliplr, np.flipud, np.transpose, lambda page: np.rot90(page).T[::-1]])
def test_a_mirrored_page_is_refused(page, mirrored):
    """But for two mirrorings, which are a turn by 180°."""
    seen = mirrored(page)
    if np.array_equal(seen, page[::-1, ::-1]):
        assert rows(seen) == SOME
        return
    with pytest.raises(DataError, match=r"^scan\.png: the four black corner marks of a sheet were expected"):
        rows(seen)


@pytest.mark.parametrize(("side", "share"), [(0, 0.9), (1, 0.9), (2, 0.5), (3, 0.8)])
def test_a_page_that_is_cut_off_is_refused(page, side, share):
    turned = np.rot90(page, side)
    with pytest.raises(DataError, match="they are not all to be found"):
        rows(turned[: round(share * len(turned))])


@pytest.mark.parametrize(("second", "axis"), [("same", 0), ("other", 1), ("turned", 1)])
def test_two_sheets_in_a_picture_are_refused(page, second, axis):
    """One of them was read, and nothing told of the other."""
    other = {"same": page, "other": filled([3, 50])[0].astype(np.float32), "turned": page[::-1, ::-1]}[second]
    small = [np.asarray(Image.fromarray(each).reduce(3)) for each in (page, other)]
    with pytest.raises(DataError, match=r"^scan\.png: one sheet was expected, but the picture shows several"):
        rows(np.concatenate(small, axis))


def test_marks_of_two_sheets_are_not_put_together(page):
    """The left half of one, and the right half of another, moved by two cells."""
    shift = round(2 * layout.PITCH.height / 25.4 * 300)
    both = np.concatenate([page[:, : page.shape[1] // 2], np.roll(page, shift, 0)[:, page.shape[1] // 2 :]], axis=1)
    with pytest.raises(DataError):
        rows(both)


def test_a_page_without_ticks_is_refused(page):
    """Four marks alone do not make a sheet."""
    bare = page.copy()
    for row in range(layout.DIGITS):
        for tick in layout.ticks(row):
            (left, top), (right, bottom) = (
                position(tick.left - 1, tick.top - 1),
                position(tick.right + 1, tick.bottom + 1),
            )
            bare[round(top) : round(bottom), round(left) : round(right)] = 255
    with pytest.raises(DataError, match="they are not all to be found"):
        rows(bare)


@pytest.mark.parametrize("turn", [45, 190])
def test_a_page_at_an_angle_gives_each_digit_its_own_cell(turn):
    assert rows(photograph(filled(SOME)[0], turn)) == SOME
