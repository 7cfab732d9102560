"""What NetworkClassifier refuses, each in one sentence."""

import sys
from importlib import import_module

import numpy as np
import pytest

from inkling.errors import MissingExtraError
from needs import needs_sklearn

CLAIM = "an estimator refuses what cannot work"
pytestmark = needs_sklearn(CLAIM)
pytest.importorskip("sklearn", reason=needs_sklearn.reason(CLAIM))

from inkling.sklearn import NetworkClassifier  # noqa: E402

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(30, 6)), np.arange(30) % 3


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"max_iter": 0}, "max_iter must be None or a whole number of at least 1, not 0"),
        ({"hidden_layer_sizes": (8, -1)}, r"hidden_layer_sizes must be whole numbers above 0, .* not \(8, -1\)"),
        ({"activation": "tanh"}, "activation must be one of relu, leaky_relu, gelu, identity, not 'tanh'"),
        ({"dropout": 1.0}, "dropout must be a number from 0 to below 1, not 1.0"),
        ({"image_shape": (4, 4)}, r"X has 6 features, but images of image_shape=\(4, 4\) have 16"),
        ({"image_shape": (4, -1)}, "a multiple of 4"),
        ({"network": "sprintt"}, "did you mean sprint"),
        ({"network": "sprint"}, r"X has 6 features, but images of image_shape=\(28, 28, 1\) have 784"),
        ({"network": ["Conv2d(4, 3)"]}, "Conv2d"),
        ({"network": ["Linearr(4)"]}, "Linear"),
        ({"solver": "lbfgs"}, "solver must be None, one of adam, adamw, sgd, or an optimizer such as .*, not 'lbfgs'"),
        (
            {"learning_rate": "adaptive"},
            "learning_rate must be None, 'constant' or a schedule such as .*, not 'adaptive'",
        ),
        ({"solver": "Adamm()"}, "did you mean Adam"),
        ({"network": "mlp", "image_shape": (2, 3)}, "pixels are from 0 to 1, but X has -"),
        ({"early_stopping": True, "validation_fraction": 0.01}, "early_stopping holds 1 of 30 rows out"),
        ({"solver": "adamw", "alpha": 1e-4}, r"alpha=0.0001 and the weight decay of the solver, AdamW\(\), are two"),
        ({"network": ["ReLU()"], "dropout": 0.1}, "dropout=0.1 makes a perceptron, and `network` takes its place"),
        ({"network": "mlp", "hidden_layer_sizes": (8,)}, r"hidden_layer_sizes=\(8,\) makes a perceptron"),
        ({"class_weight": {0: -5}}, "class_weight must be None, 'balanced' or a finite weight of at least 0 per class"),
        ({"class_weight": {0: np.nan}}, "class_weight must be"),
        ({"class_weight": {"0": 2.0}}, "class_weight has weights for '0', but the classes are 0, 1, 2"),
        ({"early_stopping": "no"}, "early_stopping must be True or False, not 'no'"),
        ({"n_jobs": 0}, "n_jobs must be None or a whole number except 0, not 0"),
        ({"learning_rate_init": 1e30}, "scale X, with StandardScaler for instance, or lower learning_rate_init"),
    ],
)
def test_settings_that_cannot_work(settings, sentence):
    with pytest.raises(ValueError, match=sentence) as caught:
        NetworkClassifier(**{"random_state": 0, "max_iter": 5, **settings}).fit(X, Y)
    assert "\n" not in str(caught.value)


def test_rows_and_weights_that_cannot_work():
    with pytest.raises(ValueError, match="at least 2 classes, but y has 1 class"):
        NetworkClassifier().fit(X, np.zeros(30))
    with pytest.raises(ValueError, match="all weights are 0"):
        NetworkClassifier(class_weight={0: 0, 1: 0, 2: 0}).fit(X, Y)
    with pytest.raises(ValueError, match="rows of at least 2 classes that count"):
        NetworkClassifier().fit(X, Y, Y == 1)
    with pytest.raises(ValueError, match="X_val needs y_val"):
        NetworkClassifier().fit(X, Y, X_val=X)
    for name in ("y_val", "sample_weight_val"):
        with pytest.raises(ValueError, match=f"^{name} needs X_val"):
            NetworkClassifier().fit(X, Y, **{name: Y})
    with pytest.raises(ValueError, match=r"y_val has classes that the network does not know: 3; .*: leave them out"):
        NetworkClassifier().fit(X, Y, X_val=X, y_val=Y + 1)
    with pytest.raises(ValueError, match="class_weight='balanced' needs all rows at once"):
        NetworkClassifier(class_weight="balanced").partial_fit(X, Y, [0, 1, 2])
    with pytest.raises(ValueError, match="classes that the network does not know: 3; known are 0, 1, 2"):
        NetworkClassifier(max_iter=1).fit(X, Y).partial_fit(X, Y + 1)


def test_without_scikit_learn_the_extra_is_named(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("inkling.sklearn")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"needs scikit-learn.*sklearn"):
        import_module("inkling.sklearn")


def test_an_older_scikit_learn_is_an_import_error(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("inkling.sklearn")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "sklearn.callback" else object())
    with pytest.raises(ImportError, match=r"scikit-learn 1\.9 or newer, and an older one is installed: .*sklearn"):
        import_module("inkling.sklearn")
