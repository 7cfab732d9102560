"""Prediction in pieces, from several threads, with scratch that is kept."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from inkling import inference
from inkling.errors import UsageError
from inkling.inference import PIECE, Predictor
from inkling.model import Model
from inkling.nn import BatchNorm2d, Conv2d, Flatten, Linear, MaxPool2d, Network, Parameters, ReLU
from inkling.recipes import load_recipe, recipe_names

NETWORK = Network(Conv2d(4, 5, stride=2, bias=False), MaxPool2d(2), BatchNorm2d(), ReLU(), Flatten(), Linear(10))


@pytest.fixture
def params():
    return NETWORK.init(np.random.default_rng(0))


@pytest.fixture
def images():
    return np.random.default_rng(1).integers(0, 256, (3 * PIECE + 5, 28, 28, 1), dtype=np.uint8)


@pytest.mark.parametrize("count", [0, 1, PIECE, PIECE + 1, 3 * PIECE + 5])
@pytest.mark.parametrize("cores", [1, 2, 5])
def test_any_number_of_images_on_any_number_of_cores(monkeypatch, params, images, count, cores):
    monkeypatch.setattr(inference, "cores", lambda: cores)
    expected = NETWORK.logits(params, images[:count] * np.float32(1 / 255))
    for _ in range(2):  # with fresh scratch, and with that of the call before
        predictor = Predictor(NETWORK, params)
        np.testing.assert_allclose(predictor.logits(images[:count]), expected, rtol=1e-4, atol=1e-5)


def test_a_single_thread_works_through_all_pieces(monkeypatch, params, images):
    """As in a training process, which has no other cores."""
    monkeypatch.setattr(inference, "cores", lambda: 4)
    expected = Predictor(NETWORK, params).logits(images)
    monkeypatch.delattr(inference, "ThreadPoolExecutor")
    np.testing.assert_array_equal(Predictor(NETWORK, params, threads=1).logits(images), expected)


def test_threads_may_share_a_predictor(params, images):
    predictor = Predictor(NETWORK, params)
    expected = predictor.logits(images)
    with ThreadPoolExecutor(4) as pool:
        for logits in pool.map(lambda _: predictor.logits(images), range(12)):
            np.testing.assert_array_equal(logits, expected)


def test_an_error_in_a_thread_reaches_the_caller(monkeypatch, params, images):
    predictor = Predictor(NETWORK, params)
    monkeypatch.setattr(inference, "cores", lambda: 2)
    with pytest.raises(UsageError, match="larger than the images"):
        predictor.logits(images[:, :3])


def test_a_model_does_not_change_when_training_goes_on(params, images):
    model = Model(NETWORK, params)
    params.flat.fill(0.0)
    logits = model.logits(images)
    assert logits.any()
    np.testing.assert_allclose(logits, NETWORK.logits(model.params, images * np.float32(1 / 255)), rtol=1e-4, atol=1e-5)


def test_a_thread_predicts_fewer_images_at_a_time_where_the_network_is_very_large():
    large = Network(Conv2d(32, 3, padding=1), MaxPool2d(64), Flatten(), Linear(10), input_shape=(256, 256, 1))
    params = large.init(np.random.default_rng(0))
    predictor = Predictor(large, params)
    assert 1 < predictor.piece < PIECE
    images = np.random.default_rng(1).integers(0, 256, (predictor.piece + 1, 256, 256, 1), np.uint8)
    expected = large.logits(params, images[-1:] / np.float32(255))
    np.testing.assert_allclose(predictor.logits(images)[-1:], expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", recipe_names())
def test_the_networks_of_the_recipes_predict_a_whole_piece_at_a_time(name):
    network = load_recipe(name).network
    assert Predictor(network, Parameters(network.layout)).piece == PIECE
