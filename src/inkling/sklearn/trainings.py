"""The two trainings of an estimator: `fit` for all epochs on all rows, and `partial_fit` for one epoch on some rows."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from sklearn.callback import CallbackContext

from inkling.errors import InklingWarning
from inkling.sklearn.bookkeeping import BookkeepingMixin
from inkling.sklearn.continuation import require_same_rule, require_time_left, seed_for
from inkling.sklearn.fitting import Patience, scaled_to_mean_one
from inkling.sklearn.rows import Rows, merged, require_batch, require_two_classes
from inkling.sklearn.settings import TOL, Plan, recipe_for, step_takes_all_rows
from inkling.training import EpochReport
from inkling.training.examples import Examples


class TrainingsMixin(BookkeepingMixin):
    """What `fit` and `partial_fit` do once rows and parameters are checked."""

    n_iter_no_change: int
    n_jobs: int | None

    def _train_all(
        self, plan: Plan, context: CallbackContext, data: tuple[Rows, Examples | None], goes_on: bool
    ) -> None:
        """Train for all epochs of the plan, from initial parameters or on from those of the call before.

        `data` are the rows to learn from, and the examples to measure after each epoch.
        """
        rows, validation = data
        examples = self._examples(plan, rows)
        require_two_classes(examples)
        if step_takes_all_rows(self, plan, self.network_, len(examples)):
            examples = merged(examples)
        examples, mean_weight = scaled_to_mean_one(examples)
        seed = seed_for(self._seed, self.n_iter_)
        recipe = recipe_for(self, plan, self.network_, len(examples), mean_weight, seed)
        patience = None if plan.tol is None else Patience(plan.tol, self.n_iter_no_change)
        self._start(recipe, patience, self._params if goes_on else None)
        self._temperature = float(recipe.temperature)
        told = {"X": rows.x, "y": rows.y, "metadata": rows.metadata}
        with closing(self._learning.epochs(examples, validation, self.n_jobs, plan.max_iter)) as reports:
            self._follow(reports, context, plan.max_iter, told)

    def _train_one(self, plan: Plan, data: tuple[Rows, Examples | None], first: bool) -> None:
        """Train for one epoch on these rows, with the memory of the calls before."""
        rows, validation = data
        examples = self._examples(plan, rows)
        require_batch(examples, self.network_)
        seed = self._seed if first else self._learning.recipe.seed
        recipe = recipe_for(self, plan, self.network_, len(examples), 1.0, seed)
        if first:
            patience = Patience(TOL if plan.tol is None else plan.tol, self.n_iter_no_change)
            self._start(recipe, patience if self.early_stopping else None)
        require_same_rule(self._learning.recipe.optimizer, recipe.optimizer)
        require_time_left(recipe.schedule, self._learning.state.epoch, plan.max_iter)
        self._learning.recipe, self._temperature = recipe, float(recipe.temperature)
        for report in self._learning.epochs(examples, validation, self.n_jobs, 1):
            self._record(report, examples.mean_weight)
        self._keep()

    def _follow(self, reports: Iterator[EpochReport], context: CallbackContext, count: int, told: Any) -> None:
        """Run `count` epochs at most, each a task for callbacks; what they return may end training too.

        Ctrl-C ends it at its last whole epoch, as in MLPClassifier; before the first one there is nothing to keep.
        """
        context.call_on_fit_task_begin(estimator=self, **told)
        try:
            for _ in range(count):
                epoch = context.subcontext(task_name="epoch").call_on_fit_task_begin(estimator=self, **told)
                stops = self._record(next(reports))
                stops |= epoch.call_on_fit_task_end(
                    estimator=self,
                    reconstruction_attributes=lambda: self._reconstruction(self._learning.state.eval_parameters),
                    **told,
                )
                if stops:
                    break
        except KeyboardInterrupt:
            if not (epochs := self._learning.state.epoch):
                raise
            warnings.warn(f"fit was interrupted: it keeps what {epochs} epochs learnt", InklingWarning, stacklevel=4)
        self._keep()
        context.call_on_fit_task_end(
            estimator=self, reconstruction_attributes=lambda: self._reconstruction(self._params), **told
        )
