"""A network in torch.nn: the same layers, parameters copied to it and back, and the same optimizer.

Inkling's images are (N, H, W, C) and its kernels (K, K, C, O); PyTorch's are (N, C, H, W) and (O, C, K, K). So Flatten
orders the features of an image differently in PyTorch, and with them the rows of the next layer's weight.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch

from benchmarks.peers.pytorch_muon import TorchMuon
from inkling import nn
from inkling.nn import chain
from inkling.nn.layer import Shape
from inkling.optim import SGD, Adam, AdamW, Muon, Optimizer

OPTIMIZERS = {"default": {}, "foreach": {"foreach": True}, "fused": {"fused": True}}


class CenterCrop(torch.nn.Module):
    """`inkling.nn.CenterCrop` in PyTorch."""

    def __init__(self, size: int, shape: Shape) -> None:
        super().__init__()
        top, left = ((length - size) // 2 for length in shape[:2])
        self.rows, self.columns = slice(top, top + size), slice(left, left + size)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x[:, :, self.rows, self.columns]


class Residual(torch.nn.Module):
    """`inkling.nn.Residual` in PyTorch."""

    def __init__(self, inside: torch.nn.Sequential) -> None:
        super().__init__()
        self.inside = inside

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.inside(x)


class Ensemble(torch.nn.ModuleList):
    """`inkling.nn.Ensemble` in PyTorch."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return sum(module(x) for module in self) / len(self)


def to_torch(network: nn.Network) -> torch.nn.Sequential:
    """The same layers in torch.nn; NotImplementedError names a layer that has no counterpart here."""
    return _chain(network.layers, network.input_shape)


def _chain(layers: Sequence[nn.Layer], shape: Shape) -> torch.nn.Sequential:
    shapes = chain.shapes_of(layers, shape)
    return torch.nn.Sequential(*(_layer(layer, shape) for layer, shape in zip(layers, shapes, strict=False)))


def _layer(layer: nn.Layer, shape: Shape) -> torch.nn.Module:
    match layer:
        case nn.Flatten():
            return torch.nn.Flatten()
        case nn.Linear():
            return torch.nn.Linear(*shape, layer.out_features)
        case nn.Conv2d(out_channels, kernel_size, stride, padding, bias):
            return torch.nn.Conv2d(shape[-1], out_channels, kernel_size, stride, padding, bias=bias)
        case nn.BatchNorm1d():
            return torch.nn.BatchNorm1d(shape[-1], layer.eps, layer.momentum)
        case nn.BatchNorm2d():
            return torch.nn.BatchNorm2d(shape[-1], layer.eps, layer.momentum)
        case nn.ReLU():
            return torch.nn.ReLU(inplace=True)
        case nn.LeakyReLU():
            return torch.nn.LeakyReLU(layer.negative_slope, inplace=True)
        case nn.MaxPool2d():
            return torch.nn.MaxPool2d(layer.kernel_size, layer.stride)
        case nn.AvgPool2d():
            return torch.nn.AvgPool2d(layer.kernel_size, layer.stride)
        case nn.GlobalAvgPool():
            return torch.nn.Sequential(torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten())
        case nn.CenterCrop():
            return CenterCrop(layer.size, shape)
        case nn.Dropout():
            return torch.nn.Dropout(layer.p)
        case nn.Residual() if not isinstance(
            layer.layers[0], nn.ReLU | nn.LeakyReLU
        ):  # in place, it would change the input of the shortcut
            return Residual(_chain(layer.layers, shape))
        case nn.Ensemble() if not any(isinstance(_layers_of(each)[0], nn.ReLU | nn.LeakyReLU) for each in layer.layers):
            return Ensemble(_chain(_layers_of(each), shape) for each in layer.layers)
    raise NotImplementedError(f"no counterpart of {layer}")


def _layers_of(member: nn.Layer) -> Sequence[nn.Layer]:
    """The layers of a member of an Ensemble."""
    return member.layers if isinstance(member, nn.Sequential) else (member,)


def copy_to_torch(network: nn.Network, params: nn.Parameters, module: torch.nn.Sequential) -> None:
    """Copy parameters and statistics into the module."""
    with torch.no_grad():
        for ours, theirs in _pairs(network.layers, network.input_shape, params, module):
            theirs.copy_(torch.from_numpy(ours))


def copy_from_torch(network: nn.Network, module: torch.nn.Sequential) -> nn.Parameters:
    """The parameters and statistics of the module, in Inkling's layout."""
    params = nn.Parameters(network.layout)
    for ours, theirs in _pairs(network.layers, network.input_shape, params, module):
        ours[...] = theirs.detach().numpy()
    return params


def _pairs(
    layers: Sequence[nn.Layer], shape: Shape, p: Any, modules: torch.nn.Sequential, image: Shape | None = None
) -> Iterator[tuple[np.ndarray, torch.Tensor]]:
    """Views of each parameter in both libraries, in the same shape; `image` is the (H, W, C) that Flatten made flat."""
    for i, (layer, module, shape) in enumerate(zip(layers, modules, chain.shapes_of(layers, shape), strict=False)):  # noqa: B020
        match layer:
            case nn.Flatten():
                image = shape if len(shape) == 3 else image
            case nn.Conv2d():
                yield p[i].weight, module.weight.permute(2, 3, 1, 0)
            case nn.Linear(out_features):
                height, width, channels = image or (1, 1, *shape)
                theirs = module.weight.view(out_features, channels, height, width)
                yield p[i].weight.reshape(height, width, channels, out_features), theirs.permute(2, 3, 1, 0)
                image = None
            case nn.BatchNorm1d() | nn.BatchNorm2d():
                for name in ("weight", "running_mean", "running_var"):
                    yield getattr(p[i], name), getattr(module, name)
            case nn.Residual():
                yield from _pairs(layer.layers, shape, p[i], module.inside)
            case nn.Ensemble(members):
                for k, (member, theirs) in enumerate(zip(members, module, strict=True)):
                    views = p[i][k] if isinstance(member, nn.Sequential) else [p[i][k]]
                    yield from _pairs(_layers_of(member), shape, views, theirs, image)
        if getattr(module, "bias", None) is not None:
            yield p[i].bias, module.bias


def optimizer(rule: Optimizer, network: nn.Network, module: torch.nn.Sequential, kind: str) -> torch.optim.Optimizer:
    """The same optimizer in PyTorch, of a kind in OPTIMIZERS; the learning rate is set before every step.

    Weight decay reaches biases too, as PyTorch's users have it: sparing them takes a second group and costs time. In a
    network with batch normalisation only weights decay, as in Inkling: decay would shrink its scales from step 1 on.
    """
    settings: dict[str, Any] = {"weight_decay": rule.weight_decay, **OPTIMIZERS[kind]}
    parameters = list(module.parameters())
    groups: list[dict[str, Any]] = [{"params": parameters}]
    if rule.weight_decay and network.layout.statistics:
        weights, rest = ([p for p in parameters if (p.ndim > 1) is wanted] for wanted in (True, False))
        groups = [{"params": weights}, {"params": rest, "weight_decay": 0.0}]
    match rule:
        case Muon() if not any(
            isinstance(layer, nn.Ensemble) for layer in network.layers
        ):  # each member has a last layer
            return TorchMuon(parameters, rule)
        case SGD():
            return torch.optim.SGD(groups, momentum=rule.momentum, nesterov=rule.nesterov, **settings)
        case Adam():
            kind_of_adam = torch.optim.AdamW if isinstance(rule, AdamW) else torch.optim.Adam
            return kind_of_adam(groups, betas=rule.betas, eps=rule.eps, **settings)
    raise NotImplementedError(f"no counterpart of {rule}")
