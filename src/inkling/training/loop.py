"""The training loop: a generator of one report per epoch. To print, plot, save or stop, iterate over it."""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from inkling.data.dataset import Dataset
from inkling.errors import InklingError
from inkling.inference import Predictor
from inkling.nn import Device
from inkling.recipes.recipe import Recipe
from inkling.rng import Purpose, make_rng
from inkling.training.checks import check_training, labelled_examples, require_recipe, require_state, require_workers
from inkling.training.devices import device_for
from inkling.training.examples import Examples
from inkling.training.executor import Executor
from inkling.training.iteration import must_be_iterated
from inkling.training.measure import Measure
from inkling.training.state import TrainingState
from inkling.training.step import Step, start_step

if TYPE_CHECKING:
    from inkling.model import Model


class TrainingDiverged(InklingError):
    """The loss is no longer a finite number: the learning rate is too high, or the data are broken."""

    def __init__(self, step: int, learning_rate: float) -> None:
        super().__init__(
            f"training diverged: the loss of step {step} is not finite at learning rate {learning_rate:g}; "
            "try a lower --lr"
        )
        self.step, self.learning_rate = step, learning_rate


@dataclass(frozen=True)
class EpochReport:
    """The result of one epoch.

    Attributes
    ----------
    epoch : its number, from 1.
    training_loss, training_accuracy : means over the batches of the epoch, each taken before its step and with dropout
        on. Where the recipe adds `non_digits`, their pictures count too.
    learning_rate : of the last step.
    seconds : of training steps since the start of the training, without the measuring.
    images_per_second : training images per second of this epoch's steps.
    validation_loss, validation_accuracy, test_loss, test_accuracy : after the epoch, given that each image is of one of
        the classes of the data; None where there are no such images.

    Losses are means in nats per image, accuracies are fractions of images whose likeliest class is their label. With
    CTCLoss, both are per row, and a row is right as a whole.
    """

    epoch: int
    training_loss: float
    training_accuracy: float
    learning_rate: float
    seconds: float
    images_per_second: float
    validation_loss: float | None = None
    validation_accuracy: float | None = None
    test_loss: float | None = None
    test_accuracy: float | None = None

    def __repr__(self) -> str:
        return f"EpochReport({', '.join(f'{name}={value:.5g}' for name, value in self.to_dict().items())})"

    def to_dict(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if value is not None}


@must_be_iterated("iterate over the reports that it returns, or use inkling.fit")
def train(
    recipe: Recipe,
    training: Dataset | Examples,
    validation: Dataset | Examples | None = None,
    state: TrainingState | None = None,
    *,
    test: Dataset | Examples | None = None,
    workers: int | Executor | None = None,
    teacher: Model | None = None,
    device: str | Device = "cpu",
) -> Iterator[EpochReport]:
    """Train as the recipe says, with one report per epoch. The parameters are in `state`, which each epoch updates.

    Whatever ends an epoch early, such as Ctrl-C, leaves the state as it was before that epoch.

    Parameters
    ----------
    training : labelled images to learn from; or `Examples`, rows of numbers as they are, with weights or without; with
        CTCLoss, `Examples` of rows and their texts.
    validation : labelled images to measure, to choose the best epoch and to stop early by.
    state : where to go on from; a fresh one by default. Between two reports it can be saved.
    test : measured after each epoch for the curves, and never used to choose anything.
    workers : how many processes of this machine share a step, by default one per core and at most one per shard; or an
        executor, such as `SpawnedWorkers(2)`. The bits are the same with all of them.
    teacher : a model whose probabilities for each image, as augmented, are the targets in place of the label: Hinton et
        al. 2015, "Distilling the knowledge in a neural network"; Beyer et al. 2022, "Knowledge distillation: a good
        teacher is patient and consistent". The training loss is the cross-entropy with these probabilities.
    device : "cpu", or "cuda" for a GPU of NVIDIA through CuPy, in one process; the last bits then differ
        (docs/training.md). Between two reports the state lies in memory of the processor in any case.

    Raises
    ------
    TrainingDiverged : where the loss is no longer finite.
    UsageError : where there are no labels, or no labelled validation images and the recipe needs them; where the
        validation images, the test images or the teacher have another image size or other classes than the training
        images; where the state is of another recipe; where an argument is of another type, or the device can do less.
    MissingExtraError, InklingError : where CuPy is not installed, or there is no GPU that it can use.

    Warns
    -----
    InklingWarning : where this machine lets no other process take part; training goes on in this process alone.
    """
    require_recipe(recipe)
    require_workers(workers)
    place = device_for(device, recipe, workers)
    state = TrainingState.start(recipe) if state is None else state
    require_state(recipe, state)
    state.undo_epoch()
    examples = labelled_examples(training, recipe)
    check_training(recipe, training, validation, test, teacher)
    predictor = None if teacher is None else Predictor(teacher.network, teacher.params, teacher.temperature, threads=1)
    step = start_step(recipe, state, examples, workers, predictor, place)
    try:
        measure = Measure(recipe.network, recipe.loss, place)
        epoch = functools.partial(_epoch, recipe, state, step, measure, validation, test)
        while state.epoch < recipe.epochs and not _stops_early(recipe, state):
            yield state.run_whole(epoch, stop=step.executor.close)
    finally:
        step.close()
        state.undo_epoch()


def _epoch(
    recipe: Recipe,
    state: TrainingState,
    step: Step,
    measure: Measure,
    validation: Dataset | Examples | None,
    test: Dataset | Examples | None,
) -> EpochReport:
    """Train for one epoch, measure, and enter both in the state."""
    step.load()
    result = _pass(recipe, state, step)
    step.store()
    report = EpochReport(
        epoch=state.epoch + 1,
        training_loss=result.loss,
        training_accuracy=result.accuracy,
        learning_rate=result.learning_rate,
        seconds=result.seconds + (state.history[-1]["seconds"] if state.history else 0.0),
        images_per_second=result.images / result.seconds,
        **measure(state.eval_parameters, validation, "validation"),
        **measure(state.eval_parameters, test, "test"),
    )
    record = report.to_dict()
    if not (np.isfinite(state.params.flat).all() and all(map(math.isfinite, record.values()))):
        raise TrainingDiverged(state.optimizer.steps, result.learning_rate)
    state.history.append(record)
    if recipe.keep == "best":
        state.keep_if_best()
    return report


def _stops_early(recipe: Recipe, state: TrainingState) -> bool:
    return recipe.stopping is not None and recipe.stopping.should_stop(state.history)


class _Pass(NamedTuple):
    """What the steps of one epoch came to."""

    images: int
    loss: float
    accuracy: float
    learning_rate: float
    seconds: float


def _pass(recipe: Recipe, state: TrainingState, step: Step) -> _Pass:
    """Take each batch once. A last batch of one image waits for the next epoch where layers need batch statistics."""
    started, count = time.perf_counter(), step.images
    size = count if recipe.batch_size == "full" else recipe.batch_size
    if size >= count:
        order = np.arange(count)
    else:
        order = make_rng(recipe.seed, Purpose.SHUFFLE, state.epoch).permutation(count)
    if len(state.params.statistics) and count % size == 1 and count > 1:
        order = order[:-1]
    loss, correct, lr = 0.0, 0, math.nan
    for start in range(0, len(order), size):
        rows = order[start : start + size]
        lr = recipe.schedule(state.epoch + start / count, recipe.epochs)
        batch_loss, batch_correct = step(rows, lr, state.epoch)
        if not math.isfinite(batch_loss):
            raise TrainingDiverged(state.optimizer.steps + 1, lr)
        loss += batch_loss * len(rows)
        correct += batch_correct
    if state.average is not None and len(state.average.statistics):
        step.reestimate(state.epoch)
    return _Pass(count, loss / len(order), correct / len(order), lr, time.perf_counter() - started)
