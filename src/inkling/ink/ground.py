"""The ground is what a picture would show without ink: paper with its shadows, or the canvas of a drawing.

What stands out from it, as a share of the most that could, is how deep the ink is: 0 on the ground, 1 for black ink on
paper or white chalk on a blackboard. Dividing by the ground undoes uneven light: a shadow darkens ink and paper alike.
"""

from __future__ import annotations

import numpy as np

from inkling.ink.morphology import grey_closing

_SMALL = 64  # pixels: the longer side at which the ground is looked for; it changes slowly
_WIDEST = 0.28, 0.6  # of the longer and of the shorter side: ink is narrower than this
_FRAME = 0.03  # of each side: frames, table edges and grid lines lie there; digits near the border reach further in
_FLAT = 0.25, 0.5, 0.1  # of a picture, its border and its middle have one level: a drawing, or paper scanned to white
_MIDDLE = 0.15  # of each side does not belong to it, for a broad frame has one level, too
_SKEWED = 0.1  # noise is less: where nothing is written, paper is the brighter
_ENOUGH = 256  # rows, and columns, show what is usual
_LEAST_RANGE = 16  # grey levels: on a ground nearer to black (or white) than this, darker (brighter) ink is noise


def ink_depth(levels: np.ndarray) -> tuple[np.ndarray, float, bool]:
    """How deep the ink is in each pixel of a grey picture, how deep noise is, and whether ink is the darker one.

    Parameters
    ----------
    levels : float32 (H, W), 0 to 255.

    Returns
    -------
    depth : float32 (H, W), 0 to 1.
    noise : standard deviation of the ground, in depth; 0 where that is of one level.
    dark : dark ink on a bright ground, as on paper.
    """
    flat = _flat_ground(levels)
    dark = _is_dark(levels) if flat is None else float(levels.mean()) <= flat
    height = levels if dark else 255 - levels  # now ink is what is low
    ground = _uneven_ground(height) if flat is None else np.float32(flat if dark else 255 - flat)
    depth = (ground - height) / np.maximum(ground, _LEAST_RANGE)
    if flat is not None:
        return depth.clip(0, 1), 0.0, dark
    some = depth[tuple(slice(None, None, -(-side // _ENOUGH)) for side in depth.shape)]
    usual = np.median(some)
    noise = 1.4826 * float(np.median(np.abs(some - usual)))  # of a normal distribution, by its quartiles
    return (depth - usual).clip(0, 1), noise, dark


def _is_dark(levels: np.ndarray) -> bool:
    """Strokes are few and far from the ground: the skewness, without slow changes of light, shows their side."""
    small = _reduced(levels, 2 * _SMALL)
    inner = _within(small, _FRAME)
    slow = _resized(_resized(inner, (3, 3)), inner.shape)
    fast = inner - slow
    skewness = float((fast**3).mean()) / max(float((fast**2).mean()), 1e-9) ** 1.5
    return skewness < 0 if abs(skewness) > _SKEWED else float(inner.mean()) > 127.5


def _flat_ground(levels: np.ndarray) -> float | None:
    """The level that much of the picture, most of its border and some of its middle have exactly, if there is one."""
    border = np.concatenate([levels[0], levels[-1], levels[:, 0], levels[:, -1]])
    level = float(np.median(border))
    shares = (float((part == level).mean()) for part in (levels, border, _within(levels, _MIDDLE)))
    return level if all(share >= least for share, least in zip(shares, _FLAT, strict=True)) else None


def _within(levels: np.ndarray, margin: float) -> np.ndarray:
    """A picture without that share of each side, on both ends."""
    rows, columns = (round(margin * side) for side in levels.shape)
    return levels[rows : len(levels) - rows, columns : levels.shape[1] - columns]


def _uneven_ground(height: np.ndarray) -> np.ndarray:
    """Ink filled up: the lowest of the highest levels around (a morphological closing), then smoothed."""
    small = _reduced(height, _SMALL)
    window = max(3, int(min(_WIDEST[0] * max(small.shape), _WIDEST[1] * min(small.shape))) | 1)
    filled = grey_closing(small, window // 2)
    coarse = [max(2, 2 * side // window) for side in small.shape]
    smooth = np.pad(_resized(filled, (coarse[0], coarse[1])), 1, mode="reflect", reflect_type="odd")  # slopes go on
    return _resized(smooth, height.shape, margin=1)


def _reduced(levels: np.ndarray, longest: int) -> np.ndarray:
    """At most so many pixels long, each the mean of a block."""
    from PIL import Image

    factor = -(-max(levels.shape) // longest)
    return np.asarray(Image.fromarray(levels).reduce(factor)) if factor > 1 else levels


def _resized(levels: np.ndarray, shape: tuple[int, ...], margin: int = 0) -> np.ndarray:
    from PIL import Image

    how = Image.Resampling.BOX if shape[0] < levels.shape[0] else Image.Resampling.BICUBIC
    box = margin, margin, levels.shape[1] - margin, levels.shape[0] - margin
    return np.asarray(Image.fromarray(levels).resize((shape[1], shape[0]), how, box))
