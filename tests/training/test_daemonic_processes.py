"""Training inside `multiprocessing.Pool`, whose processes may not start others."""

import multiprocessing
import warnings

import pytest

from inkling import fit
from inkling.errors import InklingWarning
from inkling.training import TrainingState, train
from lively import LIVELY, digits

RECIPE = LIVELY.override(epochs=1)


def fitted(seed):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", InklingWarning)
        model = fit(RECIPE.override(seed=seed), digits()[:200], workers=2)
    return model.params.flat, [str(each.message) for each in caught]


def looped(seed):
    recipe = RECIPE.override(seed=seed, keep="last")
    state = TrainingState.start(recipe)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InklingWarning)
        for _ in train(recipe, digits()[:200], digits()[200:250], state, workers=2):
            pass
    return state.params.flat


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_pool_trains_to_the_same_bits(method):
    if method not in multiprocessing.get_all_start_methods():
        method = "spawn"
    with multiprocessing.get_context(method).Pool(2) as pool:
        (fitted_there, said), (looped_there,) = pool.map(fitted, [3])[0], pool.map(looped, [3])
    assert (fitted_there == fitted(3)[0]).all()
    assert (looped_there == looped(3)).all()
    assert said == ["training goes on in one process: a daemonic process may not start other processes"]
