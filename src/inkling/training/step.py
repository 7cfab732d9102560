"""A training step: a batch is cut into shards, an executor computes the gradient of each, then θ moves once.

The shards' gradients are added in a fixed order, so the bits do not depend on who computed them.
"""

from __future__ import annotations

import functools
import warnings

import numpy as np

from inkling.errors import InklingWarning, UsageError
from inkling.inference import Predictor
from inkling.nn import CPU, Device
from inkling.optim import OptimizerState
from inkling.recipes.recipe import Recipe
from inkling.rng import Purpose, make_rng
from inkling.training.batch_statistics import IMAGES
from inkling.training.examples import Examples
from inkling.training.executor import Executor, InProcess, WorkersUnavailable, run_parts
from inkling.training.local import local_executor
from inkling.training.order import Task
from inkling.training.shard import Objective
from inkling.training.state import TrainingState
from inkling.training.step_job import StepJob

CALLER = 6  # stack level of whoever iterates over `train`, from the warning below: loop.py and iteration.py between


class Step:
    """Training steps on examples with their labels, or with the answers of a teacher.

    Until `close`, the vectors of `state` lie in memory of the executor; afterwards they are the state's own.
    """

    def __init__(
        self,
        recipe: Recipe,
        state: TrainingState,
        examples: Examples,
        executor: Executor,
        teacher: Predictor | None = None,
        device: Device = CPU,
    ) -> None:
        self.recipe, self.state, self.executor, self.images = recipe, state, executor, len(examples)
        self.job: StepJob | None = None
        try:
            objective = Objective(
                recipe.network,
                executor.publish(examples.inputs),
                executor.publish(examples.labels),
                recipe.augment,
                recipe.label_smoothing,
                teacher,
                None if examples.weights is None else executor.publish(examples.weights),
                recipe.loss,
            )
            self.job = StepJob(recipe, state, objective, executor, device)
            executor.start(self.job)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Stop the workers, then give the state vectors of its own. It can be interrupted, and repeated."""
        self.executor.close()
        state = self.state
        state.params = state.params.copy()
        state.optimizer = OptimizerState(tuple(m.copy() for m in state.optimizer.moments), state.optimizer.steps)
        if state.average is not None:
            state.average = state.average.copy()
        self.job = None
        self.executor.close()  # nobody holds its arrays any more, so they are freed

    def __call__(self, rows: np.ndarray, lr: float, epoch: int) -> tuple[float, int]:
        """Move θ once; the mean loss (nats) of the batch before the step, and how many images were correct."""
        job, optimizer = self._job, self.state.optimizer
        shards = job.shards(len(rows))
        job.batch_rows[: len(rows)], job.learning_rate[0] = rows, lr
        job.counters[:] = len(rows), optimizer.steps + 1, epoch
        self.executor.run(Task.GRADIENT, shards)
        loss = float(job.losses[:shards].sum())
        if np.isfinite(loss):
            self._update()
            optimizer.steps += 1
            if len(job.params.statistics):
                self.recipe.network.update_statistics(job.params, job.batch_statistics(len(rows)))
        return loss, int(job.correct[:shards].sum())

    def load(self) -> None:
        """Move the state to the device, before the steps of an epoch."""
        self._job.load(self.state)

    def store(self) -> None:
        """Move it back, after the steps of an epoch."""
        self._job.store(self.state)

    def _update(self) -> None:
        if self.executor.shares_memory:
            self.executor.run(Task.UPDATE, len(self._job.spans))
        else:
            run_parts(self._job, Task.UPDATE, range(1))
        self._job.quantize()

    def reestimate(self, epoch: int) -> None:
        """Give the averaged parameters batch statistics of their own, from training images without augmentation."""
        job = self._job
        assert job.average is not None
        job.quantize_average()
        size = min(len(job.batch_rows), IMAGES)
        order = make_rng(self.recipe.seed, Purpose.STATISTICS, epoch).permutation(self.images)
        batches = [order[i : i + size] for i in range(0, min(IMAGES, len(order)) - size + 1, size)]
        total = np.zeros_like(job.average.statistics)
        for rows in batches:
            job.batch_rows[:size], job.counters[0] = rows, size
            self.executor.run(Task.STATISTICS, job.shards(size))
            total += job.batch_statistics(size).statistics
        np.divide(total, len(batches), out=job.average.statistics)

    @property
    def _job(self) -> StepJob:
        assert self.job is not None, "no step follows close"
        return self.job


def start_step(
    recipe: Recipe,
    state: TrainingState,
    examples: Examples,
    workers: int | Executor | None,
    teacher: Predictor | None,
    device: Device = CPU,
) -> Step:
    """Steps on these workers, or in this process alone where there can be no others, as on another device."""
    if isinstance(workers, int) and workers < 1:
        raise UsageError(f"training takes at least 1 worker, not {workers}")
    if device is not CPU:
        return Step(recipe, state, examples, InProcess(), teacher, device)
    executor = local_executor(workers, recipe.shards) if workers is None or isinstance(workers, int) else workers
    try:
        return Step(recipe, state, examples, executor, teacher)
    except WorkersUnavailable as error:
        _warn_of_one_process(str(error))
        return Step(recipe, state, examples, InProcess(), teacher)


@functools.cache
def _warn_of_one_process(reason: str) -> None:
    """Say once per program and reason that training is slower here than it could be."""
    warnings.warn(f"training goes on in one process: {reason}", InklingWarning, stacklevel=CALLER)
