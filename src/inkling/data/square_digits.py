"""Digits of other sizes than 28×28, as tables of 64, 256 or 1,024 pixels have them, are brought to 28×28."""

from __future__ import annotations

import numpy as np

from inkling.data.mnist_form import has_dark_ground
from inkling.ink.normalization import normalize

_WHITE = 255
_FRAME = 2  # Pixels of ground around each image: the ink may reach its border.
_LEAST_SIDE = 32  # pixels; smaller images are enlarged before their ink is measured.
# Enlarging spreads at most this fraction of the level of white over the ground. It is subtracted: otherwise a network
# reads 4 % fewer digits correctly.
_HALO = 0.2


def digits_of_squares(images: np.ndarray) -> np.ndarray:
    """Digits uint8 (N, 28, 28) as MNIST has them, of grey levels uint8 (N, H, W), inverted or not."""
    if has_dark_ground(images).mean() < 0.5:
        images = np.uint8(_WHITE) - images
    return normalized(images, _WHITE, times=max(1, _LEAST_SIDE // images.shape[1]))


def normalized(images: np.ndarray, white: float, times: int) -> np.ndarray:
    """Digits uint8 (N, 28, 28) of bright ink (N, H, W), which is enlarged so many times, and smooth, before."""
    ink = np.clip(enlarge(images, times) - white * _HALO, 0, None)
    return np.stack([normalize(image) for image in ink])


def enlarge(images: np.ndarray, times: int) -> np.ndarray:
    """Bicubic enlargement, float32 (N, H, W) with a frame of ground, all in one picture."""
    from PIL import Image

    padded = np.pad(images, ((0, 0), (_FRAME, _FRAME), (_FRAME, _FRAME))).astype(np.float32)
    count, height, width = padded.shape
    if times == 1:
        return padded
    strip = Image.fromarray(padded.reshape(count * height, width))
    large = strip.resize((width * times, count * height * times), Image.Resampling.BICUBIC)
    return np.asarray(large).reshape(count, height * times, width * times)
