"""Images as rows of numbers.

images (N, H, W) uint8 holds N images of H rows and W columns; 0 is ground and 255 full ink. Give back an array
(N, H * W) of float32 with a row per image, pixel after pixel, one row of the image behind another, in 0 to 1.
"""

import numpy as np


def to_rows(images: np.ndarray) -> np.ndarray:
    """The images as rows (N, H * W) of float32 in 0 to 1."""
    return images.reshape(len(images), -1).astype(np.float32) / 255
