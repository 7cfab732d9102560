"""What numbers are written on, drawn: lines, boxes and patterns, and the camera's way from ink to grey levels.

Ink is float32 (H, W) from 0 to 1, and so is what is printed.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

_SHARPNESS = 4  # Lines are drawn so many times as large, and reduced.

Point = tuple[float, float]  # x, y


def drawn(shape: tuple[int, ...], paths: Sequence[Sequence[Point]], width: float) -> np.ndarray:
    """Lines through points, so many pixels wide."""
    large = Image.new("L", (shape[1] * _SHARPNESS, shape[0] * _SHARPNESS))
    pen = ImageDraw.Draw(large)
    for path in paths:
        pen.line([(x * _SHARPNESS, y * _SHARPNESS) for x, y in path], 255, max(1, round(width * _SHARPNESS)), "curve")
    return np.asarray(large.resize((shape[1], shape[0]), Image.Resampling.BOX), np.float32) / 255


def rectangle(left: float, top: float, right: float, bottom: float) -> list[Point]:
    return [(left, top), (right, top), (right, bottom), (left, bottom), (left, top), (right, top)]


def unsteady(rng: np.random.Generator, start: Point, end: Point, tremor: float) -> list[Point]:
    """A line by hand from start to end: bent, and trembling by that many pixels."""
    t = np.linspace(0, 1, 12)
    bend = rng.normal(0, 2 * tremor) * 4 * t * (1 - t)
    wave = np.convolve(rng.normal(0, tremor, len(t) + 2), np.full(3, 1 / 3), "valid")
    x = start[0] + t * (end[0] - start[0])
    y = start[1] + t * (end[1] - start[1]) + bend + wave
    return list(zip(x.tolist(), y.tolist(), strict=True))


def cells_of(boxes: Sequence[tuple[int, int, int, int]], room: float) -> tuple[list[float], float, float]:
    """The x of the sides of cells around digits, halfway between neighbours, and their upper and lower y."""
    top, bottom = min(box[1] for box in boxes) - room, max(box[3] for box in boxes) + room
    inner = [(one[2] + other[0]) / 2 for one, other in pairwise(boxes)]
    return [boxes[0][0] - room, *inner, boxes[-1][2] + room], top, bottom


def guilloche(rng: np.random.Generator, shape: tuple[int, ...], pitch: float) -> np.ndarray:
    """A pattern as on cheques: families of waves, about `pitch` pixels from wave to wave."""
    y, x = np.indices(shape).astype(np.float32)
    found = np.zeros(shape, np.float32)
    for _ in range(int(rng.integers(1, 4))):
        angle, long = rng.uniform(0, np.pi), pitch * rng.uniform(5, 12)
        along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
        wave = np.sin(2 * np.pi * (across + pitch * rng.uniform(0.5, 2) * np.sin(2 * np.pi * along / long)) / pitch)
        np.maximum(found, ((wave - 0.5) / 0.5).clip(0, 1), out=found)
    return found


def photographed(
    rng: np.random.Generator,
    ink: np.ndarray,
    *,
    depth: float = 0.65,
    paper: tuple[float, float] = (190, 240),
    noise: float = 3.0,
    blur: float = 0.6,
    turn: float = 1.0,
    quality: tuple[int, int] = (75, 95),
) -> np.ndarray:
    """Ink as a photo that was saved as JPEG: uint8 (H, W).

    Parameters
    ----------
    depth : by this share, full ink is darker than paper.
    paper : its level, from the least to the greatest; light falls off to one side by up to a quarter.
    noise, blur : standard deviations in levels and pixels.
    turn : degrees, at most, by which the camera was askew.
    quality : of the JPEG, from the least to the greatest.
    """
    seen = Image.fromarray(ink).rotate(rng.uniform(-turn, turn), Image.Resampling.BICUBIC)
    sharp = Image.fromarray((255 * np.asarray(seen).clip(0, 1)).astype(np.uint8))
    soft = np.asarray(sharp.filter(ImageFilter.GaussianBlur(blur)), np.float32) / 255
    fall = np.linspace(0, 1, ink.shape[1]) if rng.random() < 0.5 else np.linspace(0, 1, ink.shape[0])[:, None]
    levels = rng.uniform(*paper) * (1 - rng.uniform(0, 0.25) * fall) * (1 - depth * soft)
    levels = levels + rng.normal(0, noise, levels.shape)
    stream = io.BytesIO()
    Image.fromarray(levels.clip(0, 255).astype(np.uint8)).save(stream, "JPEG", quality=int(rng.integers(*quality)))
    return np.asarray(Image.open(stream).convert("L"))
