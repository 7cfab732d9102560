"""A small picture and its encoded bytes, for the tests of everything that opens pictures."""

import io

import numpy as np
from PIL import Image


def levels() -> np.ndarray:
    """Four quarters of different grey, 48 × 16, so that every turn shows; whole blocks of JPEG, which keeps them."""
    return np.kron(np.array([[250, 10], [90, 170]], np.uint8), np.ones((24, 8), np.uint8))


def encoded(image, suffix: str = "png", **options) -> bytes:
    file = io.BytesIO()
    (Image.fromarray(image) if isinstance(image, np.ndarray) else image).save(file, suffix, **options)
    return file.getvalue()
