"""Reading a sheet back: the page is found in the picture, put straight, and cut into its cells."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np

from inkling.data import Dataset
from inkling.errors import DataError, InklingWarning, printable
from inkling.ink import ENDINGS, digit_image, open_picture
from inkling.ink.morphology import grey_closing, max_filter
from inkling.sheet import layout
from inkling.sheet.fiducials import possible_fiducials
from inkling.sheet.perspective import square_to

# The endings of names of scans. A PDF is one, so that the reader of pictures refuses it with a sentence of its own.
PICTURE_ENDINGS = (*(f".{ending}" for ending in ENDINGS), ".pdf")

_PIXELS_PER_MM = 6  # of a page put straight; a digit of 5 mm then has 30 pixels, more than the network's 20.
_COARSE_PIXELS = 3  # Blocks of so many pixels each way are averaged, so that the brightest paper is not its noise.
_MAX_STROKE_MM = 5.0  # What is wider is no stroke, but a shadow.
_INK_SHARE = 0.25  # Ink takes away at least this share of the paper's light; the frame of a cell takes half as much.
_INK_SIGMAS = 4.0  # Ink is darker than the paper by so many standard deviations of the paper's levels.
_SPECK_MM2 = 0.3  # Smaller things are dirt.
_MIN_DIGIT_MM2 = 0.8  # A cell without a thing of this size is empty.
_MAX_TRIES = 8  # Fours of fiducials that are looked at, the likeliest first.
_MIN_TICKS = 0.7  # Fiducials are confirmed by this share of the ticks.
_FOREIGN_MM = 1.0  # What has its middle nearer to the frame than this, or beyond it, belongs to a neighbour.
_SIGMAS_PER_DEVIATION = 1.48  # Standard deviations of a normal distribution per median absolute deviation.
_AROUND_INK_PIXELS = 2  # Strokes fade in the pixels so near to them.

_CELLS = [(row, column) for row in range(layout.DIGITS) for column in range(layout.CELLS_PER_DIGIT)]


def read_sheet(path: Path) -> Dataset:
    """The digits on a scan or photo of a sheet; DataError where it cannot be read. See `digits_on_sheet`."""
    picture = open_picture(path)
    for note in picture.notes:
        warnings.warn(f"{printable(path)}: {note}; give each page as its own picture", InklingWarning, stacklevel=2)
    return digits_on_sheet(picture.levels, str(path))


def digits_on_sheet(levels: np.ndarray, name: str) -> Dataset:
    """The digits on a picture of a sheet, dark ink on light paper: grey levels (H, W) from 0 to 255.

    Returns
    -------
    Dataset : row after row of cells; `Dataset.rows` has the number of each one's cell, 12 · row + column.

    Raises
    ------
    DataError : the fiducials are not to be found, or nothing was written.
    """
    levels = levels.astype(np.float32)
    fours = possible_fiducials(levels)
    corners, page = _first_page(levels, fours)
    if page is None:
        raise DataError(
            f"{name}: the four black corner marks of a sheet were expected, but they are not all to be found: "
            "take the picture again with the whole page in it, flat, in even light, and not mirrored"
        )
    apart = (np.abs(fours[:, :, None] - corners).max(axis=-1) > 1).all(axis=(1, 2))  # Pixels.
    if _first_page(levels, fours[apart])[1] is not None:
        raise DataError(f"{name}: one sheet was expected, but the picture shows several: take a picture of each")
    cells = {
        row * layout.CELLS_PER_DIGIT + column: digit_in_cell(_cut(page, _cell(row, column))) for row, column in _CELLS
    }
    digits = {number: digit for number, digit in cells.items() if digit is not None}
    if not digits:
        raise DataError(f"{name}: a sheet without a single digit in it: fill in some cells with a dark pen")
    numbers = np.array(list(digits))
    return Dataset(np.stack(list(digits.values())), numbers // layout.CELLS_PER_DIGIT, name, numbers)


def _first_page(levels: np.ndarray, fours: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """The first four (4, 2) of some fours (Q, 4, 2) that are fiducials, and what lies between them.

    That is straight and in even light, or None where no four are fiducials.
    """
    for corners in fours[:_MAX_TRIES]:
        page = _flat(_straight(levels, corners))
        if _has_ticks(page):
            return corners, page
    return np.empty((4, 2)), None


def _has_ticks(page: np.ndarray) -> bool:
    """Whether most ticks are where a sheet has them, with paper between."""
    black, paper = (
        np.array([np.median(_cut(page, tick)) for row in range(layout.DIGITS) for tick in layout.ticks(row + below)])
        for below in (0, 0.5)
    )
    return np.mean(paper - black > 255 * _INK_SHARE) > _MIN_TICKS


def digit_in_cell(levels: np.ndarray) -> np.ndarray | None:
    """The digit, uint8 (28, 28), in a cell and half of the gaps around it, or None where nothing is written.

    levels : float32 (H, W), 255 on the paper.
    """
    paper = np.median(levels)
    sigma = _SIGMAS_PER_DEVIATION * np.median(np.abs(levels - paper))  # Ink disturbs neither median.
    ink = _written(levels < min(255 * (1 - _INK_SHARE), paper - _INK_SIGMAS * sigma))
    if not ink.any():
        return None
    around = max_filter(ink, _AROUND_INK_PIXELS)
    return digit_image(np.where(around, levels, np.float32(255)))


def _written(ink: np.ndarray) -> np.ndarray:
    """The mask (H, W) of the ink of this cell, without specks and without ink that reaches in from the next one."""
    import cc3d

    labels = cc3d.connected_components(ink, connectivity=8)
    found = cc3d.statistics(labels)
    gaps = layout.PITCH.height - layout.CELL.height, layout.PITCH.width - layout.CELL.width
    margin = [(gap / 2 + _FOREIGN_MM) * _PIXELS_PER_MM for gap in gaps]
    centres, sides = found["centroids"], np.array(ink.shape)
    kept = ((centres > margin) & (centres < sides - margin)).all(axis=1)
    kept &= found["voxel_counts"] >= _SPECK_MM2 * _PIXELS_PER_MM**2
    kept[0] = False  # the paper
    if not (found["voxel_counts"][kept] >= _MIN_DIGIT_MM2 * _PIXELS_PER_MM**2).any():
        kept[:] = False
    return kept[labels]


def _straight(levels: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """What lies between four fiducials (4, 2) as seen from above, with _PIXELS_PER_MM."""
    from PIL import Image

    size = round(layout.WIDTH * _PIXELS_PER_MM), round(layout.HEIGHT * _PIXELS_PER_MM)
    shown = square_to(corners)
    # How many times finer than the page put straight the picture is, at the first fiducial.
    finer = max(1, int(np.sqrt(abs(np.linalg.det(shown)) / (size[0] * size[1]))))
    picture = Image.fromarray(levels).reduce(finer)
    matrix = np.diag([1 / finer, 1 / finer, 1]) @ shown @ np.diag([1 / size[0], 1 / size[1], 1])
    coefficients = (matrix / matrix[2, 2]).ravel()[:8].tolist()
    turned = picture.transform(size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC, fillcolor=255)
    return np.asarray(turned)


def _flat(page: np.ndarray) -> np.ndarray:
    """The page in even light: levels from 0 to 255, the paper's level."""
    from PIL import Image

    coarse = np.asarray(Image.fromarray(page).reduce(_COARSE_PIXELS))
    paper = Image.fromarray(grey_closing(coarse, round(_MAX_STROKE_MM * _PIXELS_PER_MM / _COARSE_PIXELS / 2)))
    even = page / np.maximum(np.asarray(paper.resize(page.shape[::-1], Image.Resampling.BILINEAR)), 1)
    return 255 * even.clip(0, 1)


def _cell(row: int, column: int) -> layout.Box:
    """A cell, and half of the gaps around it."""
    left, top, right, bottom = layout.cell(row, column)
    x, y = ((pitch - side) / 2 for pitch, side in zip(layout.PITCH, layout.CELL, strict=True))
    return layout.Box(left - x, top - y, right + x, bottom + y)


def _cut(page: np.ndarray, box: layout.Box) -> np.ndarray:
    """The part of a page put straight that a box of its layout covers."""
    left, top, right, bottom = (round(edge * _PIXELS_PER_MM) for edge in box)
    return page[top:bottom, left:right]
