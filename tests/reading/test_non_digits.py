"""What was cut into parts is put together again where it is no digit as a whole and its weakest part hardly is one."""

import numpy as np
import pytest

from inkling.reading.non_digits import rejoin_non_digits
from inkling.reading.path import Step, candidates
from inkling.reading.pieces import Piece
from inkling.reading.result import Digit

HEIGHT = 40.0
NO_DIGIT, DIGIT = (0.5, 0.95), (0.9, 0.05)  # confidence given that it is one; probability that it is none


def piece(label, component, left, width=16):
    return Piece(label, component, slice(0, 40), slice(left, left + width), left, left + width, 300)


def digit(sure, none):
    probabilities = np.full(10, (1 - sure) / 9, np.float32)
    probabilities[7] = sure
    return Digit(7, (0, 0, 1, 1), probabilities, none, True, np.zeros((28, 28), np.uint8))


def row(parts, whole=NO_DIGIT, width=16, components=(2, 2)):
    """A path of a digit, two parts, and a digit; each part is (sure, none), or None where it was passed over."""
    places = zip((1, 2, 3, 4), (1, *components, 3), (0, 30, 30 + width, 100), strict=True)
    pieces = [piece(*place, width) for place in places]
    choices = candidates(pieces, HEIGHT)
    at = {(choice.first, choice.last): number for number, choice in enumerate(choices)}
    looks = dict.fromkeys(at, NO_DIGIT) | {(0, 1): DIGIT, (3, 4): DIGIT, (1, 3): whole}
    looks |= {(1 + i, 2 + i): look for i, look in enumerate(parts) if look}
    seen = [digit(*looks[span]) for span in at]
    taken = [at[0, 1], *(at[1 + i, 2 + i] if look else None for i, look in enumerate(parts)), at[3, 4]]
    path = [Step(number, (each,)) for number, each in zip(taken, pieces, strict=True)]
    return path, rejoin_non_digits(path, choices, seen, HEIGHT)


@pytest.mark.parametrize("parts", [(DIGIT, (0.3, 0.1)), ((0.3, 0.1), DIGIT), (DIGIT, None), ((0.3, 0.0), (0.2, 0.0))])
def test_a_non_digit_is_one_piece_of_unread_ink(parts):
    path, found = row(parts)
    assert found == [path[0], Step(None, (*path[1].pieces, *path[2].pieces)), path[3]]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"parts": (DIGIT, (0.4, 0.0))}, id="digits that touch: each part may be one"),
        pytest.param({"parts": (DIGIT, (0.3, 0.1)), "whole": (0.5, 0.85)}, id="the whole may be a digit"),
        pytest.param({"parts": (DIGIT, (0.3, 0.1)), "width": 23}, id="two digits wide"),
        pytest.param({"parts": (DIGIT, (0.3, 0.1)), "components": (2, 4)}, id="two components"),
    ],
)
def test_all_others_stay_as_they_are(options):
    path, found = row(**options)
    assert found == path
