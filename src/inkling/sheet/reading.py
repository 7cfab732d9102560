"""Reading a sheet back: the page is found in the picture, put straight, and cut into its cells."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inkling.data import Dataset
from inkling.errors import DataError
from inkling.ink import ENDINGS, digit_image, open_picture
from inkling.ink.morphology import grey_closing, max_filter
from inkling.sheet import layout
from inkling.sheet.fiducials import possible_marks
from inkling.sheet.perspective import square_to

PICTURE_ENDINGS = (*(f".{ending}" for ending in ENDINGS), ".pdf")  # the last to be refused

DENSITY = 6  # pixels a millimetre of a page put straight: a digit of 5 mm has 30, more than the network's 20
_COARSE = 3  # pixels, each way, that are averaged before the paper is looked for: its brightest are not the noise
_PEN = 5.0  # millimetres: what is wider is no stroke, but a shadow
_INK = 0.25  # of the paper's light, at least, is missing where there is ink; a frame takes half as much
_NOISE = 4.0  # standard deviations of the paper's levels, and ink is darker
_SPECK, _LEAST = 0.3, 0.8  # square millimetres: smaller things are dirt, and without a larger one a cell is empty
_TRIES, _TICKED = 8, 0.7  # fours that may be the marks; share of the ticks that confirm them
_EDGE = 1.0  # millimetres: what has its middle nearer to the frame, or beyond, belongs to a neighbour


def read_sheet(path: Path) -> Dataset:
    """The digits of a scan or photo; DataError where it cannot be read. See `digits_on_sheet`."""
    return digits_on_sheet(open_picture(path).levels, str(path))


def digits_on_sheet(levels: np.ndarray, name: str) -> Dataset:
    """The digits on a picture of a sheet, dark ink on light paper: grey levels (H, W) from 0 to 255.

    Returns
    -------
    Dataset : row after row; `rows` says in which cell each was, 12 · row + column.

    Raises
    ------
    DataError : the marks are not to be found, or nothing was written.
    """
    page = _page(levels.astype(np.float32))
    if page is None:
        raise DataError(
            f"{name}: the four black marks in the corners of a sheet were expected, but they are not all to be found: "
            "take the picture again with the whole page in it, flat, in even light"
        )
    cells = {row * layout.COLUMNS + column: digit_in_cell(_cut(page, _cell(row, column))) for row, column in _PLACES}
    digits = {place: digit for place, digit in cells.items() if digit is not None}
    if not digits:
        raise DataError(f"{name}: a sheet without a single digit in it: fill in some cells with a dark pen")
    places = np.array(list(digits))
    return Dataset(np.stack(list(digits.values())), places // layout.COLUMNS, name, places)


_PLACES = [(row, column) for row in range(layout.ROWS) for column in range(layout.COLUMNS)]


def _page(levels: np.ndarray) -> np.ndarray | None:
    """What lies between the marks, straight and in even light, or None where no four dark things are the marks."""
    pages = (_flat(_straight(levels, marks)) for marks in possible_marks(levels)[:_TRIES])
    return next((page for page in pages if _has_ticks(page)), None)


def _has_ticks(page: np.ndarray) -> bool:
    """Whether most ticks are where a sheet has them, with paper between."""
    black, paper = (
        np.array([np.median(_cut(page, tick)) for row in range(layout.ROWS) for tick in layout.ticks(row + beside)])
        for beside in (0, 0.5)
    )
    return np.mean(paper - black > 255 * _INK) > _TICKED


def digit_in_cell(levels: np.ndarray) -> np.ndarray | None:
    """The digit, uint8 (28, 28), in a cell and half of the gaps around it: levels (H, W), 255 on the paper; or None."""
    paper = np.median(levels)
    deviation = 1.48 * np.median(np.abs(levels - paper))  # of a normal distribution, which ink does not disturb
    ink = _written(levels < min(255 * (1 - _INK), paper - _NOISE * deviation))
    if not ink.any():
        return None
    around = max_filter(ink, 2)  # where strokes fade
    return digit_image(np.where(around, levels, np.float32(255)))


def _written(ink: np.ndarray) -> np.ndarray:
    """The mask (H, W) of what was written into this cell: no specks, and nothing that reaches in from the next one."""
    import cc3d

    labels = cc3d.connected_components(ink, connectivity=8)
    found = cc3d.statistics(labels)
    margin = [((p - c) / 2 + _EDGE) * DENSITY for p, c in zip(layout.PITCH[::-1], layout.CELL[::-1], strict=True)]
    centres, sides = found["centroids"], np.array(ink.shape)
    kept = ((centres > margin) & (centres < sides - margin)).all(axis=1)
    kept &= found["voxel_counts"] >= _SPECK * DENSITY**2
    kept[0] = False  # the paper
    if not (found["voxel_counts"][kept] >= _LEAST * DENSITY**2).any():
        kept[:] = False
    return kept[labels]


def _straight(levels: np.ndarray, marks: np.ndarray) -> np.ndarray:
    """What lies between the marks as seen from above, DENSITY pixels a millimetre."""
    from PIL import Image

    size = round(layout.WIDTH * DENSITY), round(layout.HEIGHT * DENSITY)
    shown = square_to(marks)
    finer = max(1, int(np.sqrt(abs(np.linalg.det(shown)) / (size[0] * size[1]))))  # at the first mark: pixels a pixel
    picture = Image.fromarray(levels).reduce(finer)
    matrix = np.diag([1 / finer, 1 / finer, 1]) @ shown @ np.diag([1 / size[0], 1 / size[1], 1])
    coefficients = (matrix / matrix[2, 2]).ravel()[:8].tolist()
    turned = picture.transform(size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC, fillcolor=255)
    return np.asarray(turned)


def _flat(page: np.ndarray) -> np.ndarray:
    """The page in even light: levels from 0 to 255, which is the paper's."""
    from PIL import Image

    coarse = np.asarray(Image.fromarray(page).reduce(_COARSE))
    paper = Image.fromarray(grey_closing(coarse, round(_PEN * DENSITY / _COARSE / 2)))
    even = page / np.maximum(np.asarray(paper.resize(page.shape[::-1], Image.Resampling.BILINEAR)), 1)
    return 255 * even.clip(0, 1)


def _cell(row: int, column: int) -> layout.Box:
    """A cell, and half of the gaps around it."""
    left, top, right, bottom = layout.cell(row, column)
    x, y = ((pitch - side) / 2 for pitch, side in zip(layout.PITCH, layout.CELL, strict=True))
    return layout.Box(left - x, top - y, right + x, bottom + y)


def _cut(page: np.ndarray, box: layout.Box) -> np.ndarray:
    """What a page shows in a box of its layout."""
    left, top, right, bottom = (round(edge * DENSITY) for edge in box)
    return page[top:bottom, left:right]
