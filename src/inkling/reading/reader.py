"""The reader: a digit alone, or a line of digits, which is read by its pieces and as a whole row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from inkling.classes import DIGITS
from inkling.ink import DIGIT_SHAPE, Component, Row, normalize
from inkling.model import Model
from inkling.reading.answers import answers_of, digits_of
from inkling.reading.by_pieces import BestPath, CutLine, cut_line, marks_of, read_pieces
from inkling.reading.marks import Mark
from inkling.reading.page import Page, place_in
from inkling.reading.path import Step
from inkling.reading.piece_alignment import PieceAligner
from inkling.reading.plausibility import Plausible
from inkling.reading.result import UNREAD, Digit
from inkling.reading.rows.model import RowModel
from inkling.reading.rows.reread import SeenRow, hypotheses, nearest_pieces, see_row, with_alternatives
from inkling.reading.rows.rescoring import Hypothesis, probabilities

NO_INK = "no ink of its own"  # a warning about a digit


class Line(NamedTuple):
    """A line of writing: its digits from left to right, other ink that is unread among them, and what is left out.

    `texts` are what it may say, each with its probability, the most probable first; none where the pieces alone decide.
    """

    digits: list[Digit]
    marks: list[Mark]
    texts: tuple[tuple[str, float], ...] = ()

    @property
    def text(self) -> str:
        """The digits before any of them is refused for its confidence; a question mark for ink that is no digit."""
        return "".join(digit.text for digit in self.digits)


def read_single(page: Page, model: Model, plausible: Plausible | None = None) -> list[Digit]:
    """All ink as one digit, if there is any."""
    if not page.ink.components:
        return []
    return [limited(each, plausible) for each in digits_of(page, page.ink.labels, [page.ink.components], model)]


def limited(digit: Digit, plausible: Plausible | None) -> Digit:
    """A digit that stands alone, its probabilities with what is known of it beforehand."""
    if plausible is None:
        return digit
    odds = np.exp([plausible.log_prior(each) for each in DIGITS]).astype(np.float32)
    known = digit.probabilities * odds
    total, none = float(known.sum()), digit.not_a_digit
    left = total * (1 - none) + none
    return replace(digit, digit=int(known.argmax()), probabilities=known / total, not_a_digit=none / left)


def read_turned(digit: Digit, model: Model, turns: int, plausible: Plausible | None = None) -> Digit:
    """The only digit of a picture as it would be read after so many quarter turns of the picture to the left."""
    image = normalize(np.rot90(digit.image, turns))
    (known,), (none,) = answers_of(image[np.newaxis], model)
    found = replace(digit, digit=int(known.argmax()), probabilities=known, not_a_digit=none, image=image)
    return limited(found, plausible)


def read_line(
    page: Page,
    components: Sequence[Component],
    model: Model,
    rows: Callable[[], Sequence[RowModel]],
    digits: int | None = None,
    plausible: Plausible | None = None,
) -> Line:
    """What is read in a line of components.

    Parameters
    ----------
    rows : gives the row networks, which are asked where the line may have several digits.
    digits : the number of digits, if it is known.
    plausible : what is known of the number beforehand.
    """
    line = cut_line(page, components, model)
    path = read_pieces(page, line, model, digits)
    seen = see_row(page, components, rows()) if _may_be_several(len(path.digits), digits, plausible) else None
    if seen is None:
        found = path.digits if len(path.digits) > 1 else [limited(each, plausible) for each in path.digits]
        return Line(found, path.marks)
    aligner = PieceAligner(line.pieces, line.height, line.choices, _known(line.seen), path.signs())
    texts = hypotheses(seen, aligner, _own(path), digits, plausible)
    if path.signs():
        texts = [each for each in texts if each.alignment]
    best = texts[0]
    read, marks = path.digits, path.marks
    if best.text != path.text:
        read, marks = _aligned(page, line, path, model, best, seen)
    found = with_alternatives(read, texts)
    if digits is not None and best.alignment and best.text != path.text:
        found, marks = _with_skipped(page, line, model, found, best.alignment.steps)
    told = zip([each.text for each in texts], probabilities(texts).tolist(), strict=True)
    return Line(found, marks, tuple(told))


def _may_be_several(count: int, digits: int | None, plausible: Plausible | None) -> bool:
    """Whether a line of which the pieces are so many digits may have several."""
    if count != 1 or digits not in (None, 1):
        return count > 0
    return plausible is not None and not plausible.allows_some(UNREAD)


def _own(path: BestPath) -> list[str]:
    """The text by pieces, and the same with question marks where no digit is more probable than the one read."""
    none = [digit.not_a_digit > 0.5 for digit in path.digits]
    return [
        path.text,
        "".join(UNREAD if no else digit.text for no, digit in zip(none, path.digits, strict=True)),
    ]


def _known(seen: Sequence[Digit]) -> np.ndarray:
    """Of each candidate, the probabilities of the digits and of none: float (C, 11)."""
    return np.array([np.append(each.probabilities * (1 - each.not_a_digit), each.not_a_digit) for each in seen])


def _aligned(
    page: Page, line: CutLine, path: BestPath, model: Model, best: Hypothesis, seen: SeenRow
) -> tuple[list[Digit], list[Mark]]:
    """The ink of each symbol of a text, and what is left out."""
    if best.alignment is None:
        return _nearest(page, line, path, model, seen, seen.places(best.text)), path.marks
    read = [(each.pieces, each.candidate) for each in best.alignment.steps if each.candidate is not None]
    found = [path.digit_of(pieces, line.seen[candidate]) for pieces, candidate in read]
    return found, marks_of(page, line.pieces, best.alignment.steps, with_ink=True)


def _with_skipped(
    page: Page, line: CutLine, model: Model, digits: Sequence[Digit], steps: Sequence[Step]
) -> tuple[list[Digit], list[Mark]]:
    """The digits of an alignment, with refused ones for ink that it skips though it may be digits, and the marks."""
    skipped = [each.pieces for each in steps if each.candidate is None and each.punctuation is None]
    refused = (replace(each, accepted=False) for each in digits_of(page, line.labels, skipped, model))
    own = iter(digits)
    found = [next(own if each.candidate is not None else refused) for each in steps if each.punctuation is None]
    return found, marks_of(page, line.pieces, steps)


def _nearest(
    page: Page, line: CutLine, path: BestPath, model: Model, seen: SeenRow, places: Sequence[float]
) -> list[Digit]:
    """Where the pieces are fewer than the symbols: the ink that is nearest to each symbol, which may be none."""
    pieces = [each for each in line.pieces if each not in path.punctuation]
    parts = nearest_pieces(pieces, places, line.slant, seen.row.middle)
    inked = iter(digits_of(page, line.labels, [each for each in parts if each], model))
    return [next(inked) if own else _without_ink(page, seen.row, x) for own, x in zip(parts, places, strict=True)]


def _without_ink(page: Page, row: Row, x: float) -> Digit:
    """A digit that has no ink of its own: its box is about where the row network sees it."""
    y, half = row.middle + row.slope * (x - row.left), row.height / 2
    sides = slice(int(y - half), int(y + half)), slice(int(x - half / 2), int(x + half / 2))
    even = np.full(len(DIGITS), 1 / len(DIGITS), np.float32)
    return Digit(0, place_in(page, sides), even, 0.0, True, np.zeros(DIGIT_SHAPE, np.uint8), (NO_INK,))
