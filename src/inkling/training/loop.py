"""The training loop: a generator of epoch reports. Whoever wants to print, plot or stop iterates over it."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from inkling.classes import listed
from inkling.data.dataset import SYNTHETIC, Dataset
from inkling.errors import InklingError, UsageError
from inkling.inference import Predictor
from inkling.recipes.recipe import Recipe
from inkling.rng import Purpose, make_rng
from inkling.training.iteration import must_be_iterated
from inkling.training.measure import Measure
from inkling.training.state import TrainingState
from inkling.training.step import Step
from inkling.training.workers import worker_count

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
    """What one epoch came to. Losses are mean cross-entropies in nats, accuracies fractions.

    The training numbers are averages over the epoch's batches, each taken before its step and with dropout on; where
    the recipe adds `non_digits`, these count. Validation and test are about digits, and probabilities of digits, only.
    `seconds` is the time spent on training steps since the start; `images_per_second` is this epoch's.
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

    def to_dict(self) -> dict[str, Any]:
        return {name: value for name, value in dataclasses.asdict(self).items() if value is not None}


@must_be_iterated("iterate over the reports that it returns, or use inkling.fit")
def train(
    recipe: Recipe,
    training: Dataset,
    validation: Dataset | None = None,
    state: TrainingState | None = None,
    *,
    test: Dataset | None = None,
    workers: int | None = None,
    teacher: Model | None = None,
) -> Iterator[EpochReport]:
    """Train as the recipe says, one report an epoch; the parameters are in `state`, which each epoch updates.

    Parameters
    ----------
    training, validation : labelled images; the second only measures, chooses the best epoch and stops early.
    state : where to go on from; a fresh one by default. Between two reports it can be saved.
    test : measured after each epoch for the curves, and never used to choose anything.
    workers : processes, by default one a shard where there are cores; any number gives the same bits.
    teacher : where there is one, what it makes of each image, as augmented, is learnt in place of the label: Hinton et
        al. 2015, "Distilling the knowledge in a neural network"; Beyer et al. 2022, "Knowledge distillation: a good
        teacher is patient and consistent". The training loss is the cross-entropy with its probabilities.

    Raises
    ------
    TrainingDiverged : where the loss is no longer finite.
    UsageError : where there are no labels, no labelled validation images and the recipe needs them, or the teacher does
        not fit.
    """
    state = state or TrainingState.start(recipe)
    images, labels = _labelled(training, recipe)
    if recipe.needs_validation and (not validation or validation.labels is None):
        needy = "early stopping, keep = 'best' and temperature = 'fit'"
        raise UsageError(f"recipe {recipe.name}: {needy} need validation images with labels")
    check_teacher(recipe, teacher)
    answers = None if teacher is None else Predictor(teacher.network, teacher.params, teacher.temperature, threads=1)
    measure = Measure(recipe.network)
    if workers is not None and workers < 1:
        raise UsageError(f"training takes at least 1 worker, not {workers}")
    with Step(recipe, state, images, labels, min(worker_count(workers), recipe.shards), answers) as step:
        while state.epoch < recipe.epochs and not _enough(recipe, state):
            with state.whole_epochs_only():
                passed = _epoch(recipe, state, step, len(images))
                report = EpochReport(
                    epoch=state.epoch + 1,
                    training_loss=passed.loss,
                    training_accuracy=passed.accuracy,
                    learning_rate=passed.learning_rate,
                    seconds=passed.seconds + (state.history[-1]["seconds"] if state.history else 0.0),
                    images_per_second=len(images) / passed.seconds,
                    **measure(state.eval_parameters, validation, "validation"),
                    **measure(state.eval_parameters, test, "test"),
                )
                if not (np.isfinite(state.params.flat).all() and all(map(math.isfinite, report.to_dict().values()))):
                    raise TrainingDiverged(state.optimizer.steps, passed.learning_rate)
            state.history.append(report.to_dict())
            if recipe.keep == "best":
                state.keep_if_best()
            yield report


def _enough(recipe: Recipe, state: TrainingState) -> bool:
    return recipe.stopping is not None and recipe.stopping.should_stop(state.history)


class _Pass(NamedTuple):
    loss: float
    accuracy: float
    learning_rate: float
    seconds: float


def _epoch(recipe: Recipe, state: TrainingState, step: Step, count: int) -> _Pass:
    """All batches once; but a last one of a single image has no batch statistics, and waits for the next shuffle."""
    started = time.perf_counter()
    size = count if recipe.batch_size == "full" else recipe.batch_size
    order = (
        np.arange(count) if size >= count else make_rng(recipe.seed, Purpose.SHUFFLE, state.epoch).permutation(count)
    )
    if len(state.params.statistics) and count % size == 1 and count > 1:
        order = order[:-1]
    loss, right, lr = 0.0, 0, math.nan
    for start in range(0, len(order), size):
        rows = order[start : start + size]
        lr = recipe.schedule(state.epoch + start / count, recipe.epochs)
        batch_loss, batch_right = step(rows, lr, state.epoch)
        if not math.isfinite(batch_loss):
            raise TrainingDiverged(state.optimizer.steps + 1, lr)
        loss += batch_loss * len(rows)
        right += batch_right
    if state.average is not None and len(state.average.statistics):
        step.reestimate(state.epoch)
    return _Pass(loss / len(order), right / len(order), lr, time.perf_counter() - started)


def _labelled(dataset: Dataset, recipe: Recipe) -> tuple[np.ndarray, np.ndarray]:
    """What is learnt from: images (N, *input_shape) uint8 and labels (N,); UsageError where it does not fit."""
    if not isinstance(dataset, Dataset):
        raise UsageError(
            f"training takes a Dataset, such as the train part of a source, not a {type(dataset).__name__}"
        )
    if dataset.labels is None:
        raise UsageError(f"{dataset.name} has no labels: training needs to know what each image is")
    if len(dataset) == 0:
        raise UsageError(f"{dataset.name} has no images to train on")
    if recipe.synthetic and (dataset.rows != SYNTHETIC).all():
        raise UsageError(
            f"recipe {recipe.name} adds pictures to the data: train on training_set(recipe, dataset) or use inkling.fit"
        )
    require_fit(recipe, dataset)
    return dataset.images.reshape(len(dataset), *recipe.network.input_shape), dataset.labels


def require_fit(recipe: Recipe, dataset: Dataset) -> None:
    """UsageError where the network takes images of another size, or has no logit for some class of the dataset."""
    network = recipe.network
    if (*dataset.image_shape, 1) != network.input_shape:
        raise UsageError(
            f"recipe {recipe.name}: the network takes {network.input_shape}, but the images of {dataset.name} are "
            f"{dataset.image_shape}: use recipe.fitted_to(dataset)"
        )
    if network.shapes[-1] != (dataset.n_classes,) and recipe.n_classes != dataset.n_classes:
        raise UsageError(
            f"recipe {recipe.name}: the network has {network.shapes[-1][0]} logits, but {dataset.name} has "
            f"{listed(dataset.class_names)}: use recipe.fitted_to(dataset)"
        )


def check_teacher(recipe: Recipe, teacher: Model | None) -> None:
    """UsageError where the teacher takes other images than the network of the recipe, or knows other classes."""
    if teacher is None:
        return
    if teacher.network.input_shape != recipe.network.input_shape or teacher.n_classes != recipe.n_classes:
        raise UsageError(
            f"recipe {recipe.name}: its teacher takes images {teacher.network.input_shape} of {teacher.n_classes} "
            f"classes, the network {recipe.network.input_shape} of {recipe.n_classes}: they must be the same"
        )
    if recipe.non_digits and not teacher.knows_non_digits:
        raise UsageError(
            f"recipe {recipe.name}: its teacher knows no eleventh class for what is no digit: leave non_digits out, or "
            "give one that does"
        )
