"""Architectures that nobody chose: chains of any layers that fit, drawn by Hypothesis, the same in each run."""

from __future__ import annotations

from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st

from inkling.errors import UsageError
from inkling.nn import (
    GELU,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    CenterCrop,
    Conv2d,
    DepthwiseConv2d,
    Dropout,
    Ensemble,
    Flatten,
    GlobalAvgPool,
    Layer,
    LayerNorm,
    LeakyReLU,
    Linear,
    MaxPool2d,
    Network,
    ReLU,
    Residual,
    Sequential,
)
from inkling.nn.layer import Shape

FEW = st.integers(1, 3)
SLOPES = st.floats(0, 0.9, allow_subnormal=False)
ANYWHERE = [
    st.just(ReLU()),
    st.just(GELU()),
    st.builds(LeakyReLU, SLOPES),
    st.builds(Dropout, SLOPES),
    st.builds(LayerNorm, st.floats(0.01, 1)),  # a smaller ε makes much of what is rounded where all is nearly equal
]
OF_ROWS = [
    *ANYWHERE,
    st.builds(Linear, st.integers(3, 20)),
    st.builds(BatchNorm1d, st.floats(1e-5, 0.1)),
    st.just(Flatten()),
]
OF_IMAGES = [
    *ANYWHERE,
    st.builds(Conv2d, st.integers(3, 9), FEW, stride=FEW, padding=st.integers(0, 2), bias=st.booleans()),
    st.builds(DepthwiseConv2d, FEW, stride=FEW, padding=st.integers(0, 2), bias=st.booleans()),
    st.builds(MaxPool2d, FEW, st.none() | FEW),
    st.builds(AvgPool2d, FEW, st.none() | FEW),
    st.builds(BatchNorm2d, st.floats(1e-5, 0.1)),
    st.builds(CenterCrop, st.integers(3, 9)),
    st.just(GlobalAvgPool()),
    st.just(Flatten()),
]


@st.composite
def chains(draw: st.DrawFn, shape: Shape, most: int, depth: int = 0) -> tuple[list[Layer], Shape]:
    """Up to so many layers for an input of this shape, and the shape of their output."""
    layers: list[Layer] = []
    for _ in range(draw(st.integers(1, most))):
        simple = draw(st.sampled_from(OF_ROWS if len(shape) == 1 else OF_IMAGES))
        layer = draw(simple if depth == 2 or draw(st.integers(0, 3)) else composites(shape, depth + 1))
        try:
            shape = layer.output_shape(shape)
        except UsageError:
            continue  # it does not fit here
        layers.append(layer)
    return layers or [ReLU()], shape


@st.composite
def composites(draw: st.DrawFn, shape: Shape, depth: int) -> Layer:
    """A layer of layers for an input of this shape; a Residual may make another shape and then does not fit."""
    kind = draw(st.sampled_from([Residual, Sequential, Ensemble]))
    layers, after = draw(chains(shape, 3, depth))
    if kind is Sequential:
        return Sequential(*layers)
    if kind is Residual:
        return Residual(*layers, *_back_to(shape, after))
    others, other_after = draw(chains(shape, 3, depth))
    return Ensemble(Sequential(*layers, *_to_row(after)), Sequential(*others, *_to_row(other_after)))


def _back_to(shape: Shape, after: Shape) -> list[Layer]:
    """Layers that make `shape` of `after` where some do."""
    if len(shape) == 1:
        return [*([] if len(after) == 1 else [Flatten()]), Linear(shape[0])]
    return [] if after == shape else [Conv2d(shape[2], 1)] if len(after) == 3 else []


def _to_row(after: Shape) -> list[Layer]:
    return [*([] if len(after) == 1 else [Flatten()]), Linear(5)]


@st.composite
def networks(draw: st.DrawFn) -> Network:
    height, width = draw(st.integers(4, 12)), draw(st.integers(4, 12))
    layers, after = draw(chains((height, width, 3), 7))
    first = Conv2d(3, 3, padding=1)  # LayerNorm needs several channels
    return Network(first, *layers, *_to_row(after)[:-1], Linear(4), input_shape=(height, width, 1))


def drawn(count: int) -> list[Network]:
    """So many networks, the same ones each time."""
    found: list[Network] = []

    @seed(0)
    @settings(max_examples=count, database=None, phases=[Phase.generate])
    @given(networks())
    def collect(network: Network) -> None:
        found.append(network)

    collect()
    return found
