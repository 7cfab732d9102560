"""Components: the connected pieces of ink in a picture, without ruled lines, frames and specks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from inkling.ink.frames import Frame, frames_in
from inkling.ink.ground import ink_depth
from inkling.ink.morphology import dilate, labelled_as
from inkling.ink.number_lines import underlines_in
from inkling.ink.ruled_lines import ruled_lines_in
from inkling.ink.threshold import ink_threshold, ordered, quantile

_BORDER_STRIP = 0.14  # Of the shorter side: ink that touches the border and hardly leaves this strip is a neighbour's.
_BORDER_SHARE = 0.8  # A component hardly leaves the strip when more than this share of its pixels lies in it.
_SPECK_AREA = 0.02  # Of the largest component's area: smaller components are specks.
_FAINT_DEPTH = 0.45  # Of the mean depth of components: fainter ones were rubbed out, or shine through the paper.
_SOFT_EDGE_DEPTH = 0.25  # Of the stroke's depth: fainter pixels do not belong to its soft edge, one pixel wide.
_FLAT_SOFT_EDGE_DEPTH = 0.08  # The same on a flat ground, where the soft edge may have any width.
_STROKE_QUANTILE = 0.9  # The depth of a stroke is this quantile of the depths of its pixels.
MAX_COMPONENTS = 500  # More components in a picture are a page of text, or no writing at all.


@dataclass(frozen=True)
class Component:
    """A connected piece of ink.

    Attributes
    ----------
    label : the number of its pixels in `Ink.labels`.
    rows, columns : its box in the picture.
    area : pixels.
    depth : of its ink, 0 to 1.
    """

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
    labels : int (H, W): the label of the component that a pixel belongs to, 0 for none.
    components : those that are ink; other labels are remains of frames and neighbours, specks and faint ink.
    noise : standard deviation of the ground, in depth.
    dark : dark ink on a bright ground.
    frames : what digits were written into or on; it was taken off.
    """

    depth: np.ndarray
    labels: np.ndarray
    components: tuple[Component, ...]
    noise: float
    dark: bool
    frames: tuple[Frame, ...] = ()


def find_ink(levels: np.ndarray, number: bool = False) -> Ink:
    """The ink of a grey picture, float32 (H, W) from 0 to 255; without components where nothing is drawn.

    Parameters
    ----------
    number : it may be several digits. Then underlines by hand are looked for, too.
    """
    depth, noise, dark = ink_depth(levels)
    mask = depth > ink_threshold(depth, noise)
    found = _connected(mask)
    pixels, frames = frames_in(*found)
    lines = ruled_lines_in(mask & ~pixels if frames else mask)
    removed_lines = lines
    if lines.any():  # Ruled lines may be the deepest ink, so the threshold is looked for again without them.
        rest = depth[~dilate(lines | pixels if frames else lines, 2)]
        mask = (depth > (ink_threshold(rest, noise) if rest.size else np.inf)) & ~lines
        more = ruled_lines_in(mask)
        mask, removed_lines = mask & ~more, lines | more
        found = _connected(mask)
        pixels, frames = frames_in(*found)
    if frames:  # Frames, too, may be the deepest ink.
        near = dilate(pixels, 2)
        found = _connected((mask & ~pixels) | ((depth > ink_threshold(depth[~near], noise)) & ~near))
        removed_lines = removed_lines | pixels
    if number:
        found, frames = _without_underlines(found, frames, removed_lines, depth, noise)
    return Ink(depth, found.labels, _components(found, depth), noise, dark, frames)


def _without_underlines(
    found: _Connected, frames: tuple[Frame, ...], removed_lines: np.ndarray, depth: np.ndarray, noise: float
) -> tuple[_Connected, tuple[Frame, ...]]:
    """The pieces of ink without underlines, and all frames; `removed_lines`, bool (H, W): lines that were taken off."""
    count = len(frames)
    for _ in range(2):  # Two underlines may be one piece with a digit.
        pixels, underlines = underlines_in(*found)
        if not underlines:
            break
        found, frames = _connected((found.labels > 0) & ~pixels), (*frames, *underlines)
        removed_lines = removed_lines | pixels
    if len(frames) > count:  # Underlines, too, may be the deepest ink.
        near = dilate(removed_lines, 2)
        found = _connected((found.labels > 0) | ((depth > ink_threshold(depth[~near], noise)) & ~near))
    return found, frames


def soft_ink(depth: np.ndarray, own: np.ndarray, foreign: np.ndarray, noise: float) -> np.ndarray:
    """The ink of some pixels with its soft edges, float32 (H, W), at most as deep as the stroke.

    Parameters
    ----------
    own : bool (H, W), the pixels of the ink that is wanted.
    foreign : bool (H, W), the pixels of other ink near it, which is left out.
    """
    stroke = quantile(ordered(depth[own]), _STROKE_QUANTILE if noise else 1)
    soft = ~foreign & (depth > (_SOFT_EDGE_DEPTH if noise else _FLAT_SOFT_EDGE_DEPTH) * stroke)
    kept = (own | dilate(own)) & soft
    if not noise:
        kept = _connected_to(kept, soft)
    return np.where(kept, depth, 0).clip(max=stroke)


def _connected_to(seeds: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The pixels of a mask that are connected by their sides to some seeds in it: bool (H, W)."""
    import cc3d

    labels = cc3d.connected_components(mask.view(np.uint8), connectivity=4)
    return labelled_as(labels, labels[seeds])


class _Connected(NamedTuple):
    """All connected pieces of a mask: their labels (H, W), areas (K,) in pixels, and boxes (K, 4).

    A box has the first and the last row, the first and the last column.
    """

    labels: np.ndarray
    areas: np.ndarray
    boxes: np.ndarray


def _connected(mask: np.ndarray) -> _Connected:
    import cc3d

    labels = cc3d.connected_components(mask.view(np.uint8), connectivity=8)
    found = cc3d.statistics(labels, no_slice_conversion=True)
    return _Connected(labels, found["voxel_counts"][1:].astype(int), found["bounding_boxes"][1:])  # 0 is the ground.


def _components(found: _Connected, depth: np.ndarray) -> tuple[Component, ...]:
    """Those connected pieces that are ink."""
    labels, areas, boxes = found
    if not len(areas):
        return ()
    largest = np.argsort(-areas, kind="stable")[:MAX_COMPONENTS]
    components = []
    for place in np.sort(largest[areas[largest] >= _SPECK_AREA * areas.max()]).tolist():
        top, bottom, left, right = boxes[place].tolist()
        rows, columns = slice(top, bottom + 1), slice(left, right + 1)
        own = labels[rows, columns] == place + 1
        if not _is_at_border(own, rows, columns, labels.shape):
            stroke = quantile(ordered(depth[rows, columns][own]), _STROKE_QUANTILE)
            components.append(Component(place + 1, rows, columns, int(areas[place]), stroke))
    return _without_faint(components)


def _without_faint(components: list[Component]) -> tuple[Component, ...]:
    if not components:
        return ()
    mean = np.average([each.depth for each in components], weights=[each.area for each in components])
    return tuple(each for each in components if each.depth >= _FAINT_DEPTH * mean)


def _is_at_border(own: np.ndarray, rows: slice, columns: slice, shape: tuple[int, ...]) -> bool:
    """Whether a component touches the picture's border and hardly leaves the strip along it."""
    height, width = shape
    if rows.start > 1 and columns.start > 1 and rows.stop < height - 1 and columns.stop < width - 1:
        return False
    y, x = np.nonzero(own)
    y, x = y + rows.start, x + columns.start
    from_border = np.minimum(np.minimum(y, height - 1 - y), np.minimum(x, width - 1 - x))
    return float((from_border < _BORDER_STRIP * min(shape)).mean()) > _BORDER_SHARE
