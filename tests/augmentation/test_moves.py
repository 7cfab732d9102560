"""What moves pixels: affine maps by value, elastic fields by their moments, and the one sampling against loops."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reference
from inkling.augmentation import AspectRatio, Elastic, Rotation, Scale, Shear, Shift
from inkling.augmentation.canvas import CHUNK, Canvas
from inkling.augmentation.warp import Warp

SHAPE = (28, 28)
GREY = 1e-3 / 255  # a thousandth of a grey level


def noise(count=1, seed=0):
    return np.random.default_rng(seed).random((count, 28, 28), dtype=np.float32)


def blob(y, x, width=2.5):
    """Ink around a place that is given from the centre of the image."""
    rows, columns = np.indices((28, 28)) - 13.5
    return np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / (2 * width**2)).astype(np.float32)[None]


def centre_and_width(image):
    """Centre of mass (y, x) from the centre of the image, and the standard deviation of the ink around it."""
    rows, columns = np.indices((28, 28)) - 13.5
    total = image.sum(dtype=np.float64)
    y, x = (image * rows).sum() / total, (image * columns).sum() / total
    return y, x, math.sqrt((image * ((rows - y) ** 2 + (columns - x) ** 2)).sum() / total / 2)


def moved(images, *pairs):
    """Images after augmentations with given parameters, (part, parameters) each."""
    result, warp = images.copy(), Warp([part for part, _ in pairs])
    coefficients = warp.compose([np.asarray(parameters) for _, parameters in pairs])
    for start in range(0, len(images), CHUNK):
        part = slice(start, start + CHUNK)
        warp.apply(result[part], coefficients[part], (Canvas(), Canvas()))
    return result


@pytest.mark.parametrize(("down", "right"), [(0, 0), (3, -2), (-27, 1), (0, 27), (-1, -1)])
def test_a_shift_is_a_roll_that_brings_in_ground(down, right):
    image = noise()
    expected = np.zeros((28, 28), np.float32)
    rows, columns = range(max(down, 0), min(28 + down, 28)), range(max(right, 0), min(28 + right, 28))
    for i, j in itertools.product(rows, columns):
        expected[i, j] = image[0, i - down, j - right]
    (shifted,) = moved(image, (Shift(27), [[down, right]]))
    np.testing.assert_array_equal(shifted, expected)
    Shift(27).apply(image, np.array([[down, right]]), (Canvas(), Canvas()))
    np.testing.assert_array_equal(image[0], expected)


@pytest.mark.parametrize("turns", [-1, 1, 2])
def test_a_quarter_turn_is_numpy_s(turns):
    image = noise()
    (turned,) = moved(image, (Rotation(180), [90.0 * turns]))
    np.testing.assert_allclose(turned, np.rot90(image[0], turns), atol=GREY)


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_a_scale_multiplies_lengths_about_the_centre(factor):
    y, x, width = centre_and_width(moved(blob(1.5, -2.0, 1.5), (Scale(0.99), [factor - 1]))[0])
    # bilinear sampling adds a variance of about 1/6 (old) pixel²
    assert (y, x) == pytest.approx((1.5 * factor, -2.0 * factor), abs=0.02)
    assert width == pytest.approx(math.sqrt(1.5**2 + 1 / 6) * factor, rel=0.03)


@pytest.mark.parametrize("factor", [0.5, 1.6])
def test_a_stretch_makes_wide_digits_low_and_narrow_ones_high(factor):
    y, x, _ = centre_and_width(moved(blob(2.0, -3.0, 2.0), (AspectRatio(0.9), [factor - 1]))[0])
    assert (y, x) == pytest.approx((2.0 / factor, -3.0 * factor), abs=0.1)


@pytest.mark.parametrize("degrees", [-30.0, 45.0])
def test_a_shear_slants_to_the_right_and_keeps_rows(degrees):
    for height in (-4.0, 5.0):
        y, x, _ = centre_and_width(moved(blob(-height, 1.0, 1.5), (Shear(60), [degrees]))[0])
        assert y == pytest.approx(-height, abs=0.02)
        assert x == pytest.approx(1.0 + height * math.tan(math.radians(degrees)), abs=0.02)


def test_affine_parts_follow_each_other_in_their_order():
    image = blob(0.0, 6.0)
    turn, shift = (Rotation(90), [90.0]), (Shift(4), [[0, 4]])
    assert centre_and_width(moved(image, turn, shift)[0])[:2] == pytest.approx((-6.0, 4.0), abs=0.02)
    assert centre_and_width(moved(blob(0.0, 2.0), shift, turn)[0])[:2] == pytest.approx((-6.0, 0.0), abs=0.02)


def test_parameters_of_nothing_leave_the_same_bits():
    images, elastic = noise(20), Elastic(34)
    zero = np.zeros(20)
    pairs = [
        (Shift(1), np.zeros((20, 2), int)),
        (Rotation(1), zero),
        (Scale(0.5), zero),
        (AspectRatio(0.5), zero),
        (Shear(1), zero),
    ]
    unmoved = moved(images, *pairs, (elastic, np.zeros((20, 2, len(elastic.basis())), np.float32)))
    np.testing.assert_array_equal(unmoved, images)


@given(
    st.floats(-180, 180),
    st.floats(-0.9, 0.9),
    st.floats(-60, 60),
    st.tuples(st.integers(-27, 27), st.integers(-27, 27)),
    st.integers(0, 2**32),
)
@settings(max_examples=15)
def test_one_sampling_agrees_with_loops(degrees, scale, slant, shift, seed):
    image, elastic = noise(1, seed), Elastic(30, sigma=5)
    coefficients = elastic.draw(np.random.default_rng(seed), 1, SHAPE)
    pairs = [(Rotation(180), [degrees]), (Scale(0.9), [scale]), (Shear(60), [slant]), (Shift(27), [shift])]
    (got,) = moved(image, *pairs, (elastic, coefficients))
    matrix = np.eye(3)
    for part, parameters in pairs:
        matrix = matrix @ part.matrices(np.asarray(parameters))[0]
    down, right = (coefficients[0].astype(np.float64) @ elastic.basis()).reshape(2, 28, 28)
    expected = reference.warp(image[0].tolist(), matrix.tolist(), down.tolist(), right.tolist())
    np.testing.assert_allclose(got, expected, atol=2e-4)  # float32 knows a place in 0-29 to 2e-6, and noise is steep
    assert got.dtype == np.float32
    assert 0 <= got.min() <= got.max() <= 1


def test_what_is_moved_far_away_leaves_ground():
    assert not moved(np.ones((1, 28, 28), np.float32), (Shift(27), [[27, 27]]), (Shift(27), [[27, 27]])).any()
    small = moved(np.ones((1, 28, 28), np.float32), (Scale(0.9), [-0.5]))[0]
    np.testing.assert_array_equal(small[8:20, 8:20], 1)
    assert small.sum() == pytest.approx(14**2, rel=0.01)
    assert not small[:6].any()
    assert not small[:, 22:].any()


def fields_of(elastic, count, seed=0):
    """Displacements (count, 2, 28, 28) down and to the right."""
    drawn = elastic.draw(np.random.default_rng(seed), count, SHAPE)
    return (drawn @ elastic.basis()).reshape(count, 2, 28, 28)


def correlation(a, b):
    """Of displacements, whose mean is 0."""
    return (a * b).mean() / math.sqrt((a * a).mean() * (b * b).mean())


@pytest.mark.parametrize("elastic", [Elastic(34), Elastic(30, 5), Elastic(8, 1.5), Elastic(100, 12)], ids=repr)
def test_an_elastic_field_has_its_standard_deviation_and_smoothness(elastic):
    """Also at the rim; correlation by distance along rows and columns; none between the two directions."""
    fields = fields_of(elastic, 4000)
    assert fields.dtype == np.float32
    std = elastic.alpha / (elastic.sigma * math.sqrt(12 * math.pi))
    assert fields.std(axis=0) == pytest.approx(np.full((2, 28, 28), std), rel=0.08)
    assert fields.std() == pytest.approx(std, rel=0.015)
    for distance in (1, 3, 8):
        expected = math.exp(-(distance**2) / (4 * elastic.sigma**2))
        along_rows = correlation(fields[:, 0, :, 0], fields[:, 0, :, distance])
        along_columns = correlation(fields[:, 1, 0], fields[:, 1, distance])
        assert (along_rows, along_columns) == pytest.approx((expected, expected), abs=0.03)
    assert correlation(fields[:, 0], fields[:, 1]) == pytest.approx(0, abs=0.03)


def test_an_elastic_field_is_the_paper_s_smoothed_noise():
    """Uniform noise on more than the image, smoothed by a sampled Gaussian: the same moments."""
    reach, elastic = 16, Elastic(34.0, sigma=4.0)
    taps = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * elastic.sigma**2))
    smooth = np.array([np.pad(taps / taps.sum(), (i, 27 - i)) for i in range(28)], np.float32)
    noise = np.random.default_rng(1).random((2000, 28 + 2 * reach, 28 + 2 * reach), np.float32) * 2 - 1
    paper, ours = elastic.alpha * (smooth @ noise @ smooth.T), fields_of(elastic, 2000)[:, 0]
    assert ours.std() == pytest.approx(paper.std(), rel=0.02)
    for down, right in ((0, 2), (5, 0), (4, 4), (0, 9)):
        one, other = (correlation(f[:, : 28 - down, : 28 - right], f[:, down:, right:]) for f in (ours, paper))
        assert one == pytest.approx(other, abs=0.03)


@pytest.mark.parametrize(
    ("part", "low", "high"),
    [(Rotation(10), -10, 10), (Scale(0.2), -0.2, 0.2), (AspectRatio(0.3), -0.3, 0.3), (Shear(7), -7, 7)],
    ids=repr,
)
def test_draws_are_uniform_between_both_signs(part, low, high):
    drawn = part.draw(np.random.default_rng(0), 10_000, SHAPE)
    assert low <= drawn.min() < 0.99 * low
    assert 0.99 * high < drawn.max() <= high
    assert drawn.mean() == pytest.approx(0, abs=0.02 * high)
    assert drawn.std() == pytest.approx(high / math.sqrt(3), rel=0.02)


def test_shifts_are_whole_and_all_equally_likely():
    drawn = Shift(2).draw(np.random.default_rng(0), 25_000, SHAPE)
    pairs, counts = np.unique(drawn, axis=0, return_counts=True)
    assert pairs.tolist() == [[i, j] for i in range(-2, 3) for j in range(-2, 3)]
    assert counts == pytest.approx(np.full(25, 1000), rel=0.15)
