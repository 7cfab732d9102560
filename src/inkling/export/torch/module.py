"""The Python file beside a `state_dict`: a module of PyTorch's layers that loads it, and takes images as Model does."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import inkling
from inkling.counterparts import is_channels_first
from inkling.errors import UsageError
from inkling.export.python_text import in_docstring, literal, literals
from inkling.model import Model
from inkling.nn import layers
from inkling.nn.layer import Layer, Shape

# Layers that PyTorch has not got, as classes of the file; those that a network needs are written.
_CLASSES = {
    "Rows": '''
class Rows(nn.Module):
    """Images (N, C, H, W) as rows with the numbers of a pixel side by side, where nn.Flatten has those of a channel."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)
''',
    "Crop": '''
class Crop(nn.Module):
    """The middle of images: `size` rows and columns, from row `top` and column `left`."""

    def __init__(self, size, top, left):
        super().__init__()
        self.rows, self.columns = slice(top, top + size), slice(left, left + size)

    def forward(self, x):
        return x[:, :, self.rows, self.columns]
''',
    "ChannelNorm": '''
class ChannelNorm(nn.LayerNorm):
    """nn.LayerNorm of each pixel of images (N, C, H, W) over its channels."""

    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
''',
    "Residual": '''
class Residual(nn.Sequential):
    """Layers with a shortcut around them."""

    def forward(self, x):
        return x + super().forward(x)
''',
    "Ensemble": '''
class Ensemble(nn.ModuleList):
    """The mean of what several modules make of the same x."""

    def forward(self, x):
        return torch.stack([module(x) for module in self]).mean(dim=0)
''',
}
_FILE = '''\
"""{name}, which Inkling {version} exported for PyTorch. The weights are in {file}, beside this file.

    network = load()                # to predict; network.train() to train it further
    network.predict_proba(images)   # a tensor: whole numbers of 0-255 or fractions of 0-1, bright ink on a dark ground
"""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

CLASS_NAMES = {class_names}
TEMPERATURE = {temperature}
IMAGE_SHAPE = {shape}
{classes}

def pixels(images):
    """A tensor (N, H, W), (N, H, W, 1) or (N, H * W) as float (N, 1, H, W) of 0-1; ValueError for other shapes."""
    height, width = IMAGE_SHAPE
    if tuple(images.shape) == (height, width):
        images = images[None]
    if tuple(images.shape[1:]) not in ((height, width), (height, width, 1), (height * width,)):
        raise ValueError(f"images (N, {{height}}, {{width}}) were expected, not {{tuple(images.shape)}}")
    if images.dtype == torch.bool:
        raise ValueError("whole numbers of 0-255 or fractions of 0-1 were expected as pixels, not torch.bool")
    x = images if images.is_floating_point() else images.float() / 255
    return x.reshape(-1, 1, height, width)


class Network(nn.Sequential):
    def forward(self, images):
        """Logits (N, {logits}){last} of images (N, H, W); not yet divided by TEMPERATURE."""
        return super().forward(pixels(images).to(next(self.parameters()).dtype))

    @torch.no_grad()
    def predict_proba(self, images):
        """Probabilities (N, {k}) of the classes{given}."""
        return torch.softmax(self._divided(images)[:, :{k}], dim=1)
{non_digits}
    def _divided(self, images):
        white = 1 if images.is_floating_point() else 255
        levels = images.double()  # some types have no min
        low, high = (levels.min(), levels.max()) if images.numel() else (0, white)
        if not 0 <= low <= high <= white or (white == 255 and high == 1):
            raise ValueError(
                "whole numbers of 0-255 or fractions of 0-1 were expected as pixels, "
                f"not {{images.dtype}} from {{low}} to {{high}}"
            )
        return self(images) / TEMPERATURE


def load(weights=Path(__file__).with_name({literal})):
    network = Network(
{layers}
    )
    network.load_state_dict(load_file(weights))
    return network.eval()
'''
_NON_DIGITS = '''
    @torch.no_grad()
    def not_a_digit(self, images):
        """Probability (N,) that an image is no digit."""
        return torch.softmax(self._divided(images), dim=1)[:, -1]
'''
Writer = Callable[[Any, Shape, Sequence[Layer]], str]  # of a layer, what it is given, and the layers behind it


def module_text(model: Model, name: str, file: str) -> str:
    """The text of the module; UsageError, which names it, for a layer that is not one of Inkling's."""
    network, known = model.network, model.knows_non_digits
    written = _chain(network.layers, network.input_shape)
    return _FILE.format(
        name=in_docstring(name),
        file=in_docstring(file),
        literal=literal(file),
        version=inkling.__version__,
        shape=network.input_shape[:2],
        class_names=literals(model.class_names),
        temperature=repr(float(model.temperature)),
        classes="".join(f"\n{text}" for kind, text in _CLASSES.items() if f"{kind}(" in written),
        logits=network.shapes[-1][0],
        k=model.n_classes,
        last=", the last for what is no digit," if known else "",
        given=", given that an image is of one" if known else "",
        non_digits=_NON_DIGITS if known else "",
        layers=textwrap.indent(written, 8 * " "),
    )


def _chain(chained: Sequence[Layer], shape: Shape) -> str:
    """A line per layer, with a comma behind it."""
    lines = []
    for i, layer in enumerate(chained):
        lines.append(f"{_layer(layer, shape, chained[i + 1 :])},")
        shape = layer.output_shape(shape)
    return "\n".join(lines)


def _layer(layer: Layer, shape: Shape, behind: Sequence[Layer]) -> str:
    writer = WRITERS.get(type(layer))
    if writer is None:
        raise UsageError(
            f"{layer} cannot be written for PyTorch, which takes the layers of Inkling: {', '.join(layers.__all__)}"
        )
    return writer(layer, shape, behind)


def _call(name: str, *arguments: object, **named: object) -> str:
    """A call; a named argument that is None is left out."""
    given = [f"{key}={value!r}" for key, value in named.items() if value is not None]
    return f"{name}({', '.join([*map(repr, arguments), *given])})"


def _conv2d(layer: layers.Conv2d, shape: Shape, behind: Sequence[Layer]) -> str:
    return _convolution(layer, shape[2], layer.out_channels)


def _depthwise(layer: layers.DepthwiseConv2d, shape: Shape, behind: Sequence[Layer]) -> str:
    return _convolution(layer, shape[2], shape[2], groups=shape[2])


def _convolution(
    layer: layers.Conv2d | layers.DepthwiseConv2d, channels: int, out: int, groups: int | None = None
) -> str:
    stride, padding = layer.stride if layer.stride != 1 else None, layer.padding or None
    bias = None if layer.bias else False
    return _call(
        "nn.Conv2d", channels, out, layer.kernel_size, stride=stride, padding=padding, groups=groups, bias=bias
    )


def _pool(layer: layers.MaxPool2d | layers.AvgPool2d, shape: Shape, behind: Sequence[Layer]) -> str:
    return _call(f"nn.{type(layer).__name__}", layer.kernel_size, stride=layer.stride)


def _batch_norm(layer: Any, shape: Shape, behind: Sequence[Layer]) -> str:
    return _call(f"nn.{type(layer).__name__}", shape[-1], eps=layer.eps, momentum=layer.momentum)


def _layer_norm(layer: layers.LayerNorm, shape: Shape, behind: Sequence[Layer]) -> str:
    return _call("ChannelNorm" if len(shape) == 3 else "nn.LayerNorm", shape[-1], eps=layer.eps)


def _flatten(layer: layers.Flatten, shape: Shape, behind: Sequence[Layer]) -> str:
    return "Rows()" if is_channels_first(behind, shape) is False else "nn.Flatten()"


def _center_crop(layer: layers.CenterCrop, shape: Shape, behind: Sequence[Layer]) -> str:
    return _call("Crop", layer.size, *((length - layer.size) // 2 for length in shape[:2]))


def _composite(name: str) -> Writer:
    def write(layer: layers.Residual | layers.Sequential, shape: Shape, behind: Sequence[Layer]) -> str:
        return f"{name}(\n{textwrap.indent(_chain(layer.layers, shape), '    ')}\n)"

    return write


def _ensemble(layer: layers.Ensemble, shape: Shape, behind: Sequence[Layer]) -> str:
    """A ModuleList takes a list."""
    members = "\n".join(f"{_layer(member, shape, ())}," for member in layer.layers)
    return f"Ensemble([\n{textwrap.indent(members, '    ')}\n])"


WRITERS: Mapping[type[Layer], Writer] = {
    layers.Linear: lambda layer, shape, behind: _call("nn.Linear", shape[0], layer.out_features),
    layers.Conv2d: _conv2d,
    layers.DepthwiseConv2d: _depthwise,
    layers.MaxPool2d: _pool,
    layers.AvgPool2d: _pool,
    layers.GlobalAvgPool: lambda layer, shape, behind: "nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())",
    layers.BatchNorm1d: _batch_norm,
    layers.BatchNorm2d: _batch_norm,
    layers.LayerNorm: _layer_norm,
    layers.ReLU: lambda layer, shape, behind: "nn.ReLU()",
    layers.LeakyReLU: lambda layer, shape, behind: _call("nn.LeakyReLU", layer.negative_slope),
    layers.GELU: lambda layer, shape, behind: 'nn.GELU(approximate="tanh")',
    layers.Dropout: lambda layer, shape, behind: _call("nn.Dropout", layer.p),
    layers.Flatten: _flatten,
    layers.CenterCrop: _center_crop,
    layers.Residual: _composite("Residual"),
    layers.Sequential: _composite("nn.Sequential"),
    layers.Ensemble: _ensemble,
}
