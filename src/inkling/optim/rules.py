"""The rules: SGD, RMSprop, Adam and AdamW, each a few vector operations in the order of its equations.

Weight decay of SGD, RMSprop and Adam is the L2 term λθ added to the gradient; AdamW's is decoupled.
Where a sum without the factor (1 − β) saves a pass over the vector, the moments are kept so, and the docstring says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from inkling.errors import UsageError
from inkling.optim.optimizer import Elementwise, StepInfo, Vector


def _add_l2(θ: Vector, dθ: Vector, decay: float, scratch: Vector) -> None:
    if decay:
        dθ += np.multiply(θ, decay, out=scratch)


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise UsageError(message)


@dataclass(frozen=True, repr=False, kw_only=True)
class SGD(Elementwise):
    """Stochastic gradient descent, with heavy-ball or Nesterov momentum μ.

    v ← μ v + ∇
    θ ← θ − lr · v            (Nesterov: θ ← θ − lr · (∇ + μ v))

    As in PyTorch, the learning rate stands outside the velocity. Sutskever et al. 2013, "On the importance of
    initialization and momentum in deep learning", has it inside.
    """

    momentum: float = 0.0
    nesterov: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        _require(0 <= self.momentum < 1, f"SGD needs a momentum from 0 to below 1, not {self.momentum}")
        _require(self.momentum > 0 or not self.nesterov, "SGD(nesterov=True) needs a momentum above 0")

    @property
    def moments(self) -> int:  # type: ignore[override]
        return 1 if self.momentum else 0

    def update_block(self, θ: Vector, dθ: Vector, moments: Sequence[Vector], scratch: Vector, info: StepInfo) -> None:
        _add_l2(θ, dθ, info.decay, scratch)
        if self.momentum:
            (v,) = moments
            v *= self.momentum
            v += dθ
            if self.nesterov:
                dθ += np.multiply(v, self.momentum, out=scratch)
            else:
                dθ = v
        θ -= np.multiply(dθ, info.lr, out=scratch)


@dataclass(frozen=True, repr=False, kw_only=True)
class RMSprop(Elementwise):
    """The gradient, divided by its running root mean square.

    v ← α v + (1 − α) ∇²
    θ ← θ − lr · ∇ / (√v + ε)

    Tieleman and Hinton 2012, lecture 6.5 of "Neural networks for machine learning"; ε outside the root, as in PyTorch.
    """

    alpha: float = 0.99
    eps: float = 1e-8
    moments: ClassVar[int] = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        _require(0 <= self.alpha < 1, f"RMSprop needs an alpha from 0 to below 1, not {self.alpha}")
        _require(self.eps > 0, f"RMSprop needs an eps above 0, not {self.eps}")

    def update_block(self, θ: Vector, dθ: Vector, moments: Sequence[Vector], scratch: Vector, info: StepInfo) -> None:
        _add_l2(θ, dθ, info.decay, scratch)
        (v,) = moments
        np.multiply(dθ, dθ, out=scratch)
        scratch *= 1 - self.alpha
        v *= self.alpha
        v += scratch
        np.sqrt(v, out=scratch)
        scratch += self.eps
        np.divide(dθ, scratch, out=scratch)
        scratch *= info.lr
        θ -= scratch


@dataclass(frozen=True, repr=False, kw_only=True)
class Adam(Elementwise):
    """Adaptive moments.

    m ← β₁ m + (1 − β₁) ∇            m̂ = m / (1 − β₁ᵗ)
    v ← β₂ v + (1 − β₂) ∇²           v̂ = v / (1 − β₂ᵗ)
    θ ← θ − lr · m̂ / (√v̂ + ε)

    Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1. The moments are kept as
    M = m / (1 − β₁) and V = v / (1 − β₂), which saves two passes. Then m̂ / (√v̂ + ε) = s M / (√V + ε′) with
    c₁ = (1 − β₁) / (1 − β₁ᵗ),  c₂ = √((1 − β₂) / (1 − β₂ᵗ)),  s = c₁ / c₂,  ε′ = ε / c₂.
    """

    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    moments: ClassVar[int] = 2

    def __post_init__(self) -> None:
        super().__post_init__()
        _require(all(0 <= β < 1 for β in self.betas), f"Adam needs betas from 0 to below 1, not {self.betas}")
        _require(self.eps > 0, f"Adam needs an eps above 0, not {self.eps}")

    def update_block(self, θ: Vector, dθ: Vector, moments: Sequence[Vector], scratch: Vector, info: StepInfo) -> None:
        _add_l2(θ, dθ, info.decay, scratch)
        β1, β2 = self.betas
        c1 = (1 - β1) / (1 - β1**info.t)
        c2 = math.sqrt((1 - β2) / (1 - β2**info.t))
        M, V = moments
        M *= β1
        M += dθ
        V *= β2
        V += np.multiply(dθ, dθ, out=dθ)
        np.sqrt(V, out=scratch)
        scratch += self.eps / c2
        np.divide(M, scratch, out=scratch)
        scratch *= info.lr * c1 / c2
        θ -= scratch


@dataclass(frozen=True, repr=False, kw_only=True)
class AdamW(Adam):
    """Adam with decoupled weight decay: θ ← θ − lr λ θ before the step, the gradient left alone.

    Loshchilov and Hutter 2019, "Decoupled weight decay regularization", algorithm 2; scaled by lr as in PyTorch.
    """

    weight_decay: float = 0.01

    def update_block(self, θ: Vector, dθ: Vector, moments: Sequence[Vector], scratch: Vector, info: StepInfo) -> None:
        if info.decay:
            θ *= 1 - info.lr * info.decay
        super().update_block(θ, dθ, moments, scratch, info._replace(decay=0.0))
