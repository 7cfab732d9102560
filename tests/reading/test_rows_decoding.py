"""Beam search over the columns of a row: all texts of short rows, lengths, what is allowed, and what is refused."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkling.errors import UsageError
from inkling.nn import ctc_log_probability, log_softmax
from inkling.reading.rows import beam_search

SYMBOLS = "abc"
ALL = 10_000  # more beginnings than a short row has


def every_text(log_probs):
    """log p of each text that a row can show, by adding up all paths."""
    found = {}
    for path in itertools.product(range(len(SYMBOLS) + 1), repeat=len(log_probs)):
        text = "".join(SYMBOLS[k] for k, _ in itertools.groupby(path) if k < len(SYMBOLS))
        found[text] = found.get(text, 0.0) + math.exp(sum(log_probs[t, k] for t, k in enumerate(path)))
    return {text: math.log(p) for text, p in found.items() if p}


def row_of(seed, columns=5, spread=2.0):
    return log_softmax(np.random.default_rng(seed).normal(0, spread, (columns, len(SYMBOLS) + 1)))


def compare(found, expected):
    """Texts in the order of their probability, and their probabilities."""
    ranked = sorted(expected, key=lambda text: -expected[text])
    assert [each.text for each in found] == ranked
    assert [each.log_probability for each in found] == pytest.approx([expected[text] for text in ranked])


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("length", [None, 0, 1, 3, 5, 6])
def test_all_texts_with_their_probabilities(seed, length):
    log_probs = row_of(seed)
    every = every_text(log_probs)
    found = beam_search(log_probs, beam=ALL, length=length, symbols=SYMBOLS)
    compare(found, {text: p for text, p in every.items() if length in (None, len(text))})


@pytest.mark.parametrize("length", [None, 2, 5])
def test_symbols_of_probability_zero(length):
    """Also the blank: then what stays as it is has no probability at all."""
    log_probs = row_of(0)
    log_probs[log_probs == log_probs.min(axis=1, keepdims=True)] = -math.inf
    log_probs[2, -1] = -math.inf
    every = every_text(log_probs)
    assert 0 < len(every) < len(every_text(row_of(0)))
    for beam in (3, ALL):
        found = beam_search(log_probs, beam=beam, length=length, symbols=SYMBOLS)
        assert {each.text for each in found} <= {text for text in every if length in (None, len(text))}
    compare(found, {text: p for text, p in every.items() if length in (None, len(text))})


@pytest.mark.parametrize("seed", range(5))
def test_what_is_allowed(seed):
    log_probs, asked = row_of(seed), []

    def allowed(prefix):
        asked.append(prefix)
        return prefix[0] != "a" and "bb" not in prefix

    every = {text: p for text, p in every_text(log_probs).items() if not text or allowed(text)}
    asked.clear()
    found = beam_search(log_probs, beam=ALL, allowed=allowed, symbols=SYMBOLS)
    compare(found, every)
    assert len(asked) == len(set(asked))
    ending = {text: p for text, p in every.items() if text.endswith("c")}
    compare(beam_search(log_probs, beam=ALL, allowed=allowed, complete=ending.__contains__, symbols=SYMBOLS), ending)


@given(st.integers(0, 10**6), st.integers(1, 8), st.integers(1, 4), st.floats(0.1, 200))
def test_a_text_of_a_length_is_found_where_the_columns_can_show_one(seed, columns, beam, spread):
    log_probs = row_of(seed, columns, spread)
    for length in range(columns + 2):
        found = beam_search(log_probs, beam=beam, length=length, symbols=SYMBOLS)
        assert bool(found) == (length <= columns)
        assert len(found) <= beam
        assert {len(each.text) for each in found} <= {length}


def test_one_symbol_needs_a_blank_between():
    log_probs = log_softmax(np.random.default_rng(0).normal(0, 2, (5, 2)))
    assert [each.text for each in beam_search(log_probs, length=3, symbols="a")] == ["aaa"]
    assert beam_search(log_probs, length=4, symbols="a") == []


def digits_at(columns, seed, *, confidence=9.0):
    """Columns as a network answers: noise, mostly blank, and digits with a rival every six columns."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 1.5, (columns, 11))
    logits[:, 10] += confidence
    text = rng.integers(0, 10, columns // 6)
    for place, digit in zip(range(2, columns, 6), text, strict=False):
        logits[place, digit] += confidence + 4
        logits[place + 1, digit] += confidence - 1
        logits[place, (digit + 3) % 10] += confidence
    return log_softmax(logits), "".join(map(str, text))


@pytest.mark.parametrize("seed", range(4))
def test_a_long_row(seed):
    log_probs, text = digits_at(60, seed)
    found = beam_search(log_probs)
    assert found[0].text == text
    assert len({each.text for each in found}) == len(found) == 8
    assert [each.log_probability for each in found] == sorted((each.log_probability for each in found), reverse=True)
    for each in found:
        exact = ctc_log_probability(log_probs, [int(digit) for digit in each.text])
        assert exact - 0.5 < each.log_probability < exact + 1e-9  # a beam of 8 leaves some alignments out
    exact = ctc_log_probability(log_probs, [int(digit) for digit in text])
    assert found[0].log_probability == pytest.approx(exact, abs=0.1)
    assert beam_search(log_probs, beam=200)[0].log_probability == pytest.approx(exact, abs=0.005)


@pytest.mark.parametrize("length", [7, 9, 11, 12])
def test_a_length_that_the_row_does_not_show(length):
    """The beam of 8 finds what one of 200 finds, or what is nearly as probable."""
    log_probs, _ = digits_at(60, 0)
    narrow, wide = (beam_search(log_probs, beam=beam, length=length)[0] for beam in (8, 200))
    assert len(narrow.text) == length
    assert wide.log_probability - 1 < narrow.log_probability <= wide.log_probability + 1e-9


def test_numbers_in_a_range():
    """As one would ask for 100 to 150 where the row shows a number of ten digits: none of these is found by chance."""
    log_probs, _ = digits_at(60, 0)
    numbers = [str(number) for number in range(100, 151)]
    begins = {number[:n] for number in numbers for n in range(1, 4)}
    assert beam_search(log_probs, allowed=begins.__contains__, complete=numbers.__contains__)
    found = beam_search(log_probs, length=3, allowed=begins.__contains__)
    exact = {number: ctc_log_probability(log_probs, [int(digit) for digit in number]) for number in numbers}
    assert found[0].text == max(exact, key=lambda number: exact[number])


def test_columns_of_another_set_of_symbols_are_refused():
    with pytest.raises(UsageError, match=r"log_probs are \(columns, 11\): 10 symbols and the blank, not \(5, 4\)"):
        beam_search(row_of(0))
    with pytest.raises(UsageError, match="a beam keeps at least 1 beginning, a whole number, not 0"):
        beam_search(row_of(0), beam=0, symbols=SYMBOLS)
    with pytest.raises(UsageError, match=r"a beam keeps at least 1 beginning, a whole number, not 2\.5"):
        beam_search(row_of(0), beam=2.5, symbols=SYMBOLS)
    for length in (-1, 2.0):
        with pytest.raises(
            UsageError, match=f"length is a number of symbols, a whole number of at least 0, not {length}"
        ):
            beam_search(row_of(0), length=length, symbols=SYMBOLS)
    assert beam_search(row_of(0), length=10**9, symbols=SYMBOLS) == []
    unknown = row_of(0)
    unknown[2, 1] = np.nan
    with pytest.raises(UsageError, match="log_probs are logarithms of probabilities, but some are NaN"):
        beam_search(unknown, symbols=SYMBOLS)
