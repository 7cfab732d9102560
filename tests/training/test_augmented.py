"""Augmentation in training: which images are changed, how, by which randomness, and at what cost in memory."""

import dataclasses
import itertools
import tracemalloc

import numpy as np
import pytest

from inkling.augmentation import Augmenter, Elastic, Erasing, Rotation, Shift, Thickness
from inkling.inference import PIXEL_SCALE
from inkling.nn import Flatten, Linear, Network
from inkling.optim import SGD, ConstantLR
from inkling.recipes import Recipe
from inkling.rng import Purpose, make_rng
from inkling.training import TrainingState, train
from lively import Spy, digits

AUGMENT = (Rotation(15), Elastic(20, sigma=8), Thickness(0.4), Erasing(p=0.3))


def recipe(**settings):
    defaults = {"batch_size": 30, "epochs": 2, "shards": 2, "seed": 3, "augment": AUGMENT}
    return Recipe(Network(Spy(), Linear(10)), SGD(), ConstantLR(0.1), **defaults | settings)


def shown(plan, data):
    """Images of every shard, in order of time, as the network got them."""
    seen = []
    Spy.watch = lambda x: seen.append(x.copy())
    list(train(plan, data, workers=1))
    return seen


def test_the_network_is_shown_what_the_augmenter_makes_of_each_shard():
    """Rows by the stream of shuffling, changes by that of augmentation, which goes on from batch to batch."""
    plan, data = recipe(), digits()[:90]
    seen, augmenter = iter(shown(plan, data)), Augmenter(AUGMENT)
    for epoch in range(2):
        order = make_rng(plan.seed, Purpose.SHUFFLE, epoch).permutation(90)
        generators = [make_rng(plan.seed, Purpose.AUGMENT, epoch, shard) for shard in range(2)]
        for batch, shard in itertools.product(range(3), range(2)):
            start = 30 * batch + 15 * shard
            expected = data.images[order[start : start + 15], ..., None] * PIXEL_SCALE
            augmenter(expected, generators[shard])
            np.testing.assert_array_equal(next(seen), expected)
    assert next(seen, None) is None


def test_an_image_is_changed_anew_each_time():
    full = recipe(batch_size="full", shards=1)
    first, second = shown(full, digits()[:50])
    other, _ = shown(dataclasses.replace(full, seed=4), digits()[:50])
    for one, two in itertools.combinations((first, second, other), 2):
        assert (np.abs(one - two).max(axis=(1, 2, 3)) > 0.1).all()


def test_without_augmentation_images_are_shown_as_they_are():
    (x,) = shown(recipe(batch_size="full", shards=1, epochs=1, augment=()), digits()[:50])
    np.testing.assert_array_equal(x, digits().images[:50, ..., None] * PIXEL_SCALE)


def test_what_is_measured_is_never_changed():
    network = Network(Flatten(), Linear(10))
    plans = [
        Recipe(network, SGD(), ConstantLR(1e-12), epochs=1, augment=augment) for augment in ((), (Shift(20), Erasing()))
    ]
    plain, augmented = (next(train(plan, digits(), digits()[:300])) for plan in plans)
    assert augmented.validation_loss == pytest.approx(plain.validation_loss, rel=1e-6)
    assert augmented.training_loss != pytest.approx(plain.training_loss, rel=1e-3)


def test_augmentation_draws_from_a_stream_of_its_own():
    """Whether images are changed decides no other randomness: with changes of nothing, all bits are the same."""
    plans = recipe(augment=()), recipe(augment=tuple(dataclasses.replace(each, p=0.0) for each in AUGMENT))
    states = [TrainingState.start(plan) for plan in plans]
    Spy.watch = lambda x: None
    for plan, state in zip(plans, states, strict=True):
        list(train(plan, digits()[:90], state=state))
    np.testing.assert_array_equal(states[0].params.flat, states[1].params.flat)


def test_a_steady_step_allocates_nothing_as_large_as_its_images():
    """Parameters of the changes are drawn for a whole shard; its images are worked on in scratch that stays."""
    peaks = []

    def look(x):
        peaks.append(tracemalloc.get_traced_memory()[1] - current[0])
        current[0] = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()

    Spy.watch, current = look, [0]
    images = digits()[:1200]  # loaded before allocations are traced
    tracemalloc.start()
    try:
        list(train(recipe(batch_size=400, epochs=6), images, workers=1))
    finally:
        tracemalloc.stop()
    assert max(peaks[8:]) < 200 * 784 * 4 / 3
