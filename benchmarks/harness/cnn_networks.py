"""The convolutional networks that the benchmarks train and predict with, each as a recipe."""

from __future__ import annotations

from inkling.nn import BatchNorm2d, Conv2d, Dropout, Flatten, Layer, Linear, MaxPool2d, Network, ReLU
from inkling.optim import SGD, ConstantLR
from inkling.recipes import Recipe


def _conv_norm_relu(out_channels: int, kernel_size: int, stride: int = 1) -> tuple[Layer, ...]:
    return Conv2d(out_channels, kernel_size, stride, bias=False), BatchNorm2d(), ReLU()


def _conv_pool_norm_relu(out_channels: int, kernel_size: int) -> tuple[Layer, ...]:
    """The pool comes before the normalisation, which then has a quarter of the numbers to work on."""
    return Conv2d(out_channels, kernel_size, bias=False), MaxPool2d(2), BatchNorm2d(), ReLU()


NETWORKS = {
    # LeCun et al. 1998, "Gradient-based learning applied to document recognition", with today's activation and pooling
    "lenet-5": Network(
        Conv2d(6, 5, padding=2), ReLU(), MaxPool2d(2), Conv2d(16, 5), ReLU(), MaxPool2d(2),
        Flatten(), Linear(120), ReLU(), Linear(84), ReLU(), Linear(10),
    ),
    "16c5s2-32c3-p-64c3": Network(
        *_conv_norm_relu(16, 5, 2), *_conv_norm_relu(32, 3), MaxPool2d(2), *_conv_norm_relu(64, 3),
        Flatten(), Linear(10),
    ),
    "32c3-32c3-p-64c3-64c3-p": Network(
        *_conv_norm_relu(32, 3), *_conv_pool_norm_relu(32, 3),
        *_conv_norm_relu(64, 3), *_conv_pool_norm_relu(64, 3), Flatten(), Linear(10),
    ),
    # the network of PyTorch's MNIST example (examples/mnist/main.py, 2025), here trained by another optimizer
    "pytorch-example": Network(
        Conv2d(32, 3), ReLU(), Conv2d(64, 3), ReLU(), MaxPool2d(2), Dropout(0.25),
        Flatten(), Linear(128), ReLU(), Dropout(0.5), Linear(10),
    ),
}  # fmt: skip


def recipe(name: str) -> Recipe:
    """Batches of 128 in two shards and the same optimizer for all networks."""
    optimizer = SGD(momentum=0.9, nesterov=True)
    return Recipe(NETWORKS[name], optimizer, ConstantLR(0.02), batch_size=128, shards=2, name=name)
