"""Finding the four marks of a sheet in a picture of it, however it is turned or tilted.

A mark is told by its shape: for a square of area A and covariance Σ of its points, A / (12 √det Σ) is 1, and for one
with a hole of k times its side (1 − k²) / (1 + k²), however a photo shears and stretches them. Which four belong
together is told by their size, which the page that they span has to bear out; and nothing on a page lies farther out.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from inkling.ink.morphology import grey_closing
from inkling.sheet import layout
from inkling.sheet.perspective import enlargement, square_to

SIDE = 1000  # pixels of the longer side of the picture that is searched
_REACH = 20  # pixels: twice that is wider than a mark where the page fills the picture
_DARK = 0.65  # of the paper's level
_AREAS = 50.0, 1600.0  # pixels of a mark: a page of a quarter of the longer side, and one that overfills the picture
_SLIMMEST = 2.5  # times as long as wide, at most, as a mark may look
_OPEN = (1 - (layout.HOLE / layout.MARK) ** 2) / (1 + (layout.HOLE / layout.MARK) ** 2)  # fullness of the first mark
_FULLNESS = {"open": (_OPEN - 0.15, _OPEN + 0.18), "solid": (0.93, 1.06)}
_MOST = 16  # candidates of each kind, the largest ones
_MISFIT = 0.4  # of the log of a mark's area


@dataclass(frozen=True, eq=False)
class _Blobs:
    """Dark things: areas in pixels (K,), centres (K, 2) as x and y, and fullness (K,) as defined above."""

    areas: np.ndarray
    centres: np.ndarray
    fullness: np.ndarray

    def like(self, kind: str) -> np.ndarray:
        """Which of them may be marks of a kind, the largest first."""
        low, high = _FULLNESS[kind]
        found = np.flatnonzero((self.fullness > low) & (self.fullness < high))
        return found[np.argsort(-self.areas[found], kind="stable")][:_MOST]


def possible_marks(levels: np.ndarray) -> np.ndarray:
    """Centres (Q, 4, 2) of what may be the marks, as x and y in pixels of a picture (H, W), the likeliest four first.

    Each four are clockwise, from the open one on.
    """
    from PIL import Image

    factor = -(-max(levels.shape) // SIDE)
    small = np.asarray(Image.fromarray(levels.astype(np.float32)).reduce(factor))
    blobs = _dark_blobs(small < _DARK * grey_closing(small, _REACH))
    quads = _fitting(blobs, blobs.like("open"), blobs.like("solid"))
    return blobs.centres[quads] * factor


def _dark_blobs(dark: np.ndarray) -> _Blobs:
    """The connected things of a mask (H, W) that are as large as a mark, and not too slim."""
    import cc3d

    labels = cc3d.connected_components(dark, connectivity=8)
    y, x = np.nonzero(labels)
    of = labels[y, x]
    areas = np.bincount(of).astype(float)
    kept = np.flatnonzero((areas >= _AREAS[0]) & (areas <= _AREAS[1]))
    mx, my, xx, yy, xy = (
        np.bincount(of, weights=w, minlength=len(areas))[kept] / areas[kept] for w in (x, y, x * x, y * y, x * y)
    )
    vx, vy, c = xx - mx**2 + 1 / 12, yy - my**2 + 1 / 12, xy - mx * my  # a pixel is a square of variance 1/12
    root, mean = np.sqrt(((vx - vy) / 2) ** 2 + c**2), (vx + vy) / 2
    slim = mean + root > _SLIMMEST**2 * (mean - root)
    fullness = areas[kept] / (12 * np.sqrt(vx * vy - c**2))
    return _Blobs(areas[kept][~slim], np.stack([mx, my], axis=1)[~slim] + 0.5, fullness[~slim])


def _fitting(blobs: _Blobs, openings: np.ndarray, solids: np.ndarray) -> np.ndarray:
    """Fours (Q, 4) of indices, in order, that agree with the page they span; what spans most comes first."""
    triples = list(itertools.combinations(solids, 3))
    if not triples or not len(openings):
        return np.empty((0, 4), int)
    quads = np.array([(first, *triple) for first in openings for triple in triples])
    places = blobs.centres[quads]
    around = places - places.mean(axis=1, keepdims=True)
    angles = np.arctan2(around[..., 1], around[..., 0])
    order = np.argsort((angles - angles[:, :1]) % (2 * np.pi), axis=1)  # clockwise, as y points down, from the open one
    quads = np.take_along_axis(quads, order, axis=1)
    page = enlargement(square_to(blobs.centres[quads])) / (layout.WIDTH * layout.HEIGHT)  # pixels a square millimetre
    full = np.array([layout.MARK**2 - layout.HOLE**2, *[layout.MARK**2] * 3])
    with np.errstate(invalid="ignore", divide="ignore"):
        misfit = np.abs(np.log(blobs.areas[quads] / (page * full))).max(axis=1)
    diagonals = blobs.centres[quads[:, 2:]] - blobs.centres[quads[:, :2]]
    fitting = np.flatnonzero(misfit < _MISFIT)  # not a number is no fit
    return quads[fitting[np.argsort(-np.abs(np.linalg.det(diagonals[fitting])), kind="stable")]]
