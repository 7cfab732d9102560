"""Muon: momentum, made orthogonal for each matrix, so that a step moves all directions of a matrix by as much."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from inkling.errors import UsageError
from inkling.optim import optimizer
from inkling.optim.optimizer import Matrix, Optimizer, OptimizerState, Vector

MOST_NS_STEPS = 20  # Far fewer steps bring every singular value near 1.

# The coefficients of Jordan et al. for Newton and Schulz's iteration. The polynomial a x + b x³ + c x⁵ is steep at 0:
# few steps suffice. In return the singular values end between about 0.68 and 1.14, not at 1.
NS_A = 3.4445
NS_B = -4.7750
NS_C = 2.0315


@dataclass(frozen=True, repr=False, kw_only=True)
class Muon(Optimizer):
    """Nesterov momentum, orthogonalised for the matrices that it is given: those of all layers but the last.

    v ← μ v + ∇,   u = ∇ + μ v
    W ← W − lr √max(1, O / F) orthogonal(u)         weights (F, O); a kernel (K, K, C, O) counts as (K·K·C, O)
    θ ← θ − lr · other_lr_scale · u                 everything else: biases, normalisation, the layer of the logits

    with `weight_decay` λ decoupled as in AdamW: θ ← θ (1 − lr λ) first. Jordan et al. 2024, "Muon: an optimizer for
    hidden layers in neural networks"; they move the rest of θ by another optimizer. A step allocates arrays as large as
    the largest matrix.
    """

    momentum: float = 0.95
    ns_steps: int = 5
    other_lr_scale: float = 1.0
    former_arguments: ClassVar[Mapping[str, str]] = {"others": "other_lr_scale"}
    moments: ClassVar[int] = 1
    elementwise: ClassVar[bool] = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.momentum < 1:
            raise UsageError(f"Muon needs a momentum from 0 to below 1, not {self.momentum}")
        if not 1 <= self.ns_steps <= MOST_NS_STEPS:
            raise UsageError(f"Muon needs ns_steps from 1 to {MOST_NS_STEPS}, not {self.ns_steps}")
        if self.other_lr_scale < 0:
            raise UsageError(f"Muon needs other_lr_scale of at least 0, not {self.other_lr_scale}")

    def update(
        self,
        theta: Vector,
        gradient: Vector,
        state: OptimizerState,
        *,
        lr: float,
        decayed: int,
        span: tuple[int, int],
        matrices: Sequence[Matrix] = (),
    ) -> None:
        (v,) = state.moments
        v *= self.momentum
        v += gradient
        most = optimizer.block_size(theta)
        scratch = np.empty_like(theta, shape=(min(most, len(theta)),))
        for block in optimizer.update_slices(0, len(theta), 0, most):
            gradient[block] += np.multiply(v[block], self.momentum, out=scratch[: block.stop - block.start])
        if self.weight_decay:
            theta[:decayed] *= 1 - lr * self.weight_decay
        end = 0
        for matrix in (*sorted(matrices), Matrix(len(theta), 0, 0)):
            gradient[end : matrix.start] *= self.other_lr_scale * lr
            if matrix.rows:
                u = matrix.view(gradient)
                np.multiply(orthogonal(u, self.ns_steps), lr * math.sqrt(max(1, u.shape[1] / u.shape[0])), out=u)
            end = matrix.span.stop
        theta -= gradient


def orthogonal(u: np.ndarray, steps: int) -> np.ndarray:
    """A matrix with the singular vectors of u (F, O) and singular values near 1, by Newton and Schulz's iteration.

    X ← u / ‖u‖,  then `steps` times  X ← a X + (b Y + c Y²) X  with  Y = X Xᵀ

    Each step applies the odd polynomial a x + b x³ + c x⁵ to the singular values.
    """
    wide = u.T if u.shape[0] > u.shape[1] else u
    x = wide / (np.linalg.norm(wide) + np.finfo(u.dtype).tiny)
    for _ in range(steps):
        y = x @ x.T
        x = (NS_B * y + NS_C * (y @ y)) @ x + NS_A * x
    return x.T if u.shape[0] > u.shape[1] else x
