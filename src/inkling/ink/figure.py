"""Figures: a picture on a page, as plotting libraries save it, perhaps with axes, ticks and a title around it.

The page has one colour up to its border, and the picture is the largest rectangle on it: its four edges differ from the
page, and inside there is a ground of one colour with something on it. What lies around the picture is no ink. A page of
several pictures or boxes is no figure, because each of them may hold a digit.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

_PAGE_LEVELS = 12  # The page's border varies by at most so many levels, in each channel.
_DIFFERENT_LEVELS = 40  # What differs from a ground by more levels, in any channel, stands on it.
_MIN_SIDE = 20  # pixels; a smaller rectangle is no picture.
_MIN_AREA = 0.1  # Of the page's area: a smaller rectangle is no picture.
_MAX_OTHER = 0.1  # Of the picture's area: a larger thing beside the picture is another picture, box or digit.
_MIN_ASPECT = 0.75  # Of the width to the height: a narrower rectangle may be a digit in the form of a box.
_EDGE_SHARE = 0.9  # This share of each edge differs from the page.
_MAX_SPINE = 0.05  # Of the picture's shorter side: its outline is at most so thick.
_GROUND_SHARE = 0.7  # This share of the pixels just inside the outline has the colour of the picture's ground.
_MIN_CONTENT = 0.005  # This share of the picture, at least, is not its ground.

Box = tuple[int, int, int, int]  # left, top, right and bottom, as Pillow has them


def find_figure(image: Image) -> Box | None:
    """The box of the picture in a figure, an image in mode L or RGB; None where the image is no figure."""
    page = _page_colour(image)
    if page is None:
        return None
    drawn = _differs(image, page)
    rectangle = _largest_rectangle(drawn)
    if rectangle is None:
        return None
    box = _inside_outline(image.crop(rectangle), rectangle)
    left, top, right, bottom = rectangle
    is_solid = box is not None and _differs(image.crop((box[0], box[1], box[0] + 1, box[1] + 1)), page).all()
    is_alone = drawn.sum() == drawn[top:bottom, left:right].sum()
    return None if is_alone and not is_solid else box  # An outline alone is a frame (frames.py).


def _page_colour(image: Image) -> tuple[int, ...] | None:
    """The colour of the image's border, if it has one."""
    width, height = image.size
    strips = (0, 0, width, 1), (0, height - 1, width, height), (0, 0, 1, height), (width - 1, 0, width, height)
    channels = np.array([image.crop(strip).getextrema() for strip in strips]).reshape(len(strips), -1, 2)
    low, high = channels[..., 0].min(axis=0), channels[..., 1].max(axis=0)
    return tuple(((low + high) // 2).tolist()) if (high - low <= _PAGE_LEVELS).all() else None


def _differs(image: Image, colour: tuple[int, ...]) -> np.ndarray:
    """Which pixels differ from a colour, bool (H, W)."""
    from PIL import Image, ImageChops

    difference = ImageChops.difference(image, Image.new(image.mode, image.size, colour))
    return np.asarray(reduce(ImageChops.lighter, difference.split())) > _DIFFERENT_LEVELS


def _largest_rectangle(mask: np.ndarray) -> Box | None:
    """The largest connected thing on the page, without ticks, if it is a rectangle or the outline of one.

    None where another large thing stands beside it.
    """
    import cc3d

    labels = cc3d.connected_components(mask.view(np.uint8), connectivity=8)
    if not labels.any():
        return None
    boxes = cc3d.statistics(labels, no_slice_conversion=True)["bounding_boxes"][1:].astype(int)
    sizes = boxes[:, 1::2] - boxes[:, ::2] + 1
    place = int(sizes.prod(axis=1).argmax())
    if sizes[place].min() < _MIN_SIDE:
        return None
    top, bottom, left, right = boxes[place].tolist()
    inside = (boxes[:, ::2] >= (top, left)).all(axis=1) & (boxes[:, 1::2] <= (bottom, right)).all(axis=1)
    if sizes.prod(axis=1)[~inside].max(initial=0) > _MAX_OTHER * sizes[place].prod():
        return None
    own = labels[top : bottom + 1, left : right + 1] == place + 1
    rows, columns = (np.flatnonzero(own.mean(axis=axis) >= _EDGE_SHARE) for axis in (1, 0))
    if len(rows) < 2 or len(columns) < 2:
        return None
    own = own[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = own.shape
    edges = own[0], own[-1], own[:, 0], own[:, -1]
    is_large = min(own.shape) >= _MIN_SIDE and own.size >= _MIN_AREA * mask.size and width >= _MIN_ASPECT * height
    if not is_large or min(edge.mean() for edge in edges) < _EDGE_SHARE:
        return None
    top, left = top + int(rows[0]), left + int(columns[0])
    return left, top, left + width, top + height


def _inside_outline(picture: Image, box: Box) -> Box | None:
    """The box without the picture's outline; None where there is no ground of one colour, or nothing on it."""
    levels = np.asarray(picture).astype(np.int16).reshape(picture.height, picture.width, -1)
    thickest = max(2, round(_MAX_SPINE * min(picture.size)))
    ground = np.median(_ring(levels, thickest), axis=0)
    other = (np.abs(levels - ground) > _DIFFERENT_LEVELS).any(axis=2)
    if _ring(other, thickest).mean() > 1 - _GROUND_SHARE:
        return None
    margin = next(depth for depth in range(thickest + 1) if _ring(other, depth).mean() <= 1 - _GROUND_SHARE)
    inner = other[margin : len(other) - margin, margin : other.shape[1] - margin]
    has_lines = max(inner.mean(axis=0).max(), inner.mean(axis=1).max()) >= _EDGE_SHARE
    if has_lines or not _MIN_CONTENT <= inner.mean() < 0.5:
        return None
    left, top, right, bottom = box
    return left + margin, top + margin, right - margin, bottom - margin


def _ring(pixels: np.ndarray, depth: int) -> np.ndarray:
    """The pixels so deep inside an array (H, W, …): (N, …)."""
    inner = pixels[depth : len(pixels) - depth, depth : pixels.shape[1] - depth]
    return np.concatenate([inner[0], inner[-1], inner[:, 0], inner[:, -1]])
