"""The one normalising function: its geometry, and known digits, enlarged, moved and thinned, as its measure."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageDraw

from drawn import glyphs, levels, on_paper, trimmed
from inkling.data import load
from inkling.ink import digit_image, normalize
from inkling.ink.thin import stroke_width, thickened
from needs import DATA, needs_mnist

MNIST = needs_mnist("enlarged MNIST digits are normalised back to themselves")


def box(image: np.ndarray) -> tuple[int, int, int, int]:
    """First and last row, first and last column with ink."""
    rows, columns = np.flatnonzero(image.any(1)), np.flatnonzero(image.any(0))
    return int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])


def centre(image: np.ndarray) -> tuple[float, float]:
    weights = image.astype(float)
    rows, columns = np.indices(image.shape)
    return float((weights * rows).sum() / weights.sum()), float((weights * columns).sum() / weights.sum())


@pytest.mark.parametrize(("height", "width", "expected"), [(60, 15, (20, 5)), (10, 40, (5, 20)), (33, 33, (20, 20))])
def test_the_longer_side_becomes_20_and_nothing_is_stretched(height, width, expected):
    ink = np.zeros((100, 90))
    ink[20 : 20 + height, 30 : 30 + width] = 3.5
    top, bottom, left, right = box(normalize(ink))
    assert (bottom - top + 1, right - left + 1) == pytest.approx(expected, abs=1)


def test_a_full_box_lies_where_its_centre_of_mass_is_pixel_14():
    image = normalize(np.ones((7, 7)))
    assert box(image) == (5, 24, 5, 24)  # 20×20 has its centre at 9.5; 14 - 9.5 = 4.5, rounded up
    assert (image[5:25, 5:25] == 255).all()


def test_a_heavy_side_is_pulled_to_the_centre():
    ink = np.ones((20, 20), np.float32)
    ink[:, 10:] = 4
    image = normalize(ink)
    assert centre(image) == pytest.approx((14.5, 14.0), abs=0.51)
    assert box(image)[2] < 5


def test_no_ink_is_a_blank_image():
    assert not normalize(np.zeros((50, 40))).any()


@given(
    arrays(np.float32, (9, 6), elements=st.just(0.0) | st.floats(2**-7, 1000, width=32)),
    st.integers(0, 9),
    st.sampled_from([2**-9, 0.5, 1, 64, 2**12]),  # powers of two: no rounding
)
def test_neither_place_nor_scale_of_the_ink_matters(ink, margin, scale):
    assert np.array_equal(normalize(np.pad(ink * np.float32(scale), margin)), normalize(ink))


@given(arrays(np.float32, (12, 12), elements=st.sampled_from([0.0, 0.25, 1.0])))
def test_ink_fills_the_range_of_bytes_inside_the_frame(ink):
    image = normalize(ink)
    assert (image.dtype, image.shape) == (np.uint8, (28, 28))
    assert image.max() == (255 if ink.any() else 0)


def smooth(image: np.ndarray, times: int) -> np.ndarray:
    size = image.shape[1] * times, image.shape[0] * times
    return np.asarray(Image.fromarray(image.astype(np.float32)).resize(size, Image.Resampling.BICUBIC)).clip(0, 255)


def repeated(image: np.ndarray, times: int) -> np.ndarray:
    return np.kron(image, np.ones((times, times))).astype(np.float32)


def apart(one: np.ndarray, other: np.ndarray, shifts: int) -> dict[tuple[int, int], float]:
    """Mean absolute grey difference, by how far one is shifted."""
    moves = [(down, right) for down in range(-shifts, shifts + 1) for right in range(-shifts, shifts + 1)]
    return {move: float(np.abs(np.roll(one, move, (0, 1)).astype(int) - other).mean()) for move in moves}


def come_back(digits: np.ndarray, pictures: list[np.ndarray]) -> tuple[float, float]:
    """Mean difference where a shift by a pixel is forgiven, and the share that needs no greater one."""
    differences, near = [], []
    for digit, picture in zip(digits, pictures, strict=True):
        by_shift = apart(digit_image(picture), digit, 2)
        near.append(max(map(abs, min(by_shift, key=by_shift.get))) <= 1)
        differences.append(min(value for shift, value in by_shift.items() if max(map(abs, shift)) <= 1))
    return float(np.mean(differences)), float(np.mean(near))


def known(kind: str) -> np.ndarray:
    """40 digits as MNIST has them: its own, or embedded ones as they are normalised."""
    if kind == "mnist":
        return load(Path(DATA) / "mnist").train.images[:40]
    return load("digits").test.images[:40]


KINDS = [pytest.param("mnist", marks=MNIST), "digits"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("enlarge", "times", "difference"), [(repeated, 1, 1), (repeated, 4, 1), (smooth, 4, 8)])
@pytest.mark.parametrize("inverted", [False, True])
def test_an_enlarged_digit_comes_back_as_itself(kind, enlarge, times, difference, inverted):
    """Measured by benchmarks/normalization.py over 1,000 of MNIST's: 0.5 repeated, 7.1 smooth."""
    digits = known(kind)
    pictures = [np.rint(enlarge(digit, times)) for digit in digits]
    found, near = come_back(digits, [255 - picture if inverted else picture for picture in pictures])
    assert found < difference
    assert near > 0.95


@pytest.mark.parametrize("kind", KINDS)
def test_so_it_does_from_noisy_paper(kind):
    digits, rng = known(kind), np.random.default_rng(0)
    found, near = come_back(digits, [on_paper(smooth(digit, 2) / 255, rng) for digit in digits])
    assert found < 6.5
    assert near > 0.95


@MNIST
def test_mnist_itself_has_its_centre_of_mass_where_we_put_it():
    images = load(Path(DATA) / "mnist").test.images[:1000]
    offset = np.array([centre(image) for image in images]) - 14
    assert np.mean(np.abs(offset) <= 0.55) > 0.99


def drawing(row: int) -> np.ndarray:
    """An embedded digit, black on white, 12 pixels of paper around."""
    return levels(np.pad(trimmed(glyphs()[0][row]), 12))


rows = st.integers(0, 359)


def differ(one: np.ndarray, other: np.ndarray) -> int:
    return int(np.abs(digit_image(one).astype(int) - digit_image(other)).max())


@settings(max_examples=30)
@given(rows, st.tuples(*[st.integers(0, 150)] * 4), st.booleans())
def test_paper_around_and_the_place_on_it_do_not_matter(row, margins, inverted):
    top, bottom, left, right = margins
    moved = np.pad(drawing(row), ((top, bottom), (left, right)), constant_values=255)
    assert differ(255 - moved if inverted else moved, drawing(row)) <= 1


@settings(max_examples=30)
@given(rows, st.integers(2, 4))
def test_the_scale_does_not_matter(row, times):
    """Half as large is twice as large, seen from the other side."""
    assert differ(repeated(drawing(row), times), drawing(row)) <= 1


@settings(max_examples=30)
@given(rows, st.integers(40, 255))
def test_how_black_the_ink_is_does_not_matter_much(row, black):
    faint = np.rint(255 - (255 - drawing(row)) * (black / 255))
    assert min(apart(digit_image(faint), digit_image(drawing(row)), 1).values()) < 8  # where the box is a row larger


@pytest.mark.parametrize("side", [1, 5, 28, 300])
@pytest.mark.parametrize("level", [0, 127, 255])
def test_a_blank_gives_zeros(side, level):
    assert not digit_image(np.full((side, side + 3), level, np.float32)).any()


@pytest.mark.parametrize("side", [100, 400])
@pytest.mark.parametrize("pen", [1, 2, 4])
@pytest.mark.parametrize(
    "line",
    [[(30, 20), (70, 20), (45, 80)], [(48, 15), (52, 85)], [(50, 15), (25, 70), (75, 70)]],
)
def test_thin_strokes_come_out_about_as_wide_as_mnists(side, pen, line):
    """Of MNIST's digits 98 % have strokes of 1.8 to 5.1 pixels, half of them less than 2.6."""
    image = Image.new("L", (side, side), 255)
    ImageDraw.Draw(image).line([(x * side // 100, y * side // 100) for x, y in line], 0, pen)
    assert 1.7 < stroke_width(digit_image(np.asarray(image, np.float32)) / 255) < 2.6


@pytest.mark.parametrize("width", [2, 3, 5, 8])
def test_the_width_of_a_stroke_is_measured(width):
    ink = np.zeros((60, 60))
    ink[5:55, 20 : 20 + width] = 1
    assert stroke_width(ink) == pytest.approx(width, rel=0.15)


def test_a_hairline_is_drawn_with_a_broader_pen_in_its_place():
    ink = np.zeros((60, 60), np.float32)
    ink[5:55, 30] = 1
    drawn = thickened(ink, 8)
    assert stroke_width(drawn) == pytest.approx(8, rel=0.3)
    assert drawn.max() == 1
    assert centre(drawn)[1] == pytest.approx(30 + (drawn.shape[1] - 60) / 2, abs=0.01)
