"""The alignment of a text is the best way of the pieces to be it: a search through all ways finds the same."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkling.classes import ROW_SYMBOLS
from inkling.reading import path
from inkling.reading.path import candidates
from inkling.reading.piece_alignment import PieceAligner
from reading.test_path import HEIGHT, piece, rows_of_pieces


def all_alignments(pieces, choices, scores, text, first=0):
    """The score of every way of the pieces from `first` on to be the text."""
    if first == len(pieces):
        if not text:
            yield 0.0
        return
    cost, _ = path.skip_cost(pieces[first], HEIGHT, float(np.median([each.area for each in pieces])))
    for score in all_alignments(pieces, choices, scores, text, first + 1):
        yield score - cost
    if text:
        for number, choice in enumerate(choices):
            if choice.first == first:
                own = scores[number, ROW_SYMBOLS.index(text[0])]
                for score in all_alignments(pieces, choices, scores, text[1:], choice.last):
                    yield own + score


@given(rows_of_pieces(), st.integers(0, 2**32 - 1), st.text("07?", max_size=4))
def test_no_alignment_is_better_than_the_best(pieces, seed, text):
    choices = candidates(pieces, HEIGHT)
    probabilities = np.random.default_rng(seed).dirichlet(np.full(11, 0.3), len(choices))
    scores = np.log(np.maximum(probabilities, 1e-6)) - np.array([[path.cost_of(each, HEIGHT)] for each in choices])
    found = PieceAligner(pieces, HEIGHT, choices, probabilities).align(text)
    everything = list(all_alignments(pieces, choices, scores, text))
    if found is None:
        assert not everything
        return
    assert found.score == pytest.approx(max(everything))
    assert sum(step.candidate is not None for step in found.steps) == len(text)
    labels = [each.label for step in found.steps for each in step.pieces]
    assert labels == [each.label for each in pieces]


def test_each_symbol_is_a_candidate_that_is_probable_as_it():
    pieces = [piece(1, 0, 20), piece(2, 30, 20)]
    choices = candidates(pieces, HEIGHT)
    probabilities = np.full((len(choices), 11), 1e-3)
    singles = [next(n for n, each in enumerate(choices) if each.pieces == (own,)) for own in pieces]
    for number, symbol in zip(singles, "47", strict=True):
        probabilities[number, int(symbol)] = 0.9
    aligner = PieceAligner(pieces, HEIGHT, choices, probabilities)
    scores = {text: aligner.align(text).score for text in map("".join, product("47", repeat=2))}
    assert max(scores, key=scores.get) == "47"
    assert [step.candidate for step in aligner.align("47").steps] == singles
    assert aligner.align("474") is None


def test_a_sign_is_a_question_mark_and_nothing_else():
    """Neither a digit nor left out, alone or joined with its neighbour."""
    pieces = [piece(1, 0, 20), piece(2, 24, 4), piece(3, 30, 20)]
    choices = candidates(pieces, HEIGHT)
    probabilities = np.full((len(choices), 11), 0.09)
    signs = [choice.pieces for choice in choices if [each.label for each in choice.pieces] == [2]]
    free, bound = (PieceAligner(pieces, HEIGHT, choices, probabilities, each) for each in ((), signs))
    assert free.align("47").score > free.align("4?7").score
    assert bound.align("4?7").score > max(bound.align(text).score for text in ("47", "417", "4?", "?7")) + 5
