"""The reader: from the ink of a page to pieces of ink, candidates, the network's answers, the best path, digits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from inkling.classes import DIGITS
from inkling.ink import Component, InkPart, image_of, normalize
from inkling.model import Model
from inkling.reading.marks import Mark
from inkling.reading.non_digits import rejoin_non_digits
from inkling.reading.page import Page, box_in, ink_warnings
from inkling.reading.path import Candidate, Step, best_path, candidates
from inkling.reading.pieces import Piece, cut, digit_height, slant_of
from inkling.reading.result import Digit
from inkling.reading.signs import MAY_BE_PLUS, MAY_BE_SLASH, PLUS, is_plus, name_strokes, pixels_of

_MNIST_SLANT = 0.15  # columns per row of pixels by which MNIST's digits lean
_UPRIGHTING = 0.75  # This share of a line's slant is undone, and not all, since each digit has a slant of its own.
_MIN_SLANTED_COMPONENTS = 3  # Fewer components do not show how a handwriting slants: one alone may be a 7.
_SURE = 0.5  # A component in the form of a plus is a digit if the network is so confident.


class Line(NamedTuple):
    """A line of writing: its digits from left to right, other ink that is unread among them, and what is left out."""

    digits: list[Digit]
    marks: list[Mark]


def read_single(page: Page, model: Model) -> list[Digit]:
    """All ink as one digit, if there is any."""
    return _digits(page, page.ink.labels, [page.ink.components], model) if page.ink.components else []


def read_turned(digit: Digit, model: Model, turns: int) -> Digit:
    """The only digit of a picture as it would be read after so many quarter turns of the picture to the left."""
    image = normalize(np.rot90(digit.image, turns))
    (known,), (none,) = _answers(image[np.newaxis], model)
    return replace(digit, digit=int(known.argmax()), probabilities=known, not_a_digit=none, image=image)


def read_line(page: Page, components: Sequence[Component], model: Model, digits: int | None = None) -> Line:
    """What is read in a line of components.

    Parameters
    ----------
    digits : the number of digits, if it is known.
    """
    height = digit_height(components)
    slant = slant_of(page.ink.labels, components, height)
    crosses = {each.label for each in components if is_plus(pixels_of(page.ink.labels, each))}
    labels, pieces = cut(page.ink.labels, components, height, slant, crosses)
    choices = candidates(pieces, height)
    shear = _UPRIGHTING * (slant - _MNIST_SLANT) if len(components) >= _MIN_SLANTED_COMPONENTS else 0.0
    seen = _digits(page, labels, [choice.pieces for choice in choices], model, shear)
    confidences = np.array([digit.confidence for digit in seen])
    signs = crosses - _surely_read(choices, confidences)
    confidences[[not signs.isdisjoint(piece.component for piece in choice.pieces) for choice in choices]] = 0
    path = best_path(pieces, height, choices, confidences, digits)
    steps = [step for step in path if step.punctuation is None]
    if digits is None:
        steps = rejoin_non_digits(steps, choices, seen, height)
    unread = iter(_digits(page, labels, [step.pieces for step in steps if step.candidate is None], model))
    found = [next(unread) if step.candidate is None else seen[step.candidate] for step in steps]
    found = [_crossed(digit, step, signs, crosses) for digit, step in zip(found, steps, strict=True)]
    names = name_strokes(page.ink.labels, components, steps, found, slant)
    found = [_named(digit, names.get(number)) for number, digit in enumerate(found)]
    return Line(found, _marks(page, pieces, path))


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


def _marks(page: Page, pieces: Sequence[Piece], path: Sequence[Step]) -> list[Mark]:
    """The punctuation on a path; what was cut from a component is a stroke, and a component that was cut is one."""
    parts = Counter(piece.component for piece in pieces)
    skipped: dict[int, list[Step]] = {}
    for step in path:
        if step.punctuation:
            skipped.setdefault(step.pieces[0].component, []).append(step)
    marks = []
    for component, steps in skipped.items():
        own = [step.pieces for step in steps]
        whole = len(own) == parts[component]
        kind = steps[0].punctuation if whole and len(own) == 1 else None
        marks += [Mark(kind or "stroke", box_in(page, each)) for each in ([sum(own, ())] if whole else own)]
    return marks


def _digits(
    page: Page, labels: np.ndarray, wanted: Sequence[Sequence[InkPart]], model: Model, shear: float = 0.0
) -> list[Digit]:
    """Each of the wanted sets of components or pieces as one digit; their labels are those of `labels` (H, W)."""
    if not wanted:
        return []
    images = np.stack([image_of(page.ink, labels, parts, shear) for parts in wanted])
    pairs = zip(wanted, images, *_answers(images, model), strict=True)
    return [
        Digit(int(known.argmax()), box_in(page, parts), known, none, True, image, ink_warnings(page, parts))
        for parts, image, known, none in pairs
    ]


def _answers(images: np.ndarray, model: Model) -> tuple[np.ndarray, list[float]]:
    """The probabilities of the digits, if each image shows one, (N, 10), and those of "not a digit"."""
    if not model.knows_non_digits:
        return model.predict_proba(images), [0.0] * len(images)
    answers = model.open_set_proba(images)
    known, non_digit = answers[:, : len(DIGITS)], answers[:, len(DIGITS)]
    return known / np.maximum(known.sum(axis=1, keepdims=True), np.finfo(np.float32).tiny), non_digit.tolist()
