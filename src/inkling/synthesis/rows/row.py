"""A written row: a number in one hand on paper, photographed, with the place of each digit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inkling.synthesis.rows import paper
from inkling.synthesis.rows.camera import faded, photographed
from inkling.synthesis.rows.hand import Hands
from inkling.synthesis.rows.layout import lay

_PAGE_HEIGHTS = 20, 44  # the least and the greatest height of digits on the page before the camera, pixels


@dataclass(frozen=True)
class WrittenRow:
    """A picture of a number.

    Attributes
    ----------
    levels : uint8 (H, W), grey.
    text : the number.
    boxes : float (L, 4), left, top, right and bottom of each digit in pixels of the picture.
    kind : what it is written on, one of `paper.KINDS`.
    """

    levels: np.ndarray
    text: str
    boxes: np.ndarray
    kind: str


def written_row(hands: Hands, text: str, rng: np.random.Generator, kind: str | None = None) -> WrittenRow:
    """Write and photograph a number."""
    kind = kind or str(rng.choice(list(paper.KINDS), p=list(paper.KINDS.values())))
    laid = lay(hands, text, rng.uniform(*_PAGE_HEIGHTS), rng)
    ink = faded(laid.ink, laid.height, rng) * np.float32(rng.uniform(0.3, 1.0))
    darkest = float(ink.max())
    ground = paper.printed(laid, kind, rng) * min(1.0, darkest if kind == "pattern" else 2 * darkest)
    depth = np.maximum(ink, ground)
    levels, scale = photographed(depth, laid.height, rng)
    return WrittenRow(levels, text, laid.boxes * scale, kind)
