"""NetworkClassifier: perceptrons and convolutional networks as an estimator of scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.callback import CallbackSupportMixin, with_callbacks

from inkling.errors import UsageError
from inkling.nn import Layer
from inkling.optim import Optimizer, Schedule
from inkling.sklearn.bookkeeping import LEARNT
from inkling.sklearn.continuation import first_classes, require_same
from inkling.sklearn.prediction import PredictionMixin
from inkling.sklearn.rows import Rows
from inkling.sklearn.settings import plan_of
from inkling.sklearn.trainings import TrainingsMixin


class NetworkClassifier(CallbackSupportMixin, TrainingsMixin, PredictionMixin, ClassifierMixin, BaseEstimator):
    """A classifier of rows: perceptrons of any width, and convolutional networks where rows are images.

    NetworkClassifier((128, 64)).fit(X, y)
    NetworkClassifier(network=["Conv2d(16, 3)", "ReLU()", "MaxPool2d(2)"], image_shape=(28, 28)).fit(X / 255, y)
    NetworkClassifier(network="sprint").fit(X / 255, y)

    Numbers are taken as they are, in float32: scale them before, as for MLPClassifier. A parameter that is None is what
    the recipe says where `network` names one, and otherwise MLPClassifier's default, which stands in brackets.

    Parameters
    ----------
    hidden_layer_sizes : widths of the hidden layers of a perceptron. This, activation and dropout exclude `network`.
    activation : "relu", "leaky_relu", "gelu" or "identity", behind each hidden layer.
    dropout : the probability with which each hidden feature is dropped in training.
    network : layers, as objects or in the notation of recipes, or the name or file of a recipe. A last Linear gets one
        output per class; behind other layers such a Linear is added. Of a recipe all that concerns training counts
        (optimizer, schedule, augmentation, …), but not its split, stopping rule, `keep`, fitted temperature and
        synthetic pictures.
    image_shape : (H, W) or (H, W, C): rows are such images, flattened. One number may be -1, as in numpy.reshape.
    solver : "adam", "adamw", "sgd" (momentum 0.9, Nesterov), or an optimizer such as "Muon(momentum=0.9)" ["adam"].
    alpha : strength of the L2 penalty of the weights, divided by the number of rows of a batch [0.0001]. A solver that
        carries a weight decay of its own, "adamw" for instance, has no alpha; one that is written out has 0 by
        default.
    batch_size : rows per step, or "full"; "auto" is the recipe's, and otherwise min(200, n).
    learning_rate : "constant" or a schedule such as "CosineAnnealingLR(0.001)" over `max_iter` epochs ["constant"].
    learning_rate_init : the learning rate, at the peak of its schedule [0.001].
    max_iter : the most epochs [200].
    tol, n_iter_no_change : training stops when the loss, or with `early_stopping` the validation score, has improved by
        less than `tol` [0.0001] for more than `n_iter_no_change` epochs. With a recipe only `early_stopping` stops.
    early_stopping : measure on rows that are held out, and keep the parameters of the best epoch.
    validation_fraction : of the rows, for `early_stopping` without X_val.
    class_weight : the weight of each class, {class: weight}, or "balanced".
    random_state : an int gives the same bits in every run, whatever `n_jobs` is.
    warm_start : `fit` goes on from the parameters of the call before, which had the same network and classes.
    n_jobs : processes that share a step; as in joblib, None is 1 and -1 is all cores. Short trainings take one.
    verbose : print a line per epoch.

    Attributes
    ----------
    classes_ : (n_classes,) sorted.
    n_features_in_, feature_names_in_ : of the rows; names where they have some.
    network_ : the `inkling.nn.Network`.
    n_iter_ : epochs so far.
    loss_curve_, loss_, best_loss_ : weighted mean cross-entropy (nats) of each epoch's steps, without penalty.
    validation_loss_curve_, validation_scores_, best_validation_score_ : weighted mean cross-entropy and accuracy after
        each epoch, where rows are held out or given as X_val; otherwise the lists are empty. The best ones are of the
        latest `fit` and the calls of `partial_fit` since.
    stopped_early_ : whether the latest epoch exhausted `n_iter_no_change`. `partial_fit` goes on all the same.
    """

    def __init__(
        self,
        hidden_layer_sizes: int | Sequence[int] = (100,),
        *,
        activation: str = "relu",
        dropout: float = 0.0,
        network: str | Sequence[Layer | str] | None = None,
        image_shape: Sequence[int] | None = None,
        solver: str | Optimizer | None = None,
        alpha: float | None = None,
        batch_size: int | str = "auto",
        learning_rate: str | Schedule | None = None,
        learning_rate_init: float | None = None,
        max_iter: int | None = None,
        tol: float | None = None,
        n_iter_no_change: int = 10,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        class_weight: Any = None,
        random_state: Any = None,
        warm_start: bool = False,
        n_jobs: int | None = None,
        verbose: bool = False,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.dropout = dropout
        self.network = network
        self.image_shape = image_shape
        self.solver = solver
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.tol = tol
        self.n_iter_no_change = n_iter_no_change
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.class_weight = class_weight
        self.random_state = random_state
        self.warm_start = warm_start
        self.n_jobs = n_jobs
        self.verbose = verbose

    @with_callbacks
    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        *,
        X_val: Any = None,
        y_val: Any = None,
        sample_weight_val: Any = None,
    ) -> Self:
        """Train for `max_iter` epochs, or until nothing improves.

        Parameters
        ----------
        X : rows (n, n_features) of numbers: an array, or a frame of pandas or polars.
        y : the class (n,) of each row.
        sample_weight : how much each row counts (n,), from 0.
        X_val, y_val, sample_weight_val : rows to measure after each epoch and to stop early by. Without them,
            `early_stopping` holds `validation_fraction` of the rows out.

        Raises
        ------
        ValueError
            X, y or the weights are not as described, a parameter cannot work, or there are fewer than two classes.
        """
        plan = plan_of(self)
        context = self._init_callback_context(max_subtasks=plan.max_iter)
        goes_on = self.warm_start and self.__sklearn_is_fitted__()
        if not goes_on:
            self._forget(*LEARNT)
        rows = Rows.checked(self, X, y, sample_weight, reset=not goes_on)
        if goes_on:
            require_same(self, plan, np.unique(rows.y))
        else:
            self._begin(plan, np.unique(rows.y))
        self._train_all(plan, context, self._held_out(plan, rows, X_val, y_val, sample_weight_val), goes_on)
        return self

    def partial_fit(
        self,
        X: Any,
        y: Any,
        classes: Any = None,
        sample_weight: Any = None,
        *,
        X_val: Any = None,
        y_val: Any = None,
        sample_weight_val: Any = None,
    ) -> Self:
        """Train for one more epoch, on these rows; parameters and memory of the optimizer are kept between calls.

        With `early_stopping`, predictions come from the parameters with the best validation score of all calls, and
        `stopped_early_` says when to stop. Give X_val, the same in all calls: otherwise a fraction of the rows of each
        call is held out, so that rows that come again must come in the same order.

        Parameters
        ----------
        X, y, sample_weight, X_val, y_val, sample_weight_val : as for `fit`; weights are not scaled to a mean of 1.
        classes : all classes of all calls. The first call needs them.

        Raises
        ------
        ValueError
            As `fit`; also where y has a class that is not among `classes`.
        """
        plan = plan_of(self)
        if self.class_weight == "balanced":
            raise UsageError("class_weight='balanced' needs all rows at once: give partial_fit a dict of weights")
        if first := not self.__sklearn_is_fitted__():
            classes = first_classes(classes)
            self._forget(*LEARNT)
        rows = Rows.checked(self, X, y, sample_weight, reset=first)
        if first:
            self._begin(plan, classes)
        else:
            require_same(self, plan, classes)
        self._train_one(plan, self._held_out(plan, rows, X_val, y_val, sample_weight_val), first)
        return self
