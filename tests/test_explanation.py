"""explain: the numbers of prediction and the true gradient of its loss, by name, for every kind of network."""

from dataclasses import dataclass

import numpy as np
import pytest

from inkling import ensembles
from inkling.errors import DataError, UsageError
from inkling.explanation import explain
from inkling.model import Model, load
from inkling.nn import (
    GELU,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
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
    Parameters,
    ReLU,
    Residual,
    Sequential,
)
from page.golden import random_image, random_model

STEP = 1e-6
MIXED = Network(
    Conv2d(4, 3, stride=2, padding=1),
    BatchNorm2d(),
    ReLU(),
    Residual(DepthwiseConv2d(3, padding=1, bias=False), GELU(), Dropout(0.3), Conv2d(4, 1)),
    Ensemble(
        Sequential(AvgPool2d(2), Flatten(), Linear(6), BatchNorm1d(), LeakyReLU(0.2)),
        Sequential(MaxPool2d(2), Residual(LayerNorm(), ReLU()), GlobalAvgPool(), Dropout(0.5), Linear(6)),
    ),
    Linear(5),
    input_shape=(10, 9, 1),
)
OF_ROWS = Network(Flatten(), Linear(8), ReLU(), Dropout(0.2), Linear(3), input_shape=(4, 4, 1))


def loss_in_float64(model, flat, x, label):
    """The loss of a prediction by the plain definition, which traces nothing."""
    params = Parameters(model.network.layout, flat, model.params.statistics.astype(np.float64))
    z = model.network.logits(params, x[np.newaxis])[0]
    return np.log(np.exp(z - z.max()).sum()) + z.max() - z[label]


@pytest.mark.parametrize("network", [MIXED, OF_ROWS], ids=["images", "rows"])
def test_gradients_are_those_of_the_loss(network):
    """Along random directions of every parameter and of the pixels."""
    model, rng = random_model(network), np.random.default_rng(5)
    image, flat = random_image(model), model.params.flat.astype(np.float64)
    found, x = explain(model, image, 1), image.astype(np.float64)
    compared = 0
    for place in network.layout.parameters:
        v = np.zeros_like(flat)
        place.view(v)[...] = rng.normal(size=place.shape)
        ahead, behind = (loss_in_float64(model, flat + s * STEP * v, x, 1) for s in (1, -1))
        came = np.vdot(found[f"dp.{place.layer}.{place.name}"].astype(np.float64), place.view(v))
        assert came == pytest.approx((ahead - behind) / (2 * STEP), rel=1e-3, abs=1e-5), place
        compared += 1
    assert compared == len([name for name in found if name.startswith("dp.")])
    v = rng.normal(size=x.shape)
    ahead, behind = (loss_in_float64(model, flat, x + s * STEP * v, 1) for s in (1, -1))
    assert np.vdot(found["dx"], v) == pytest.approx((ahead - behind) / (2 * STEP), rel=1e-3, abs=1e-5)
    assert found["loss"][0] == pytest.approx(loss_in_float64(model, flat, x, 1), rel=1e-5)


@pytest.mark.parametrize("name", ["reader", "tiny"])
def test_answers_are_those_of_the_model(name):
    model, image = load(name), np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    found = explain(model, image, 3)
    np.testing.assert_allclose(found["logits"][:10] / model.temperature, model.logits(image)[0], rtol=1e-4, atol=1e-4)
    answer = model.open_set_proba(image) if model.knows_non_digits else model.predict_proba(image)
    np.testing.assert_allclose(found["probabilities"], answer[0], rtol=1e-3, atol=1e-6)
    np.testing.assert_array_equal(found["logits"], found[f"y.{len(model.network.layers) - 1}"])
    np.testing.assert_array_equal(found["dlogits"], found[f"dy.{len(model.network.layers) - 1}"])
    np.testing.assert_allclose(found["x"][..., 0], image / 255, rtol=1e-6)


def test_every_layer_has_its_tensors_also_inside_others():
    found = explain(random_model(MIXED), random_image(random_model(MIXED)), 0)
    paths = [
        "0",
        "1",
        "2",
        "3",
        "3.0",
        "3.1",
        "3.2",
        "3.3",
        "4",
        "4.0",
        "4.1",
        "4.1.1",
        "4.1.1.0",
        "4.1.1.1",
        "4.1.4",
        "5",
    ]
    for path in paths:
        assert found[f"y.{path}"].shape == found[f"dy.{path}"].shape, path
    assert {name.partition(".")[2] for name in found if name.startswith("y.")} >= set(paths)
    assert found["y.3"].shape == (5, 5, 4)
    assert found["p.4.0.3.running_var"].shape == found["dp.4.0.3.weight"].shape == (6,)
    assert "dp.4.0.3.running_var" not in found
    np.testing.assert_allclose(found["y.3"], found["y.2"] + found["y.3.3"], rtol=1e-6)
    np.testing.assert_allclose(found["y.4"], (found["y.4.0"] + found["y.4.1"]) / 2, rtol=1e-5)
    np.testing.assert_array_equal(found["y.3.2"], found["y.3.1"])  # dropout
    assert all(array.dtype == np.float32 and array.base is None for array in found.values())


def test_the_gradient_of_an_activation_is_that_of_what_follows():
    found = explain(random_model(OF_ROWS), random_image(random_model(OF_ROWS)), 2)
    np.testing.assert_allclose(found["dy.2"], found["p.4.weight"] @ found["dlogits"], rtol=1e-5)
    np.testing.assert_allclose(found["dy.1"], found["dy.2"] * (found["y.1"] > 0), rtol=1e-5)
    np.testing.assert_allclose(found["dp.1.weight"], np.outer(found["y.0"], found["dy.1"]), rtol=1e-5, atol=1e-9)


def test_a_saved_ensemble():
    ensemble = ensembles.ensemble([load("tiny"), load("tiny")])
    image = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    found = explain(ensemble, image, 3)
    np.testing.assert_allclose(
        found["logits"][:10] / ensemble.temperature, ensemble.logits(image)[0], rtol=1e-4, atol=1e-4
    )


@dataclass(frozen=True, repr=False)
class Doubling(Layer):
    """y = 2 x, in place."""

    in_place = True

    def forward(self, p, x, cache, *, training, rng):
        return np.multiply(x, 2, out=cache.y)

    def backward(self, p, g, dy, cache):
        np.multiply(dy, 2, out=cache.dx)


def test_layers_of_users():
    model = random_model(Network(Flatten(), Linear(4), Doubling(), Residual(Doubling()), Linear(3)))
    found = explain(model, random_image(model), 0)
    np.testing.assert_array_equal(found["y.2"], 2 * found["y.1"])
    np.testing.assert_array_equal(found["y.3.0"], 2 * found["y.2"])
    np.testing.assert_array_equal(found["dy.2"], 3 * found["dy.3"])


@dataclass(frozen=True, repr=False)
class Noisy(Doubling):
    """Doubling, with noise in training."""

    in_place = False

    def forward(self, p, x, cache, *, training, rng):
        y = np.multiply(x, 2, out=cache.y)
        if training:
            y += rng.normal(size=y.shape).astype(y.dtype)
        return y


@pytest.mark.parametrize("layer", [Noisy(), Residual(Noisy())], ids=["outside", "inside"])
def test_a_layer_of_a_user_that_draws_in_training_is_refused(layer):
    model = random_model(Network(Flatten(), Linear(4), layer, Linear(3)))
    with pytest.raises(DataError, match="computes otherwise in training than in prediction"):
        explain(model, random_image(model), 0)


def test_the_model_stays_as_it_is():
    model = random_model(MIXED)
    before, image = model.params.copy(), random_image(model)
    explain(model, image, 0)
    np.testing.assert_array_equal(model.params.flat, before.flat)
    np.testing.assert_array_equal(model.params.statistics, before.statistics)
    np.testing.assert_array_equal(image, random_image(model))


@pytest.mark.parametrize("label", [-1, 11, 2.0, "3", None, True, np.int64(11)])
def test_labels_that_are_none(label):
    with pytest.raises(UsageError, match="a whole number from 0 to 10"):
        explain(load("reader"), np.zeros((28, 28), np.uint8), label)


def test_not_a_digit_is_a_label():
    found = explain(load("reader"), np.zeros((28, 28), np.uint8), np.int64(10))
    assert found["dlogits"].argmin() == 10


def test_images_that_are_not_one():
    with pytest.raises(UsageError, match="2 came"):
        explain(load("tiny"), np.zeros((2, 28, 28), np.uint8), 0)
    with pytest.raises(UsageError, match="expected images of shape"):
        explain(load("tiny"), np.zeros((8, 8), np.uint8), 0)


def test_numbers_that_are_not_finite():
    model = random_model(OF_ROWS)
    huge = Parameters(model.network.layout, np.full_like(model.params.flat, 1e30), model.params.statistics)
    with pytest.raises(DataError, match="not finite"):
        explain(Model(model.network, huge, class_names=model.class_names), random_image(model), 0)
