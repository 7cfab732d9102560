"""An optimizer: an immutable rule that moves θ against ∇, with its memory kept outside."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from inkling.errors import UsageError
from inkling.notation import Notated

BLOCK = (
    16_384  # numbers worked on at a time, so that θ, ∇ and moments stay in the L2 cache (benchmarks/mlp_training.py)
)


@dataclass
class OptimizerState:
    """What an optimizer remembers: its moments, vectors as long as θ, and how many steps it made."""

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
    moments: ClassVar[int]

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
    ) -> None:
        """Move the whole of `theta` in place by one step; `gradient` may be overwritten."""
        state.steps += 1
        decayed = len(theta) if decayed is None else decayed
        self.update(theta, gradient, state, lr=lr, decayed=decayed, span=(0, len(theta)))

    def update(
        self,
        theta: np.ndarray,
        gradient: np.ndarray,
        state: OptimizerState,
        *,
        lr: float,
        decayed: int,
        span: tuple[int, int],
    ) -> None:
        """Step number `state.steps` for the numbers in `span` alone: threads share a step by dividing θ."""
        scratch = np.empty(min(BLOCK, span[1] - span[0]), theta.dtype)
        border = decayed if self.weight_decay else 0
        for block in _blocks(*span, border):
            dθ = gradient[block]
            self.move(
                theta[block],
                dθ,
                [moment[block] for moment in state.moments],
                scratch=scratch[: len(dθ)],
                lr=lr,
                decay=self.weight_decay if block.stop <= border else 0.0,
                t=state.steps,
            )

    @abstractmethod
    def move(
        self,
        θ: np.ndarray,
        dθ: np.ndarray,
        moments: Sequence[np.ndarray],
        *,
        scratch: np.ndarray,
        lr: float,
        decay: float,
        t: int,
    ) -> None:
        """One block of step t (the first is 1): move θ in place. dθ and scratch are free to be overwritten."""


def _blocks(start: int, stop: int, border: int) -> Iterator[slice]:
    """Slices of at most BLOCK numbers from start to stop, none across `border`."""
    while start < stop:
        end = min(start + BLOCK, stop)
        if start < border < end:
            end = border
        yield slice(start, end)
        start = end
