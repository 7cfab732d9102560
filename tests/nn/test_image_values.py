"""Values, not shapes: the layers for images against naive loops, in every geometry that hypothesis thinks of."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reference_images as reference
from inkling.nn import (
    AvgPool2d,
    BatchNorm2d,
    CenterCrop,
    Conv2d,
    DepthwiseConv2d,
    GlobalAvgPool,
    LayerNorm,
    MaxPool2d,
    Network,
    Parameters,
    Workspace,
)
from inkling.testing import Offset, random_parameters

EXACT = {"rtol": 1e-10, "atol": 1e-12}
seeds, numbers, sides = st.integers(0, 2**32), st.integers(1, 3), st.integers(1, 7)


def pass_through(layer, x, rng):
    """One forward and backward of a layer in float64, behind one that hands x on and asks for its gradient."""
    network = Network(Offset(), layer, input_shape=x.shape[1:])
    params = random_parameters(network, rng)
    params[0].bias[...] = 0.0
    workspace, gradient = Workspace(network, len(x), np.float64), Parameters(network.layout).astype(np.float64)
    cache, dlogits = workspace.buffers_for(len(x))[0][1], workspace.buffers_for(len(x))[1]
    for images in (x[::-1] + 1.0, x):  # what is left of other images changes nothing
        y = network.forward(params, images, workspace, training=True).copy()
        dy = rng.normal(size=y.shape)
        cache.dx.fill(np.nan)  # perhaps the array of dlogits
        dlogits[...] = dy
        network.backward(params, gradient, dlogits, workspace)
    return y, dy, cache.dx, params[1], gradient[1]


@st.composite
def convolutions(draw, *out_channels):
    """A convolution and images that it fits, be they smaller than its kernel but for their border."""
    kernel = draw(st.integers(1, 4))
    padding = draw(st.integers(0, kernel - 1))
    layer = (Conv2d if out_channels else DepthwiseConv2d)(
        *(draw(each) for each in out_channels),
        kernel,
        stride=draw(st.integers(1, kernel + 1)),
        padding=padding,
        bias=draw(st.booleans()),
    )
    height, width = (draw(st.integers(max(1, kernel - 2 * padding), 7)) for _ in range(2))
    return layer, np.random.default_rng(draw(seeds)).normal(size=(draw(numbers), height, width, draw(numbers)))


@settings(max_examples=80)
@given(convolutions(st.sampled_from([1, 2, 9])), seeds)  # 9: more than there are places in a small image
def test_convolution(convolution, seed):
    layer, x = convolution
    y, dy, dx, p, g = pass_through(layer, x, np.random.default_rng(seed))
    bias = p.bias if layer.bias else np.zeros(layer.out_channels)
    np.testing.assert_allclose(y, reference.convolution(x, p.weight, bias, layer.stride, layer.padding), **EXACT)
    expected_dx, dw, db = reference.convolution_backward(x, p.weight, dy, layer.stride, layer.padding)
    np.testing.assert_allclose(dx, expected_dx, **EXACT)
    np.testing.assert_allclose(g.weight, dw, **EXACT)
    if layer.bias:
        np.testing.assert_allclose(g.bias, db, **EXACT)


@settings(max_examples=80)
@given(convolutions(), seeds)
def test_depthwise_convolution(convolution, seed):
    layer, x = convolution
    y, dy, dx, p, g = pass_through(layer, x, np.random.default_rng(seed))
    bias = p.bias if layer.bias else np.zeros(x.shape[3])
    np.testing.assert_allclose(y, reference.depthwise(x, p.weight, bias, layer.stride, layer.padding), **EXACT)
    expected_dx, dw = reference.depthwise_backward(x, p.weight, dy, layer.stride, layer.padding)
    np.testing.assert_allclose(dx, expected_dx, **EXACT)
    np.testing.assert_allclose(g.weight, dw, **EXACT)
    if layer.bias:
        np.testing.assert_allclose(g.bias, dy.sum(axis=(0, 1, 2)), **EXACT)


@st.composite
def pools(draw):
    """Kernel, stride (None: that of the kernel), and images of few different numbers, so that some are equal."""
    kernel = draw(st.integers(1, 4))
    shape = (draw(numbers), draw(st.integers(kernel, 9)), draw(st.integers(kernel, 9)), draw(numbers))
    x = np.random.default_rng(draw(seeds)).integers(-2, 3, shape).astype(np.float64)
    return kernel, draw(st.none() | st.integers(1, kernel + 1)), x


@pytest.mark.parametrize(
    ("layer", "one_of_many", "backward"),
    [
        (MaxPool2d, max, reference.max_pool_backward),
        (AvgPool2d, reference.mean, reference.mean_pool_backward),
    ],
)
@settings(max_examples=80)
@given(pool=pools(), seed=seeds)
def test_pooling(layer, one_of_many, backward, pool, seed):
    kernel, stride, x = pool
    y, dy, dx, _, _ = pass_through(layer(kernel, stride), x, np.random.default_rng(seed))
    np.testing.assert_allclose(y, reference.pool(x, kernel, stride or kernel, one_of_many), **EXACT)
    np.testing.assert_allclose(dx, backward(x, dy, kernel, stride or kernel), **EXACT)


def test_global_pooling():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 4, 5, 2))
    y, dy, dx, _, _ = pass_through(GlobalAvgPool(), x, rng)
    np.testing.assert_allclose(y, reference.global_mean(x), **EXACT)
    np.testing.assert_allclose(dx, reference.global_mean_backward(x, dy), **EXACT)


def test_center_crop():
    x = np.arange(30.0).reshape(1, 5, 6, 1)
    y, dy, dx, _, _ = pass_through(CenterCrop(2), x, np.random.default_rng(0))
    np.testing.assert_array_equal(y[0, :, :, 0], [[8, 9], [14, 15]])
    expected = np.zeros((5, 6))
    expected[1:3, 2:4] = dy[0, :, :, 0]
    np.testing.assert_array_equal(dx[0, :, :, 0], expected)


@given(seeds, st.tuples(st.integers(2, 4), sides, sides, numbers))
@settings(max_examples=30)
def test_batch_norm(seed, shape):
    rng = np.random.default_rng(seed)
    x = rng.normal(rng.normal(), 2.0, shape)
    y, dy, dx, p, g = pass_through(BatchNorm2d(eps=0.01), x, rng)
    expected, mean, var = reference.batch_norm(x, p.weight.tolist(), p.bias.tolist(), 0.01)
    normal, _, _ = reference.batch_norm(x, [1.0] * shape[3], [0.0] * shape[3], 0.01)
    n = x.size // shape[3]
    loose = {"rtol": 1e-8, "atol": 1e-9}
    np.testing.assert_allclose(y, expected, **loose)
    np.testing.assert_allclose(dx, reference.batch_norm_backward(x, p.weight.tolist(), dy, 0.01), **loose)
    np.testing.assert_allclose(g.weight, (dy * normal).sum(axis=(0, 1, 2)), **loose)
    np.testing.assert_allclose(g.bias, dy.sum(axis=(0, 1, 2)), **loose)
    np.testing.assert_allclose(g.running_mean, mean, **loose)
    np.testing.assert_allclose(g.running_var, np.array(var) * n / (n - 1), **loose)


@given(seeds, st.tuples(numbers, sides, sides, st.integers(2, 5)))
@settings(max_examples=30)
def test_layer_norm(seed, shape):
    rng = np.random.default_rng(seed)
    x = rng.normal(rng.normal(), 2.0, shape)
    y, dy, dx, p, g = pass_through(LayerNorm(eps=0.01), x, rng)
    expected_dx, dweight, dbias = reference.layer_norm_backward(x, p.weight.tolist(), dy, 0.01)
    loose = {"rtol": 1e-8, "atol": 1e-9}
    np.testing.assert_allclose(y, reference.layer_norm(x, p.weight.tolist(), p.bias.tolist(), 0.01), **loose)
    np.testing.assert_allclose(dx, expected_dx, **loose)
    np.testing.assert_allclose(g.weight, dweight, **loose)
    np.testing.assert_allclose(g.bias, dbias, **loose)


def test_batch_norm_keeps_its_digits_where_the_mean_is_large():
    """Variance as the mean square less the squared mean would be wrong by several percent here."""
    rng = np.random.default_rng(0)
    x, dy = (rng.normal(mean, 1.0, (40, 14, 14, 3)).astype(np.float32) for mean in (1000.0, 0.0))
    found = {}
    for dtype in (np.float32, np.float64):
        network = Network(Offset(), BatchNorm2d(), input_shape=x.shape[1:])
        params, gradient = network.init(rng).astype(dtype), Parameters(network.layout).astype(dtype)
        params[0].bias[...] = 0.0
        workspace = Workspace(network, len(x), dtype)
        y = network.forward(params, x.astype(dtype), workspace, training=True).copy()
        network.backward(params, gradient, dy.astype(dtype), workspace)
        found[dtype] = y, workspace.buffers_for(len(x))[0][1].dx, gradient[1].running_mean, gradient[1].running_var
    for single, double, atol in zip(found[np.float32], found[np.float64], (1e-3, 1e-4, 1e-3, 1e-5), strict=True):
        assert single.dtype == np.float32
        np.testing.assert_allclose(single, double, rtol=0, atol=atol)
