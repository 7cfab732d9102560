"""The geometry under a sheet: maps of perspective, and a layout that has room for all."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inkling.sheet import layout
from inkling.sheet.perspective import CORNERS, enlargement, square_to

offsets = arrays(float, (4, 2), elements=st.floats(-0.2, 0.2))


def apply(matrix, points):
    x, y, w = matrix @ np.append(points, np.ones((len(points), 1)), axis=1).T
    return np.stack([x / w, y / w], axis=1)


@given(offsets)
def test_the_corners_go_where_they_should(offset):
    seen = (CORNERS + offset) * [300, 400] + 70
    np.testing.assert_allclose(apply(square_to(seen), CORNERS), seen, atol=1e-6)


@given(offsets)
def test_enlargement_is_that_of_a_small_triangle(offset):
    matrix = square_to(CORNERS + offset)
    for corner, wanted in zip(CORNERS, enlargement(matrix), strict=True):
        at, right, down = apply(matrix, corner + np.array([[0, 0], [1e-6, 0], [0, 1e-6]]))
        np.testing.assert_allclose(np.linalg.det([right - at, down - at]) / 1e-12, wanted, rtol=1e-3)


def test_enlargement_shows_corners_in_the_wrong_order():
    assert (enlargement(square_to(CORNERS[::-1])) < 0).all()
    assert not (enlargement(square_to(CORNERS[[0, 2, 1, 3]])) > 0).all()
    assert not np.isfinite(enlargement(square_to(np.array([[0.0, 0], [1, 0], [2, 0], [3, 0]])))).any()


def test_every_cell_lies_between_the_fiducials_and_apart_from_the_others():
    cells = [layout.cell(row, column) for row in range(layout.DIGITS) for column in range(layout.CELLS_PER_DIGIT)]
    assert min(cell.left for cell in cells) > layout.LABEL + 3
    assert max(cell.right for cell in cells) <= layout.WIDTH
    assert min(cell.top for cell in cells) > layout.FIDUCIAL / 2 + 8  # two lines of instruction
    assert max(cell.bottom for cell in cells) < layout.HEIGHT - layout.FIDUCIAL
    assert all(side > length for side, length in zip(layout.PITCH, layout.CELL, strict=True))
    for width, height in layout.PAPERS.values():  # printers leave 5 mm white
        assert (width - layout.WIDTH - layout.FIDUCIAL) / 2 > 5
        assert (height - layout.HEIGHT - layout.FIDUCIAL) / 2 > 5
