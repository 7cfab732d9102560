"""Sheets as the tests fill them in, with enlarged embedded digits, and as a phone would show them."""

import io
from functools import cache

import numpy as np
from PIL import Image

from inkling.data.digits import load_digits
from inkling.sheet import draw_page, layout
from inkling.sheet.page import DPI
from inkling.sheet.perspective import square_to


@cache
def printed(paper="a4"):
    return np.asarray(Image.open(io.BytesIO(draw_page(paper, "PNG"))))


def filled(places, paper="a4", seed=0):
    """A page (H, W) uint8 with a digit in each of these cells, 12 · row + column, and the images (N, 28, 28) used."""
    rng, page, digits = np.random.default_rng(seed), printed(paper).copy(), load_digits().train
    used = []
    for place in places:
        row, column = divmod(place, layout.CELLS_PER_DIGIT)
        image = digits.images[rng.choice(np.flatnonzero(digits.labels == row))]
        side = round(rng.uniform(9, 13) / 25.4 * DPI)  # of 28 pixels, of which the digit has 20
        written = 255 - 0.8 * np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC))
        box = layout.cell(row, column)
        x, y = position((box.left + box.right) / 2, (box.top + box.bottom) / 2, paper)
        top, left = round(y - side / 2 + rng.uniform(-20, 20)), round(x - side / 2 + rng.uniform(-8, 8))
        window = page[top : top + side, left : left + side]
        np.minimum(window, written.astype(np.uint8), out=window)
        used.append(image)
    return page, np.stack(used)


def position(x, y, paper="a4"):
    """The pixel of a printed page where a point of the layout lies."""
    width, height = layout.PAPERS[paper]
    return (x + (width - layout.WIDTH) / 2) / 25.4 * DPI, (y + (height - layout.HEIGHT) / 2) / 25.4 * DPI


def photograph(page, turn, seed=0, *, size=1400, tilt=0.12, shadow=0.6, noise=6.0):
    """Grey levels (size, size) float32 of a page on a dark table: turned by so many degrees, tilted, half in shadow."""
    rng = np.random.default_rng(seed)
    height, width = page.shape
    scale, angle = 0.72 * size / height, np.deg2rad(turn + rng.uniform(-8, 8))
    cos, sin = np.cos(angle), np.sin(angle)
    corners = np.array([[-width, -height], [width, -height], [width, height], [-width, height]]) * scale / 2
    corners = corners @ [[cos, sin], [-sin, cos]] * rng.uniform(1 - tilt, 1 + tilt, (4, 1)) + size / 2
    back = np.diag([width / 3, height / 3, 1]) @ np.linalg.inv(square_to(corners))  # of the page at a third of its size
    view = Image.fromarray(page).reduce(3)
    data = (back / back[2, 2]).ravel()[:8].tolist()
    picture = view.transform((size, size), Image.Transform.PERSPECTIVE, data, Image.Resampling.BICUBIC, fillcolor=50)
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    light = 1 - shadow / (1 + np.exp(-30 * (x + y * rng.uniform(-1, 1))))
    levels = np.asarray(picture) * light * 0.9 + rng.normal(0, noise, picture.size)
    return levels.clip(0, 255).astype(np.float32)
