"""An optimizer: an immutable rule that moves θ against ∇, with its memory kept outside."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from inkling.errors import UsageError
from inkling.notation import Notated

# A step works through θ in blocks of so many numbers, so that a block of θ, ∇ and moments stays in the L2 cache.
BLOCK_SIZE = 16_384

Vector = np.ndarray


class Matrix(NamedTuple):
    """Where in θ a matrix of a layer lies, with a row per input and a column per output."""

    start: int
    rows: int
    columns: int

    @property
    def span(self) -> slice:
        return slice(self.start, self.start + self.rows * self.columns)

    def view(self, vector: Vector) -> Vector:
        return vector[self.span].reshape(self.rows, self.columns)


class StepInfo(NamedTuple):
    """What a block needs to know of a step: the learning rate, the weight decay of the block, and the step, from 1."""

    lr: float
    decay: float
    t: int


@dataclass
class OptimizerState:
    """What an optimizer remembers: its moments, vectors as long as θ, and how many steps it has made."""

    moments: tuple[np.ndarray, ...]
    steps: int = 0


@dataclass(frozen=True, repr=False, kw_only=True)
class Optimizer(Notated, ABC):
    """Base of all rules. `weight_decay` applies to the first `decayed` numbers of θ only.

    opt = Adam()
    state = opt.init(theta)
    opt.step(theta, gradient, state, lr=1e-3)        # theta moves in place; the gradient may be consumed
    """

    weight_decay: float = 0.0
    elsewhere: ClassVar[Mapping[str, str]] = {
        "lr": "the learning rate belongs to the schedule, such as ConstantLR(0.1)"
    }
    moments: ClassVar[int]
    elementwise: ClassVar[bool] = True  # Whether each number moves by itself, so that processes can share a step.

    def __post_init__(self) -> None:
        if self.weight_decay < 0:
            raise UsageError(f"{type(self).__name__} needs a weight_decay of at least 0, not {self.weight_decay}")

    def init(self, theta: np.ndarray) -> OptimizerState:
        return OptimizerState(tuple(np.zeros_like(theta) for _ in range(self.moments)))

    def step(
        self,
        theta: np.ndarray,
        gradient: np.ndarray,
        state: OptimizerState,
        *,
        lr: float,
        decayed: int | None = None,
        matrices: Sequence[tuple[int, int, int]] = (),
    ) -> None:
        """Move the whole of `theta` in place by one step; `gradient` may be overwritten.

        `matrices` are start, rows and columns of matrices in θ, as `Network.hidden_matrices` gives them. Rules that are
        `elementwise` ignore them.
        """
        state.steps += 1
        decayed = len(theta) if decayed is None else decayed
        found = [Matrix(*matrix) for matrix in matrices]
        self.update(theta, gradient, state, lr=lr, decayed=decayed, span=(0, len(theta)), matrices=found)

    @abstractmethod
    def update(
        self,
        theta: np.ndarray,
        gradient: np.ndarray,
        state: OptimizerState,
        *,
        lr: float,
        decayed: int,
        span: tuple[int, int],
        matrices: Sequence[Matrix] = (),
    ) -> None:
        """Step number `state.steps` for the numbers in `span` alone: all of θ, unless the rule is `elementwise`."""


@dataclass(frozen=True, repr=False, kw_only=True)
class Elementwise(Optimizer, ABC):
    """A rule that moves each number by itself, from its own gradient and moments."""

    def update(
        self,
        theta: np.ndarray,
        gradient: np.ndarray,
        state: OptimizerState,
        *,
        lr: float,
        decayed: int,
        span: tuple[int, int],
        matrices: Sequence[Matrix] = (),
    ) -> None:
        most = block_size(theta)
        scratch = np.empty_like(theta, shape=(min(most, span[1] - span[0]),))
        border = decayed if self.weight_decay else 0
        for block in update_slices(*span, border, most):
            info = StepInfo(lr, self.weight_decay if block.stop <= border else 0.0, state.steps)
            size = block.stop - block.start
            self.update_block(theta[block], gradient[block], [m[block] for m in state.moments], scratch[:size], info)

    @abstractmethod
    def update_block(self, θ: Vector, dθ: Vector, moments: Sequence[Vector], scratch: Vector, info: StepInfo) -> None:
        """One block of a step: move θ in place. dθ and scratch are free to be overwritten."""


def block_size(theta: Vector) -> int:
    """Numbers of a block: all of θ where it lies on another device than the processor, whose cache blocks are for."""
    return BLOCK_SIZE if isinstance(theta, np.ndarray) else len(theta)


def update_slices(start: int, stop: int, border: int, most: int) -> Iterator[slice]:
    """Slices of at most so many numbers from start to stop, none across `border`."""
    while start < stop:
        end = min(start + most, stop)
        if start < border < end:
            end = border
        yield slice(start, end)
        start = end
