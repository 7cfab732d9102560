"""The checks of `inkling.testing` notice what a layer may do wrong."""

import dataclasses

import numpy as np
import pytest

from inkling.nn import (
    BatchNorm1d,
    Dropout,
    KaimingNormal,
    Layer,
    LeakyReLU,
    Linear,
    MaxPool2d,
    Network,
    ParameterSpec,
    ReLU,
)
from inkling.testing import Offset, check_allocation, check_dtypes, check_layer


def test_the_gradient_check_notices_a_wrong_gradient():
    class Wrong(ReLU):
        def backward(self, p, g, dy, cache):
            super().backward(p, g, dy * 1.001, cache)

    with pytest.raises(AssertionError, match="backward says"):
        check_layer(Wrong(), (9,))


class Careless(LeakyReLU):
    needs_output = False  # says that its output may be overwritten, and reads it in backward all the same


@dataclasses.dataclass(frozen=True, repr=False)
class CarelessTanh(Layer):
    """y = tanh x, dx = dy (1 − y²), without saying that backward reads y."""

    def forward(self, p, x, cache, *, training, rng):
        return np.tanh(x, out=cache.y)

    def backward(self, p, g, dy, cache):
        np.multiply(cache.y, cache.y, out=cache.dx)
        np.subtract(1, cache.dx, out=cache.dx)
        cache.dx *= dy


class Doubling(ReLU):
    """Writes over x without saying so: the layer before may need it."""

    in_place = False

    def forward(self, p, x, cache, *, training, rng):
        if training:
            x *= 2
            return np.maximum(x, 0, out=cache.y)
        return np.maximum(2 * x, 0, out=cache.y)

    def backward(self, p, g, dy, cache):
        super().backward(p, g, dy, cache)
        cache.dx *= 2


@pytest.mark.parametrize(
    ("layer", "remedy"),
    [
        (Careless(0.2), "declare needs_output"),
        (CarelessTanh(), "declare needs_output"),
        (Doubling(), "write into cache.y"),
    ],
    ids=["LeakyReLU", "Tanh", "Doubling"],
)
def test_the_check_notices_what_is_wrong_only_beside_a_layer_that_works_in_place(layer, remedy):
    """Regression test: a Tanh without needs_output passed, and its gradient was wrong before Dropout."""
    with pytest.raises(AssertionError, match=f"only where neighbours share arrays: .*{remedy}.*backward says"):
        check_layer(layer, (9,))


@dataclasses.dataclass(frozen=True, repr=False)
class Norm(Layer):
    """y = (x − mean x) / √(var x + ε) over each row, with an array as large as a batch allocated in one place."""

    allocates_in: str
    needs_output = True

    def forward(self, p, x, cache, *, training, rng):
        centred = np.subtract(x, x.mean(axis=1, keepdims=True), out=cache.y)
        if self.allocates_in == ("forward" if training else "predicting"):
            var = (centred * centred).mean(axis=1, keepdims=True)
        else:
            var = np.einsum("nf,nf->n", centred, centred)[:, np.newaxis] / x.dtype.type(x.shape[1])
        cache.rstd = 1 / np.sqrt(var + x.dtype.type(1e-5))
        return np.multiply(centred, cache.rstd, out=cache.y)

    def backward(self, p, g, dy, cache):
        if self.allocates_in == "backward":
            along = (dy * cache.y).mean(axis=1, keepdims=True)
        else:
            along = np.multiply(dy, cache.y, out=cache.dx).mean(axis=1, keepdims=True)
        mean = dy.mean(axis=1, keepdims=True)
        np.multiply(cache.y, along, out=cache.dx)
        np.subtract(dy, cache.dx, out=cache.dx)
        cache.dx -= mean
        cache.dx *= cache.rstd


@pytest.mark.parametrize("shape", [(9,), (100,)], ids=str)
@pytest.mark.parametrize(
    ("place", "verb"), [("forward", "a training step"), ("backward", "a training step"), ("predicting", "predicting")]
)
def test_the_check_notices_temporaries_as_large_as_a_batch(place, verb, shape):
    """Regression test: a layer normalisation that allocates passed."""
    with pytest.raises(AssertionError, match=f"{verb} of Norm.* allocates .* bytes per image .* declare the arrays"):
        check_layer(Norm(place), shape)


@pytest.mark.parametrize("shape", [(9,), (100,)], ids=str)
def test_the_check_lets_a_number_per_image_pass(shape):
    check_layer(Norm("nowhere"), shape)


def test_the_check_notices_a_mask_of_the_batch():
    class Masking(ReLU):
        def backward(self, p, g, dy, cache):
            np.multiply(dy, cache.y > 0, out=cache.dx)

    with pytest.raises(AssertionError, match="allocates 100 bytes per image"):
        check_allocation(Masking(), (100,))


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


class Centred(ReLU):
    """y = x − mean of the batch, dx = dy − mean of dy: a right gradient, but images change each other."""

    in_place = False
    needs_output = False

    def forward(self, p, x, cache, *, training, rng):
        return np.subtract(x, x.mean(axis=0), out=cache.y)

    def backward(self, p, g, dy, cache):
        np.subtract(dy, dy.mean(axis=0), out=cache.dx)


def test_the_check_notices_a_prediction_that_depends_on_the_other_images():
    with pytest.raises(AssertionError, match="predicts an image otherwise beside other images than alone"):
        check_layer(Centred(), (9,))


class Idle(BatchNorm1d):
    def update_statistics(self, p, seen):
        """Keeps no statistics, contrary to its word."""


class Descending(BatchNorm1d):
    def update_statistics(self, p, seen):
        super().update_statistics(p, seen)
        p.weight -= 0.1


class Half(BatchNorm1d):
    def batch_statistics(self, cache, out):
        seen = out.running_var.copy()
        super().batch_statistics(cache, out)
        out.running_var[...] = seen


class Hasty(BatchNorm1d):
    def backward(self, p, g, dy, cache):
        super().backward(p, g, dy, cache)
        p.running_mean += 0.1


class Late(BatchNorm1d):
    def forward(self, p, x, cache, *, training, rng):
        cache.ready = False
        return super().forward(p, x, cache, training=training, rng=rng)

    def backward(self, p, g, dy, cache):
        cache.ready = True
        super().backward(p, g, dy, cache)

    def batch_statistics(self, cache, out):
        super().batch_statistics(cache, out)
        out.running_mean += cache.ready


@pytest.mark.parametrize(
    ("layer", "complaint"),
    [
        (Idle(), "left running_mean as it was, or not finite"),
        (Half(), "left running_var as it was, or not finite"),
        (Descending(), "moved parameters, not only statistics"),
        (Hasty(), "changed what it may only read"),
        (Late(), "batch statistics of .* depend on its backward pass"),
    ],
)
def test_the_check_notices_statistics_that_go_wrong(layer, complaint):
    with pytest.raises(AssertionError, match=complaint):
        check_layer(layer, (9,))


class Absorbing(ReLU):
    """Says that a scale and shift behind it may move to its front."""

    def passes_affine(self, scale):
        return True


class HalfAbsorbing(Linear):
    def absorb(self, arrays, scale, shift):
        return self, {"weight": arrays["weight"] * scale, "bias": arrays["bias"] + shift}


class Greater(MaxPool2d):
    def passes_affine(self, scale):
        return True  # also where the scale is below 0


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (Absorbing(), (9,)),
        (HalfAbsorbing(4), (9,)),
        (Greater(2), (4, 6, 2)),
    ],
    ids=lambda each: type(each).__name__,
)
def test_the_check_notices_a_layer_that_folds_wrongly(layer, shape):
    with pytest.raises(AssertionError, match="predicts otherwise when it is folded"):
        check_layer(layer, shape)


def test_a_weight_without_fans_is_refused_where_its_initializer_scales_with_them():
    @dataclasses.dataclass(frozen=True, repr=False)
    class Gain(Offset):
        def parameters(self, shape):
            return {"bias": ParameterSpec(shape, KaimingNormal())}

    with pytest.raises(ValueError, match=r"KaimingNormal\(\) scales with fans: the layer must declare them"):
        Network(Gain(), input_shape=(9,)).init(np.random.default_rng(0))
