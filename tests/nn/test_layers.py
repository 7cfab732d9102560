"""Every layer keeps the contract, alone and next to every other layer. A new layer is one row of LAYERS."""

import itertools
import tracemalloc

import numpy as np
import pytest

from inkling.errors import UsageError
from inkling.nn import (
    BatchNorm1d,
    Dropout,
    Flatten,
    LeakyReLU,
    Linear,
    Network,
    Parameters,
    ReLU,
    Workspace,
    XavierNormal,
)
from inkling.testing import Offset, check_dtypes, check_gradients, check_layer

LAYERS = [
    Linear(7),
    Linear(5, init=XavierNormal()),
    ReLU(),
    LeakyReLU(0.1),
    Dropout(0.4),
    BatchNorm1d(),
    Flatten(),
]


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_layer_keeps_the_contract(layer):
    check_layer(layer, (9,))


def test_flatten_keeps_the_contract_for_images():
    check_layer(Flatten(), (4, 3, 2))


@pytest.mark.parametrize(("first", "second"), list(itertools.product(LAYERS, LAYERS)), ids=repr)
def test_ordered_pair_keeps_the_contract(first, second):
    """Pairs expose what single layers cannot: in-place work over something that a neighbour still needs."""
    network = Network(Offset(), first, second, Offset(), input_shape=(9,))
    check_gradients(network)
    check_dtypes(network)


@pytest.mark.parametrize("layers", list(itertools.product([ReLU(), Dropout(0.3), LeakyReLU(0.2)], repeat=3)))
def test_chains_of_in_place_layers_keep_the_contract(layers):
    check_gradients(Network(Linear(8), *layers, Linear(3), input_shape=(9,)))


def test_the_gradient_check_notices_a_wrong_gradient():
    class Wrong(ReLU):
        def backward(self, p, g, dy, cache):
            super().backward(p, g, dy * 1.001, cache)

    with pytest.raises(AssertionError, match="backward says"):
        check_layer(Wrong(), (9,))


def test_the_gradient_check_notices_in_place_work_over_a_needed_output():
    class Careless(LeakyReLU):
        reads_output = False  # says its output may be overwritten, and reads it in backward all the same

    with pytest.raises(AssertionError, match="backward says"):
        check_gradients(Network(Offset(), Careless(0.2), Negate(), Offset(), input_shape=(9,)))


class Negate(ReLU):
    """y = −x in place: it destroys the signs that the layer before it may have wanted."""

    reads_output = False

    def forward(self, p, x, cache, *, training, rng):
        return np.negative(x, out=cache.y)

    def backward(self, p, g, dy, cache):
        np.negative(dy, out=cache.dx)


def test_the_dtype_check_notices_float64():
    class Wide(ReLU):
        in_place = False

        def forward(self, p, x, cache, *, training, rng):
            cache.y = np.maximum(x, 0) * np.float64(1.0)
            return cache.y

    with pytest.raises(AssertionError, match="float64"):
        check_dtypes(Network(Offset(), Wide(), input_shape=(9,)))


class Scratchy(ReLU):
    def forward(self, p, x, cache, *, training, rng):
        np.greater(x, 0, out=cache.mask)
        return np.multiply(x, cache.mask, out=cache.y)


class Greedy(ReLU):
    in_place = False

    def forward(self, p, x, cache, *, training, rng):
        return np.maximum(x, 0, out=cache.y if training else x)


class Widening(ReLU):
    def forward(self, p, x, cache, *, training, rng):
        return np.maximum(x, 0, out=cache.y) if training else np.maximum(x, 0, dtype=np.float64)


class Forgetful(Dropout):
    def forward(self, p, x, cache, *, training, rng):
        rng.random()  # without need, and also when predicting
        return super().forward(p, x, cache, training=training, rng=rng)


class Fickle(ReLU):
    def forward(self, p, x, cache, *, training, rng):
        return np.maximum(x, 0 if training else 0.1, out=cache.y)


@pytest.mark.parametrize(
    ("layer", "complaint"),
    [
        (Scratchy(), "predicts with more than p, x and cache.y: .*'mask'"),
        (Forgetful(), "predicts with more than p, x and cache.y: 'NoneType' .*'random'"),
        (Greedy(), "overwrote the caller's images when predicting"),
        (Widening(), "predicts in float64"),
        (Fickle(), "predicts otherwise than it trains"),
    ],
)
def test_the_check_notices_what_is_wrong_only_when_predicting(layer, complaint):
    with pytest.raises(AssertionError, match=complaint):
        check_layer(layer, (9,))


class Idle(BatchNorm1d):
    def observe(self, p, seen):
        """Keeps no statistics, contrary to its word."""


class Descending(BatchNorm1d):
    def observe(self, p, seen):
        super().observe(p, seen)
        p.weight -= 0.1


class Half(BatchNorm1d):
    def backward(self, p, g, dy, cache):
        seen = g.running_var.copy()
        super().backward(p, g, dy, cache)
        g.running_var[...] = seen


class Hasty(BatchNorm1d):
    def backward(self, p, g, dy, cache):
        super().backward(p, g, dy, cache)
        self.observe(p, g)


@pytest.mark.parametrize(
    ("layer", "complaint"),
    [
        (Idle(), "left running_mean as it was, or not finite"),
        (Half(), "left running_var as it was, or not finite"),
        (Descending(), "moved parameters, not only statistics"),
        (Hasty(), "changed what it may only read"),
    ],
)
def test_the_check_notices_statistics_that_go_wrong(layer, complaint):
    with pytest.raises(AssertionError, match=complaint):
        check_layer(layer, (9,))


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_nothing_as_large_as_a_batch_is_allocated(layer):
    """Neither when training nor when predicting; a mask of the batch would be a quarter of its bytes."""
    network = Network(Offset(), layer, Offset(), input_shape=(64,))
    rng = np.random.default_rng(0)
    params, gradient = network.init(rng), Parameters(network.layout)
    x = rng.normal(size=(10_000, 64)).astype(np.float32)
    for training in (False, True):
        workspace = Workspace(network, len(x), training=training)
        _, dlogits = workspace.rows(len(x))
        dlogits.fill(1.0)
        tracemalloc.start()
        network.forward(params, x, workspace, training=training, rng=rng)
        if training:
            network.backward(params, gradient, dlogits, workspace)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < x.nbytes / 8


def test_dropout_is_off_when_predicting():
    network = Network(Linear(50), Dropout(0.5), Linear(10), input_shape=(20,))
    params = network.init(np.random.default_rng(0))
    x = np.random.default_rng(1).random((8, 20), dtype=np.float32)
    without = Network(Linear(50), Linear(10), input_shape=(20,))
    expected = without.logits(Parameters(without.layout, params.flat), x)
    np.testing.assert_array_equal(network.logits(params, x), expected)
    workspace = Workspace(network, 8)
    dropped = network.forward(params, x, workspace, training=True, rng=np.random.default_rng(2))
    assert not np.allclose(dropped, expected)


def test_dropout_silences_the_right_share_and_keeps_the_mean():
    layer = Dropout(0.3)
    network = Network(Offset(), layer, input_shape=(1000,))
    params = Parameters(network.layout)
    y = network.forward(
        params, np.ones((100, 1000), np.float32), Workspace(network, 100), training=True, rng=np.random.default_rng(0)
    )
    assert np.mean(y == 0) == pytest.approx(0.3, abs=0.005)
    assert y.mean() == pytest.approx(1.0, abs=0.01)
    assert set(np.unique(y)) == {0.0, np.float32(1 / 0.7)}


def test_batch_norm_uses_running_statistics_when_predicting():
    network = Network(BatchNorm1d(momentum=0.5), Linear(2), input_shape=(3,))
    params, seen = network.init(np.random.default_rng(0)), Parameters(network.layout)
    x = np.random.default_rng(1).normal(5.0, 2.0, (64, 3)).astype(np.float32)
    workspace = Workspace(network, 64)
    for _ in range(40):
        network.forward(params, x, workspace, training=True)
        network.backward(params, seen, np.ones((64, 2), np.float32), workspace)
        network.observe(params, seen)
    np.testing.assert_allclose(params[0].running_mean, x.mean(axis=0), rtol=1e-4)
    np.testing.assert_allclose(params[0].running_var, x.var(axis=0, ddof=1), rtol=1e-4)
    one_by_one = np.concatenate([network.logits(params, x[i : i + 1]) for i in range(64)])
    np.testing.assert_allclose(one_by_one, network.logits(params, x), rtol=1e-4, atol=1e-5)


def test_batch_norm_refuses_to_train_on_a_single_image():
    network = Network(BatchNorm1d(), Linear(2), input_shape=(3,))
    params, x = network.init(np.random.default_rng(0)), np.ones((2, 3), np.float32)
    workspace = Workspace(network, 2)
    network.forward(params, x, workspace, training=True)
    with pytest.raises(UsageError, match=r"BatchNorm1d\(\) cannot train on a single image"):
        network.forward(params, x[:1], workspace, training=True)
    assert network.forward(params, x[:1], workspace).shape == (1, 2)  # predicting may


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Network(Linear(10)).shapes, "Flatten"),
        (lambda: Network(Flatten(), Linear(0)).shapes, "at least one output"),
        (lambda: Network(Flatten(), Linear(10**20)).shapes, "no more than 16777216"),
        (lambda: Network(Flatten()), "at least one layer with parameters"),
        (lambda: Network(BatchNorm1d(), Linear(3)).shapes, "rows of features"),
        (lambda: Dropout(1.0), "probability"),
        (lambda: LeakyReLU(-1), "negative_slope"),
        (lambda: BatchNorm1d(eps=0.0), "eps above 0"),
        (lambda: BatchNorm1d(momentum=1.5), "momentum"),
    ],
)
def test_impossible_networks_are_refused_in_a_sentence(make, message):
    with pytest.raises(UsageError, match=message):
        make()
