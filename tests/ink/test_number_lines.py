"""Underlines by hand, which numbers stand on, are taken off where digits may be several."""

from itertools import pairwise

import numpy as np
import pytest

import framed
from drawn import glyph, glyphs, levels, side_by_side
from inkling.ink import find_ink
from inkling.ink.number_lines import underlines_in
from inkling.reading import read

ROWS = [0, 40, 80, 120]


def bent(gap: int, width: float = 4) -> np.ndarray:
    """Digits on a line by hand, which rises and falls by three pixels, so far below their feet."""
    ink, cells = framed.in_cells(ROWS)
    feet = cells[0][1] + 8 + framed.HEIGHT
    x = np.linspace(cells[0][0], cells[-1][2], 12)
    y = feet + gap + 3 * np.sin(np.linspace(0, 3, 12)) - 0.03 * (x - x[0])
    points = list(zip(x.tolist(), y.tolist(), strict=True))
    ends = [(*one, *other) for one, other in pairwise(points)]
    return np.maximum(ink, framed.lines(ink.shape, ends, width))


def test_a_bent_underline_leaves_digits_as_they_are():
    plain = find_ink(levels(framed.in_cells(ROWS)[0]), number=True)
    found = find_ink(levels(bent(10)), number=True)
    assert [frame.kind for frame in found.frames] == ["line"]
    assert len(found.components) == len(plain.components)
    for one, other in zip(found.components, plain.components, strict=True):
        assert max(abs(one.height - other.height), abs(one.width - other.width)) <= 1


@pytest.mark.parametrize("gap", [10, 2, -2])
def test_a_number_on_a_bent_underline_is_read(gap):
    for picture in framed.pictures(bent(gap)):
        reading = read(picture)
        assert reading.text == framed.text(ROWS)
        assert "left out: a line" in reading.all_warnings


@pytest.mark.parametrize("gap", [2, -2])
def test_of_a_bent_underline_that_is_touched_only_stubs_are_left(gap):
    plain = find_ink(levels(framed.in_cells(ROWS)[0]), number=True)
    found = find_ink(levels(bent(gap)), number=True)
    assert [frame.kind for frame in found.frames] == ["line"]
    assert max(each.width for each in find_ink(levels(bent(gap))).components) > 100
    assert len(found.components) >= len(plain.components)
    assert max(each.width for each in found.components) <= max(each.width for each in plain.components) + 20


def test_no_number_holds_an_underline():
    rng = np.random.default_rng(0)
    for gap in (10, 0, -4):
        for _ in range(10):
            rows = rng.choice(len(glyphs()[1]), 6)
            page = levels(side_by_side([glyph(int(row)) for row in rows], [gap] * 5)[0])
            assert find_ink(page, number=True).frames == ()


@pytest.mark.parametrize("bottom", [25, 35], ids=["near the feet", "in the middle"])
@pytest.mark.parametrize("spacing", [2, 3, 4, 6])
def test_a_line_that_is_crossed_everywhere_is_a_pattern(spacing, bottom):
    pixels, frames = underlines_in(*crossed(spacing, bottom))
    assert not pixels[20:22].any()
    assert frames == ()


def test_strokes_that_cross_an_underline_stay_whole():
    pixels, frames = underlines_in(*crossed(16, 25))
    assert [frame.kind for frame in frames] == ["line"]
    assert pixels[20:22, 8::16].all()
    assert not pixels[:, ::16].any()


def crossed(spacing: int, bottom: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One piece, as `underlines_in` takes it: a line in rows 20 and 21, and strokes across it from row 5 down."""
    own = np.zeros((40, 160), np.int32)
    own[5:bottom, ::spacing] = 1
    own[20:22] = 1
    return own, np.array([own.sum()]), np.array([[5, bottom - 1, 0, 159]])


def test_patterns_and_noise_have_no_line_that_cannot_be_taken_off():
    rng = np.random.default_rng(0)
    for _ in range(60):
        waves = np.sin(np.arange(160) * rng.uniform(0.1, 1.5) + rng.uniform(0, 6) * np.arange(40)[:, None])
        page = 200 + 40 * waves + rng.normal(0, rng.uniform(0, 40), (40, 160))
        ink = find_ink(page.clip(0, 255).astype(np.float32), number=True)
        assert all(frame.rows.stop > frame.rows.start for frame in ink.frames)
