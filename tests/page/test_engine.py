"""The page's engine agrees with NumPy: every activation and every gradient, of every layer beside every other."""

from itertools import product

import numpy as np
import pytest

from export.models import of_images, of_rows
from export.networks import IMAGES, ROWS, TO_ROWS, keeping, names
from inkling.data import load as load_data
from inkling.model import BUNDLED, load
from inkling.nn.layers import __all__ as LAYERS
from page.architectures import drawn
from page.golden import mismatches, random_image, random_model
from page.node import needs_node

pytestmark = needs_node("the page computes what NumPy computes")


def cases(models):
    return [(model, random_image(model, i), i % model.network.shapes[-1][0]) for i, model in enumerate(models)]


def test_every_layer(tmp_path):
    models = [*map(of_rows, ROWS), *(of_images(h, w, c, layer) for layer, h, w, c in IMAGES)]
    seen = {name for model in models for layer in model.network.layers for name in names(layer)}
    assert set(LAYERS) - seen == set()
    assert mismatches(tmp_path, cases(models)) == []


def test_every_ordered_pair_of_rows(tmp_path):
    assert mismatches(tmp_path, cases(of_rows(*pair) for pair in product(ROWS, ROWS))) == []


@pytest.mark.parametrize("channels", [1, pytest.param(2, marks=pytest.mark.thorough)])
def test_every_ordered_pair_of_images(tmp_path, channels):
    """Rows have more features: of two, LayerNorm makes ±1, whose gradient is what rounding leaves of it."""
    models = [of_images(8, 7, channels, *pair) for pair in product(keeping(channels), keeping(channels) + TO_ROWS)]
    models += [of_images(8, 7, channels + 2, *pair) for pair in product(TO_ROWS, ROWS)]
    assert mismatches(tmp_path, cases(models)) == []


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_models_on_paper(tmp_path, name):
    """Digits with noise, as on photographed paper, so that no two pixels see the same and no maximum is a tie."""
    model, digits = load(name), load_data("digits").train
    noise = np.random.default_rng(0).random((6, 28, 28), np.float32)
    images = [*(digits.images[:6] / np.float32(255) * 0.8 + 0.2 * noise), random_image(model)]
    labels = [*map(int, digits.labels[:3]), 0, 1, 2, model.network.shapes[-1][0] - 1]
    assert mismatches(tmp_path, [(model, *case) for case in zip(images, labels, strict=True)]) == []


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_models_on_blank_ground(tmp_path, name):
    """Activations and answers: where the ground is all 0, pools find equal pixels, and rounding decides for one."""
    model, digits = load(name), load_data("digits").train
    cases = [(model, digits.images[i], int(digits.labels[i])) for i in range(8)]
    differing = mismatches(tmp_path, cases)
    assert [line for line in differing if not line.startswith(("dx", "dy", "dp"))] == []


def test_random_architectures(tmp_path):
    networks = drawn(60)
    seen = {name for network in networks for layer in network.layers for name in names(layer)}
    assert set(LAYERS) - seen == set()
    assert len({str(network) for network in networks}) > 40
    models = [random_model(network, seed) for seed, network in enumerate(networks)]
    assert mismatches(tmp_path, cases(models)) == []
