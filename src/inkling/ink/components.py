"""Marks: the connected pieces of ink in a picture, without rules, frames and specks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inkling.ink.ground import ink_depth
from inkling.ink.rules import rules_in

_NOISE = 4.0  # standard deviations of the ground: ink is deeper, unless there is none so deep
_BLANK = 4.2, 0.08  # standard deviations, depth: where nothing is deeper than both, nothing is written on the ground
_PATTERN = 0.35  # unless it is as deep as this: then the ground has a pattern, and ink may be no deeper
_FEW, _SURE = 20, 8.0  # pixels so many standard deviations deep are written, as few as they are in a large picture
_LEAST = 0.006  # of full depth: nobody sees less, not even on a flat ground
_BORDER = 0.14  # of the shorter side: what touches the border and hardly leaves this strip is a neighbour's
MAX_COMPONENTS = 500  # in a picture: more are a page of text, or no writing at all
_SPECK = 0.02  # of the largest mark's area
_FAINT = 0.45  # of the usual depth: what is fainter was rubbed out, or shines through
_SOFT = 0.25  # of the depth of a stroke: where its soft edge ends, a pixel further out
_FLAT_SOFT = 0.08  # the same on a flat ground, as far out as it goes


@dataclass(frozen=True)
class Component:
    """A connected piece of ink: its label, its box (rows and columns), pixels, and how deep its ink is."""

    label: int
    rows: slice
    columns: slice
    area: int
    depth: float

    @property
    def height(self) -> int:
        return self.rows.stop - self.rows.start

    @property
    def width(self) -> int:
        return self.columns.stop - self.columns.start


@dataclass(frozen=True)
class Ink:
    """What is written in a picture.

    Attributes
    ----------
    depth : float32 (H, W), 0 to 1: how far each pixel stands out from the ground, the ground's noise too.
    labels : int (H, W): the label of the mark that a pixel belongs to, 0 for none.
    marks : those that are ink; others in `labels` are remains of frames and neighbours.
    noise : standard deviation of the ground, in depth.
    dark : dark ink on a bright ground.
    """

    depth: np.ndarray
    labels: np.ndarray
    components: tuple[Component, ...]
    noise: float
    dark: bool


def find_ink(levels: np.ndarray) -> Ink:
    """The ink of a grey picture, float32 (H, W) from 0 to 255; without marks where nothing is drawn."""
    depth, noise, dark = ink_depth(levels)
    mask = depth > _threshold(depth, noise)
    rules = rules_in(mask)
    if rules.any():  # these were the deepest ink, perhaps: look again without them
        rest = depth[~dilate(rules, 2)]
        mask = (depth > (_threshold(rest, noise) if rest.size else np.inf)) & ~rules
        mask &= ~rules_in(mask)
    labels, components = _components(mask, depth)
    return Ink(depth, labels, components, noise, dark)


def dilate(mask: np.ndarray, pixels: int = 1) -> np.ndarray:
    """A mask with the neighbours above, below and beside its pixels, so many times."""
    for _ in range(pixels):
        framed = np.pad(mask, 1)
        mask = mask | framed[:-2, 1:-1] | framed[2:, 1:-1] | framed[1:-1, :-2] | framed[1:-1, 2:]
    return mask


def soft_ink(depth: np.ndarray, own: np.ndarray, others: np.ndarray, noise: float) -> np.ndarray:
    """The ink of some pixels with its soft edges, float32 (H, W), as deep as the stroke is at most.

    own, others : bool (H, W), the pixels of the ink wanted and of other ink near it.
    """
    stroke = _quantile(_ordered(depth[own]), 0.9 if noise else 1)
    soft = ~others & (depth > (_SOFT if noise else _FLAT_SOFT) * stroke)
    kept = (own | dilate(own)) & soft
    if not noise:
        kept = _joined(soft, kept)
    return np.where(kept, depth, 0).clip(max=stroke)


def _joined(mask: np.ndarray, some: np.ndarray) -> np.ndarray:
    """Some pixels of a mask, and all that are joined to them in it by their sides."""
    import cc3d

    labels = cc3d.connected_components(mask.view(np.uint8), connectivity=4)
    return among(labels, labels[some])


def among(labels: np.ndarray, wanted: Sequence[int] | np.ndarray) -> np.ndarray:
    """Which pixels, of labels (H, W), have one of those that are wanted."""
    table = np.zeros(1 + int(labels.max()), bool)
    table[wanted] = True
    return table[labels]


def _threshold(depth: np.ndarray, noise: float) -> float:
    """How deep ink is at least: half of what the deepest is, or less where two kinds of depths part earlier."""
    ordered = _ordered(depth)
    deepest, deep = _quantile(ordered, 0.998), _quantile(ordered, 0.995)
    few = float(ordered[-_FEW]) if len(ordered) > _FEW else 0.0
    if few > _SURE * noise:
        deepest, deep = max(deepest, few), max(deep, few)
    deviations, faintest = _BLANK
    if deepest < (min(max(deviations * noise, faintest), _PATTERN) if noise else _LEAST):
        return np.inf
    return max(min(_otsu_threshold(ordered), 0.5 * deep), min(max(_NOISE * noise, _LEAST), 0.4 * deepest))


def _ordered(depth: np.ndarray) -> np.ndarray:
    """All depths from the least to the greatest: to sort a picture takes less time than its median by NumPy."""
    return np.sort(depth, axis=None)


def _quantile(ordered: np.ndarray, share: float) -> float:
    """The depth that so much of the ordered depths is not above, between two of them if need be."""
    place = share * (len(ordered) - 1)
    low, high = float(ordered[int(place)]), float(ordered[math.ceil(place)])
    return low + place % 1 * (high - low)


def _otsu_threshold(ordered: np.ndarray) -> float:
    """The threshold that parts two kinds of depths best (Otsu, "A threshold selection method…", 1979)."""
    edges = np.linspace(ordered[0], ordered[-1], 257)
    counts = np.diff(np.searchsorted(ordered, edges[:-1]), append=len(ordered))
    middles = (edges[:-1] + edges[1:]) / 2
    below, sums = np.cumsum(counts), np.cumsum(counts * middles)
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(edges[1 + np.nanargmax(between)])


def _components(mask: np.ndarray, depth: np.ndarray) -> tuple[np.ndarray, tuple[Component, ...]]:
    import cc3d

    labels = cc3d.connected_components(mask.view(np.uint8), connectivity=8)
    if not labels.any():
        return labels, ()
    areas, boxes = _areas_and_boxes(labels)
    components = []
    largest = np.argsort(-areas[1:], kind="stable")[:MAX_COMPONENTS]
    for label in 1 + np.sort(largest[areas[1:][largest] >= _SPECK * areas[1:].max()]):
        rows, columns = (slice(*ends) for ends in boxes[label].tolist())
        own = labels[rows, columns] == label
        if not _at_border(own, rows, columns, mask.shape):
            deep = _quantile(_ordered(depth[rows, columns][own]), 0.9)
            components.append(Component(int(label), rows, columns, int(areas[label]), deep))
    if not components:
        return labels, ()
    usual = np.average(
        [component.depth for component in components], weights=[component.area for component in components]
    )
    return labels, tuple(component for component in components if component.depth >= _FAINT * usual)


def _areas_and_boxes(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many pixels each label has, and where its rows and columns begin and end: int (L,) and (L, 2, 2)."""
    inked = np.nonzero(labels)
    label = labels[inked]
    areas = np.bincount(label)
    boxes = np.empty((len(areas), 2, 2), int)
    boxes[...] = max(labels.shape), 0
    for side, places in enumerate(inked):
        np.minimum.at(boxes[:, side, 0], label, places)
        np.maximum.at(boxes[:, side, 1], label, places + 1)
    return areas, boxes


def _at_border(own: np.ndarray, rows: slice, columns: slice, shape: tuple[int, ...]) -> bool:
    """Whether a mark goes on beyond the picture's border and reaches in but little."""
    height, width = shape
    if rows.start > 1 and columns.start > 1 and rows.stop < height - 1 and columns.stop < width - 1:
        return False
    y, x = np.nonzero(own)
    y, x = y + rows.start, x + columns.start
    inwards = np.minimum(np.minimum(y, height - 1 - y), np.minimum(x, width - 1 - x))
    return float((inwards < _BORDER * min(shape)).mean()) > 0.8
