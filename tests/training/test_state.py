"""The state between two epochs is all there is: packed and unpacked it goes on to the same bits."""

import pickle

import numpy as np
import pytest

from inkling.nn import Parameters
from inkling.optim import SGD
from inkling.recipes.training_set import training_set
from inkling.storage import load_tensors, save_tensors
from inkling.training import TrainingState, train
from lively import LIVELY, RECIPES, digits

every_recipe = pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
TIMES = ("seconds", "images_per_second")


@pytest.fixture(scope="module")
def parts():
    data = digits()
    return data[:700], data[700:1000]


def with_pictures(recipe, parts):
    """The parts, with the pictures that the recipe adds to the training images."""
    training, validation = parts
    return training_set(recipe, training), validation


def trained(recipe, parts, workers=None):
    state = TrainingState.start(recipe)
    for _ in train(recipe, *with_pictures(recipe, parts), state, workers=workers):
        pass
    return state


def assert_same(a, b):
    """The same bits in every vector, the same history but for times."""
    (vectors, metadata), (others, other_facts) = a.pack(), b.pack()
    assert vectors.keys() == others.keys()
    for name, vector in vectors.items():
        np.testing.assert_array_equal(vector, others[name], err_msg=name)
        assert vector.dtype == np.float32, name
    assert timeless(metadata) == timeless(other_facts)


def timeless(metadata):
    history = [{k: v for k, v in record.items() if k not in TIMES} for record in metadata["history"]]
    return metadata | {"history": history}


@every_recipe
def test_a_state_stored_after_every_epoch_goes_on_to_the_same_bits(recipe, parts, tmp_path):
    state = TrainingState.start(recipe)
    for epoch in range(recipe.epochs):
        for _ in train(recipe, *with_pictures(recipe, parts), state):
            break
        assert state.epoch == epoch + 1
        save_tensors(tmp_path / "state", *state.pack())
        state = TrainingState.unpack(recipe, *load_tensors(tmp_path / "state"))
    assert_same(state, trained(recipe, parts))
    assert state.best is not None
    assert state.best_epoch > 0


@every_recipe
@pytest.mark.parametrize("shards", [1, 2, 3])
def test_any_number_of_workers_gives_the_same_bits(recipe, parts, shards):
    recipe = recipe.override(shards=shards, epochs=3)
    one = trained(recipe, parts, workers=1)
    for workers in range(2, shards + 1):
        assert_same(one, trained(recipe, parts, workers=workers))


def test_the_seed_decides_and_nothing_else_does(parts):
    first, again, other = (trained(LIVELY.override(seed=seed, epochs=2), parts) for seed in (1, 1, 2))
    assert_same(first, again)
    assert not np.allclose(first.params.flat, other.params.flat)


def test_shards_are_part_of_the_recipe_since_they_change_the_bits(parts):
    one, two = (trained(LIVELY.override(shards=shards, epochs=1), parts) for shards in (1, 2))
    assert not np.array_equal(one.params.flat, two.params.flat)


def test_pickled_parameters_still_learn():
    """Regression test for scikit-learn #19626: after unpickling, its optimizer moved arrays nobody read any more."""
    network = LIVELY.network
    params = pickle.loads(pickle.dumps(network.init(np.random.default_rng(0))))
    assert isinstance(params, Parameters)
    before = params[1].weight.copy()
    rule = SGD()
    rule.step(params.flat, np.ones_like(params.flat), rule.init(params.flat), lr=0.5)
    np.testing.assert_array_equal(params[1].weight, before - np.float32(0.5))


@every_recipe
def test_a_pickled_state_goes_on_learning(recipe, parts):
    recipe = recipe.override(epochs=3)
    state = TrainingState.start(recipe)
    for _ in train(recipe, *with_pictures(recipe, parts), state):
        break
    state = pickle.loads(pickle.dumps(state))
    for _ in train(recipe, *with_pictures(recipe, parts), state):
        pass
    assert_same(state, trained(recipe, parts))
    first, last = (state.history[i]["training_loss"] for i in (0, -1))
    assert last < 0.8 * first  # smoothed labels and an eleventh class leave more of it than a third
