"""Data whose classes are not the digits: letters in Pillow's own font, small, with names in several scripts."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from inkling.data import Dataset, Source

ALPHABET = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
ODD_NAMES = (
    "A, the first",
    "Ä",
    "あ",
    ':smile: says "B"',
    "$x$ and $y$",
    "trousers far too long for a column",
)


def letter_images(count, side=16, class_names=ALPHABET, seed=0):
    """A dataset of letters that are moved and dimmed at random; the names stand for A, B, C, …"""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % len(class_names)
    font = ImageFont.load_default(0.7 * side)
    images = np.zeros((count, side, side), np.uint8)
    for image, label in zip(images, labels, strict=True):
        picture = Image.new("L", (side, side))
        place = side / 2 + rng.uniform(-side / 12, side / 12, 2)
        ink = int(rng.integers(150, 256))
        ImageDraw.Draw(picture).text(tuple(place), ALPHABET[label % 26], fill=ink, font=font, anchor="mm")
        image[...] = np.asarray(picture)
    return Dataset(images, labels, "letters", class_names=tuple(class_names))


def letter_source(each=8, side=28):
    """A source with so many images of each of the 26 letters, to train on."""
    return Source.of("letters", letter_images(26 * each, side))
