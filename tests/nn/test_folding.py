"""Folding: the same predictions with fewer layers, wherever batch normalisation stands."""

import dataclasses

import numpy as np
import pytest

from inkling.nn import (
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    DepthwiseConv2d,
    Ensemble,
    Flatten,
    GlobalAvgPool,
    LayerNorm,
    Linear,
    MaxPool2d,
    Network,
    ReLU,
    Residual,
    Sequential,
    fold,
)

CHAINS = {
    "behind a convolution without bias": ([Conv2d(4, 3, bias=False), BatchNorm2d(), ReLU()], 0),
    "behind one with bias": ([Conv2d(4, 3), BatchNorm2d()], 0),
    "behind a depthwise convolution": ([DepthwiseConv2d(3), BatchNorm2d()], 0),
    "behind one without bias, and a mean": ([DepthwiseConv2d(3, bias=False), AvgPool2d(2), BatchNorm2d()], 0),
    "behind a layer normalisation": ([Conv2d(4, 3), LayerNorm(), BatchNorm2d()], 0),
    "behind a mean": ([Conv2d(4, 3), AvgPool2d(2), BatchNorm2d()], 0),
    "behind two pools": ([Conv2d(4, 3), MaxPool2d(2), AvgPool2d(2), BatchNorm2d()], 0),
    "behind the mean of all pixels": ([Conv2d(4, 3), GlobalAvgPool(), BatchNorm1d()], 0),
    "behind a maximum": ([Conv2d(4, 3, bias=False), MaxPool2d(2), BatchNorm2d()], 0),
    "behind a linear layer": ([Flatten(), Linear(6), BatchNorm1d(), ReLU()], 0),
    "in front": ([BatchNorm2d(), Conv2d(4, 3)], 1),
    "behind a ReLU": ([Conv2d(4, 3), ReLU(), BatchNorm2d()], 1),
    "twice": ([Conv2d(4, 3), BatchNorm2d(), BatchNorm2d()], 0),
    "inside": ([Residual(Conv2d(2, 3, padding=1), BatchNorm2d(), Residual(Conv2d(2, 1), BatchNorm2d()))], 0),
    "in a row inside": ([Sequential(Conv2d(4, 3), AvgPool2d(2), BatchNorm2d()), ReLU()], 0),
    "side by side": (
        [Ensemble(Sequential(Conv2d(2, 3), BatchNorm2d()), Conv2d(2, 3), Sequential(BatchNorm2d(), Conv2d(2, 3)))],
        1,
    ),
    "behind what is side by side": ([Ensemble(Conv2d(2, 3), Conv2d(2, 3)), BatchNorm2d()], 1),
}


def trained(network, *, falling=False):
    """Parameters as if trained: statistics of their own, and scales of which none is 1."""
    rng = np.random.default_rng(0)
    params = network.init(rng)
    params.flat += rng.normal(0.0, 0.1, params.flat.shape).astype(np.float32)
    params.statistics[...] = rng.uniform(0.5, 2.0, params.statistics.shape)
    for place in params.layout.parameters:
        if falling and isinstance(network.layers[place.layer], BatchNorm2d) and place.name == "weight":
            place.view(params.flat)[0] = -0.7
    return params


def norms(layers):
    return sum(isinstance(layer, BatchNorm1d | BatchNorm2d) + norms(layer.inner) for layer in layers)


@pytest.mark.parametrize(("layers", "left"), CHAINS.values(), ids=CHAINS)
def test_what_is_folded_predicts_the_same(layers, left):
    network = Network(*layers, Flatten(), Linear(3), input_shape=(8, 8, 2))
    params = trained(network)
    x = np.random.default_rng(1).normal(size=(5, 8, 8, 2)).astype(np.float32)
    folded, new = fold(network, params)
    assert norms(folded.layers) == left
    assert new.flat.dtype == np.float32
    np.testing.assert_allclose(folded.logits(new, x), network.logits(params, x), rtol=1e-4, atol=1e-5)


def test_a_falling_factor_stays_behind_a_maximum():
    """−max(x) is not max(−x)."""
    network = Network(Conv2d(4, 3), MaxPool2d(2), BatchNorm2d(), Flatten(), Linear(3), input_shape=(8, 8, 2))
    params = trained(network, falling=True)
    x = np.random.default_rng(1).normal(size=(5, 8, 8, 2)).astype(np.float32)
    folded, new = fold(network, params)
    assert norms(folded.layers) == 1
    np.testing.assert_allclose(folded.logits(new, x), network.logits(params, x), rtol=1e-4, atol=1e-5)


@dataclasses.dataclass(frozen=True, init=False, repr=False)
class ScaledResidual(Residual):
    """y = x + scale · f(x)"""

    scale: float = 1.0

    def __init__(self, *layers, scale=1.0):
        super().__init__(*layers)
        object.__setattr__(self, "scale", scale)

    def forward(self, p, x, cache, *, training, rng):
        y = super().forward(p, x, cache, training=training, rng=rng)
        y -= x
        y *= self.scale
        y += x
        return y


def test_a_composite_keeps_its_settings_when_it_is_folded():
    """Regression test: it was made anew from its layers alone, with the scale of the default."""
    inside = ScaledResidual(Conv2d(2, 3, padding=1), BatchNorm2d(), scale=0.25)
    network = Network(inside, Flatten(), Linear(3), input_shape=(8, 8, 2))
    params = trained(network)
    x = np.random.default_rng(1).normal(size=(5, 8, 8, 2)).astype(np.float32)
    folded, new = fold(network, params)
    assert norms(folded.layers) == 0
    assert folded.layers[0].scale == 0.25
    np.testing.assert_allclose(folded.logits(new, x), network.logits(params, x), rtol=1e-4, atol=1e-5)


def test_folding_copies():
    network = Network(Flatten(), Linear(3), input_shape=(2, 2, 1))
    params = network.init(np.random.default_rng(0))
    _, new = fold(network, params)
    params.flat.fill(0)
    assert new.flat.any()
