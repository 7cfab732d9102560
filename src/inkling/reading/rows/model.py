"""The row network: a strip of writing in, and for every four columns of it the probability of each digit or of none.

It is convolutional throughout, so the same kernels read a strip of any width. Its last layer has a logit for each of
the digits 0 to 9, for other ink and, last, for the blank of CTC (docs/ctc.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from inkling.classes import ROW_SYMBOLS
from inkling.errors import DataError, UsageError
from inkling.inference import Predictor
from inkling.ink.strip import STRIP_HEIGHT
from inkling.model import WEIGHTS
from inkling.nn import Network, Parameters, fold, log_softmax, read_network
from inkling.reading.rows.packing import packed, unpacked
from inkling.storage import load_tensors, save_tensors

# Two networks, which learnt rows of other styles: the mean of what they say is right more often than either.
ROWS_FILES = (WEIGHTS / "rows-a.safetensors", WEIGHTS / "rows-b.safetensors")
BORDER = 14  # columns of ground that a strip gets on both sides: kernels without padding see so far beyond a column
COLUMNS = 4  # columns of a strip per column of the answer
BLANK = len(ROW_SYMBOLS)  # the last logit
_FORMAT = 2
_WINDOW = 512  # A wider strip is answered in parts of so many columns, with the same answers, for the sake of memory.
_OVERLAP = 32  # columns beyond a part: nearer ones would see where the part ends
_WIDTH_STEP = 32  # A strip is filled up to a multiple of so many columns, so that few networks are set up.


@dataclass(frozen=True, eq=False)
class RowModel:
    """A row network with its parameters and where they come from.

    Attributes
    ----------
    network : layers for strips (32, W, 1), which end in (1, T, 12).
    params : its parameters.
    metadata : what made it, plain values.
    """

    network: Network
    params: Parameters
    metadata: Mapping[str, Any]

    def __post_init__(self) -> None:
        height, _, channels = self.network.input_shape
        end = self.network.shapes[-1]
        if (height, channels) != (STRIP_HEIGHT, 1) or len(end) != 3 or (end[0], end[2]) != (1, BLANK + 1):
            raise UsageError(
                f"a row network takes strips ({STRIP_HEIGHT}, W, 1) and ends in (1, T, {BLANK + 1}), "
                f"not {self.network.input_shape} and {end}"
            )

    def log_probabilities(self, strips: np.ndarray) -> np.ndarray:
        """For each 4 columns of strips uint8 (N, 32, W): natural logarithms (N, T, 12) of ROW_SYMBOLS and the blank."""
        count, _, width = strips.shape
        padded = -(-width // _WIDTH_STEP) * _WIDTH_STEP
        canvas = np.zeros((count, STRIP_HEIGHT, padded + 2 * BORDER, 1), np.uint8)
        canvas[:, :, BORDER : BORDER + width, 0] = strips
        parts = [self._part(canvas, start) for start in range(0, padded, _WINDOW)]
        return log_softmax(np.concatenate(parts, axis=1)[:, : -(-width // COLUMNS)])

    def _part(self, canvas: np.ndarray, start: int) -> np.ndarray:
        """The logits of up to _WINDOW columns of strips, from `start` on."""
        first = max(0, start - _OVERLAP)
        seen = canvas[:, :, first : start + _WINDOW + _OVERLAP + 2 * BORDER]
        logits = _predictor(self, seen.shape[2]).logits(seen)[:, 0]
        return logits[:, (start - first) // COLUMNS :][:, : _WINDOW // COLUMNS]

    def save(self, path: Path) -> None:
        """Write one safetensors file: batch normalisation folded in, a byte per weight."""
        network, params = fold(self.network, self.params)
        layers = [repr(layer) for layer in network.layers]
        metadata = {**self.metadata, "format": _FORMAT, "rows": layers, "input_shape": list(network.input_shape)}
        save_tensors(path, packed(params), metadata)

    @classmethod
    def load(cls, path: Path) -> RowModel:
        """Read a file that `save` wrote; DataError where it is missing or damaged."""
        tensors, metadata = load_tensors(path)
        try:
            if metadata["format"] != _FORMAT:
                raise ValueError(f"its format is {metadata['format']}, not {_FORMAT}")
            network = read_network(metadata["rows"], tuple(metadata["input_shape"]))
            return cls(network, unpacked(network.layout, tensors), metadata)
        except (KeyError, ValueError) as error:
            raise DataError(f"{path}: no row network that this version of Inkling reads: {error}") from None


@lru_cache(maxsize=16)
def _predictor(model: RowModel, width: int) -> Predictor:
    network = Network(*model.network.layers, input_shape=(STRIP_HEIGHT, width, 1))
    return Predictor(network, model.params, threads=1)


@cache
def row_models() -> tuple[RowModel, ...]:
    """The row networks that come along."""
    return tuple(map(RowModel.load, ROWS_FILES))
