"""`ema` in PyTorch: the average of a module's parameters over the steps, with batch statistics of its own."""

from __future__ import annotations

import copy

import torch
from torch.nn.modules.batchnorm import _BatchNorm


class AveragedModule:
    """`module` has the averaged parameters; the decay and the batch statistics follow inkling.training."""

    def __init__(self, live: torch.nn.Module, decay: float) -> None:
        self.module, self.decay, self.steps = copy.deepcopy(live).eval(), decay, 0
        self.averaged, self.live = list(self.module.parameters()), list(live.parameters())

    @torch.no_grad()
    def ema_update(self) -> None:
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        torch._foreach_lerp_(self.averaged, self.live, 1 - decay)

    @torch.no_grad()
    def reestimate(self, images: torch.Tensor, batch_size: int) -> None:
        """Replace the batch statistics by their mean over batches of the images; dropout stays off."""
        norms = [part for part in self.module.modules() if isinstance(part, _BatchNorm)]
        if not norms:
            return
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None  # PyTorch then keeps a plain mean over the batches
            norm.train()
        for batch in images.split(batch_size):
            self.module(batch)
        self.module.eval()
