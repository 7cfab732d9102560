"""What the network sees in ink: each of some sets of components or pieces as one digit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inkling.classes import DIGITS
from inkling.ink import InkPart, image_of
from inkling.model import Model
from inkling.reading.page import Page, box_in, ink_warnings
from inkling.reading.result import Digit


def digits_of(
    page: Page, labels: np.ndarray, wanted: Sequence[Sequence[InkPart]], model: Model, shear: float = 0.0
) -> list[Digit]:
    """Each of the wanted sets of components or pieces as one digit; their labels are those of `labels` (H, W)."""
    if not wanted:
        return []
    images = np.stack([image_of(page.ink, labels, parts, shear) for parts in wanted])
    pairs = zip(wanted, images, *answers_of(images, model), strict=True)
    return [
        Digit(int(known.argmax()), box_in(page, parts), known, none, True, image, ink_warnings(page, parts))
        for parts, image, known, none in pairs
    ]


def answers_of(images: np.ndarray, model: Model) -> tuple[np.ndarray, list[float]]:
    """The probabilities of the digits, if each image shows one, (N, 10), and those of "not a digit"."""
    if not model.knows_non_digits:
        return model.predict_proba(images), [0.0] * len(images)
    answers = model.open_set_proba(images)
    known, non_digit = answers[:, : len(DIGITS)], answers[:, len(DIGITS)]
    return known / np.maximum(known.sum(axis=1, keepdims=True), np.finfo(np.float32).tiny), non_digit.tolist()
