"""Weights on grids: the nearest levels, scales with little error, and levels that come back out of float32 numbers."""

import numpy as np
import pytest

from inkling.nn import BatchNorm2d, Conv2d, DepthwiseConv2d, Linear, MaxPool2d, Network, ReLU
from inkling.nn.flatten import Flatten
from inkling.nn.folding import fold
from inkling.quantization import BITS, bits_of, largest_level, levels_of, quantized

SHAPES = [(5, 5, 1, 16), (3, 3, 16, 24), (3, 3, 40), (48, 10), (1, 7)]


def weight_of(shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
    """Weights (…, O) of channels whose sizes differ by powers of ten."""
    rng = np.random.default_rng(seed)
    return (rng.standard_normal(shape) * 10.0 ** rng.uniform(-3, 2, shape[-1])).astype(np.float32)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("bits", BITS)
def test_a_quantised_weight_is_exactly_its_levels_times_its_scales(shape, bits):
    weight = weight_of(shape)
    on_grid = quantized(weight, bits)
    levels, scales = levels_of(on_grid, bits)
    assert (on_grid.dtype, on_grid.shape) == (np.float32, shape)
    assert (levels.dtype, scales.dtype, scales.shape) == (np.int8, np.float32, shape[-1:])
    assert np.abs(levels).max() <= largest_level(bits)
    np.testing.assert_array_equal(levels * scales, on_grid)
    assert bits_of(on_grid) <= bits


@pytest.mark.parametrize("bits", BITS)
def test_each_weight_is_on_the_nearest_level(bits):
    weight = weight_of((3, 3, 16, 24))
    on_grid = quantized(weight, bits)
    for channel in range(weight.shape[-1]):
        w, q = weight[..., channel].ravel(), on_grid[..., channel].ravel()
        step = np.diff(np.unique(np.abs(q))).min()
        grid = step * np.arange(-largest_level(bits), largest_level(bits) + 1)
        nearest = np.abs(w[:, None] - grid).min(axis=1)
        np.testing.assert_allclose(np.abs(w - q), nearest, atol=1e-4 * step)


@pytest.mark.parametrize("bits", BITS)
def test_no_simpler_rule_for_the_scale_has_less_error(bits):
    """The rules that were compared: the peak on the largest level, and twice the mean of |w| / √K (LSQ, 2020)."""
    rng = np.random.default_rng(1)
    for weight in (rng.standard_normal((144, 32)), rng.standard_t(4, (144, 32)), rng.uniform(-1, 1, (144, 32))):
        most = largest_level(bits)
        ours = np.square(weight - quantized(weight, bits)).sum()
        magnitude = np.abs(weight)
        for scale in (magnitude.max(axis=0) / most, 2 * magnitude.mean(axis=0) / np.sqrt(most)):
            theirs = np.clip(np.rint(weight / scale), -most, most) * scale
            assert ours < np.square(weight - theirs).sum()


@pytest.mark.parametrize("bits", BITS)
def test_a_weight_on_a_grid_stays_as_it_is(bits):
    on_grid = quantized(weight_of((9, 16, 8)), bits)
    on_grid[0] = levels_of(on_grid, bits)[1] * largest_level(bits)
    np.testing.assert_array_equal(quantized(on_grid, bits), on_grid)


def test_a_channel_of_zeros_stays_zero():
    weight = weight_of((9, 3))
    weight[:, 1] = 0
    levels, scales = levels_of(quantized(weight, 4), 4)
    assert not levels[:, 1].any()
    assert scales[1] == 1
    np.testing.assert_array_equal(levels * scales, quantized(weight, 4))


def test_a_weight_on_no_grid_is_refused_and_has_no_bits():
    weight = weight_of((9, 8))
    assert bits_of(weight) is None
    with pytest.raises(ValueError, match="channel 0 of the weight is on no grid of 8 bits"):
        levels_of(weight, 8)
    assert bits_of(quantized(weight, 5)) == 5
    with pytest.raises(ValueError, match="on no grid of 4 bits"):
        levels_of(quantized(weight, 5), 4)
    with pytest.raises(ValueError, match="2 to 8 bits, not 1"):
        quantized(weight, 1)


@pytest.mark.parametrize("bits", BITS)
def test_folding_batch_normalisations_changes_scales_and_no_level(bits):
    """A factor per channel moves a grid; that of a depthwise convolution, too. A negative one turns the signs."""
    layers = [Conv2d(6, 3, bias=False), BatchNorm2d(), ReLU(), DepthwiseConv2d(3, bias=False), BatchNorm2d(), ReLU()]
    layers += [Conv2d(8, 1), BatchNorm2d(), ReLU(), MaxPool2d(2), Flatten(), Linear(10)]
    network = Network(*layers, input_shape=(10, 10, 1))
    rng = np.random.default_rng(2)
    params = network.init(rng)
    params.statistics[:] = rng.uniform(0.3, 3, params.statistics.size)
    for named in params.named:
        weight = named.get("weight")
        if weight is not None:  # of a normalisation, γ of either sign
            random = rng.uniform(0.2, 2, weight.shape) * rng.choice([-1, 1], weight.shape)
            weight[...] = quantized(weight, bits) if weight.ndim > 1 else random
    _, folded = fold(network, params)
    before, after = (
        [named["weight"] for named in each.named if "weight" in named and named["weight"].ndim > 1]
        for each in (params, folded)
    )
    assert len(before) == len(after) == 4
    for w, v in zip(before, after, strict=True):
        (levels, _), (folded_levels, scales) = levels_of(w, bits), levels_of(v, bits)
        signs = np.sign((w * v).reshape(-1, w.shape[-1]).sum(axis=0)).astype(int)
        np.testing.assert_array_equal(folded_levels, levels * signs)
        np.testing.assert_allclose(folded_levels * scales, v, rtol=1e-6)
