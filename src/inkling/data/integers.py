"""Text of small whole numbers to bytes, a block at a time, in half the time of `numpy.loadtxt`.

Kaggle's `train.csv` is to be read in 0.6 s (benchmarks/speed/startup_and_io.py). `numpy.loadtxt` alone takes longer.

    text     7 , 0 , 1 2 8 \\n      a value ends where a separator stands: ones, tens and hundreds are the one, two
    value    7   0     128          and three bytes before it, as far as digits reach

Every step is one pass of NumPy over a block that stays in the cache.
"""

from __future__ import annotations

import numpy as np

_BLOCK_BYTES = 1 << 15  # of text; with its temporaries a block takes a quarter MiB of the cache.


def read_integers(text: bytes, start: int, delimiter: bytes, width: int) -> np.ndarray | None:
    """The numbers from offset `start` on, or None where the text is not as plain as it has to be.

    Plain means: nothing but numbers of 0-255 without sign, point, blank or quote, `width` of them in every line,
    one delimiter between them and "\\n" at the end of the line.

    Returns
    -------
    uint8 array (N, width) or None.
    """
    if not text.endswith(b"\n"):
        text += b"\n"
    blocks = [np.empty((0, width), np.uint8)]
    while start < len(text):
        stop = text.rfind(b"\n", start, start + _BLOCK_BYTES) + 1
        block = _read_block(np.frombuffer(text, np.uint8, stop - start, start), ord(delimiter), width) if stop else None
        if block is None:
            return None
        blocks.append(block)
        start = stop
    return np.concatenate(blocks)


def _read_block(text: np.ndarray, delimiter: int, width: int) -> np.ndarray | None:
    digit = text - np.uint8(ord("0"))  # everything else wraps to 10 or more
    is_digit = digit < 10
    ends = np.flatnonzero(~is_digit)
    line_ends = np.flatnonzero(text == ord("\n"))
    delimiters = np.count_nonzero(text == delimiter)
    if not np.array_equal(line_ends, ends[width - 1 :: width]) or ends.size % width:
        return None
    if line_ends.size + delimiters != ends.size or _has_empty_or_long(is_digit):
        return None
    values = _values(digit * is_digit, is_digit).take(ends).reshape(-1, width)
    return values.astype(np.uint8) if values.max() <= 255 else None


def _has_empty_or_long(is_digit: np.ndarray) -> bool:
    """Whether a separator follows another, or more than three digits each other."""
    two = is_digit[1:] & is_digit[:-1]
    return not (is_digit[0] and (is_digit[1:] | is_digit[:-1]).all()) or bool((two[2:] & two[:-2]).any())


def _values(digit: np.ndarray, is_digit: np.ndarray) -> np.ndarray:
    """At each separator the number before it; uint16, as 999 has to be told from 231."""
    values = np.zeros(digit.shape, np.uint16)
    values[1:] = digit[:-1]
    values[2:] += digit[:-2] * np.uint16(10)
    values[3:] += digit[:-3] * is_digit[1:-2] * np.uint16(100)
    return values
