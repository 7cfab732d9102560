"""What a reading shows of itself: one short line, and in notebooks its digits."""

import io

import numpy as np
import pytest
from PIL import Image

from inkling.reading import Digit, Reading, read


def digit(accepted=True, **others):
    probabilities = np.eye(10, dtype=np.float32)[7] * 0.9 + 0.01
    return Digit(7, (20, 30, 40, 25), probabilities, 0.25, accepted, np.full((28, 28), 9, np.uint8), **others)


def test_a_reading_of_many_digits_is_one_line():
    """Ten digits were 851 lines."""
    line = tuple(digit(accepted=place != 3, warnings=("a slash",) * (place == 3)) for place in range(10))
    reading = Reading("x.png", (line,), (100, 80), ("light on dark",))
    assert repr(reading) == (
        "Reading('x.png', '777?777777', 10 digits, lowest confidence 0.682; light on dark, a slash)"
    )
    assert repr(Reading("x.png", (), (100, 80), ("nothing drawn",))) == "Reading('x.png', '', 0 digits; nothing drawn)"
    assert repr(Reading("x.png", ((digit(),),), (9, 9))) == "Reading('x.png', '7', 1 digit, lowest confidence 0.682)"


def test_a_digit_is_one_line_without_arrays():
    assert repr(digit()) == "Digit(7, confidence 0.682, box (20, 30, 40, 25))"
    refused = digit(accepted=False, warnings=("a slash",))
    assert repr(refused) == "Digit(7, confidence 0.682, refused, box (20, 30, 40, 25); a slash)"


@pytest.mark.parametrize("lines", [(), ((digit(), digit(accepted=False)), (digit(),))])
def test_a_notebook_shows_a_picture_of_it(lines):
    with Image.open(io.BytesIO(Reading("x.png", lines, (100, 80))._repr_png_())) as picture:
        picture.load()
        assert picture.format == "PNG"
        assert picture.height > (100 if lines else 20)


def test_what_is_more_probably_no_digit_is_refused():
    """Also where the bar is low."""
    from inkling.reading.pipeline import _judged

    def judged(*none, bar=None):
        line = [
            Digit(1, (0, 0, 1, 1), np.eye(10, dtype=np.float32)[1], each, True, np.zeros((28, 28))) for each in none
        ]
        return [each.accepted for each in _judged(line, bar)]

    assert judged(0.0, 0.878, 0.0, 0.0) == [True, False, True, True]
    assert judged(0.0, 0.45, 0.0, 0.0) == [True, True, True, True]
    assert judged(0.0, 0.878, bar=0.1) == [True, False]
    assert judged(0.0, 0.878, bar=0) == [True, True], "0 refuses none"
    assert judged(0.49, bar=0.3) == [True]
    assert judged(0.51, bar=0.3) == [False]


def test_a_blank_picture_has_no_marks():
    assert read(np.full((40, 40), 255, np.uint8)).to_dict()["marks"] == []
