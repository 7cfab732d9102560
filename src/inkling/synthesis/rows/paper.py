"""Paper with what is printed on it: rules, squares, boxes, combs, frames, underlines and patterned grounds."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from inkling.synthesis.rows.camera import smooth_noise
from inkling.synthesis.rows.layout import Laid

# How often a row stands on or in each of these.
KINDS = {
    "plain": 0.38,
    "ruled": 0.13,
    "squared": 0.05,
    "boxes": 0.07,
    "comb": 0.04,
    "frame": 0.05,
    "underline": 0.08,
    "pattern": 0.2,
}
_RULED_PATTERNS = 0.4  # share of patterned papers that have a rule, too


def printed(laid: Laid, kind: str, rng: np.random.Generator) -> np.ndarray:
    """What is printed on or drawn beside the row: float32 (H, W), depth from 0 to 1."""
    if kind == "pattern":
        ground = _ground(laid, rng)
        rule = "ruled" if rng.random() < _RULED_PATTERNS else "plain"
        return np.maximum(ground, printed(laid, rule, rng))
    image = Image.new("L", laid.ink.shape[::-1])
    draw = ImageDraw.Draw(image)
    if kind != "plain":
        _DRAWN[kind](draw, laid, kind, rng)
    return np.asarray(image, np.float32) / 255 * np.float32(rng.uniform(0.15, 0.9))


def _width(laid: Laid, rng: np.random.Generator) -> int:
    return max(1, round(laid.height * rng.uniform(0.02, 0.09)))


def _line(draw: ImageDraw.ImageDraw, points: list[tuple[float, float]], width: int, rng: np.random.Generator) -> None:
    draw.line(points, fill=int(rng.integers(170, 256)), width=width)


def _ruled(draw: ImageDraw.ImageDraw, laid: Laid, _: str, rng: np.random.Generator) -> None:
    width = laid.ink.shape[1]
    spacing, tilt, thick = laid.height * rng.uniform(0.9, 2.2), rng.normal(0, 0.01), _width(laid, rng)
    feet = float(np.median(laid.boxes[:, 3]))
    y = feet + laid.height * rng.normal(0.05, 0.15)
    for row in np.arange(y - 4 * spacing, y + 4 * spacing, spacing):
        _line(draw, [(0, row), (width, row + tilt * width)], thick, rng)


def _squared(draw: ImageDraw.ImageDraw, laid: Laid, kind: str, rng: np.random.Generator) -> None:
    height, width = laid.ink.shape
    spacing, thick = laid.height * rng.uniform(0.45, 1.2), max(1, _width(laid, rng) // 2)
    for x in np.arange(rng.uniform(0, spacing), width, spacing):
        _line(draw, [(x, 0), (x, height)], thick, rng)
    for y in np.arange(rng.uniform(0, spacing), height, spacing):
        _line(draw, [(0, y), (width, y)], thick, rng)


def _boxes(draw: ImageDraw.ImageDraw, laid: Laid, kind: str, rng: np.random.Generator) -> None:
    """A cell per digit: joined or apart, open at the top for a comb. Digits may reach over the sides."""
    top, bottom = laid.boxes[:, 1].min(), laid.boxes[:, 3].max()
    pad, thick = laid.height * rng.uniform(0.0, 0.3), _width(laid, rng)
    top, bottom = top - pad, bottom + pad
    middles = (laid.boxes[:-1, 2] + laid.boxes[1:, 0]) / 2
    ends = laid.boxes[0, 0] - pad, laid.boxes[-1, 2] + pad
    sides = [ends[0], *middles, ends[1]]
    upper = top + (bottom - top) * rng.uniform(0.4, 0.8) if kind == "comb" else top
    for x in sides:
        _line(draw, [(x, upper), (x, bottom)], thick, rng)
    _line(draw, [(ends[0], bottom), (ends[1], bottom)], thick, rng)
    if kind == "boxes":
        _line(draw, [(ends[0], top), (ends[1], top)], thick, rng)


def _frame(draw: ImageDraw.ImageDraw, laid: Laid, _: str, rng: np.random.Generator) -> None:
    pads = laid.height * rng.uniform(0.0, 0.4, 4)
    left, top = laid.boxes[:, :2].min(axis=0) - pads[:2]
    right, bottom = laid.boxes[:, 2:].max(axis=0) + pads[2:]
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    bent = [(x + rng.normal(0, 0.03 * laid.height), y + rng.normal(0, 0.03 * laid.height)) for x, y in corners]
    _line(draw, bent, _width(laid, rng), rng)


def _underline(draw: ImageDraw.ImageDraw, laid: Laid, _: str, rng: np.random.Generator) -> None:
    """Straight or by hand, single or double, below the feet or through them."""
    left, right = (
        laid.boxes[0, 0] - rng.uniform(-0.3, 0.8) * laid.height,
        laid.boxes[-1, 2] + rng.uniform(-0.3, 0.8) * laid.height,
    )
    y, thick, bend = (
        float(np.median(laid.boxes[:, 3])) + laid.height * rng.normal(0.1, 0.12),
        _width(laid, rng),
        rng.uniform(0, 0.08),
    )
    for _number in range(int(rng.integers(1, 3))):
        x = np.linspace(left, right, 9)
        rows = y + laid.height * (bend * np.cumsum(rng.normal(0, 0.5, 9)) + rng.normal(0, 0.05) * np.linspace(-1, 1, 9))
        _line(draw, list(zip(x.tolist(), rows.tolist(), strict=True)), thick, rng)
        y += laid.height * rng.uniform(0.1, 0.25)


def _ground(laid: Laid, rng: np.random.Generator) -> np.ndarray:
    """A ground as cheques have: waves or, less often, speckles."""
    shape, height = laid.ink.shape, laid.height
    if rng.random() < 0.25:
        speckles = smooth_noise(shape, height * rng.uniform(0.04, 0.15), rng)
        return np.abs(speckles).clip(0, 1) * np.float32(rng.uniform(0.1, 0.35))
    return _waves(shape, height, rng)


def _waves(shape: tuple[int, int], height: float, rng: np.random.Generator) -> np.ndarray:
    """Families of waves: thin lines, often level, often with another family that crosses them."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    depth = np.zeros(shape, np.float32)
    for _ in range(int(rng.integers(1, 4))):
        turn = rng.normal(0, 0.1) if rng.random() < 0.3 else rng.uniform(0, np.pi)
        spacing = height * rng.uniform(0.08, 0.5)
        along, across = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
        bent = across + spacing * rng.uniform(0, 2) * np.sin(along / (height * rng.uniform(0.4, 2)) + rng.uniform(0, 6))
        wave = np.cos(2 * np.pi * bent / spacing)
        sharp = rng.uniform(0, 0.9)
        depth = np.maximum(depth, ((wave - sharp) / (1 - sharp)).clip(min=0))
    return depth * np.float32(rng.uniform(0.05, 0.4))


_DRAWN = {
    "ruled": _ruled,
    "squared": _squared,
    "boxes": _boxes,
    "comb": _boxes,
    "frame": _frame,
    "underline": _underline,
}
