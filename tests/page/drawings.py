"""Drawings as people make them in a browser: strokes of any pen on a canvas with one level, float32 (H, W)."""

from collections.abc import Iterator, Sequence

import numpy as np
from PIL import Image, ImageDraw

from inkling.synthesis import pen

SHARPNESS = 4  # Strokes are drawn so many times larger, and reduced.

Line = Sequence[tuple[float, float]]  # x and y of its points, in pixels


def canvas(height: int, width: int, lines: Sequence[Line], stroke: float) -> np.ndarray:
    """Ink from 0 to 1 of lines drawn with a round pen, antialiased."""
    large = Image.new("L", (width * SHARPNESS, height * SHARPNESS), 0)
    draw = ImageDraw.Draw(large)
    radius = stroke * SHARPNESS / 2
    for line in lines:
        points = [(x * SHARPNESS, y * SHARPNESS) for x, y in line]
        draw.line(points, 255, max(1, round(2 * radius)), joint="curve")
        for x, y in points:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(large.reduce(SHARPNESS), np.float32) / 255


def levels(ink: np.ndarray, ground: float = 255, colour: float = 0) -> np.ndarray:
    """Ink of one colour on a ground, in whole grey levels."""
    return np.rint(ground + (colour - ground) * ink).astype(np.float32)


FIGURES: tuple[tuple[pen.Stroke, ...], ...] = tuple(
    tuple(pen.Stroke(np.array(points, float), curved) for points, curved in strokes)
    for strokes in (
        [([(0.5, 0), (0.1, 0.3), (0.1, 0.7), (0.5, 1), (0.9, 0.7), (0.9, 0.3), (0.5, 0)], True)],
        [([(0.5, 0), (0.5, 1)], False)],
        [([(0.1, 0.2), (0.5, 0), (0.9, 0.3), (0.1, 1), (0.9, 1)], True)],
        [([(0.1, 0.1), (0.8, 0.1), (0.4, 0.45), (0.9, 0.75), (0.1, 0.95)], True)],
        [([(0.7, 0), (0.1, 0.6), (0.9, 0.6)], False), ([(0.7, 0.3), (0.7, 1)], False)],
        [([(0.2, 0), (0.2, 0.5), (0.8, 0.6), (0.6, 1), (0.1, 0.9)], True), ([(0.2, 0), (0.9, 0)], False)],
        [([(0.1, 0), (0.9, 0), (0.4, 1)], False), ([(0.3, 0.5), (0.8, 0.5)], False)],
    )
)


def figure(rng: np.random.Generator, which: int, side: int, stroke: float, size: float = 0.6) -> np.ndarray:
    """One digit, `size` of a square canvas high, anywhere on it."""
    lines = pen.unsteady(FIGURES[which % len(FIGURES)], rng)
    points = np.concatenate(lines)
    scale = size * side / max(np.ptp(points, axis=0).max(), 1e-9)
    extent = np.ptp(points, axis=0) * scale
    corner = rng.uniform(0, 1, 2) * (side - extent)
    placed = [((line - points.min(axis=0)) * scale + corner) for line in lines]
    return canvas(side, side, [[(float(x), float(y)) for x, y in line] for line in placed], stroke)


def scribble(rng: np.random.Generator) -> np.ndarray:
    """Random strokes on a canvas of random size, in random colours."""
    height, width = (int(side) for side in rng.integers(10, 300, 2))
    lines = [
        [(float(x), float(y)) for x, y in rng.uniform(-0.1, 1.1, (rng.integers(1, 6), 2)) * [width, height]]
        for _ in range(rng.integers(1, 5))
    ]
    stroke = float(rng.uniform(1, max(2, min(height, width) / 8)))
    ground, colour = rng.choice([(255, 0), (0, 255), (250, 30), (20, 200), (255, 128), (255, 245)])
    return levels(canvas(height, width, lines, stroke), float(ground), float(colour))


def scribbles(count: int) -> Iterator[np.ndarray]:
    for seed in range(count):
        yield scribble(np.random.default_rng(seed))
