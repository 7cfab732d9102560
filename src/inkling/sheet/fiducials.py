"""Finding the four fiducials of a sheet in a picture of it, however it is turned or tilted.

A fiducial is recognised by its fullness: for a square of area A whose points have the covariance Σ, A / (12 √det Σ) is
1, and for a square with a hole of k times its side (1 − k²) / (1 + k²), however a photo shears and stretches them. Four
belong together when their sizes agree with the page that they span. Of several such fours, the one that spans most is
likeliest, since nothing on a page lies farther out than its fiducials.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from inkling.ink.morphology import grey_closing
from inkling.sheet import layout
from inkling.sheet.perspective import enlargement, square_to

_SEARCHED_SIDE = 1000  # pixels; the longer side of the picture that is searched.
_CLOSING_REACH = 20  # pixels; twice this reach is wider than a fiducial where the page fills the picture.
_DARK_LEVEL = 0.65  # What is darker than this share of the paper's level may be a fiducial.
_MIN_AREA = 50.0  # pixels; a fiducial has so many where the page takes a quarter of the longer side.
_MAX_AREA = 1600.0  # pixels; a fiducial has fewer even where the page is larger than the picture.
_MAX_ASPECT = 2.5  # A fiducial looks at most so many times as long as wide.
_MAX_CANDIDATES = 16  # Of each kind, only so many candidates are tried, the largest ones.
_MAX_AREA_MISFIT = 0.4  # The greatest difference, in logarithms, between a fiducial's area and what its page demands.

_HOLE_SHARE = (layout.HOLE / layout.FIDUCIAL) ** 2  # The hole takes this share of the area of the first fiducial.
_OPEN_FULLNESS = (1 - _HOLE_SHARE) / (1 + _HOLE_SHARE)  # The first fiducial, printed without error, is so full.
_MIN_OPEN_FULLNESS = _OPEN_FULLNESS - 0.15  # In a picture, the first fiducial is fuller than this.
_MAX_OPEN_FULLNESS = _OPEN_FULLNESS + 0.18  # In a picture, the first fiducial is less full than this.
_MIN_SOLID_FULLNESS = 0.93  # In a picture, a solid fiducial is fuller than this.
_MAX_SOLID_FULLNESS = 1.06  # In a picture, a solid fiducial is less full than this.
_FULLNESS = {
    "open": (_MIN_OPEN_FULLNESS, _MAX_OPEN_FULLNESS),
    "solid": (_MIN_SOLID_FULLNESS, _MAX_SOLID_FULLNESS),
}


@dataclass(frozen=True, eq=False)
class _Blobs:
    """Dark connected things.

    Attributes
    ----------
    areas : float (K,), pixels.
    centres : float (K, 2), x and y in pixels.
    fullness : float (K,), as defined at the top of this file.
    """

    areas: np.ndarray
    centres: np.ndarray
    fullness: np.ndarray

    def like(self, kind: str) -> np.ndarray:
        """Indices of those that may be fiducials of a kind, the largest first."""
        low, high = _FULLNESS[kind]
        found = np.flatnonzero((self.fullness > low) & (self.fullness < high))
        return found[np.argsort(-self.areas[found], kind="stable")][:_MAX_CANDIDATES]


def possible_fiducials(levels: np.ndarray) -> np.ndarray:
    """Fours of dark things that may be the fiducials, in a picture (H, W), the likeliest four first.

    Returns
    -------
    centres (Q, 4, 2), x and y in pixels; each four are clockwise, from the open one on.
    """
    from PIL import Image

    factor = -(-max(levels.shape) // _SEARCHED_SIDE)
    small = np.asarray(Image.fromarray(levels.astype(np.float32)).reduce(factor))
    blobs = _dark_blobs(small < _DARK_LEVEL * grey_closing(small, _CLOSING_REACH))
    quads = _fitting(blobs, blobs.like("open"), blobs.like("solid"))
    return blobs.centres[quads] * factor


def _dark_blobs(dark: np.ndarray) -> _Blobs:
    """The connected things of a mask (H, W) that are as large as a fiducial, and not too slim."""
    import cc3d

    labels = cc3d.connected_components(dark, connectivity=8)
    y, x = np.nonzero(labels)
    label = labels[y, x]
    areas = np.bincount(label).astype(float)
    kept = np.flatnonzero((areas >= _MIN_AREA) & (areas <= _MAX_AREA))
    mean_x, mean_y, mean_xx, mean_yy, mean_xy = (
        np.bincount(label, weights=each, minlength=len(areas))[kept] / areas[kept]
        for each in (x, y, x * x, y * y, x * y)
    )
    pixel = 1 / 12  # the variance of a point in a pixel, which is a square
    var_x, var_y, cov = mean_xx - mean_x**2 + pixel, mean_yy - mean_y**2 + pixel, mean_xy - mean_x * mean_y
    # The eigenvalues of the covariance are `mean` ± `root`.
    root, mean = np.sqrt(((var_x - var_y) / 2) ** 2 + cov**2), (var_x + var_y) / 2
    slim = mean + root > _MAX_ASPECT**2 * (mean - root)
    fullness = areas[kept] / (12 * np.sqrt(var_x * var_y - cov**2))
    centres = np.stack([mean_x, mean_y], axis=1) + 0.5
    return _Blobs(areas[kept][~slim], centres[~slim], fullness[~slim])


def _fitting(blobs: _Blobs, openings: np.ndarray, solids: np.ndarray) -> np.ndarray:
    """Fours (Q, 4) of indices, clockwise, whose areas fit the page they span; the four that span most come first."""
    triples = list(itertools.combinations(solids, 3))
    if not triples or not len(openings):
        return np.empty((0, 4), int)
    quads = np.array([(first, *triple) for first in openings for triple in triples])
    places = blobs.centres[quads]
    around = places - places.mean(axis=1, keepdims=True)
    angles = np.arctan2(around[..., 1], around[..., 0])
    order = np.argsort((angles - angles[:, :1]) % (2 * np.pi), axis=1)  # clockwise, as y points down, from the open one
    quads = np.take_along_axis(quads, order, axis=1)
    scale = enlargement(square_to(blobs.centres[quads])) / (
        layout.WIDTH * layout.HEIGHT
    )  # pixels per square millimetre
    solid_area, hole_area = layout.FIDUCIAL**2, layout.HOLE**2
    expected = np.array([solid_area - hole_area, solid_area, solid_area, solid_area])
    with np.errstate(invalid="ignore", divide="ignore"):
        misfit = np.abs(np.log(blobs.areas[quads] / (scale * expected))).max(axis=1)
    diagonals = blobs.centres[quads[:, 2:]] - blobs.centres[quads[:, :2]]
    fitting = np.flatnonzero(misfit < _MAX_AREA_MISFIT)  # NaN fits nothing.
    return quads[fitting[np.argsort(-np.abs(np.linalg.det(diagonals[fitting])), kind="stable")]]
