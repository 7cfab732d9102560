"""Whole networks against PyTorch, where it is installed: logits, loss, gradients, running statistics, predictions."""

import numpy as np
import pytest

from inkling.nn import (
    GELU,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    DepthwiseConv2d,
    Ensemble,
    Flatten,
    GlobalAvgPool,
    LayerNorm,
    LeakyReLU,
    Linear,
    MaxPool2d,
    Network,
    Parameters,
    ReLU,
    Residual,
    Sequential,
    Workspace,
    softmax_cross_entropy,
)
from inkling.testing import random_parameters
from needs import needs_torch

torch = pytest.importorskip("torch", reason=needs_torch.reason("networks give PyTorch's outputs and gradients"))

N, SHAPE = 9, (9, 8, 2)
AXES = {
    4: (3, 2, 0, 1),
    3: (2, 0, 1),
    2: (1, 0),
    1: (0,),
}  # PyTorch's order of our axes, by how many there are
TAIL = (GlobalAvgPool(), Linear(10))
NETWORKS = {
    "perceptron": (Flatten(), Linear(12), BatchNorm1d(), LeakyReLU(0.1), Linear(8), ReLU(), Linear(10)),
    "convolutions": (Conv2d(4, 3), Conv2d(6, 4, stride=2, padding=1, bias=False), Conv2d(3, 1), *TAIL),
    "stride above kernel": (Conv2d(3, 3, padding=2), Conv2d(5, 2, stride=3), *TAIL),
    "maxima": (Conv2d(4, 3, padding=1), MaxPool2d(3, stride=2), MaxPool2d(2), *TAIL),
    "means": (Conv2d(4, 3, padding=1), AvgPool2d(3, stride=2), AvgPool2d(2, stride=1), *TAIL),
    "channel by channel": (
        *(DepthwiseConv2d(3, padding=1), Conv2d(5, 1), GELU(), DepthwiseConv2d(4, stride=3, padding=2, bias=False)),
        *(Conv2d(6, 1), GELU(), GlobalAvgPool(), Linear(10)),
    ),
    "layer normalisations": (
        *(Conv2d(4, 3), LayerNorm(), ReLU(), Residual(DepthwiseConv2d(3, padding=1), LayerNorm(eps=0.01), GELU())),
        *(Flatten(), LayerNorm(), Linear(12), GELU(), LayerNorm(eps=1e-3), Linear(10)),
    ),
    "side by side": (
        Ensemble(
            Sequential(Conv2d(4, 3), BatchNorm2d(), ReLU(), *TAIL),
            Sequential(Flatten(), Ensemble(Linear(10), Sequential(Linear(8), ReLU(), Linear(10)))),
        ),
    ),
    "everything": (
        *(Conv2d(8, 5, padding=2, bias=False), BatchNorm2d(momentum=0.3), ReLU(), MaxPool2d(2)),
        *(Residual(Conv2d(8, 3, padding=1), BatchNorm2d(), LeakyReLU(0.2), Conv2d(8, 1, bias=False)), ReLU()),
        *(AvgPool2d(2), Flatten(), Linear(16), BatchNorm1d(eps=1e-3), Residual(Linear(16), ReLU()), Linear(10)),
    ),
}


class Rows(torch.nn.Module):
    """Images as rows, in the order of (H, W, C)."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1).flatten(1)


class Pixels(torch.nn.LayerNorm):
    """LayerNorm of each pixel of images (N, C, H, W)."""

    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Shortcut(torch.nn.Module):
    def __init__(self, inside):
        super().__init__()
        self.inside = inside

    def forward(self, x):
        return x + self.inside(x)


class Mean(torch.nn.ModuleList):
    def forward(self, x):
        return torch.stack([module(x) for module in self]).mean(dim=0)


def twin(layer, shape):
    """The same layer in PyTorch, for images (N, C, H, W)."""
    c, nn = shape[-1], torch.nn
    match layer:
        case Linear():
            return nn.Linear(c, layer.out_features)
        case Conv2d(o, k, stride, padding, bias):
            return nn.Conv2d(c, o, k, stride, padding, bias=bias)
        case DepthwiseConv2d(k, stride, padding, bias):
            return nn.Conv2d(c, c, k, stride, padding, groups=c, bias=bias)
        case LayerNorm():
            return (Pixels if len(shape) == 3 else nn.LayerNorm)(c, layer.eps)
        case GELU():
            return nn.GELU(approximate="tanh")
        case BatchNorm1d() | BatchNorm2d():
            return getattr(nn, type(layer).__name__)(c, layer.eps, layer.momentum)
        case MaxPool2d() | AvgPool2d():
            return getattr(nn, type(layer).__name__)(layer.kernel_size, layer.stride)
        case GlobalAvgPool():
            return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        case LeakyReLU():
            return nn.LeakyReLU(layer.negative_slope)
        case Residual():
            return Shortcut(twins(layer.layers, shape))
        case Sequential():
            return twins(layer.layers, shape)
        case Ensemble():
            return Mean(twin(each, shape) for each in layer.layers)
    return {Flatten: Rows, ReLU: nn.ReLU}[type(layer)]()


def twins(layers, shape):
    modules = []
    for layer in layers:
        modules.append(twin(layer, shape))
        shape = layer.output_shape(shape)
    return torch.nn.Sequential(*modules).double()


def shared(layers, views, modules):
    """Each array of each layer as PyTorch lays it out, and the tensor of the twin that corresponds to it."""
    for i, (layer, module) in enumerate(zip(layers, modules, strict=True)):
        if layer.inner:
            yield from shared(layer.inner, views[i], module.inside if isinstance(layer, Residual) else module)
        for name, tensor in [*module.named_parameters(recurse=False), *module.named_buffers(recurse=False)]:
            if name != "num_batches_tracked":
                array = getattr(views[i], name)
                yield array.transpose(AXES[array.ndim]).reshape(tensor.shape), tensor


@pytest.mark.parametrize("layers", NETWORKS.values(), ids=NETWORKS)
def test_a_network_agrees_with_pytorch(layers):
    rng = np.random.default_rng(11)
    network, theirs = Network(*layers, input_shape=SHAPE), twins(layers, SHAPE)
    params, seen = random_parameters(network, rng), Parameters(network.layout).astype(np.float64)
    for array, tensor in shared(layers, params, theirs):
        tensor.data = torch.tensor(array.copy())
    x, labels = rng.normal(size=(N, *SHAPE)), rng.integers(0, 10, N)
    images = torch.tensor(x.transpose(0, 3, 1, 2).copy())
    workspace = Workspace(network, N, np.float64)
    logits, expected = network.forward(params, x, workspace, training=True), theirs(images)
    np.testing.assert_allclose(logits, expected.detach().numpy(), rtol=1e-9, atol=1e-12)
    dlogits = workspace.buffers_for(N)[1]
    loss = softmax_cross_entropy(logits, labels, dlogits)
    expected_loss = torch.nn.functional.cross_entropy(expected, torch.tensor(labels))
    assert loss == pytest.approx(expected_loss.item(), rel=1e-12)
    network.backward(params, seen, dlogits, workspace)
    expected_loss.backward()
    for array, tensor in shared(layers, seen, theirs):
        if tensor.requires_grad:
            np.testing.assert_allclose(array, tensor.grad.numpy(), rtol=1e-8, atol=1e-13)
    network.update_statistics(params, seen)
    for array, tensor in shared(layers, params, theirs):
        np.testing.assert_allclose(array, tensor.detach().numpy(), rtol=1e-12, atol=1e-14)
    predicted = theirs.eval()(images).detach().numpy()
    np.testing.assert_allclose(network.logits(params, x), predicted, rtol=1e-9, atol=1e-12)
