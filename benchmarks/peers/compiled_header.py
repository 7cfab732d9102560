"""An exported C header, compiled for this machine and called from Python, image by image, on one thread."""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from inkling.errors import InklingError

FLAGS = ("-std=c99", "-O3", "-march=native", "-shared", "-fPIC")


class CompiledHeader:
    """The function `inkling_predict` of a header. InklingError where gcc is missing or fails."""

    def __init__(self, text: str, classes: int) -> None:
        self.classes = classes
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            (place / "model.h").write_text(text, encoding="ascii")
            (place / "model.c").write_text('#define INKLING_IMPLEMENTATION\n#include "model.h"\n', encoding="ascii")
            command = ["gcc", *FLAGS, "model.c", "-o", "model.so", "-lm"]
            try:
                subprocess.run(command, cwd=place, check=True, capture_output=True)
            except (OSError, subprocess.CalledProcessError) as error:
                raise InklingError(f"gcc is needed to compile an exported header: {error}") from None
            self._predict = ctypes.CDLL(str(place / "model.so")).inkling_predict

    def predict_proba(self, images: np.ndarray) -> np.ndarray:
        """Probabilities (N, K) float32 of images uint8 (N, H, W)."""
        images = np.ascontiguousarray(images)
        probabilities = np.empty((len(images), self.classes), np.float32)
        image, row = images.ctypes.data, probabilities.ctypes.data
        for i in range(len(images)):
            given, wanted = image + i * images[0].nbytes, row + i * probabilities[0].nbytes
            self._predict(ctypes.c_void_p(given), ctypes.c_void_p(wanted))
        return probabilities
