"""A training of an estimator: epochs of `inkling.training.train`, until they are done or nothing improves."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass

import numpy as np
from joblib import effective_n_jobs

from inkling.errors import UsageError
from inkling.recipes import Recipe
from inkling.training import EpochReport, TrainingDiverged, TrainingState, train
from inkling.training.examples import Examples

LEAST_OPERATIONS = 20_000_000_000  # multiplications of a training, some 0.5 s, from which workers are worth their start


@dataclass
class Patience:
    """Counts epochs in which a value has not improved by more than `tol`, as MLPClassifier does.

    Attributes
    ----------
    best : the largest value so far.
    waited : epochs since the last improvement.
    """

    tol: float
    epochs: int
    best: float = -np.inf
    waited: int = 0

    def enter(self, value: float) -> bool:
        """Enter the value of one more epoch, of which larger is better; whether it is time to stop."""
        self.waited = self.waited + 1 if value < self.best + self.tol else 0
        self.best = max(self.best, value)
        return self.waited > self.epochs


@dataclass
class Learning:
    """What an estimator keeps of its training, so that it can go on, also after it was pickled.

    Attributes
    ----------
    recipe : of the latest call.
    state : parameters, moments of the optimizer and the history of all epochs.
    patience : when to stop early; None where training goes on to its end.
    """

    recipe: Recipe
    state: TrainingState
    patience: Patience | None

    def epochs(
        self, examples: Examples, validation: Examples | None, n_jobs: int | None, count: int
    ) -> Generator[EpochReport, None, None]:
        """At most `count` more epochs. While the caller has a report, the state is whole."""
        recipe = dataclasses.replace(self.recipe, epochs=max(self.recipe.epochs, self.state.epoch + count))
        workers = workers_for(n_jobs, recipe, examples, count)
        with closing(train(recipe, examples, validation, self.state, workers=workers)) as reports:  # type: ignore[type-var]
            try:
                yield from itertools.islice(reports, count)
            except TrainingDiverged as error:
                raise UsageError(
                    f"training diverged: the loss of step {error.step} is not finite at learning rate "
                    f"{error.learning_rate:g}; scale X, with StandardScaler for instance, or lower learning_rate_init"
                ) from None

    def ends_with(self, report: EpochReport) -> bool:
        """Whether training stops early, by the validation score or, where nothing is held out for it, by the loss."""
        if self.patience is None:
            return False
        early_stopping = self.recipe.keep == "best"
        value = report.validation_accuracy if early_stopping else -report.training_loss
        return value is not None and self.patience.enter(value)


def scaled_to_mean_one(examples: Examples) -> tuple[Examples, float]:
    """The same examples with weights whose mean is 1, and the mean that they had."""
    if examples.weights is None:
        return examples, 1.0
    mean = examples.mean_weight
    weights = (examples.weights / mean).astype(np.float32)
    return dataclasses.replace(examples, weights=weights), mean


def workers_for(n_jobs: int | None, recipe: Recipe, examples: Examples, epochs: int) -> int:
    """How many processes share a step: no more than the user allows, and one where the training is short."""
    operations = 3 * recipe.network.size.operations * len(examples) * epochs  # forward, and twice that backward
    return 1 if operations < LEAST_OPERATIONS else max(1, min(effective_n_jobs(n_jobs), recipe.shards))


def described(report: EpochReport, iteration: int) -> str:
    """One line on an epoch, for `verbose`."""
    line = f"Iteration {iteration}, loss = {report.training_loss:.8f}"
    if report.validation_loss is None:
        return line
    return (
        f"{line}, validation loss = {report.validation_loss:.8f}, validation score = {report.validation_accuracy:.6f}"
    )
