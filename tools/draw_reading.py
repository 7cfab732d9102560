"""Draw the picture of docs/reading.md: what `inkling read --show` makes of embedded digits, and a letter, on paper."""

from pathlib import Path

import numpy as np
from PIL import Image

import inkling
from inkling.data import Dataset, load
from inkling.ink import open_picture
from inkling.reading.show import draw
from inkling.synthesis.alphabet import LETTERS, strokes_of
from inkling.synthesis.pen import write

TARGET = Path(__file__).parent.parent / "docs" / "pictures" / "reading.png"
TEXT = "27R3685"
PITCH = 34  # pixels from one character to the next
ENLARGEMENT = 4  # All is drawn so many times as large.


def main() -> None:
    rng = np.random.default_rng(0)
    digits = load("digits").test
    ink = np.zeros((28 + 24, PITCH * len(TEXT) + 12), np.uint8)
    for place, character in enumerate(TEXT):
        top, left = 12 + rng.integers(-4, 5), 9 + PITCH * place
        ink[top : top + 28, left : left + 28] = shape(character, digits, rng)
    picture = open_picture(on_paper(ink, rng), "note.jpg")
    reading = inkling.read(picture)
    TARGET.write_bytes(draw(picture, reading))
    print(f"{reading.text} in {TARGET}")


def shape(character: str, digits: Dataset, rng: np.random.Generator) -> np.ndarray:
    """An embedded digit of this kind, or a letter by the pen of `inkling.synthesis`: uint8 (28, 28)."""
    if character in LETTERS:
        return write(strokes_of(LETTERS[character]), rng)
    return rng.choice(digits.images[digits.labels == int(character)])


def on_paper(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Blue ink on ruled paper, photographed in uneven light: uint8 (H, W, 3)."""
    large = Image.fromarray(ink).resize(
        (ink.shape[1] * ENLARGEMENT, ink.shape[0] * ENLARGEMENT), Image.Resampling.BICUBIC
    )
    cover = np.asarray(large)[..., None] / 255
    height, width = large.height, large.width
    paper = np.full((height, width, 3), (240, 236, 225), float)
    paper[height // 8 :: height // 4] = 170, 190, 215
    light = np.linspace(1, 0.65, width)[:, None] * np.linspace(1, 0.9, height)[:, None, None]
    levels = (paper * (1 - cover) + np.array([35, 45, 110]) * cover) * light + rng.normal(0, 2, (height, width, 1))
    return np.rint(levels.clip(0, 255)).astype(np.uint8)


if __name__ == "__main__":
    main()
