"""Images as a model takes them: what `predict` is given, checked and brought to one shape."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from inkling.errors import UsageError
from inkling.nn import INPUT_SHAPE


def check_images(images: np.ndarray, shape: tuple[int, ...] = INPUT_SHAPE) -> np.ndarray:
    """The same images as uint8 or float (N, H, W, 1), of the `shape` (H, W, 1); UsageError for anything else."""
    if hasattr(images, "images"):
        raise UsageError(f"expected an array of images, not a {type(images).__name__}: give its images, dataset.images")
    images = np.asarray(images)
    height, width = shape[:2]
    one_image = ((height, width), (height, width, 1), (math.prod(shape),))
    if images.shape[1:] not in one_image:
        expected = " or ".join(f"(N, {', '.join(map(str, each))})" for each in one_image).replace(" or ", ", ", 1)
        raise UsageError(f"expected images of shape {expected}, not {images.shape}{_remedy(images.shape, one_image)}")
    if images.dtype == np.uint8:
        return images.reshape(-1, *shape)
    if images.dtype.kind != "f":
        raise UsageError(f"expected images as uint8 0-255 or float 0-1, not {images.dtype}: convert them")
    low, high = (images.min(), images.max()) if images.size else (0, 0)
    if np.isnan(low):
        raise UsageError("float images are expected in 0-1, some of these pixels are NaN: put 0 there, for ground")
    if not (low >= 0 and high <= 1):
        raise UsageError(f"float images are expected in 0-1, these lie in {low:g} to {high:g}: divide by 255")
    return images.reshape(-1, *shape)


def _remedy(shape: tuple[int, ...], one_image: tuple[tuple[int, ...], ...]) -> str:
    """What to do about images of this shape, behind what is wrong with it."""
    if shape in one_image:
        return "; for one image: images[:1]"
    if len(shape) == 4 and shape[1] == 1:
        return ": move the channel axis last"
    return ""


def shifted_views(images: np.ndarray) -> Iterator[np.ndarray]:
    """Images (N, H, W, 1) as they are, then one pixel up, down, left and right; ground moves in."""
    height, width = images.shape[1:3]
    framed = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    for top, left in ((1, 1), (2, 1), (0, 1), (1, 2), (1, 0)):
        yield framed[:, top : top + height, left : left + width]
