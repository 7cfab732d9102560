"""Calls that go on, and calls that end early: random numbers, best scores, failures, Ctrl-C, parameters that change."""

import inspect

import numpy as np
import pytest

from inkling.errors import InklingWarning
from needs import needs_sklearn

CLAIM = "a training of an estimator goes on"
pytestmark = needs_sklearn(CLAIM)
pytest.importorskip("sklearn", reason=needs_sklearn.reason(CLAIM))

from sklearn.exceptions import NotFittedError  # noqa: E402

from inkling.sklearn import NetworkClassifier  # noqa: E402
from inkling.sklearn.parameters import LEGAL  # noqa: E402

RNG = np.random.default_rng(0)
X = RNG.normal(size=(90, 6))
Y = (X @ RNG.normal(size=(6, 3))).argmax(axis=1)


def small(**settings):
    return NetworkClassifier(**{"hidden_layer_sizes": (8,), "max_iter": 2, "random_state": 0, **settings})


def test_every_parameter_is_checked():
    assert set(LEGAL) == set(inspect.signature(NetworkClassifier).parameters) - {"random_state"}
    assert small(n_iter_no_change=np.inf, early_stopping=True).fit(X, Y).n_iter_ == 2


@pytest.mark.parametrize(
    ("settings", "decay"),
    [
        ({}, 1e-4 / 90),
        ({"solver": "sgd"}, 1e-4 / 90),
        ({"alpha": 9.0}, 0.1),
        ({"solver": "adamw"}, 0.01),
        ({"solver": "AdamW(weight_decay=0.05)"}, 0.05),
        ({"solver": "SGD(weight_decay=0.1)"}, 0.1),
        ({"solver": "SGD()"}, 0.0),
        ({"solver": "SGD()", "alpha": 9.0}, 0.1),
    ],
)
def test_the_weight_decay_is_that_of_the_user(settings, decay):
    assert small(**settings).fit(X, Y)._learning.recipe.optimizer.weight_decay == pytest.approx(decay)


def test_a_warm_start_draws_other_numbers():
    """At a learning rate that moves nothing, only the order of the rows and the dropout differ."""
    still = {"learning_rate_init": 1e-30, "batch_size": 16, "dropout": 0.5, "max_iter": 1, "warm_start": True}
    learnt = small(**still).fit(X, Y)
    seeds = [learnt.fit(X, Y)._learning.recipe.seed for _ in range(3)]
    assert len({learnt._seed, *seeds}) == 4
    assert len(set(learnt.loss_curve_)) == 4
    again = small(**still).fit(X, Y).fit(X, Y)
    assert again.loss_curve_ == learnt.loss_curve_[:2]


def test_a_fit_that_fails_leaves_nothing_of_the_fit_before():
    learnt = small(early_stopping=True).fit(X, Y)
    with pytest.raises(ValueError, match="at least 2 classes that count"):
        learnt.fit(X, Y, sample_weight=Y == 0)
    with pytest.raises(NotFittedError):
        learnt.predict(X)
    assert not hasattr(learnt, "best_validation_score_")


def test_ctrl_c_keeps_the_last_whole_epoch():
    class Interrupting:
        def setup(self, estimator, context): ...

        def teardown(self, estimator, context): ...

        def on_fit_task_begin(self, estimator, context):
            if context.task_name == "epoch" and context.task_id == epochs:
                raise KeyboardInterrupt

        def on_fit_task_end(self, estimator, context): ...

    epochs, learnt = 2, small(max_iter=9).set_callbacks(Interrupting())
    with pytest.warns(InklingWarning, match="interrupted"):
        learnt.fit(X, Y)
    np.testing.assert_array_equal(learnt.predict_proba(X), small(max_iter=2).fit(X, Y).predict_proba(X))
    epochs = 0
    with pytest.raises(KeyboardInterrupt):
        learnt.fit(X, Y)


def test_the_best_epoch_is_one_of_this_fit():
    learnt = small(early_stopping=True, warm_start=True, max_iter=8, learning_rate_init=0.03)
    learnt.fit(X, Y, X_val=X, y_val=Y)
    others = (Y + 1) % 3  # which the network was not trained for
    learnt.set_params(max_iter=1).fit(X, Y, X_val=X, y_val=others)
    assert learnt.best_validation_score_ == learnt.validation_scores_[-1] == learnt.score(X, others)
    assert learnt.best_validation_score_ < max(learnt.validation_scores_)
    assert learnt.best_loss_ == learnt.loss_curve_[-1]


@pytest.mark.parametrize(
    ("changed", "rows", "sentence"),
    [
        (
            {"hidden_layer_sizes": (4,)},
            slice(None),
            r"network only: it was .*Linear\(8\).* now make .*Linear\(4\)",
        ),
        ({"activation": "gelu"}, slice(None), "same network only"),
        ({}, Y < 2, "same classes only: they were 0, 1, 2 and are now 0, 1"),
    ],
)
def test_a_warm_start_keeps_its_network_and_classes(changed, rows, sentence):
    learnt = small(warm_start=True).fit(X, Y)
    before = learnt.predict_proba(X)
    with pytest.raises(ValueError, match=sentence):
        learnt.set_params(**changed).fit(X[rows], Y[rows])
    np.testing.assert_array_equal(learnt.predict_proba(X), before)


def test_partial_fit_ends_with_its_schedule():
    falling = small(learning_rate="CosineAnnealingLR(0.01)").fit(X, Y)
    with pytest.raises(ValueError, match=r"come to its end after max_iter=2 epochs: .*learning_rate='constant'"):
        falling.partial_fit(X, Y)
    assert falling.set_params(learning_rate="constant").partial_fit(X, Y).n_iter_ == 3
    assert small(learning_rate="StepLR(0.01)").fit(X, Y).partial_fit(X, Y).n_iter_ == 3


def test_a_bad_first_batch_is_followed_by_another_first_one():
    learnt = small()
    with pytest.raises(ValueError, match="NaN"):
        learnt.partial_fit(X * np.nan, Y, [0, 1, 2])
    with pytest.raises(ValueError, match="classes must be passed on the first call"):
        learnt.partial_fit(X, Y)
    np.testing.assert_array_equal(learnt.partial_fit(X, Y, [3, 1, 0, 2]).classes_, range(4))


def test_what_partial_fit_cannot_go_on_with():
    learnt = small().fit(X, Y)
    with pytest.raises(ValueError, match=r"its solver, which was Adam\(.* and is now SGD\("):
        small().fit(X, Y).set_params(solver="sgd").partial_fit(X, Y)
    with pytest.raises(ValueError, match=r"y has classes of type str, .* of type int"):
        learnt.partial_fit(X, Y.astype(str))
    with pytest.raises(ValueError, match="X has 1 row that counts: give partial_fit 2 or more"):
        NetworkClassifier(network=["Linear(4)", "BatchNorm1d()"]).partial_fit(X[:1], Y[:1], [0, 1, 2])


def test_the_loss_of_weighted_rows_is_a_mean():
    plain, heavy = (small(learning_rate_init=1e-30).partial_fit(X, Y, [0, 1, 2], w) for w in (None, np.full(90, 7.0)))
    assert heavy.loss_ == pytest.approx(plain.loss_)
