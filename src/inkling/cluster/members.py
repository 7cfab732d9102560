"""The members of an ensemble: a recipe trained from several seeds, each in a run folder of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from inkling.cluster.executors import Workers
from inkling.cluster.fit_folder import MEMBERS, FitFolder
from inkling.ensembles import ensemble
from inkling.model import Model, load
from inkling.recipes import Recipe
from inkling.runs.listing import RunSummary


@dataclass(frozen=True)
class Member:
    """A member that was trained, from this seed."""

    seed: int
    run: RunSummary


@dataclass(frozen=True)
class Members:
    """Members of an ensemble in their folder; the seed of the recipe and those after it."""

    fits: FitFolder
    recipe: Recipe

    @classmethod
    @contextmanager
    def open(cls, folder: Path, recipe: Recipe, data: str) -> Iterator[Members]:
        """Begin, or go on with what is in the folder; the errors are those of `FitFolder.open`."""
        with FitFolder.open(folder, MEMBERS, recipe, data, {}, first=recipe) as fits:
            yield cls(fits, recipe)

    def train(self, workers: Workers, members: int) -> Iterator[Member]:
        """Train so many members, those of earlier calls among them; each as soon as it is done.

        Raises
        ------
        InklingError
            One of them cannot be trained.
        """
        recipes = [dataclasses.replace(self.recipe, seed=self.recipe.seed + place) for place in range(members)]
        for number, summary in self.fits.fit(recipes, workers):
            yield Member(recipes[number].seed, summary)


def joined(members: Sequence[Member]) -> Model:
    """The ensemble of these members, in the order of their seeds."""
    ordered = sorted(members, key=lambda member: member.seed)
    return ensemble([load(member.run.folder) for member in ordered])
