"""Components: what is ink in a picture, however little it is, and what is not."""

import numpy as np
import pytest

from drawn import fading, glyph, levels, on_paper
from inkling.ink import box_of, find_ink
from inkling.ink.components import dilate, soft_ink

HEIGHT = 40


def put(size: tuple[int, int], *places: tuple[np.ndarray, int, int]) -> np.ndarray:
    """Ink (H, W) with some ink at each (row, column)."""
    ink = np.zeros(size, np.float32)
    for part, row, column in places:
        ink[row : row + part.shape[0], column : column + part.shape[1]] = part
    return ink


@pytest.mark.parametrize("side", [100, 400, 900])
@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("drawn", [True, False])
def test_a_digit_is_found_on_a_sheet_of_any_size(side, dark, drawn):
    """On the largest it is less than a thousandth of the picture."""
    rng = np.random.default_rng(0)
    for row in (3, 51, 200):
        digit = glyph(row, HEIGHT)
        top, left = (int(rng.integers(2, side - length - 2)) for length in digit.shape)
        ink = put((side, side), (digit, top, left))
        seen = levels(ink) if drawn else on_paper(ink, rng, fading(ink.shape))
        found = find_ink(seen if dark else 255 - seen)
        rows, columns = box_of(found.components)
        assert found.dark == dark
        assert (rows.start, columns.start) == pytest.approx((top, left), abs=4)
        assert (rows.stop, columns.stop) == pytest.approx((top + HEIGHT, left + digit.shape[1]), abs=4)


@pytest.mark.parametrize("sigma", [0.5, 1, 4, 7, 10])
@pytest.mark.parametrize("size", [(128, 128), (600, 800)])
def test_noisy_paper_without_ink_is_blank(sigma, size):
    rng = np.random.default_rng(1)
    for _ in range(3):
        paper = 210 * fading(size, least=0.8) + rng.normal(0, sigma, size)
        assert find_ink(np.rint(paper).clip(0, 255).astype(np.float32)).components == ()


def test_each_piece_of_ink_is_a_component_with_its_box():
    bar = np.ones((30, 6), np.float32)
    found = find_ink(levels(put((90, 120), (bar, 20, 15), (bar.T, 30, 60), (bar, 50, 100))))
    boxes = {
        (component.rows.start, component.columns.start, component.height, component.width, component.area)
        for component in found.components
    }
    assert boxes == {(20, 15, 30, 6, 180), (30, 60, 6, 30, 180), (50, 100, 30, 6, 180)}
    for component in found.components:
        own = found.labels == component.label
        assert own.sum() == component.area
        assert own[component.rows, component.columns].sum() == component.area
        assert component.depth == pytest.approx(1)


def test_specks_and_rubbed_out_ink_are_no_components():
    digit = glyph(3, HEIGHT)
    others = (np.ones((2, 2)), 10, 10), (0.3 * glyph(51, HEIGHT), 40, 100), (np.ones((1, 2)), 80, 70)
    found = find_ink(levels(put((100, 160), (digit, 30, 40), *others)))
    rows, columns = box_of(found.components)
    assert 28 <= rows.start < rows.stop <= 72
    assert 38 <= columns.start < columns.stop <= 42 + digit.shape[1]


def test_what_a_neighbour_left_at_the_border_is_no_component():
    digit = glyph(3, HEIGHT)
    found = find_ink(levels(put((90, 120), (digit, 25, 45), (np.ones((30, 5)), 20, 115), (np.ones((6, 25)), 0, 20))))
    _, columns = box_of(found.components)
    assert 40 <= columns.start < columns.stop <= 50 + digit.shape[1]


def test_a_stroke_that_goes_in_from_the_border_is_ink():
    found = find_ink(levels(put((90, 120), (np.ones((70, 7)), 0, 50))))
    assert [(component.height, component.width) for component in found.components] == [(70, 7)]


def test_a_mask_grows_to_its_neighbours():
    mask = np.zeros((7, 7), bool)
    mask[3, 3] = True
    assert np.argwhere(dilate(mask)).tolist() == [[2, 3], [3, 2], [3, 3], [3, 4], [4, 3]]
    assert dilate(mask, 3).sum() == 25
    assert dilate(mask, 0).sum() == 1


def test_soft_ink_keeps_edges_and_leaves_others_ink():
    depth = np.zeros((5, 9), np.float32)
    depth[1:4, 2:4] = 0.8
    depth[1:4, 1] = depth[1:4, 4] = 0.4  # soft edges
    depth[1:4, 6] = 0.02  # too faint to be an edge
    depth[1:4, 7] = 0.8
    own, others = depth > 0.5, np.zeros_like(depth, bool)
    own[:, 7], others[:, 7] = False, True
    for noise in (0.0, 0.01):
        soft = soft_ink(depth, own, others, noise)
        assert np.array_equal(soft[:, :5], depth[:, :5])
        assert not soft[:, 5:].any()


def test_on_a_flat_ground_an_edge_is_soft_as_far_as_it_goes_and_in_noise_for_a_pixel():
    depth = np.tile(np.float32([0, 0.2, 0.4, 0.6, 0.8, 1, 1]), (4, 1))
    own, others = depth == 1, np.zeros_like(depth, bool)
    assert (soft_ink(depth, own, others, 0.0)[0] > 0).tolist() == [False, *[True] * 6]
    assert (soft_ink(depth, own, others, 0.01)[0] > 0).tolist() == [*[False] * 4, *[True] * 3]
