"""The checks of `inkling.testing` notice what a layer may do wrong."""

import numpy as np
import pytest

from inkling.nn import BatchNorm1d, Dropout, LeakyReLU, Network, ReLU
from inkling.testing import Offset, check_dtypes, check_gradients, check_layer


def test_the_gradient_check_notices_a_wrong_gradient():
    class Wrong(ReLU):
        def backward(self, p, g, dy, cache):
            super().backward(p, g, dy * 1.001, cache)

    with pytest.raises(AssertionError, match="backward says"):
        check_layer(Wrong(), (9,))


def test_the_gradient_check_notices_in_place_work_over_a_needed_output():
    class Careless(LeakyReLU):
        needs_output = False  # says its output may be overwritten, and reads it in backward all the same

    with pytest.raises(AssertionError, match="backward says"):
        check_gradients(Network(Offset(), Careless(0.2), Negate(), Offset(), input_shape=(9,)))


class Negate(ReLU):
    """y = −x in place: it destroys the signs that the layer before it may have wanted."""

    needs_output = False

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
    def update_statistics(self, p, seen):
        """Keeps no statistics, contrary to its word."""


class Descending(BatchNorm1d):
    def update_statistics(self, p, seen):
        super().update_statistics(p, seen)
        p.weight -= 0.1


class Half(BatchNorm1d):
    def backward(self, p, g, dy, cache):
        seen = g.running_var.copy()
        super().backward(p, g, dy, cache)
        g.running_var[...] = seen


class Hasty(BatchNorm1d):
    def backward(self, p, g, dy, cache):
        super().backward(p, g, dy, cache)
        self.update_statistics(p, g)


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
