"""Examples: what a network learns from, as arrays. Images are one kind; rows of features of any scale are another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inkling.errors import UsageError
from inkling.nn import Loss, Network

if TYPE_CHECKING:
    from inkling.data.dataset import Dataset


@dataclass(frozen=True, eq=False)
class Examples:
    """Inputs with labels, and how much each counts.

    Attributes
    ----------
    inputs : (N, *input_shape) of the network: images uint8, which are divided by 255 as a batch is gathered; or numbers
        float32, which the network is given as they are.
    labels : (N,) int64, classes that count from 0; or (N, L), texts of symbols that count from 0, padded with −1.
    weights : (N,) float32, how much each example counts; None where all count alike. Weights with a mean of 1 leave the
        learning rate what it is without them.
    """

    inputs: np.ndarray
    labels: np.ndarray
    weights: np.ndarray | None = None

    def __post_init__(self) -> None:
        """UsageError where the arrays have another type or another number of rows, or a weight is negative or NaN."""
        if self.inputs.dtype not in (np.uint8, np.float32):
            raise UsageError(f"inputs are images uint8 or numbers float32, not {self.inputs.dtype}")
        count = len(self.inputs)
        if self.labels.ndim not in (1, 2):
            raise UsageError(
                "labels are classes of the shape (N,), or texts of the shape (N, L) padded with -1, not of the shape "
                f"{self.labels.shape}"
            )
        if len(self.labels) != count:
            raise UsageError(f"{count} inputs need as many labels and weights, not {self.labels.shape}")
        if self.weights is not None and self.weights.shape != (count,):
            raise UsageError(f"{count} inputs need as many labels and weights, not {self.weights.shape}")
        if not np.issubdtype(self.labels.dtype, np.integer):
            raise UsageError(f"labels are whole numbers, classes that count from 0, not {self.labels.dtype}")
        if self.weights is not None:
            if self.weights.dtype != np.float32:
                raise UsageError(f"weights are numbers float32, not {self.weights.dtype}")
            if not (np.isfinite(self.weights).all() and (self.weights >= 0).all()):
                raise UsageError("weights are finite and at least 0, but some are not")

    @property
    def mean_weight(self) -> float:
        """The mean of the weights; 1 where there are none."""
        return 1.0 if self.weights is None else float(self.weights.mean(dtype=np.float64))

    def __len__(self) -> int:
        return len(self.inputs)

    @classmethod
    def of(cls, dataset: Dataset, input_shape: tuple[int, ...]) -> Examples:
        """The images of a dataset with labels, in the shape that a network takes."""
        assert dataset.labels is not None, "whoever asks has checked it"
        return cls(dataset.images.reshape(len(dataset), *input_shape), dataset.labels)

    def require_fit(self, network: Network, loss: Loss) -> None:
        """UsageError where there is no example, the network takes other inputs, or the loss other labels."""
        if len(self) == 0:
            raise UsageError("there are no examples to train on")
        if self.inputs.shape[1:] != network.input_shape:
            raise UsageError(f"the network takes {network.input_shape}, but the inputs are {self.inputs.shape[1:]}")
        loss.require_labels(self.labels, network.shapes[-1])
