"""A contact sheet: rows of digits, enlarged, in one picture."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np

from inkling.ink.normalization import DIGIT_SHAPE

_ZOOM = 3  # screen pixels a pixel, without smoothing: what is shown are the numbers a network gets
_GAP = 2
_PAPER = 92  # grey between the images


def contact_sheet(rows: Sequence[np.ndarray], *, apart: bool = False) -> bytes:
    """A PNG of these images (≤ C, 28, 28) uint8, one array a row; `apart` sets the first column off."""
    from PIL import Image

    columns = max(map(len, rows))
    height, width = (side * _ZOOM + _GAP for side in DIGIT_SHAPE)
    aisle = 2 * _GAP if apart else 0
    sheet = np.full((_GAP + len(rows) * height, _GAP + columns * width + aisle), _PAPER, np.uint8)
    for i, row in enumerate(rows):
        for j, image in enumerate(row):
            top, left = _GAP + i * height, _GAP + j * width + (aisle if j else 0)
            large = image.repeat(_ZOOM, axis=0).repeat(_ZOOM, axis=1)
            sheet[top : top + large.shape[0], left : left + large.shape[1]] = large
    buffer = io.BytesIO()
    Image.fromarray(sheet).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
