"""The one normalising function: its geometry, and MNIST's own digits as its measure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from inkling.data import load, normalize
from inkling.ink import digit_image


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


@pytest.mark.parametrize(
    ("how", "difference"),
    [(Image.Resampling.BICUBIC, 7.8), (Image.Resampling.LANCZOS, 8.0), (Image.Resampling.BOX, 0.6)],
)
def test_an_enlarged_mnist_digit_comes_back_as_itself(real_data, how, difference):
    """Measured over 500 digits, four times as large: 7.1, 7.2 and 0.5 of 255 grey levels on average."""
    differences = []
    for digit in load(real_data / "mnist").train.images[:500]:
        large = np.asarray(Image.fromarray(digit.astype(np.float32)).resize((112, 112), how)).clip(0, 255)
        back = digit_image(large).astype(int)
        shifts = [np.roll(back, (down, right), (0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
        differences.append(min(np.abs(shifted - digit).mean() for shifted in shifts))
        assert centre(back) == pytest.approx(centre(digit), abs=1.6)
    assert np.mean(differences) < difference
    assert np.max(differences) < 25


def test_mnist_itself_has_its_centre_of_mass_where_we_put_it(real_data):
    images = load(real_data / "mnist").test.images[:1000]
    offset = np.array([centre(image) for image in images]) - 14
    assert np.mean(np.abs(offset) <= 0.55) > 0.99
