"""Scales of integers: measured on all channels, never cut for scores, and never so small that a bias does not fit."""

import numpy as np
import pytest

from inkling.export.c import export_c, twin
from inkling.export.c.execution import numbers_at_once, pieces
from inkling.export.c.fusion import fuse
from inkling.export.c.layers import program_of
from inkling.export.c.scales import measured
from inkling.export.c.weights import on_grid
from inkling.inference import Predictor
from inkling.nn import Conv2d, Ensemble, Flatten, GlobalAvgPool, Linear, Network, ReLU, Sequential, fold
from page.golden import random_model

IMAGES = np.random.default_rng(0).integers(0, 256, (300, 8, 8), np.uint8)


def changed(network, change):
    model = random_model(network)
    params = model.params.copy()
    change(params.named)
    return type(model)(network, params)


def worst(model, images=IMAGES):
    """The largest error of integer logits, as a share of the largest logit."""
    code = export_c(model, IMAGES, int8=True).code
    expected = Predictor(model.network, model.params).logits(images.reshape(-1, *model.network.input_shape))
    return np.abs(twin.scores(code.integers, images) * code.score_scales - expected).max() / np.abs(expected).max()


def test_a_scale_is_that_of_all_channels_and_not_of_the_first():
    """Every so many numbers, of 8 · 8 · 4 for each image, would be numbers of channel 0 alone."""

    def first_is_small(named):
        named[0]["weight"][..., 0] *= 1e-3
        named[0]["bias"][0] = 0

    model = changed(Network(Conv2d(4, 1), Conv2d(3, 1), Flatten(), Linear(3), input_shape=(8, 8, 1)), first_is_small)
    program = fuse(program_of(*fold(model.network, model.params)))
    images = np.tile(IMAGES, (5, 1, 1))[..., np.newaxis] / np.float32(255)
    y = images[..., 0].reshape(-1, 1) @ model.params.named[0]["weight"].reshape(1, 4) + model.params.named[0]["bias"]
    assert measured(program, images)[1].scale * 127 > 0.9 * np.abs(y).max()


def test_scores_of_members_are_not_cut():
    member = [Sequential(Flatten(), Linear(3)) for _ in range(2)]
    model = changed(Network(Ensemble(*member), input_shape=(8, 8, 1)), lambda named: None)
    program = fuse(program_of(*fold(model.network, model.params)))
    images = IMAGES[..., np.newaxis] / np.float32(255)
    expected = np.abs(Predictor(model.network, model.params).logits(images)).max()
    scale = measured(program, images)[program.result]
    assert scale.scale * 127 == pytest.approx(1.25 * expected, rel=1e-4)


@pytest.mark.parametrize("weight", [0, 1e-9, 1e-42])
def test_a_channel_that_is_nearly_dead_keeps_its_bias(weight):
    def first_is_dead(named):
        named[0]["weight"][..., 0] = weight
        named[0]["bias"][:] = 0.1
        named[-1]["weight"][0] = 1

    network = Network(Conv2d(4, 3), ReLU(), GlobalAvgPool(), Linear(3), input_shape=(8, 8, 1))
    model = changed(network, first_is_dead)
    assert worst(model) < 0.02
    one = on_grid(fuse(program_of(*fold(model.network, model.params))).steps[0], 1 / 255).scales / 255
    assert np.rint(0.1 / one) * one == pytest.approx(0.1, rel=1e-3)


def test_a_layer_of_biases_alone_has_them_in_integers():
    def dead(named):
        named[1]["weight"][:] = 0
        named[1]["bias"][:] = [0.001, 0.002, -0.3]

    assert worst(changed(Network(Flatten(), Linear(3), input_shape=(8, 8, 1)), dead)) < 1e-6


def test_images_come_in_pieces_by_the_largest_windows():
    model = random_model(Network(Conv2d(40, 3), Conv2d(2, 9), Flatten(), Linear(10)))
    program = program_of(*fold(model.network, model.params))
    assert max(map(numbers_at_once, program.steps)) == 18 * 18 * 81 * 40
    found = list(pieces(program, 11))
    assert [each.start for each in found] == list(range(0, 11, 3))
