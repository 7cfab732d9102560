"""Inkling's Muon in PyTorch, whose own Muon takes matrices only, no convolution kernels, biases or normalisation."""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch

from inkling.optim import Muon
from inkling.optim.muon import NS_A as A
from inkling.optim.muon import NS_B as B
from inkling.optim.muon import NS_C as C


class TorchMuon(torch.optim.Optimizer):
    """Orthogonal directions for all weights but the last layer's, Nesterov momentum for all other parameters."""

    def __init__(self, parameters: Iterable[torch.nn.Parameter], rule: Muon) -> None:
        super().__init__(list(parameters), {"lr": 0.0})
        self.rule = rule
        self.all = self.param_groups[0]["params"]
        self.velocities = [torch.zeros_like(p) for p in self.all]
        self.matrices = [i for i, p in enumerate(self.all) if p.ndim > 1][:-1]

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        lr, gradients = self.param_groups[0]["lr"], [p.grad for p in self.all]
        torch._foreach_mul_(self.velocities, self.rule.momentum)
        torch._foreach_add_(self.velocities, gradients)
        torch._foreach_add_(gradients, self.velocities, alpha=self.rule.momentum)
        factors = [self.rule.other_lr_scale * lr] * len(self.all)
        for i in self.matrices:
            u = gradients[i].flatten(1)  # (O, F)
            gradients[i] = orthogonal(u, self.rule.ns_steps).view_as(gradients[i])
            factors[i] = lr * math.sqrt(max(1, u.shape[0] / u.shape[1]))
        torch._foreach_mul_(gradients, factors)
        if self.rule.weight_decay:
            torch._foreach_mul_([p for p in self.all if p.ndim > 1], 1 - lr * self.rule.weight_decay)
        torch._foreach_sub_(self.all, gradients)


def orthogonal(u: torch.Tensor, steps: int) -> torch.Tensor:
    """`inkling.optim.muon.orthogonal` for u (O, F)."""
    x = u.T if u.shape[0] > u.shape[1] else u
    x = x / x.norm().clamp(min=torch.finfo(u.dtype).tiny)
    for _ in range(steps):
        y = x @ x.T
        x = torch.addmm(x, torch.addmm(y, y, y, beta=B, alpha=C), x, beta=A)
    return x.T if u.shape[0] > u.shape[1] else x
