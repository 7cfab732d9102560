"""Pictures of what is no digit: what each kind shows, how many there are of each, and that the seed decides."""

import numpy as np
import pytest

from inkling.data import Dataset, load, normalize
from inkling.errors import UsageError
from inkling.synthesis import KINDS, alphabet, blanks, non_digits, pen, several, spoilt

DIGITS = load("digits").train
NORMALISED = [kind for kind in KINDS if kind.name != "blanks"]


def rng(seed=0):
    return np.random.default_rng(seed)


def one(digit):
    """The data set of a single embedded digit."""
    return DIGITS[np.flatnonzero(digit == DIGITS.labels)[:1]]


def block(height=12, width=8):
    """A data set of one "digit", a full rectangle."""
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 8 : 8 + height, 10 : 10 + width] = 255
    return Dataset(image, np.array([0]))


def test_kinds_follow_each_other_in_their_shares():
    assert sum(kind.share for kind in KINDS) == pytest.approx(1)
    ours, theirs = rng(), rng()
    counts = {"letters": 20, "symbols": 15, "scribbles": 15, "blanks": 15, "several digits": 25, "spoilt digits": 10}
    expected = [kind.draw(DIGITS, theirs) for kind in KINDS for _ in range(counts[kind.name])]
    images = non_digits(DIGITS, 100, ours)
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(images, expected)


@pytest.mark.parametrize("n", [0, 1, 7])
def test_few_are_as_many_as_asked(n):
    assert non_digits(DIGITS, n, rng()).shape == (n, 28, 28)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_seed_decides_and_no_picture_is_like_another(kind):
    first, again, other = ([kind.draw(DIGITS, r) for _ in range(40)] for r in map(rng, (1, 1, 2)))
    np.testing.assert_array_equal(first, again)
    different = {image.tobytes() for image in first + other}
    alike = {"blanks": 25, "spoilt digits": 6}  # pictures of nothing; the same digit in the mirror twice
    assert len(different) >= 80 - alike.get(kind.name, 0)


@pytest.mark.parametrize("kind", NORMALISED, ids=lambda kind: kind.name)
def test_pictures_are_as_a_normaliser_makes_them(kind):
    """The strongest ink is 255, in a box of 20×20 pixels, its centre of mass in the middle as far as that fits."""
    r, places = rng(), np.arange(28)
    for _ in range(100):
        image = kind.draw(DIGITS, r).astype(float)
        assert image.max() == 255
        assert max(several.box(image).shape) <= 20
        for profile in (image.sum(axis=0), image.sum(axis=1)):
            ends = np.flatnonzero(profile)[[0, -1]]
            mass = profile @ places / profile.sum()
            assert abs(mass - 14) < 0.51 or ends[0] <= 2 or ends[1] >= 25


def test_ink_of_a_line_and_of_a_dot():
    line = pen.ink([np.array([[4.0, 14], [24, 14]])], 4)
    assert line.dtype == np.float32
    np.testing.assert_array_equal(line[:, 14], np.where((np.arange(28) >= 12) & (np.arange(28) < 16), 1, 0))
    np.testing.assert_array_equal(line, line[:, ::-1])
    assert line[:, :1].max() == line[:, -1:].max() == 0
    dot = pen.ink([np.array([[14.0, 14]])], 10)
    assert dot.sum() == pytest.approx(np.pi * 5**2, rel=0.02)


def test_a_curve_goes_through_its_points_and_a_line_is_straight():
    angle = np.linspace(0, 2 * np.pi, 13)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    drawn = pen._line(pen.Stroke(circle, curved=True), 0.0, rng())
    np.testing.assert_allclose(drawn[::4], circle, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(drawn[4:-4], axis=1), 1, atol=0.01)
    corner = pen._line(pen.Stroke(np.array([[0.0, 0], [4, 0], [4, 4]])), 0.0, rng())
    np.testing.assert_allclose(corner, [[0, 0], [1, 0], [2, 0], [3, 0], [4, 0], [4, 1], [4, 2], [4, 3], [4, 4]])


def test_no_letter_or_symbol_is_written_like_a_digit():
    known = {**alphabet.LETTERS, **alphabet.SYMBOLS}
    assert len(known) == len(alphabet.LETTERS) + len(alphabet.SYMBOLS)
    assert not set("0123456789OoDQIil|!/\\()zZ}sSYyGbB&gq") & set(known)
    a, plus = (alphabet.strokes_of(text) for text in (alphabet.LETTERS["a"], alphabet.SYMBOLS["+"]))
    assert [stroke.curved for stroke in a] == [True, False]
    np.testing.assert_array_equal(plus[0].points, [[0, 3], [6, 3]])


def test_blanks_are_blank():
    r = rng()
    pictures = np.stack([blanks.blank(DIGITS, r) for _ in range(400)])
    assert 50 < (pictures.max(axis=(1, 2)) == 0).sum() < 120, "one in five has no ink at all"
    assert not blanks._nothing(r).any()
    for _ in range(100):
        assert (blanks._specks(r) > 0.5).sum() < 100
        dash = several.box(blanks._dash(r) > 0.5)
        assert dash.shape[0] < dash.shape[1]
        assert blanks._surface(r).mean() > 0.02
        across = (blanks._frame(r) > 0.2).sum(axis=1).max()
        assert across > 14, "a frame is never upright lines alone, which would be ones"


def test_a_number_is_two_to_four_digits_side_by_side(monkeypatch):
    monkeypatch.setattr(several, "_in_cell", lambda page, rng: page)
    r, counts = rng(), set()
    for _ in range(100):
        page = several.box(several._number(block(), r)) / 255
        fitting = [
            count
            for count in (2, 3, 4)  # two that follow each other share 4 columns at most, and lie 7 apart at most
            if count * 8 - (count - 1) * 4 <= page.shape[1] <= count * 8 + (count - 1) * 7
            and count * 96 - (count - 1) * 4 * 12 <= page.sum() <= count * 96
        ]
        assert fitting
        counts.update(fitting if len(fitting) == 1 else [])
    assert counts == {2, 3, 4}


def test_candidates_stand_in_the_places_of_a_cell(monkeypatch):
    monkeypatch.setattr(several, "_in_cell", lambda page, rng: page)
    r = rng()
    counts = {several._candidates(block(), r).sum() / 255 / 96 for _ in range(50)}
    assert counts == {2, 3, 4, 5}


def test_a_bad_cut_shows_a_part_of_one_digit_beside_another_or_a_part_of_it():
    r = rng()
    widths = set()
    for _ in range(100):
        page = several.box(several._bad_cut(block(), r))
        shown = np.count_nonzero(page.any(axis=0))  # columns, of two times 8
        widths.add(shown)
        assert 3 <= shown < 16, "not both are whole"
        assert page.shape[1] - shown <= 4, "at most so far apart"
    assert min(widths) < 8 < max(widths)


@pytest.mark.parametrize(
    ("digit", "changes"), [(3, "mirror half-turn"), (4, "mirror half-turn"), (7, "mirror half-turn"), (2, ""), (5, "")]
)
def test_a_digit_in_the_mirror_is_that_digit_flipped(digit, changes):
    data, r = one(digit), rng()
    image = data.images[0]
    seen = {spoilt.spoilt(data, r).tobytes() for _ in range(60)}
    assert (normalize(image[:, ::-1]).tobytes() in seen) == ("mirror" in changes)
    assert (normalize(image[::-1, ::-1]).tobytes() in seen) == ("half-turn" in changes)
    assert normalize(image).tobytes() not in seen


@pytest.mark.parametrize("digit", [1, 6])
def test_digits_that_stay_one_when_cut_or_turned_are_crossed_out(digit):
    data, r = one(digit), rng()
    whole = data.images[0] > 128
    for _ in range(20):
        crossed = spoilt.crossed_out(data.images[0], r)
        assert crossed[whole].min() > 0.5
        assert (crossed > 0.5).sum() > whole.sum() + 20
    assert spoilt.WAYS[digit] == (spoilt.crossed_out,)


def test_a_part_is_two_to_three_fifths():
    image = block(20, 8).images[0]
    for part, axis in ((spoilt.upper_part, 1), (spoilt.lower_part, 1), (spoilt.left_part, 0)):
        sizes = {int(part(image, rng(seed)).any(axis=axis).sum()) for seed in range(40)}
        assert sizes <= ({3, 4, 5} if axis == 0 else set(range(8, 13)))
        assert len(sizes) > 1
    upper, lower = spoilt.upper_part(image, rng()), spoilt.lower_part(image, rng())
    np.testing.assert_array_equal(np.flatnonzero(upper.any(axis=1))[0], 8)
    np.testing.assert_array_equal(np.flatnonzero(lower.any(axis=1))[-1], 27)


def test_a_digit_without_ink_breaks_nothing():
    empty = Dataset(np.zeros((1, 28, 28), np.uint8), np.array([0]))
    assert non_digits(empty, 200, rng()).shape == (200, 28, 28)


@pytest.mark.parametrize(
    ("images", "names", "sentence"),
    [
        (np.zeros((2, 28, 28), np.uint8), ("A", "B"), r"made of data of the digits 0 to 9, not of 2 classes \(A, B\)"),
        (np.zeros((2, 16, 16), np.uint8), None, "are 28×28, but small has images of 16×16"),
    ],
)
def test_other_data_than_digits_of_28_by_28_are_refused(images, names, sentence):
    data = Dataset(images, np.array([0, 1]), "small", **({"class_names": names} if names else {}))
    with pytest.raises(UsageError, match=sentence):
        non_digits(data, 5, rng())
