"""The drawings that Python's and the page's normaliser are compared on, by kind."""

from collections.abc import Iterator

import numpy as np

import drawn
from framed import in_cells, lines, rectangle, turned
from page.drawings import canvas, figure, levels, scribbles

SCRIBBLES = 75
STROKES = 1, 1.5, 2, 3, 5, 9, 16, 25, 40  # pixels
SIDES = 8, 12, 16, 20, 28, 32, 33, 48, 64, 100, 280, 280, 560  # pixels
COLOURS = (255, 0), (0, 255), (240, 10), (255, 100), (30, 31.5), (128, 200)  # ground and ink


def figures() -> Iterator[np.ndarray]:
    """Digits at many sizes, with many pens, in many places."""
    for seed in range(80):
        rng = np.random.default_rng(seed)
        side = SIDES[seed % len(SIDES)]
        stroke = min(STROKES[seed % len(STROKES)], side / 6)
        ink = figure(rng, seed, side, stroke, float(rng.choice([0.15, 0.5, 0.8])))
        ground, colour = COLOURS[seed % len(COLOURS)]
        yield levels(ink, ground, colour)


def glyphs() -> Iterator[np.ndarray]:
    """Embedded digits, tight or with some ground around, and as tight crops of few pixels."""
    for row in range(40):
        yield drawn.levels(np.pad(drawn.glyph(row, 7 + 3 * row), row % 5))
    images, _ = drawn.read_digits()
    for image in images[:20]:
        yield np.rint(255 - 255 * image.reshape(8, 8) / 16).astype(np.float32)


def framed() -> Iterator[np.ndarray]:
    """Digits in boxes and combs, straight and askew, in rings, and on lines."""
    for row in range(24):
        ink, cells = in_cells([row, row + 3, None][: 1 + row % 3], room=2 + row % 7)
        sides = [side for cell in cells for side in rectangle(*cell)[row % 2 :]]
        ink = np.maximum(ink, lines(ink.shape, sides, 1 + row % 4))
        yield drawn.levels(turned(ink, row / 4 - 3) if row % 3 else ink)
    for row in range(8):
        ink = np.pad(drawn.glyph(row, 60), 50)
        height, width = ink.shape
        angles = np.linspace(0, 2 * np.pi, 60)
        ring = [(width / 2 + 45 * np.cos(angle), height / 2 + (42 + row) * np.sin(angle)) for angle in angles]
        yield drawn.levels(np.maximum(ink, canvas(height, width, [ring], 3)))
        squares = [(x, 10, x, height - 10) for x in (15, width // 2 + 3, width - 15)]
        squares += [(15, y, width - 15, y) for y in (10, height // 2 + 2, height - 10)]
        yield drawn.levels(np.maximum(ink, lines(ink.shape, squares, 2)))
        below = lines(ink.shape, [(20, height - 42, width - 20, height - 40)], 2)
        yield drawn.levels(np.maximum(ink, below))


def ruled() -> Iterator[np.ndarray]:
    """Digits on ruled and squared paper, and with the remains of a frame at the border."""
    for row in range(24):
        ink = np.pad(drawn.glyph(row, 60), 40)
        height, width = ink.shape
        rules = [(0, y, width, y + row % 5) for y in range(20, height, 18 if row % 2 else 60)]
        rules += [(x, 0, x + 2, height) for x in range(9, width, 17)] if row % 4 == 0 else []
        rules += [(1, 0, 2, height), (0, 1, width, 3)] if row % 3 == 0 else []
        yield drawn.levels(np.maximum(ink, lines(ink.shape, rules, 1 + row % 3)))


def special() -> Iterator[np.ndarray]:
    """Blank, one pixel, full, specks, faint ink beside deep ink, ink at the border, and many components."""
    for shape in (1, 1), (1, 9), (8, 8), (64, 40), (280, 280), (257, 255):
        for level in 0, 255, 17:
            yield np.full(shape, level, np.float32)
        one = np.full(shape, 255, np.float32)
        one[shape[0] // 2, shape[1] // 2] = 0
        yield from (one, 255 - one)
    one, seven = drawn.glyph(1, 90), drawn.glyph(7, 60)
    for faint in 0.1, 0.3, 0.44, 0.46, 0.7:
        yield drawn.levels(drawn.side_by_side([one, seven * faint], [12])[0])
    for radius in 1, 2, 3, 5, 8, 14:
        dots = canvas(200, 200, [[(40, 40)], [(150, 160)]], 2 * radius)
        yield levels(np.maximum(dots, canvas(200, 200, [[(90, 60), (110, 140)]], 12)))
    for y in -4, 0, 3, 12, 20:
        yield levels(canvas(150, 120, [[(30, 40), (90, 120)], [(10, y), (110, y)]], 9))
    yield levels(np.kron(np.indices((30, 30)).sum(axis=0) % 2 * (np.indices((30, 30))[0] % 2), np.ones((6, 6))))


def several() -> Iterator[np.ndarray]:
    """Digits side by side, near to each other, in lines, one beside a small mark, at the border, and many dots."""
    for row in range(12):
        first, second = drawn.glyph(row, 70), drawn.glyph(row + 7, 40 + 5 * (row % 7))
        yield drawn.levels(np.pad(drawn.side_by_side([first, second], [3 * (row % 4)])[0], 20 * (row % 3)))
        above, below = (np.pad(each, [(0, 0), (0, 80 - each.shape[1])]) for each in (first, second))
        yield drawn.levels(np.pad(np.concatenate([above, np.zeros((row, 80)), below]), 15))
        yield drawn.levels(np.pad(drawn.side_by_side([first, drawn.glyph(row, 18 + 4 * row)], [9])[0], 12))
    for width in 1, 2, 3, 9:
        yield levels(canvas(160, 160, [[(40, 20), (100, 140)], [(90, 20), (30, 130)]], width))
    yield levels(np.kron((np.indices((60, 60)) % 2).all(axis=0), np.ones((4, 4))))


def photos() -> Iterator[np.ndarray]:
    """Digits on noisy paper in uneven light, in dark ink and in bright, in boxes and on lines, and blank paper."""
    for seed in range(8):
        rng = np.random.default_rng(seed)
        room = [(int(rng.integers(2, 60)), int(rng.integers(2, 60))) for _ in range(2)]
        ink = np.pad(drawn.glyph(seed, int(rng.integers(12, 200))), room) * (seed % 10 > 0)
        if seed % 3 == 0 and ink.shape[0] > 60:
            ink = np.maximum(ink, lines(ink.shape, [(0, y, ink.shape[1], y + 3) for y in range(9, len(ink), 25)], 2))
        light = drawn.fading(ink.shape, float(rng.uniform(0.4, 1)))
        photo = drawn.on_paper(ink, rng, light, float(rng.uniform(0.2, 0.9)))
        yield 255 - photo if seed % 4 == 3 else photo
    for row in range(8):
        ink, cells = in_cells([row, row + 5])
        ink = np.maximum(ink, lines(ink.shape, [side for cell in cells for side in rectangle(*cell)], 2))
        yield drawn.on_paper(ink, np.random.default_rng(row))
    for shape in (1, 40), (2, 3), (3, 70), (17, 5), (40, 40), (300, 520):
        yield np.random.default_rng(0).integers(0, 256, shape).astype(np.float32)


KINDS = {
    "photos": photos,
    "figures": figures,
    "glyphs": glyphs,
    "framed": framed,
    "ruled": ruled,
    "special": special,
    "several": several,
    "scribbles": lambda: scribbles(SCRIBBLES),
}
