"""Values, not shapes: layers of rows, loss and initializers against naive loops."""

import math

import numpy as np
import pytest

import reference
from inkling.nn import (
    GELU,
    BatchNorm1d,
    Constant,
    Conv2d,
    DepthwiseConv2d,
    Ensemble,
    Fans,
    KaimingNormal,
    LayerNorm,
    LeakyReLU,
    Linear,
    Network,
    Normal,
    Parameters,
    ReLU,
    Sequential,
    Workspace,
    XavierNormal,
    one_hot,
    softmax,
    softmax_cross_entropy,
)
from inkling.testing import Offset, random_parameters

N, F, O = 5, 4, 3  # noqa: E741  the letters of inkling.nn


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def pass_through(layer, rng):
    """One forward and backward of a layer in float64: x, dy, y, dx, its parameters and its gradient."""
    network = Network(Offset(), layer, input_shape=(F,))
    params = random_parameters(network, rng)
    x, dy = rng.normal(size=(N, F)), rng.normal(size=(N, *network.shapes[-1]))
    workspace = Workspace(network, N, np.float64)
    y = network.forward(params, x, workspace, training=True).copy()
    gradient = Parameters(network.layout, np.full(network.layout.size, np.nan))
    network.backward(params, gradient, dy.copy(), workspace)
    dx = workspace.buffers_for(N)[0][1].dx
    return (x + params[0].bias).tolist(), dy.tolist(), y, dx, params[1], gradient[1]


def test_linear(rng):
    x, dy, y, dx, p, g = pass_through(Linear(O), rng)
    np.testing.assert_allclose(y, reference.linear(x, p.weight.tolist(), p.bias.tolist()), rtol=1e-12)
    expected_dx, dw, db = reference.linear_backward(x, p.weight.tolist(), dy)
    np.testing.assert_allclose(dx, expected_dx, rtol=1e-12)
    np.testing.assert_allclose(g.weight, dw, rtol=1e-12)
    np.testing.assert_allclose(g.bias, db, rtol=1e-12)


def test_ensemble(rng):
    """Each member gets a third of dy, and dx is the sum of what they make of it; a chain is its layers in turn."""
    ensemble = Ensemble(Sequential(Linear(2), Linear(O)), Linear(O), Sequential(LeakyReLU(0.2), Linear(O)))
    x, dy, y, dx, p, g = pass_through(ensemble, rng)
    third = [[d / 3 for d in row] for row in dy]
    weights = [(q.weight.tolist(), q.bias.tolist()) for q in (p[0][0], p[0][1], p[1], p[2][1])]
    hidden, bent = reference.linear(x, *weights[0]), reference.leaky_relu(x, 0.2)
    members = [reference.linear(z, *w) for z, w in zip((hidden, x, bent), weights[1:], strict=True)]
    np.testing.assert_allclose(y, reference.mean_of(members), rtol=1e-12)
    dhidden, dw1, db1 = reference.linear_backward(hidden, weights[1][0], third)
    dx0, dw0, db0 = reference.linear_backward(x, weights[0][0], dhidden)
    dx1, dw2, db2 = reference.linear_backward(x, weights[2][0], third)
    dbent, dw3, db3 = reference.linear_backward(bent, weights[3][0], third)
    dx2 = reference.leaky_relu_backward(x, dbent, 0.2)
    np.testing.assert_allclose(dx, reference.sum_of([dx0, dx1, dx2]), rtol=1e-12, atol=1e-14)
    for views, dw, db in ((g[0][0], dw0, db0), (g[0][1], dw1, db1), (g[1], dw2, db2), (g[2][1], dw3, db3)):
        np.testing.assert_allclose(views.weight, dw, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(views.bias, db, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("layer", "slope"), [(ReLU(), 0.0), (LeakyReLU(), 0.01), (LeakyReLU(0.3), 0.3)], ids=repr)
def test_rectifiers(layer, slope, rng):
    x, dy, y, dx, _, _ = pass_through(layer, rng)
    np.testing.assert_array_equal(y, reference.leaky_relu(x, slope))
    np.testing.assert_array_equal(dx, reference.leaky_relu_backward(x, dy, slope))


def test_gelu(rng):
    x, dy, y, dx, _, _ = pass_through(GELU(), rng)
    np.testing.assert_allclose(y, reference.gelu(x), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(dx, reference.gelu_backward(x, dy), rtol=1e-11, atol=1e-15)


def test_gelu_is_near_x_times_the_normal_distribution_function():
    x = np.linspace(-8.0, 8.0, 2000).reshape(500, F)
    network = Network(Offset(), GELU(), input_shape=(F,))
    y = network.logits(Parameters(network.layout).astype(np.float64), x)
    expected = [v * (1 + math.erf(v / math.sqrt(2))) / 2 for v in x.ravel()]
    np.testing.assert_allclose(y.ravel(), expected, rtol=0, atol=5e-4)


def test_layer_norm(rng):
    x, dy, y, dx, p, g = pass_through(LayerNorm(eps=0.01), rng)
    np.testing.assert_allclose(y, reference.layer_norm(x, p.weight.tolist(), p.bias.tolist(), 0.01), rtol=1e-11)
    expected_dx, dweight, dbias = reference.layer_norm_backward(x, p.weight.tolist(), dy, 0.01)
    np.testing.assert_allclose(dx, expected_dx, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(g.weight, dweight, rtol=1e-11)
    np.testing.assert_allclose(g.bias, dbias, rtol=1e-11)


def test_batch_norm(rng):
    layer = BatchNorm1d(eps=0.01)
    x, dy, y, dx, p, g = pass_through(layer, rng)
    expected, mean, var = reference.batch_norm(x, p.weight.tolist(), p.bias.tolist(), 0.01)
    normal, _, _ = reference.batch_norm(x, [1.0] * F, [0.0] * F, 0.01)
    np.testing.assert_allclose(y, expected, rtol=1e-11)
    np.testing.assert_allclose(dx, reference.batch_norm_backward(x, p.weight.tolist(), dy, 0.01), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(g.weight, (np.array(dy) * normal).sum(axis=0), rtol=1e-11)
    np.testing.assert_allclose(g.bias, np.sum(dy, axis=0), rtol=1e-11)
    np.testing.assert_allclose(g.running_mean, mean, rtol=1e-11)
    np.testing.assert_allclose(g.running_var, np.array(var) * N / (N - 1), rtol=1e-11)


@pytest.mark.parametrize("targets", ["labels", "one-hot", "soft"])
def test_softmax_cross_entropy(targets, rng):
    logits = rng.normal(0, 3, (N, O))
    labels = rng.integers(0, O, N)
    soft = rng.dirichlet(np.ones(O), N) if targets == "soft" else np.eye(O)[labels]
    dlogits = np.full((N, O), np.nan)
    loss = softmax_cross_entropy(logits, labels if targets == "labels" else soft, dlogits)
    expected, gradient = reference.cross_entropy(logits.tolist(), soft.tolist())
    assert loss == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(dlogits, gradient, rtol=1e-11, atol=1e-15)
    np.testing.assert_allclose(softmax(logits), [reference.softmax(row) for row in logits.tolist()], rtol=1e-12)


@pytest.mark.parametrize("targets", ["labels", "soft"])
def test_label_smoothing_is_cross_entropy_with_smoothed_targets(targets, rng):
    """As torch.nn.functional.cross_entropy(label_smoothing=): a tenth of each target is spread over all classes."""
    logits, labels = rng.normal(0, 3, (N, O)), rng.integers(0, O, N)
    soft = rng.dirichlet(np.ones(O), N) if targets == "soft" else np.eye(O)[labels]
    dlogits = np.empty((N, O))
    loss = softmax_cross_entropy(logits, labels if targets == "labels" else soft, dlogits, label_smoothing=0.1)
    expected, gradient = reference.cross_entropy(logits.tolist(), (0.9 * soft + 0.1 / O).tolist())
    assert loss == pytest.approx(expected, rel=1e-6)
    np.testing.assert_allclose(dlogits, gradient, atol=1e-7)


def test_the_loss_of_shards_adds_up_to_that_of_the_batch(rng):
    logits, labels = rng.normal(size=(7, O)), rng.integers(0, O, 7)
    whole, parts = np.empty((7, O)), np.empty((7, O))
    loss = softmax_cross_entropy(logits, labels, whole)
    shards = [softmax_cross_entropy(logits[s], labels[s], parts[s], count=7) for s in (slice(4), slice(4, 7))]
    assert sum(shards) == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(parts, whole, rtol=1e-12)


@pytest.mark.parametrize("targets", ["labels", "soft"])
def test_a_weighted_loss_is_that_of_repeated_rows(targets, rng):
    logits, labels, weights = rng.normal(size=(N, O)), rng.integers(0, O, N), np.arange(N)  # the first counts nothing
    chosen = rng.dirichlet(np.ones(O), N) if targets == "soft" else labels
    dlogits = np.empty((N, O))
    loss = softmax_cross_entropy(logits, chosen, dlogits, weights=weights, count=weights.sum())
    assert loss == pytest.approx(softmax_cross_entropy(logits.repeat(weights, 0), chosen.repeat(weights, 0)), rel=1e-12)
    ε, direction = 1e-6, rng.normal(size=(N, O))
    up, down = (
        softmax_cross_entropy(logits + s * direction, chosen, weights=weights, count=weights.sum()) for s in (ε, -ε)
    )
    assert (dlogits * direction).sum() == pytest.approx((up - down) / (2 * ε), rel=1e-7)
    assert not dlogits[0].any()


def test_the_loss_stands_huge_logits():
    dlogits = np.empty((2, 2), np.float32)
    loss = softmax_cross_entropy(np.array([[1e4, 0], [0, 1e4]], np.float32), np.array([0, 0]), dlogits)
    assert loss == pytest.approx(5e3)
    np.testing.assert_array_equal(dlogits, np.array([[0, 0], [-0.5, 0.5]], np.float32))


def test_one_hot():
    np.testing.assert_array_equal(one_hot(np.array([2, 0]), 3), np.array([[0, 0, 1], [1, 0, 0]], np.float32))


@pytest.mark.parametrize(
    ("init", "mean", "std"),
    [
        (KaimingNormal(), 0.0, np.sqrt(2 / 300)),
        (KaimingNormal(negative_slope=0.5), 0.0, np.sqrt(2 / 1.25 / 300)),
        (XavierNormal(), 0.0, np.sqrt(2 / (300 + 500))),
        (Normal(0.01), 0.0, 0.01),
        (Normal(0.2, mean=1.5), 1.5, 0.2),
        (Constant(0.7), 0.7, 0.0),
    ],
    ids=repr,
)
def test_moments_of_initializers(init, mean, std):
    weight = np.full((300, 500), np.nan, np.float32)
    init.fill(weight, np.random.default_rng(0), Fans(300, 500))
    error = std / np.sqrt(weight.size)  # of a mean; that of a standard deviation is √2 smaller
    assert weight.mean(dtype=np.float64) == pytest.approx(mean, abs=4 * error + 1e-6)
    assert weight.std(dtype=np.float64) == pytest.approx(std, abs=4 * error + 1e-6)


@pytest.mark.parametrize(
    ("make", "channels", "fan_in", "fan_out"),
    [
        (lambda init: Conv2d(32, 3, init=init), 64, 9 * 64, 9 * 32),
        (lambda init: Sequential(Linear(500, init=init)), 0, 300, 500),
        (lambda init: DepthwiseConv2d(3, init=init), 2000, 9, 9),
    ],
    ids=["a kernel: taps times channels", "a matrix: rows and columns", "a depthwise kernel: taps alone"],
)
@pytest.mark.parametrize("init", [KaimingNormal(), XavierNormal()], ids=repr)
def test_a_layer_declares_the_fans_of_its_weight(init, make, channels, fan_in, fan_out):
    """Regression test: fans were guessed from shapes, and a depthwise kernel was taken for one of all channels."""
    network = Network(make(init), input_shape=(3, 3, channels) if channels else (300,))
    params = network.init(np.random.default_rng(0))
    (place,) = (place for place in params.layout.parameters if place.name.endswith("weight"))
    variance = 2 / fan_in if init == KaimingNormal() else 2 / (fan_in + fan_out)
    assert place.view(params.flat).var(dtype=np.float64) == pytest.approx(variance, rel=0.05)
    matrices = [(p.name, p.is_matrix) for p in params.layout.parameters if p.is_matrix]
    assert matrices == ([] if isinstance(network.layers[0], DepthwiseConv2d) else [(place.name, True)])
