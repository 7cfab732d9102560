"""Every check of scikit-learn's estimators passes, for a perceptron and for a convolutional network."""

import pytest

from needs import needs_sklearn

CLAIM = "the estimator passes the checks of scikit-learn"
pytestmark = needs_sklearn(CLAIM)
pytest.importorskip("sklearn", reason=needs_sklearn.reason(CLAIM))

from sklearn.utils.estimator_checks import parametrize_with_checks  # noqa: E402

from inkling.sklearn import NetworkClassifier  # noqa: E402

PERCEPTRON = NetworkClassifier(max_iter=25, learning_rate_init=0.03)
CNN = NetworkClassifier(
    network=["Conv2d(8, 3, padding=1)", "ReLU()"], image_shape=(1, -1), max_iter=25, learning_rate_init=0.03
)


@parametrize_with_checks([PERCEPTRON, CNN])
def test_a_check_of_scikit_learn_passes(estimator, check, monkeypatch):
    monkeypatch.setenv("SCIPY_ARRAY_API", "1")  # without it one check is skipped
    check(estimator)
