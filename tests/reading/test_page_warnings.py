"""A number that may well be another one is told, though none of its digits is refused."""

import pytest

from inkling.reading.page_warnings import doubt_warnings
from reading.test_result import digit

ACCEPTED, REFUSED = (digit(), digit()), (digit(), digit(accepted=False))
SURE, DOUBTFUL = (("77", 0.9), ("71", 0.1)), (("77", 0.45), ("71", 0.4), ("17", 0.15))


@pytest.mark.parametrize(
    ("line", "texts", "warnings"),
    [
        (ACCEPTED, DOUBTFUL, ["77 may be 71"]),
        (ACCEPTED, SURE, []),
        (REFUSED, DOUBTFUL, []),  # its question mark says so
        (ACCEPTED, DOUBTFUL[:1], []),  # nothing else was considered
        (ACCEPTED, (), []),  # a line that was read by its pieces alone
    ],
)
def test_a_doubtful_number_is_told_with_the_next(line, texts, warnings):
    assert doubt_warnings([line], [texts]) == warnings


def test_each_line_has_a_warning_of_its_own():
    assert doubt_warnings([ACCEPTED, ACCEPTED, REFUSED], [DOUBTFUL, SURE, DOUBTFUL]) == ["77 may be 71"]
