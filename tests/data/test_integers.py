"""The fast path through clean tables: the same numbers as a naive reader, or none at all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkling.data.integers import read_integers


def naive(text: bytes, width: int) -> np.ndarray | None:
    """What the fast path may return: the numbers if every field is 1-3 digits up to 255, else None."""
    rows = []
    for line in text.removesuffix(b"\n").split(b"\n"):
        fields = line.split(b",")
        if len(fields) != width or not all(0 < len(field) <= 3 and field.isdigit() for field in fields):
            return None
        rows.append([int(field) for field in fields])
    return np.array(rows) if max(map(max, rows)) <= 255 else None


@given(st.lists(st.lists(st.integers(0, 255), min_size=3, max_size=3), min_size=1, max_size=50), st.booleans())
def test_clean_text_is_read(rows, last_line_end):
    text = "\n".join(",".join(map(str, row)) for row in rows).encode() + b"\n" * last_line_end
    read = read_integers(text, 0, b",", 3)
    assert read is not None
    assert read.dtype == np.uint8
    assert read.tolist() == rows


@given(st.text("0129,\n. -", min_size=1, max_size=24), st.integers(1, 4))
def test_agrees_with_a_naive_reader_on_anything(text, width):
    read, expected = read_integers(text.encode(), 0, b",", width), naive(text.encode(), width)
    assert (read is None) == (expected is None)
    if read is not None:
        assert read.tolist() == expected.tolist()


def test_text_of_many_blocks_keeps_its_order():
    rows = np.arange(300_000).reshape(-1, 3) % 256
    text = b"skipped\n" + "\n".join(",".join(map(str, row)) for row in rows).encode()
    assert np.array_equal(read_integers(text, 8, b",", 3), rows)


@pytest.mark.parametrize(
    "text", [b"256,1,2\n", b"1,2,0003\n", b"1,2\n", b"1,2,3,\n", b"1,,3\n", b"-1,2,3\n", b"1;2;3\n"]
)
def test_whatever_is_not_plain_is_left_to_the_careful_reader(text):
    assert read_integers(b"1,2,3\n" + text, 0, b",", 3) is None


def test_no_rows_are_no_rows():
    assert read_integers(b"header\n", 7, b",", 3).shape == (0, 3)
