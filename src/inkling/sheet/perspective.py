"""Perspective: where a photo shows the points of a flat page.

A map (homography) is a matrix (3, 3) that is applied to homogeneous coordinates (x, y, 1).
"""

from __future__ import annotations

import numpy as np

CORNERS = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)  # of the unit square, clockwise as y points down


def square_to(corners: np.ndarray) -> np.ndarray:
    """Maps (…, 3, 3) of the unit square's CORNERS to `corners` (…, 4, 2); not finite where three lie on a line.

    Heckbert, "Fundamentals of texture mapping and image warping", 1989, section 2.2.3.
    """
    first, second, third, fourth = (corners[..., i, :] for i in range(4))
    one, two, rest = second - third, fourth - third, first - second + third - fourth
    with np.errstate(divide="ignore", invalid="ignore"):
        g, h = _cross(rest, two) / _cross(one, two), _cross(one, rest) / _cross(one, two)
    matrix = np.ones((*corners.shape[:-2], 3, 3))
    matrix[..., :2, 0] = second - first + g[..., None] * second
    matrix[..., :2, 1] = fourth - first + h[..., None] * fourth
    matrix[..., :2, 2] = first
    matrix[..., 2, 0], matrix[..., 2, 1] = g, h
    return matrix


def enlargement(matrix: np.ndarray) -> np.ndarray:
    """The factor by which the maps (…, 3, 3) enlarge a small area at each of the CORNERS: (…, 4).

    It is the determinant of the Jacobian, det(M) / w³ with w the third coordinate. A picture of a page has w > 0 and a
    positive factor; the result is NaN where w ≤ 0.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        w = CORNERS @ np.swapaxes(matrix[..., 2:, :2], -1, -2) + 1
        return np.where(w[..., 0] > 0, np.linalg.det(matrix)[..., None] / w[..., 0] ** 3, np.nan)


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
