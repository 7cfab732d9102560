"""A line is read by its pieces: it is cut, neighbouring pieces are candidates, and the best path over them is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from inkling.ink import Component
from inkling.model import Model
from inkling.reading.answers import digits_of
from inkling.reading.marks import OTHER_INK, Mark
from inkling.reading.non_digits import rejoin_non_digits
from inkling.reading.page import Page, box_in
from inkling.reading.path import Candidate, Step, best_path, candidates
from inkling.reading.pieces import Piece, cut, digit_height, slant_of
from inkling.reading.result import Digit
from inkling.reading.signs import MAY_BE_PLUS, MAY_BE_SLASH, PLUS, SIGNS, is_plus, name_strokes, pixels_of

_MNIST_SLANT = 0.15  # columns per row of pixels by which MNIST's digits lean
_UPRIGHTING = 0.75  # This share of a line's slant is undone, and not all, since each digit has a slant of its own.
_MIN_SLANTED_COMPONENTS = 3  # Fewer components do not show how a handwriting slants: one alone may be a 7.
_SURE = 0.5  # A component in the form of a plus is a digit if the network is so confident.


@dataclass(frozen=True)
class CutLine:
    """A line of components cut in pieces, and what the network sees in each way to join neighbouring pieces.

    Attributes
    ----------
    height : of the line's digits, pixels.
    slant : columns per row of pixels by which its strokes lean.
    crosses : the labels of components in the form of a plus.
    labels : int (H, W), the label of the piece that each pixel belongs to.
    pieces, choices, seen : the pieces, the candidates, and each of these as a digit.
    """

    components: Sequence[Component]
    height: float
    slant: float
    crosses: Set[int]
    labels: np.ndarray
    pieces: Sequence[Piece]
    choices: Sequence[Candidate]
    seen: Sequence[Digit]


class BestPath(NamedTuple):
    """The best path over the pieces of a line.

    Attributes
    ----------
    digits, steps : its digits, those that it refuses among them, and where each is.
    marks : what is left out.
    punctuation : the pieces that are left out.
    """

    digits: list[Digit]
    steps: list[Step]
    marks: list[Mark]
    punctuation: list[Piece]

    @property
    def text(self) -> str:
        return "".join(digit.text for digit in self.digits)

    def signs(self) -> list[tuple[Piece, ...]]:
        """The ink of what is surely no digit: a sign by its form, such as a slash, or a whole that was cut in vain."""
        pairs = zip(self.digits, self.steps, strict=True)
        return [step.pieces for each, step in pairs if _is_sign(each) or _is_whole(step)]

    def digit_of(self, pieces: tuple[Piece, ...], seen: Digit) -> Digit:
        """What the path read in exactly these pieces; where it read nothing there, what the network has `seen`."""
        for digit, step in zip(self.digits, self.steps, strict=True):
            if step.pieces == pieces and (digit.accepted or _is_sign(digit) or _is_whole(step)):
                return digit
        return seen


def _is_sign(digit: Digit) -> bool:
    return not digit.accepted and not SIGNS.isdisjoint(digit.warnings)


def _is_whole(step: Step) -> bool:
    """Whether `rejoin_non_digits` made the step."""
    return step.candidate is None and len(step.pieces) > 1


def cut_line(page: Page, components: Sequence[Component], model: Model) -> CutLine:
    """Cut a line of components wherever a cut could be right, and look at all candidates."""
    height = digit_height(components)
    slant = slant_of(page.ink.labels, components, height)
    crosses = {each.label for each in components if is_plus(pixels_of(page.ink.labels, each))}
    labels, pieces = cut(page.ink.labels, components, height, slant, crosses)
    choices = candidates(pieces, height)
    shear = _UPRIGHTING * (slant - _MNIST_SLANT) if len(components) >= _MIN_SLANTED_COMPONENTS else 0.0
    seen = digits_of(page, labels, [choice.pieces for choice in choices], model, shear)
    return CutLine(components, height, slant, crosses, labels, pieces, choices, seen)


def read_pieces(page: Page, line: CutLine, model: Model, digits: int | None) -> BestPath:
    """The best path over the pieces of a line, of so many digits if their number is known."""
    choices, seen = line.choices, line.seen
    confidences = np.array([digit.confidence for digit in seen])
    signs = line.crosses - _surely_read(choices, confidences)
    confidences[[not signs.isdisjoint(piece.component for piece in choice.pieces) for choice in choices]] = 0
    path = best_path(line.pieces, line.height, choices, confidences, digits)
    steps = [step for step in path if step.punctuation is None]
    if digits is None:
        steps = rejoin_non_digits(steps, choices, seen, line.height)
    unread = iter(digits_of(page, line.labels, [step.pieces for step in steps if step.candidate is None], model))
    found = [next(unread) if step.candidate is None else seen[step.candidate] for step in steps]
    found = [_crossed(digit, step, signs, line.crosses) for digit, step in zip(found, steps, strict=True)]
    names = name_strokes(page.ink.labels, line.components, steps, found, line.slant)
    found = [_named(digit, names.get(number)) for number, digit in enumerate(found)]
    punctuation = [piece for step in path if step.punctuation for piece in step.pieces]
    return BestPath(found, steps, marks_of(page, line.pieces, path), punctuation)


def _surely_read(choices: Sequence[Candidate], confidences: np.ndarray) -> set[int]:
    """The components that are more probably a digit than anything else, uncut and alone."""
    pairs = zip(choices, confidences.tolist(), strict=True)
    return {choice.pieces[0].component for choice, sure in pairs if len(choice.pieces) == 1 and sure >= _SURE}


def _named(digit: Digit, name: str | None) -> Digit:
    """The digit with a warning that names what its ink is; it is refused unless that is doubtful."""
    if name is None:
        return digit
    accepted = digit.accepted and name in (MAY_BE_SLASH, MAY_BE_PLUS)
    return replace(digit, accepted=accepted, warnings=(*digit.warnings, name))


def _crossed(digit: Digit, step: Step, signs: Set[int], crosses: Set[int]) -> Digit:
    """The digit, refused where the path does not read it; a plus is named, and so is a digit in the form of one."""
    components = {piece.component for piece in step.pieces}
    name = PLUS if components & signs else MAY_BE_PLUS if components <= crosses else None
    return _named(replace(digit, accepted=step.candidate is not None), name)


def marks_of(page: Page, pieces: Sequence[Piece], path: Sequence[Step], with_ink: bool = False) -> list[Mark]:
    """The punctuation on a path; what was cut from a component is a stroke, and a component that was cut is one.

    `with_ink`: other ink that the path does not read, too.
    """
    parts = Counter(piece.component for piece in pieces)
    skipped: dict[int, list[Step]] = {}
    for step in path:
        if step.punctuation or (step.candidate is None and with_ink):
            skipped.setdefault(step.pieces[0].component, []).append(step)
    marks = []
    for component, steps in skipped.items():
        own = [step.pieces for step in steps]
        whole = len(own) == parts[component]
        kind = steps[0].punctuation if whole and len(own) == 1 else "stroke"
        marks += [Mark(kind or OTHER_INK, box_in(page, each)) for each in ([sum(own, ())] if whole else own)]
    return marks
