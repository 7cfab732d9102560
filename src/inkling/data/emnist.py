"""EMNIST's files, which hold each image transposed: they are turned upright.

G. Cohen et al., "EMNIST: an extension of MNIST to handwritten letters" (2017). The IDX files and the CSV tables keep
the order of the MATLAB files, column by column. All of them are called emnist-….
"""

from __future__ import annotations

from pathlib import PurePath

import numpy as np

NOTE = "EMNIST's images are stored transposed: turned upright"


def upright(images: np.ndarray, name: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Images (N, H, W) of the file of this name as they are to be seen, and a note where they were turned."""
    if not PurePath(name).name.lower().startswith("emnist-"):
        return images, ()
    return np.ascontiguousarray(images.swapaxes(1, 2)), (NOTE,)
