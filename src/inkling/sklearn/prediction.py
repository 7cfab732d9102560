"""What a fitted network says of rows: classes, probabilities and scores, in scikit-learn's conventions."""

from __future__ import annotations

from typing import Any

import numpy as np
from joblib import effective_n_jobs
from sklearn.utils.validation import check_is_fitted, validate_data

from inkling.errors import UsageError
from inkling.inference import Predictor
from inkling.model import Model
from inkling.nn import Network, Parameters, softmax


class PredictionMixin:
    """The methods that predict.

    Attributes
    ----------
    classes_ : (n_classes,) sorted, a logit of the network each.
    network_ : the network.
    """

    classes_: np.ndarray
    network_: Network
    n_jobs: int | None
    _params: Parameters
    _temperature: float
    _range: tuple[float, float]

    def predict(self, X: Any) -> np.ndarray:
        """The most probable class (n,) of each row."""
        logits = self._logits(X)
        return self.classes_[logits.argmax(axis=1)]

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities (n, n_classes) float32, in the order of `classes_`."""
        return softmax(self._logits(X))

    def predict_log_proba(self, X: Any) -> np.ndarray:
        """Logarithms (n, n_classes) float32 of the probabilities; they are finite where a probability rounds to 0."""
        logits = self._logits(X)
        logits -= logits.max(axis=1, keepdims=True)
        return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))

    def decision_function(self, X: Any) -> np.ndarray:
        """Logits (n, n_classes) float32; of two classes the log-odds (n,) of the second."""
        logits = self._logits(X)
        return logits[:, 1] - logits[:, 0] if len(self.classes_) == 2 else logits

    def to_model(self) -> Model:
        """A copy of the network as a `Model`, which is saved as a file, read, evaluated and exported by Inkling.

        Raises
        ------
        UsageError
            The rows were no images (H, W, 1) with pixels from 0 to 1, which are what a Model takes.
        """
        check_is_fitted(self)
        low, high = self._range
        if low < 0 or high > 1:
            raise UsageError(
                f"a Model takes images with pixels from 0 to 1, but X had {low:g} to {high:g}: divide bytes by 255 and "
                "fit again"
            )
        names = tuple(map(str, self.classes_.tolist()))
        metadata = {"data": {"unknown": True}}  # so that `evaluate` says that it cannot tell which images were learnt
        return Model(self.network_, self._params, metadata, temperature=self._temperature, class_names=names)

    def _logits(self, X: Any) -> np.ndarray:
        """Logits (n, n_classes) float32 of rows; ValueError where X is not such rows, or a logit is not finite."""
        check_is_fitted(self)
        x = validate_data(self, X, reset=False, dtype=np.float32, order="C")
        threads = effective_n_jobs(self.n_jobs)
        predictor = Predictor(self.network_, self._params, self._temperature, threads=threads)
        logits = predictor.logits(x.reshape(len(x), *self.network_.input_shape))
        if not np.isfinite(logits).all():
            raise UsageError("the network's answers are not finite: X has values far from those that it was trained on")
        return logits

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "_params")
