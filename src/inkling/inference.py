"""Inference: a trained network made ready to predict, with batch normalisation folded in, on all cores."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from inkling.nn import Network, Parameters, Workspace, fold
from inkling.nn.blocks import block_slices
from inkling.processor import cores, one_blas_thread

PIXEL_SCALE = np.float32(1 / 255)
PIECE = 64  # A thread predicts so many images at a time, or fewer where the network is very large.
MOST_NUMBERS = 2**26  # in the outputs of all layers for the images that a thread predicts at a time; 256 MiB


class Predictor:
    """Logits of images under the parameters as they are now, from any number of threads at once.

    A batch is cut into pieces of PIECE images, and each thread takes the next piece. Training needs processes instead.
    In prediction threads are enough: operations on so many images are long, and NumPy lets other threads run meanwhile.
    Workspaces are kept for the next call.

    Parameters
    ----------
    temperature : the number that the logits are divided by.
    threads : the most threads for one batch, by default one per core.
    """

    def __init__(
        self, network: Network, params: Parameters, temperature: float = 1.0, threads: int | None = None
    ) -> None:
        with np.errstate(all="ignore"):  # `Model` refuses answers that are not finite
            self.network, self.params = fold(network, params)
        self.piece = max(1, min(PIECE, MOST_NUMBERS // self.network.size.numbers))
        self.temperature, self.threads = temperature, threads
        self._free: list[Workspace] = []

    def logits(self, images: np.ndarray) -> np.ndarray:
        """Logits (N, O) float32 of images (N, *input_shape), uint8 0-255 or float 0-1."""
        y = np.empty((len(images), *self.network.shapes[-1]), np.float32)
        pieces = list(block_slices(len(images), self.piece))
        threads = min(self.threads or cores(), len(pieces))
        left = iter(pieces)  # shared by the threads: each takes the next piece

        def work() -> None:
            for piece in left:
                self._predict(images[piece], y[piece])

        if threads < 2:
            work()
            return y
        with one_blas_thread(), ThreadPoolExecutor(threads - 1) as pool:
            helpers = [pool.submit(work) for _ in range(threads - 1)]
            work()
            for helper in helpers:
                helper.result()
        return y

    def _predict(self, images: np.ndarray, y: np.ndarray) -> None:
        try:
            workspace = self._free.pop()
        except IndexError:
            workspace = Workspace(self.network, self.piece, training=False)
        x = images * PIXEL_SCALE if images.dtype == np.uint8 else images.astype(np.float32, copy=False)
        with np.errstate(all="ignore"):
            np.divide(self.network.forward(self.params, x, workspace), self.temperature, out=y)
        self._free.append(workspace)
