"""The twin of `ema`: the average of a module's parameters over the steps, with batch statistics of its own."""

from __future__ import annotations

import copy

import torch
from torch.nn.modules.batchnorm import _BatchNorm


class Average:
    """`module` is that of the average; formula and estimate are those of inkling.training."""

    def __init__(self, followed: torch.nn.Module, decay: float) -> None:
        self.module, self.decay, self.steps = copy.deepcopy(followed).eval(), decay, 0
        self.own, self.followed = list(self.module.parameters()), list(followed.parameters())

    @torch.no_grad()
    def fold_in(self) -> None:
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        torch._foreach_lerp_(self.own, self.followed, 1 - decay)

    @torch.no_grad()
    def reestimate(self, images: torch.Tensor, batch_size: int) -> None:
        """Batch statistics anew: their mean over batches of the images; all else stays in evaluation mode."""
        norms = [part for part in self.module.modules() if isinstance(part, _BatchNorm)]
        if not norms:
            return
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None  # a plain mean over what it sees
            norm.train()
        for batch in images.split(batch_size):
            self.module(batch)
        self.module.eval()
