"""NetworkClassifier among the tools of scikit-learn: frames, pipelines, searches, calibration, callbacks."""

import io
import warnings
from importlib import import_module

import joblib
import numpy as np
import pytest

from needs import needs_pandas, needs_polars, needs_sklearn

CLAIM = "an estimator works in the tools of scikit-learn"
pytestmark = needs_sklearn(CLAIM)
pytest.importorskip("sklearn", reason=needs_sklearn.reason(CLAIM))

from sklearn.calibration import CalibratedClassifierCV  # noqa: E402
from sklearn.callback import ProgressBar, ScoringMonitor  # noqa: E402
from sklearn.datasets import load_iris  # noqa: E402
from sklearn.ensemble import BaggingClassifier, VotingClassifier  # noqa: E402
from sklearn.model_selection import GridSearchCV, cross_val_score  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402

from inkling.sklearn import NetworkClassifier  # noqa: E402

X, Y = load_iris(return_X_y=True)
NAMES = ["sepal length", "sepal width", "petal length", "petal width"]


def iris_classifier(**settings):
    return NetworkClassifier(**{"hidden_layer_sizes": (16,), "max_iter": 40, "learning_rate_init": 0.02} | settings)


def scaled(**settings):
    return make_pipeline(StandardScaler(), iris_classifier(random_state=0, **settings))


def test_cross_validation_of_a_pipeline():
    assert cross_val_score(scaled(), X, Y, cv=3).mean() > 0.9


def test_a_search_in_two_processes_finds_what_one_finds():
    grid = {"networkclassifier__alpha": [1e-4, 1000.0]}
    searches = [GridSearchCV(scaled(), grid, cv=3, n_jobs=n).fit(X, Y) for n in (1, 2)]
    one, two = (search.cv_results_["mean_test_score"] for search in searches)
    np.testing.assert_array_equal(one, two)
    assert searches[0].best_params_ == {"networkclassifier__alpha": 1e-4}


def test_calibration_bagging_and_voting():
    calibrated = CalibratedClassifierCV(scaled(), cv=3).fit(X, Y)
    np.testing.assert_allclose(calibrated.predict_proba(X).sum(axis=1), 1, rtol=1e-5)
    assert calibrated.score(X, Y) > 0.9
    assert BaggingClassifier(scaled(), n_estimators=2, random_state=0).fit(X, Y).score(X, Y) > 0.85
    assert VotingClassifier([("a", scaled()), ("b", scaled(dropout=0.1))], voting="soft").fit(X, Y).score(X, Y) > 0.9


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param("pandas", marks=needs_pandas("frames of pandas are rows")),
        pytest.param("polars", marks=needs_polars("frames of polars are rows")),
    ],
)
def test_frames_and_their_names(frame):
    library = import_module(frame)
    table, y = library.DataFrame(dict(zip(NAMES, X.T, strict=True))), np.array(["a", "b", "c"])[Y]
    of_frame, of_array = iris_classifier(random_state=0).fit(table, library.Series(y)), iris_classifier(random_state=0)
    assert of_frame.feature_names_in_.tolist() == NAMES
    np.testing.assert_array_equal(of_frame.predict_proba(table), of_array.fit(X, y).predict_proba(X))
    with pytest.raises(ValueError, match="feature names should match"):
        of_frame.predict(table.rename(columns={NAMES[0]: "x"}) if frame == "pandas" else table.rename({NAMES[0]: "x"}))


def test_a_file_of_joblib_still_learns():
    learnt, file = iris_classifier(random_state=0, warm_start=True).fit(X, Y), io.BytesIO()
    joblib.dump(learnt, file)
    file.seek(0)
    loaded = joblib.load(file)
    np.testing.assert_array_equal(loaded.predict_proba(X), learnt.predict_proba(X))
    before = loaded.loss_
    assert loaded.partial_fit(X, Y).loss_ != before
    np.testing.assert_array_equal(loaded.predict_proba(X), learnt.partial_fit(X, Y).predict_proba(X))


@pytest.mark.parametrize("early_stopping", [False, True])
def test_scores_are_monitored_after_each_epoch(early_stopping):
    monitor = ScoringMonitor(scoring="accuracy")
    learnt = iris_classifier(random_state=0, max_iter=5, early_stopping=early_stopping).set_callbacks(monitor)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        learnt.fit(X, Y, sample_weight=np.ones(len(X)))
    data = monitor.get_logs().data
    epochs = [row["accuracy"] for row in data if row["task_name"] == "epoch"]
    assert len(epochs) == 5
    if not early_stopping:
        assert epochs[-1] == pytest.approx(learnt.score(X, Y))
        assert epochs[0] == pytest.approx(iris_classifier(random_state=0, max_iter=1).fit(X, Y).score(X, Y))


def test_the_score_of_a_fit_is_that_of_the_parameters_it_keeps():
    """At a high learning rate the last epoch is not the best one."""
    monitor = ScoringMonitor(scoring="accuracy")
    fast = iris_classifier(random_state=0, max_iter=6, early_stopping=True, learning_rate_init=0.3)
    fast.set_callbacks(monitor).fit(X, Y, X_val=X, y_val=Y)
    scores = {(row["task_name"], row["task_id"]): row["accuracy"] for row in monitor.get_logs().data}
    assert scores["fit", 0] == pytest.approx(fast.score(X, Y)) == pytest.approx(max(fast.validation_scores_))
    assert scores["fit", 0] > scores["epoch", fast.n_iter_ - 1]


def test_a_callback_can_end_training_and_a_bar_is_drawn(capsys):
    class Stopper:
        def setup(self, estimator, context): ...

        def teardown(self, estimator, context): ...

        def on_fit_task_begin(self, estimator, context): ...

        def on_fit_task_end(self, estimator, context):
            return context.task_name == "epoch" and context.task_id == 2

    assert iris_classifier().set_callbacks(Stopper()).fit(X, Y).n_iter_ == 3
    iris_classifier(max_iter=3).set_callbacks(ProgressBar()).fit(X, Y)
    assert "NetworkClassifier" in capsys.readouterr().out
