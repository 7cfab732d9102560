"""The ground is what a picture would show without ink: paper with its shadows, or the canvas of a drawing.

What stands out from it, as a share of the most that could, is how deep the ink is: 0 on the ground, 1 for black ink on
paper or white chalk on a blackboard. Dividing by the ground undoes uneven light: a shadow darkens ink and paper alike.
"""

from __future__ import annotations

import numpy as np

from inkling.ink.morphology import grey_closing

_REDUCED_SIDE = 64  # pixels; the ground changes slowly, so a picture with a longer side of this shows it.
_WIDEST_OF_LONGER_SIDE = 0.28  # Ink is narrower than this share of the picture's longer side.
_WIDEST_OF_SHORTER_SIDE = 0.6  # Ink is narrower than this share of the picture's shorter side.
_FRAME = 0.03  # Of each side: frames, table edges and grid lines lie there; digits near the border reach further in.
# The ground is flat, in a drawing or where paper was scanned to white, when these shares have exactly one level.
_FLAT_SHARE = 0.25  # Of the pixels of the whole picture.
_FLAT_SHARE_OF_BORDER = 0.5  # Of the pixels of its border.
_FLAT_SHARE_OF_MIDDLE = 0.1  # Of the pixels of its middle.
_AROUND_MIDDLE = 0.15  # Of each side: it does not belong to the middle, since a broad frame has one level, too.
_LEAST_SKEWNESS = 0.1  # Noise has less: then nothing is written, and the ground is taken for paper if it is bright.
_SAMPLED_SIDE = 256  # At most so many rows and columns are looked at for the median of the ground and its noise.
_LEAST_RANGE = 16  # Grey levels: on a ground nearer to black (or white) than this, darker (brighter) ink is noise.
_SIGMAS_PER_DEVIATION = 1.4826  # Standard deviations of a normal distribution per median absolute deviation.


def ink_depth(levels: np.ndarray) -> tuple[np.ndarray, float, bool]:
    """How deep the ink is in each pixel of a grey picture, how deep its noise is, and whether ink is dark.

    Parameters
    ----------
    levels : float32 (H, W), 0 to 255.

    Returns
    -------
    depth : float32 (H, W), 0 to 1.
    noise : standard deviation of the ground, in depth; 0 where the ground has one level.
    dark : dark ink on a bright ground, as on paper.
    """
    flat = _flat_ground(levels)
    dark = _is_dark(levels) if flat is None else float(levels.mean()) <= flat
    levels = levels if dark else 255 - levels  # From here on ink is low.
    ground = _uneven_ground(levels) if flat is None else np.float32(flat if dark else 255 - flat)
    depth = (ground - levels) / np.maximum(ground, _LEAST_RANGE)
    if flat is not None:
        return depth.clip(0, 1), 0.0, dark
    sample = depth[tuple(slice(None, None, -(-side // _SAMPLED_SIDE)) for side in depth.shape)]
    median = np.median(sample)
    noise = _SIGMAS_PER_DEVIATION * float(np.median(np.abs(sample - median)))
    return (depth - median).clip(0, 1), noise, dark


def _is_dark(levels: np.ndarray) -> bool:
    """Whether ink is darker than the ground.

    Pixels of strokes are few and far from the ground, so the levels are skewed to the side of ink, once slow changes of
    light are subtracted.
    """
    small = _reduced(levels, 2 * _REDUCED_SIDE)
    inner = _within(small, _FRAME)
    slow = _resized(_resized(inner, (3, 3)), inner.shape)
    fast = inner - slow
    skewness = float((fast**3).mean()) / max(float((fast**2).mean()), 1e-9) ** 1.5
    return skewness < 0 if abs(skewness) > _LEAST_SKEWNESS else float(inner.mean()) > 127.5


def _flat_ground(levels: np.ndarray) -> float | None:
    """The level that much of the picture, half of its border and some of its middle have exactly, if there is one."""
    border = np.concatenate([levels[0], levels[-1], levels[:, 0], levels[:, -1]])
    level = float(np.median(border))
    middle = _within(levels, _AROUND_MIDDLE)
    parts = (levels, _FLAT_SHARE), (border, _FLAT_SHARE_OF_BORDER), (middle, _FLAT_SHARE_OF_MIDDLE)
    return level if all(float((part == level).mean()) >= least for part, least in parts) else None


def _within(levels: np.ndarray, margin: float) -> np.ndarray:
    """A picture without a margin, which is a share of each side, on all four sides."""
    rows, columns = (round(margin * side) for side in levels.shape)
    return levels[rows : len(levels) - rows, columns : levels.shape[1] - columns]


def _uneven_ground(levels: np.ndarray) -> np.ndarray:
    """The ground under low ink: a morphological closing fills the ink up, and the result is smoothed."""
    small = _reduced(levels, _REDUCED_SIDE)
    widest = min(_WIDEST_OF_LONGER_SIDE * max(small.shape), _WIDEST_OF_SHORTER_SIDE * min(small.shape))
    window = max(3, int(widest) | 1)  # odd
    filled = grey_closing(small, window // 2)
    coarse = [max(2, 2 * side // window) for side in small.shape]
    smooth = np.pad(_resized(filled, (coarse[0], coarse[1])), 1, mode="reflect", reflect_type="odd")  # slopes go on
    return _resized(smooth, levels.shape, margin=1)


def _reduced(levels: np.ndarray, longest: int) -> np.ndarray:
    """A picture of at most `longest` pixels in its longer side, each the mean of a block."""
    from PIL import Image

    factor = -(-max(levels.shape) // longest)
    return np.asarray(Image.fromarray(levels).reduce(factor)) if factor > 1 else levels


def _resized(levels: np.ndarray, shape: tuple[int, ...], margin: int = 0) -> np.ndarray:
    from PIL import Image

    how = Image.Resampling.BOX if shape[0] < levels.shape[0] else Image.Resampling.BICUBIC
    box = margin, margin, levels.shape[1] - margin, levels.shape[0] - margin
    return np.asarray(Image.fromarray(levels).resize((shape[1], shape[0]), how, box))
