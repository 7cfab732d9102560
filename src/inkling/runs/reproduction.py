"""Reproduction: train a recipe with several seeds and compare the measurements with its claims."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from inkling.data import Source
from inkling.recipes.claim import Claim
from inkling.recipes.recipe import Recipe
from inkling.recipes.recipe_file import load_recipe, recipe_names
from inkling.recipes.training_set import training_set
from inkling.runs.preparation import prepare
from inkling.training.loop import EpochReport, train
from inkling.training.measure import Measure
from inkling.training.state import TrainingState


@dataclass(frozen=True)
class Outcome:
    """A claim of a recipe and its measurements.

    Attributes
    ----------
    recipe : the recipe's name.
    claim : the claim.
    values : one measurement per seed; accuracies are fractions, losses are in nats.
    seconds : the time that one training took, a mean over the seeds.
    """

    recipe: str
    claim: Claim
    values: tuple[float, ...]
    seconds: float

    @property
    def mean(self) -> float:
        return statistics.fmean(self.values)

    @property
    def deviation(self) -> float:
        """Standard deviation over the seeds; 0 for one seed."""
        return statistics.stdev(self.values) if len(self.values) > 1 else 0.0

    @property
    def holds(self) -> bool:
        return self.claim.holds(self.mean)

    def to_dict(self) -> dict[str, Any]:
        return {
            "recipe": self.recipe,
            "claim": self.claim.to_dict(),
            "values": list(self.values),
            "mean": self.mean,
            "standard_deviation": self.deviation,
            "holds": self.holds,
            "seconds": self.seconds,
        }


def claimed_recipes() -> list[Recipe]:
    """The bundled recipes that make a claim."""
    return [recipe for recipe in map(load_recipe, recipe_names()) if recipe.claims]


def reproduce(
    recipe: Recipe, source: Source, seeds: int, watch: Callable[[Iterator[EpochReport], int], Any]
) -> list[Outcome]:
    """Train a recipe with the seeds 0 … seeds − 1 and measure its claims.

    Parameters
    ----------
    source : labelled digits, which the recipe's split divides.
    watch : is called once per seed with the reports of a training, which it iterates over, and the number of epochs.

    Raises
    ------
    UsageError
        The training does not measure what is claimed.
    """
    measured: list[dict[Claim, float]] = []
    seconds = []
    for seed in range(seeds):
        seeded = recipe.override(seed=seed)
        history, final = _train(seeded, source, watch)
        measured.append({claim: claim.measure(history, final) for claim in recipe.claims})
        seconds.append(history[-1]["seconds"])
    mean_seconds = statistics.fmean(seconds)
    return [
        Outcome(recipe.name, claim, tuple(values[claim] for values in measured), mean_seconds)
        for claim in recipe.claims
    ]


def _train(
    recipe: Recipe, source: Source, watch: Callable[[Iterator[EpochReport], int], Any]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The history of one training, and the record of the kept epoch with the test numbers added."""
    recipe, parts = prepare(recipe, source)
    state = TrainingState.start(recipe)
    watch(train(recipe, training_set(recipe, parts.training), parts.validation, state), recipe.epochs)
    params, epoch = state.chosen(recipe)
    return state.history, state.history[epoch - 1] | Measure(recipe.network, recipe.loss)(params, parts.test, "test")
