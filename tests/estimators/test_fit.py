"""What NetworkClassifier learns: rows and images, weights, curves, early stopping, calls that go on."""

import pickle

import numpy as np
import pytest

from needs import needs_sklearn

CLAIM = "a network learns as an estimator"
pytestmark = needs_sklearn(CLAIM)
pytest.importorskip("sklearn", reason=needs_sklearn.reason(CLAIM))

from sklearn.base import clone  # noqa: E402
from sklearn.datasets import load_digits, make_classification  # noqa: E402

from inkling.data import Dataset, Source  # noqa: E402
from inkling.model import load  # noqa: E402
from inkling.nn import Conv2d, MaxPool2d, ReLU  # noqa: E402
from inkling.provenance import leakage_note  # noqa: E402
from inkling.recipes import load_recipe  # noqa: E402
from inkling.sklearn import NetworkClassifier, fitting  # noqa: E402

CNN = {"network": ["Conv2d(8, 3)", "ReLU()", "MaxPool2d(2)"], "image_shape": (8, 8)}


@pytest.fixture(scope="module")
def digits():
    """Training and test part of 8×8 digits, pixels 0 to 1."""
    X, y = load_digits(return_X_y=True)
    return X[:1200] / 16, y[:1200], X[1200:] / 16, y[1200:]


@pytest.fixture(scope="module")
def rows():
    """300 rows of 6 features, of three classes that are words."""
    X, y = make_classification(300, 6, n_informative=4, n_classes=3, random_state=0)
    return X, np.array(["ham", "spam", "eggs"])[y]


def small(**settings):
    sizes = {} if "network" in settings else {"hidden_layer_sizes": (16,)}
    return NetworkClassifier(**{**sizes, "max_iter": 8, "random_state": 0, **settings})


def parameters(estimator):
    return estimator._params.flat


@pytest.mark.parametrize(("settings", "least"), [({"hidden_layer_sizes": (64,)}, 0.90), (CNN, 0.90)])
def test_digits_are_learnt_from_flat_rows(digits, settings, least):
    X, y, X_test, y_test = digits
    learnt = small(**settings, learning_rate_init=0.01, max_iter=20).fit(X, y)
    assert learnt.score(X_test, y_test) > least
    assert learnt.n_features_in_ == 64
    assert len(learnt.loss_curve_) == learnt.n_iter_ == 20
    assert learnt.loss_ == learnt.loss_curve_[-1] < learnt.loss_curve_[0]


def test_a_recipe_gives_network_and_training(digits):
    X, y, X_test, y_test = digits
    settings = {"network": "adam-256-128-64", "image_shape": (8, 8), "random_state": 0}
    learnt = NetworkClassifier(**settings, max_iter=8).fit(X, y)
    assert learnt.score(X_test, y_test) > 0.85
    of_recipe = load_recipe("adam-256-128-64")
    assert learnt._learning.recipe.optimizer == of_recipe.optimizer
    assert learnt.network_.layers == of_recipe.network.layers
    binary = NetworkClassifier(**settings, max_iter=1, batch_size=400, learning_rate_init=0.01).fit(X, y > 4)
    assert binary.decision_function(X_test).shape == (len(X_test),)
    changed = binary._learning.recipe
    assert (changed.batch_size, changed.schedule.lr) == (400, 0.01)


def test_channels_are_the_last_axis(rows):
    """(2, 1, 3) of six features: each of two pixels has three channels side by side."""
    X, y = rows
    learnt = small(network=["Conv2d(4, 1)", "ReLU()"], image_shape=(2, 1, 3)).fit(X, y)
    assert learnt.network_.input_shape == (2, 1, 3)
    assert learnt.network_.layout.parameters[0].shape[-2:] == (3, 4)


def test_layers_are_objects_or_words(digits):
    X, y, *_ = digits
    layers = [Conv2d(8, 3), ReLU(), MaxPool2d(2)]
    of_objects, of_words = (small(**CNN | {"network": n}, max_iter=1) for n in (layers, CNN["network"]))
    learnt = clone(of_objects).fit(X, y)
    np.testing.assert_array_equal(parameters(learnt), parameters(of_words.fit(X, y)))
    again = clone(pickle.loads(pickle.dumps(learnt)))
    assert again.network == layers
    np.testing.assert_array_equal(again.fit(X, y).predict_proba(X), learnt.predict_proba(X))


def test_what_is_predicted_is_one_thing(rows):
    X, y = rows
    learnt = small().fit(X, y)
    probabilities, scores = learnt.predict_proba(X), learnt.decision_function(X)
    np.testing.assert_array_equal(learnt.predict(X), learnt.classes_[scores.argmax(axis=1)])
    np.testing.assert_allclose(learnt.predict_log_proba(X), np.log(probabilities), atol=1e-5)
    binary = small().fit(X, y == "ham")
    odds = binary.predict_proba(X)
    np.testing.assert_allclose(binary.decision_function(X), np.log(odds[:, 1] / odds[:, 0]), atol=1e-4)
    assert np.isfinite(binary.predict_log_proba(X * 1e4)).all()


@pytest.mark.parametrize("batch_size", ["full", 32])
def test_an_integer_weight_is_a_repetition(rows, batch_size):
    """To the bit where a step takes all rows; otherwise batches differ, and what is learnt is alike."""
    X, y = rows
    weights = np.random.default_rng(0).integers(0, 4, len(X))
    settings = {"batch_size": batch_size, "max_iter": 40, "learning_rate_init": 0.02}
    weighted = small(**settings).fit(X, y, sample_weight=weights)
    repeated = small(**settings).fit(X.repeat(weights, 0), y.repeat(weights))
    if batch_size == "full":
        np.testing.assert_array_equal(parameters(weighted), parameters(repeated))
    assert weighted.score(X, y, weights) == pytest.approx(repeated.score(X, y, weights), abs=0.05)


def test_class_weight_is_a_weight_of_rows(rows):
    X, y = rows
    by_class = small(class_weight={"ham": 3.0}).fit(X, y)
    by_row = small().fit(X, y, sample_weight=np.where(y == "ham", 3.0, 1.0))
    np.testing.assert_array_equal(parameters(by_class), parameters(by_row))
    digits = np.searchsorted(np.unique(y), y).astype(str)  # '0', '1' and '2', of which a batch lacks '2'
    X_two, two = X[y != "spam"], digits[y != "spam"]
    by_class = small(class_weight={"1": 3.0}).partial_fit(X_two, two, ["0", "1", "2"])
    by_row = small().partial_fit(X_two, two, ["0", "1", "2"], np.where(two == "1", 3.0, 1.0))
    np.testing.assert_array_equal(parameters(by_class), parameters(by_row))
    rare = (y != "ham") | (np.arange(len(y)) < 40)
    plain, balanced = (small(class_weight=w, max_iter=40).fit(X[rare], y[rare]) for w in (None, "balanced"))
    assert (balanced.predict(X) == "ham").sum() > (plain.predict(X) == "ham").sum()


def test_seeds_decide_all_and_processes_nothing(digits, monkeypatch):
    X, y, *_ = digits
    monkeypatch.setattr(fitting, "LEAST_OPERATIONS", 0)
    wide = {"hidden_layer_sizes": (600,), "max_iter": 2}
    one, two, other = (
        small(**{**wide, "n_jobs": n, "random_state": seed}).fit(X, y) for n, seed in ((1, 3), (2, 3), (1, 4))
    )
    assert one._learning.recipe.shards > 1
    np.testing.assert_array_equal(parameters(one), parameters(two))
    assert (parameters(one) != parameters(other)).any()


def test_early_stopping_keeps_the_best_epoch(digits):
    X, y, *_ = digits
    learnt = small(early_stopping=True, n_iter_no_change=2, tol=0.01, max_iter=100, learning_rate_init=0.01).fit(X, y)
    assert learnt.stopped_early_
    assert learnt.n_iter_ < 100
    assert len(learnt.validation_scores_) == len(learnt.validation_loss_curve_) == learnt.n_iter_
    assert learnt.best_validation_score_ == max(learnt.validation_scores_)
    best = small(early_stopping=True, max_iter=learnt._learning.state.best_epoch, learning_rate_init=0.01).fit(X, y)
    np.testing.assert_array_equal(parameters(learnt), parameters(best))


def test_given_validation_rows_are_measured(rows):
    X, y = rows
    learnt = small(max_iter=5).fit(X[:200], y[:200], X_val=X[200:], y_val=y[200:])
    assert learnt.validation_scores_[-1] == learnt.score(X[200:], y[200:])
    weights = np.arange(100.0)
    weighted = small(max_iter=5).fit(X[:200], y[:200], X_val=X[200:], y_val=y[200:], sample_weight_val=weights)
    assert weighted.validation_scores_[-1] == pytest.approx(learnt.score(X[200:], y[200:], weights))
    log_loss = -np.average(learnt.predict_log_proba(X[200:])[range(100), np.searchsorted(learnt.classes_, y[200:])])
    assert learnt.validation_loss_curve_[-1] == pytest.approx(log_loss, rel=1e-5)


@pytest.mark.parametrize("early_stopping", [False, True])
def test_partial_fit_is_fit_epoch_by_epoch(rows, early_stopping):
    """The memory of the optimizer is kept: five calls give the bits of one fit of five epochs."""
    X, y = rows
    settings = {"early_stopping": early_stopping, "batch_size": 32, "max_iter": 5}
    whole, parts = small(**settings).fit(X, y), small(**settings)
    for _ in range(5):
        parts = pickle.loads(pickle.dumps(parts.partial_fit(X, y, classes=np.unique(y))))
    np.testing.assert_array_equal(parameters(parts), parameters(whole))
    assert parts.loss_curve_ == whole.loss_curve_
    assert parts.validation_scores_ == whole.validation_scores_
    assert parts.n_iter_ == 5


def test_partial_fit_says_when_to_stop(rows):
    X, y = rows
    learnt = small(early_stopping=True, n_iter_no_change=1, tol=0.5)
    for _ in range(4):
        learnt.partial_fit(X[:200], y[:200], np.unique(y), X_val=X[200:], y_val=y[200:])
    assert learnt.stopped_early_
    assert learnt.best_validation_score_ == pytest.approx(learnt.score(X[200:], y[200:]))


def test_a_warm_start_goes_on(rows):
    X, y = rows
    learnt = small(warm_start=True).fit(X, y)
    before = learnt.loss_
    learnt.fit(X, y)
    assert learnt.n_iter_ == 16
    assert learnt.loss_curve_[8] < before + 0.02
    assert clone(learnt).fit(X, y).n_iter_ == 8


def test_dropout_draws_and_penalty_shrinks(rows):
    X, y = rows
    settings = ({}, {"dropout": 0.5}, {"alpha": 30.0})
    plain, dropped, shrunk = (small(learning_rate_init=0.05, **each).fit(X, y) for each in settings)
    assert dropped.loss_ > plain.loss_
    np.testing.assert_array_equal(dropped.predict_proba(X), dropped.predict_proba(X))
    assert np.abs(parameters(shrunk)).sum() < 0.8 * np.abs(parameters(plain)).sum()


def test_verbose_prints_a_line_per_epoch(rows, capsys):
    small(verbose=True, max_iter=3, early_stopping=True).fit(*rows)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert all(line.startswith(f"Iteration {n}, loss = ") for n, line in enumerate(lines, 1))


def test_a_classifier_of_images_becomes_a_model(digits, rows, tmp_path):
    X, y, X_test, _ = digits
    learnt = small(**CNN, max_iter=3).fit(X, np.array(list("abcdefghij"))[y])
    learnt.to_model().save(tmp_path / "letters.safetensors")
    model = load(tmp_path / "letters.safetensors")
    assert model.class_names == tuple("abcdefghij")
    probabilities = model.predict_proba(X_test.reshape(-1, 8, 8))
    np.testing.assert_allclose(probabilities, learnt.predict_proba(X_test), atol=1e-6)
    others = Source("letters", None, Dataset(np.zeros((3, 8, 8), np.uint8), np.array([0, 1, 2])))
    assert "not checked for images" in leakage_note(model, others, others.test)
    with pytest.raises(ValueError, match="pixels from 0 to 1, but X had"):
        small(network=["Conv2d(2, 2)"], image_shape=(3, 2), max_iter=1).fit(*rows).to_model()
    with pytest.raises(ValueError, match="takes images"):
        small(max_iter=1).fit(X, y).to_model()
