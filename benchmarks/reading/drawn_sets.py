"""Pictures of numbers that we draw ourselves, by kind, each with the text that is written in it.

Every kind is a function of a random generator, so that a seed gives the same pictures. MNIST's test digits and the
embedded ones are written (drawn_hand.py) on paper with lines and patterns of ours (drawn_paper.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

from benchmarks.reading import drawn_hand as hand
from benchmarks.reading import drawn_paper as on

Picture = tuple[np.ndarray, str]  # uint8 (H, W), and the digits; a line break between two rows


def pictures(kind: str, count: int, seed: int) -> Iterator[Picture]:
    """So many pictures of a kind; the first ones of a seed are the same however many there are."""
    for number in range(count):
        yield KINDS[kind](np.random.default_rng([seed, list(KINDS).index(kind), number]))


def _height(rng: np.random.Generator) -> int:
    return int(rng.integers(32, 64))


def _boxes(rng: np.random.Generator) -> Picture:
    """A box per digit, joined or apart, as forms have them; some digits touch their box."""
    height = _height(rng)
    written = hand.row(rng, height, (0.3, 0.7))
    sides, top, bottom = on.cells_of(written.boxes, height * rng.uniform(-0.02, 0.3))
    apart = height * float(rng.choice([0, 0, 0.06]))
    paths = [on.rectangle(left + apart, top, right - apart, bottom) for left, right in pairwise(sides)]
    return _printed(rng, written, paths, height)


def _combs(rng: np.random.Generator) -> Picture:
    """A line with an upright one between neighbouring digits, low or as high as the digits."""
    height = _height(rng)
    written = hand.row(rng, height, (0.3, 0.7))
    sides, top, bottom = on.cells_of(written.boxes, height * rng.uniform(-0.02, 0.25))
    start = bottom - (bottom - top) * rng.choice([0.25, 0.5, 1])
    paths = [[(sides[0], bottom), (sides[-1], bottom)], *([(x, start), (x, bottom)] for x in sides)]
    return _printed(rng, written, paths, height)


def _frame(rng: np.random.Generator) -> Picture:
    """One frame around the number."""
    height = _height(rng)
    written = hand.row(rng, height)
    sides, top, bottom = on.cells_of(written.boxes, height * rng.uniform(0, 0.6))
    return _printed(rng, written, [on.rectangle(sides[0], top, sides[-1], bottom)], height)


def _printed(rng: np.random.Generator, written: hand.Row, paths: list[list[on.Point]], height: int) -> Picture:
    lines = on.drawn(written.ink.shape, paths, height * rng.uniform(0.025, 0.07)) * rng.uniform(0.4, 1.2)
    return on.photographed(rng, np.maximum(written.ink, lines.clip(0, 1))), written.text


def _line_ends(rng: np.random.Generator, written: hand.Row, height: int) -> tuple[on.Point, on.Point]:
    """Of a line under a number: at the feet of its digits, in them, or below, and nearly level."""
    feet = float(np.median([box[3] for box in written.boxes])) + height * rng.uniform(-0.08, 0.25)
    left, right = (
        written.boxes[0][0] - height * rng.uniform(0, 0.5),
        written.boxes[-1][2] + height * rng.uniform(0, 0.5),
    )
    rise = rng.normal(0, 0.015) * (right - left)
    return (left, feet + rise), (right, feet - rise)


def _underline(rng: np.random.Generator) -> Picture:
    """A number underlined with a ruler; every third line crosses the feet of digits."""
    height = _height(rng)
    written = hand.row(rng, height)
    lines = on.drawn(written.ink.shape, [_line_ends(rng, written, height)], height * rng.uniform(0.03, 0.1))
    return on.photographed(rng, np.maximum(written.ink, lines)), written.text


def _hand_underline(rng: np.random.Generator) -> Picture:
    """A number underlined by hand, with the pen that wrote it."""
    height = _height(rng)
    written = hand.row(rng, height)
    path = on.unsteady(rng, *_line_ends(rng, written, height), height * 0.03)
    lines = on.drawn(written.ink.shape, [path], height * rng.uniform(0.06, 0.12))
    return on.photographed(rng, np.maximum(written.ink, lines)), written.text


def _double_underline(rng: np.random.Generator) -> Picture:
    """Two lines below a number, as under the amount of a cheque, by hand or with a ruler."""
    height = _height(rng)
    written = hand.row(rng, height)
    (left, right), apart = _line_ends(rng, written, height), height * rng.uniform(0.12, 0.3)
    ends = [(left, right), ((left[0], left[1] + apart), (right[0], right[1] + apart))]
    by_hand = rng.random() < 0.5
    paths = [on.unsteady(rng, *each, height * 0.02) if by_hand else list(each) for each in ends]
    lines = on.drawn(written.ink.shape, paths, height * rng.uniform(0.03, 0.08))
    return on.photographed(rng, np.maximum(written.ink, lines)), written.text


def _ruled_paper(rng: np.random.Generator) -> Picture:
    """Ruled paper; the number stands on a line, or between two."""
    height = _height(rng)
    written = hand.row(rng, height)
    pitch, start = height * rng.uniform(1.1, 1.8), rng.uniform(0, height)
    lines = _rules(written.ink.shape, pitch, start) * rng.uniform(0.2, 0.6)
    return on.photographed(rng, np.maximum(written.ink, lines), turn=2), written.text


def _squared_paper(rng: np.random.Generator) -> Picture:
    """Squared paper, with squares from a third of a digit's height to all of it."""
    height = _height(rng)
    written = hand.row(rng, height)
    pitch, start = height * rng.uniform(0.35, 1), rng.uniform(0, height)
    lines = np.maximum(_rules(written.ink.shape, pitch, start), _rules(written.ink.shape[::-1], pitch, start).T)
    return on.photographed(rng, np.maximum(written.ink, lines * rng.uniform(0.2, 0.5)), turn=1.5), written.text


def _rules(shape: tuple[int, ...], pitch: float, start: float) -> np.ndarray:
    """Level lines from border to border."""
    ends = [[(-9.0, y), (shape[1] + 9.0, y)] for y in np.arange(start - 2 * pitch, shape[0] + pitch, pitch).tolist()]
    return on.drawn(shape, ends, max(1.2, 0.03 * pitch))


def _guilloche(rng: np.random.Generator) -> Picture:
    """A patterned ground, as cheques have."""
    height = _height(rng)
    written = hand.row(rng, height)
    ground = on.guilloche(rng, written.ink.shape, height * rng.uniform(0.15, 0.5)) * rng.uniform(0.1, 0.35)
    return on.photographed(rng, np.maximum(written.ink, ground)), written.text


def _pale_pen(rng: np.random.Generator) -> Picture:
    """A thin pale ball pen on grey paper, whose level strokes are fainter than the upright ones."""
    height = _height(rng)
    written = hand.row(rng, height)
    ink = hand.fainter_across(written.ink, rng.uniform(0.3, 0.6))
    photo = on.photographed(rng, ink, depth=rng.uniform(0.2, 0.45), paper=(130, 190), noise=rng.uniform(1, 3.5))
    return photo, written.text


def _low_resolution(rng: np.random.Generator) -> Picture:
    """Digits 8 to 12 pixels high, after JPEG."""
    written = hand.row(rng, int(rng.integers(8, 13)))
    return on.photographed(rng, written.ink, noise=2, blur=0.5, quality=(60, 90)), written.text


def _broken_lines(rng: np.random.Generator) -> Picture:
    """Two or three rows of digits whose strokes have gaps."""
    height = _height(rng)
    rows = [hand.row(rng, height, margin=0.3) for _ in range(rng.integers(2, 4))]
    width = max(each.ink.shape[1] for each in rows)
    inks = [np.pad(hand.with_gaps(rng, each, 0.8), ((0, 0), (0, width - each.ink.shape[1]))) for each in rows]
    page = np.pad(np.concatenate(inks), height // 2)
    return on.photographed(rng, page, turn=2), "\n".join(each.text for each in rows)


def _touching(rng: np.random.Generator) -> Picture:
    """Digits that touch, or lie a little over each other."""
    written = hand.row(rng, _height(rng), (-0.14, 0.03))
    return on.photographed(rng, written.ink), written.text


def _foreign(rng: np.random.Generator) -> Picture:
    """Digits of which many a 1, 4, 7 and 9 is in a style that MNIST lacks."""
    written = hand.row(rng, _height(rng), foreign=0.9)
    return on.photographed(rng, written.ink), written.text


def _plain_paper(rng: np.random.Generator) -> Picture:
    """Nothing but the number: what the other kinds are compared with."""
    written = hand.row(rng, _height(rng))
    return on.photographed(rng, written.ink), written.text


KINDS: dict[str, Callable[[np.random.Generator], Picture]] = {
    "boxes": _boxes,
    "combs": _combs,
    "frame": _frame,
    "underline": _underline,
    "underline by hand": _hand_underline,
    "double underline": _double_underline,
    "ruled paper": _ruled_paper,
    "squared paper": _squared_paper,
    "guilloche": _guilloche,
    "pale pen": _pale_pen,
    "low resolution": _low_resolution,
    "broken lines": _broken_lines,
    "touching": _touching,
    "foreign styles": _foreign,
    "plain paper": _plain_paper,
}
IN_LINES = frozenset({"broken lines"})  # These are read line by line.
