"""What an estimator remembers between two epochs and between two calls."""

from __future__ import annotations

import contextlib
import dataclasses
from typing import Any

import numpy as np
from sklearn.utils import check_random_state

from inkling.errors import UsageError
from inkling.nn import Network, Parameters
from inkling.recipes import Recipe
from inkling.sklearn.fitting import Learning, Patience, described
from inkling.sklearn.rows import Rows, examples_of, require_pixels
from inkling.sklearn.settings import Plan, network_for
from inkling.training import EpochReport, TrainingState
from inkling.training.examples import Examples

LEARNT = ("_params", "_learning", "loss_", "best_loss_", "best_validation_score_", "stopped_early_")


class BookkeepingMixin:
    """Attributes that `fit` and `partial_fit` write; those that end in "_" are described in `NetworkClassifier`."""

    random_state: Any
    early_stopping: bool
    validation_fraction: float
    class_weight: Any
    verbose: bool
    n_features_in_: int
    classes_: np.ndarray
    network_: Network
    _learning: Learning
    _earlier: tuple[int, int]  # how long loss_curve_ and validation_scores_ were when this training began
    _params: Parameters
    _temperature: float
    _range: tuple[float, float]

    def _forget(self, *names: str) -> None:
        """Delete attributes where they are, so that a call that fails leaves no part of the call before."""
        for name in names:
            with contextlib.suppress(AttributeError):
                delattr(self, name)

    def _begin(self, plan: Plan, classes: np.ndarray) -> None:
        """A network for these classes, random numbers, and empty curves."""
        if len(classes) < 2:
            raise UsageError(f"NetworkClassifier needs at least 2 classes, but y has 1 class: {classes.tolist()}")
        self.classes_ = classes
        self.network_ = network_for(self, plan, self.n_features_in_, len(classes))
        self._seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        self.loss_curve_: list[float] = []
        self.validation_loss_curve_: list[float] = []
        self.validation_scores_: list[float] = []
        self.n_iter_ = 0
        self._range = (np.inf, -np.inf)  # of all numbers in X

    def _held_out(
        self, plan: Plan, rows: Rows, X_val: Any, y_val: Any, sample_weight_val: Any
    ) -> tuple[Rows, Examples | None]:
        """The rows to learn from, and the examples to measure after each epoch."""
        if X_val is None and (y_val is not None or sample_weight_val is not None):
            raise UsageError(f"{'sample_weight_val' if y_val is None else 'y_val'} needs X_val, the rows that it is of")
        if X_val is not None:
            if y_val is None:
                raise UsageError("X_val needs y_val, the class of each of its rows")
            measured = Rows.checked(self, X_val, y_val, sample_weight_val, reset=False, name="y_val")
            return rows, self._examples(plan, measured)
        if not self.early_stopping:
            return rows, None
        rows, validation = rows.split(self.validation_fraction, self._seed)
        return rows, self._examples(plan, validation)

    def _examples(self, plan: Plan, rows: Rows) -> Examples:
        examples = examples_of(rows, self.classes_, self.network_.input_shape, self.class_weight)
        low, high = float(examples.inputs.min()), float(examples.inputs.max())
        require_pixels(low, high, plan.recipe)
        self._range = min(low, self._range[0]), max(high, self._range[1])
        return examples

    def _start(self, recipe: Recipe, patience: Patience | None, params: Parameters | None = None) -> None:
        """A training from these parameters, or from initial ones; the best epoch is one of it."""
        self._forget("best_loss_", "best_validation_score_")
        self._earlier = len(self.loss_curve_), len(self.validation_scores_)
        self._learning = Learning(recipe, TrainingState.start(recipe, params), patience)

    def _record(self, report: EpochReport, mean_weight: float = 1.0) -> bool:
        """Enter an epoch in the curves; whether training stops early.

        `mean_weight` is that of the rows where it was not scaled to 1; the loss that is reported is a multiple of it.
        """
        report = dataclasses.replace(report, training_loss=report.training_loss / mean_weight)
        self.n_iter_ += 1
        self.loss_curve_.append(report.training_loss)
        self.loss_ = report.training_loss
        self.best_loss_ = min(self.loss_curve_[self._earlier[0] :])
        if report.validation_loss is not None and report.validation_accuracy is not None:
            self.validation_loss_curve_.append(report.validation_loss)
            self.validation_scores_.append(report.validation_accuracy)
            self.best_validation_score_ = max(self.validation_scores_[self._earlier[1] :])
        if self.verbose:
            print(described(report, self.n_iter_))
        self.stopped_early_ = self._learning.ends_with(report)
        return self.stopped_early_

    def _keep(self) -> None:
        """Predict from now on with the parameters that the training has chosen."""
        params, _ = self._learning.state.chosen(self._learning.recipe)
        self._params = params.copy()

    def _reconstruction(self, params: Parameters) -> dict[str, Any]:
        """What makes a copy of this estimator predict with these parameters, for callbacks.

        They are given the rows as an array, so that the copy expects no names of features.
        """
        return {"_params": params.copy(), "feature_names_in_": None}
