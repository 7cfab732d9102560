"""A contact sheet: rows of images, enlarged, in one picture."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np

_SIDE = 84  # Screen pixels of an image's longer side, as near as whole screen pixels per pixel get: 3 for 28×28.
_GAP = 2  # Screen pixels between two images.
_BETWEEN = 200  # The grey level between the images.


def contact_sheet(rows: Sequence[np.ndarray], *, apart: bool = False) -> bytes:
    """A PNG of images of one size, uint8 (≤ C, H, W), one array per row; `apart` sets the first column off.

    Dark ink on white, as in all pictures of digits. Pixels are enlarged without smoothing: each is a number that a
    network gets, 0 as white.
    """
    from PIL import Image

    columns = max(map(len, rows))
    shape = rows[0].shape[1:]
    zoom = max(1, round(_SIDE / max(shape)))
    height, width = (side * zoom + _GAP for side in shape)
    aisle = 2 * _GAP if apart else 0
    sheet = np.full((_GAP + len(rows) * height, _GAP + columns * width + aisle), _BETWEEN, np.uint8)
    for i, row in enumerate(rows):
        for j, image in enumerate(row):
            top, left = _GAP + i * height, _GAP + j * width + (aisle if j else 0)
            large = image.repeat(zoom, axis=0).repeat(zoom, axis=1)
            sheet[top : top + large.shape[0], left : left + large.shape[1]] = 255 - large
    buffer = io.BytesIO()
    Image.fromarray(sheet).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
