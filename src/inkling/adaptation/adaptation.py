"""Adapting: a model learns the hand of one person, and goes only so far that it reads all others as before.

It starts from its own parameters, sees the person's digits, augmented, beside digits of others, and is then blended
with what it was. How much that helps is measured on the person's digits by cross-validation: each is judged by a model
that learnt from the others alone. The model that is kept learns from all of them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from inkling.adaptation.adapted import Adapted, Comparison, Fold
from inkling.adaptation.blend import blend, largest_safe_share
from inkling.adaptation.rehearsal import Rehearsal
from inkling.classes import DIGITS
from inkling.data import Dataset, Source, Split, count_mnist_test_images
from inkling.errors import DataError, InklingError
from inkling.model import Model
from inkling.optim import Adam, CosineAnnealingLR
from inkling.recipes.recipe import Recipe
from inkling.recipes.recipe_file import load_recipe
from inkling.recipes.training_set import training_set
from inkling.rng import Purpose, make_rng
from inkling.runs.calibration import calibrate
from inkling.training.loop import train
from inkling.training.state import TrainingState

LEAST = 3  # pictures of a digit: one to judge by, two to learn from
FOLDS = 5
_REHEARSED = 4000  # digits of others in an epoch
_COPIES = 40  # of each of the person's digits in an epoch, at most; together they are at most as many as the others'
_SETTINGS: dict[str, Any] = {
    "optimizer": Adam(),
    "schedule": CosineAnnealingLR(1e-3, warmup=0.5),
    "epochs": 4,
    "batch_size": 128,
    "split": Split(),
    "drawn_digits": None,
    "stopping": None,
    "keep": "last",
    "temperature": 1.0,  # fitted on the guard, when all is learnt
    "claims": (),
    "name": "adapt",
    "description": "A model learns a hand: `inkling adapt`.",
}


@dataclass(frozen=True, eq=False)
class Adaptation:
    """A model that is to learn a hand.

    Attributes
    ----------
    model : where to start.
    hand : labelled digits of one person, at least three of each digit or none.
    source : digits of others, which it is not to forget.
    sha256 : of the model's file, for the facts.
    seed : of all randomness.

    Raises
    ------
    DataError : where the hand has too few digits; and later, where the source has none to learn from.
    """

    model: Model
    hand: Dataset
    source: Source
    sha256: str = ""
    seed: int = 0

    def __post_init__(self) -> None:
        if self.hand.labels is None:
            raise DataError(f"{self.hand.name}: no labels: put the pictures into folders named after the digit")
        few = [f"{n} of {digit}" for digit, n in enumerate(self.counts) if 0 < n < LEAST]
        if few or not len(self.hand):
            raise DataError(
                f"{self.hand.name}: at least {LEAST} pictures of each digit were expected, found "
                f"{', '.join(few) or 'none'}: write more of them, or leave such digits out"
            )

    @property
    def counts(self) -> list[int]:
        """Pictures of each digit."""
        assert self.hand.labels is not None
        return np.bincount(self.hand.labels, minlength=len(DIGITS)).tolist()

    @cached_property
    def rehearsal(self) -> Rehearsal:
        return Rehearsal.of(self.model, self.source, self.seed)

    @cached_property
    def recipe(self) -> Recipe:
        """Images changed as those were that the model learnt from, or else the reader."""
        own = self.model.metadata.get("recipe")
        known = load_recipe("reader") if own is None else Recipe.from_dict(own)
        non_digits = known.non_digits if self.model.knows_non_digits else 0.0
        settings = _SETTINGS | {"network": self.model.network, "non_digits": non_digits, "seed": self.seed}
        return dataclasses.replace(known, **settings)

    def folds(self) -> Iterator[Fold]:
        """Cross-validation, fold after fold."""
        labels = self.hand.labels
        assert labels is not None
        order = make_rng(self.seed, Purpose.SPLIT, 1).permutation(len(labels))
        order = order[np.argsort(labels[order], kind="stable")]  # digit after digit: each is dealt out evenly
        for k in range(FOLDS):
            held_out = np.sort(order[k::FOLDS])
            if not len(held_out):
                continue
            model, _ = self.learn(self.hand[np.setdiff1d(order, held_out)])
            images = self.hand.images[held_out]
            yield Fold(held_out, self.model.predict_proba(images), model.predict_proba(images))

    def learn(self, digits: Dataset) -> tuple[Model, float]:
        """The model after it has learnt these digits of the hand, and how far it went, as a share of the way.

        That is 0 where it cannot go anywhere without forgetting others.
        """
        params = self.model.params.copy()
        state = TrainingState(params, self.recipe.optimizer.init(params.flat))
        for _ in train(self.recipe, training_set(self.recipe, self._lesson(digits)), state=state):
            pass
        taught = Model(self.model.network, state.params, temperature=self.model.temperature)
        share = largest_safe_share(self.model, taught, self.rehearsal.holdout)
        blended = dataclasses.replace(blend(self.model, taught, share), temperature=1.0)
        return calibrate(blended, "fit", self.rehearsal.holdout), share

    def _lesson(self, digits: Dataset) -> Dataset:
        """These digits, many times over, beside digits of others."""
        others, chance = self.rehearsal.digits, make_rng(self.seed, Purpose.SPLIT, 2)
        rows = chance.choice(len(others), min(_REHEARSED, len(others)), replace=False)
        copies = max(1, min(_COPIES, len(rows) // len(digits)))
        parts = [others[rows], *[digits] * copies]
        assert all(part.labels is not None for part in parts)
        images, labels = (np.concatenate([getattr(part, which) for part in parts]) for which in ("images", "labels"))
        return Dataset(images, labels, digits.name)

    def conclude(self, folds: Sequence[Fold]) -> Adapted:
        """Learn from all digits of the hand; `folds` are what this came to in cross-validation.

        InklingError where they cannot be learnt without forgetting others.
        """
        model, share = self.learn(self.hand)
        if not share:
            raise InklingError(
                f"{self.hand.name}: this hand cannot be learnt without forgetting others: check that every picture "
                "lies in the folder, or the row, of its digit"
            )
        rows, before, after = (
            np.concatenate([getattr(fold, of) for fold in folds]) for of in ("rows", "before", "after")
        )
        test = self.rehearsal.test
        others = Comparison.of(test, self.model.predict_proba(test.images), model.predict_proba(test.images))
        adapted = Adapted(model, share, Comparison.of(self.hand[rows], before, after), others)
        return dataclasses.replace(adapted, model=dataclasses.replace(model, metadata=self._facts(adapted)))

    def _facts(self, adapted: Adapted) -> dict[str, Any]:
        """The facts of the model it was, and in "adaptations" of what it learnt since."""
        learnt = [_learnt(self.recipe, self.hand)]
        if (split := self.rehearsal.split) is not None:
            learnt.append(_learnt(dataclasses.replace(self.recipe, split=split), self.rehearsal.data))
        record = {"from": self.sha256, "digits": self.counts, **adapted.to_dict(), "learnt": learnt}
        known = {name: fact for name, fact in self.model.metadata.items() if name != "adaptations"}
        return {
            **known,
            "calibration": adapted.model.metadata["calibration"],
            "adaptations": [*self.model.metadata.get("adaptations", ()), record],
        }


def _learnt(recipe: Recipe, data: Dataset) -> dict[str, Any]:
    """Which data, divided how, as other trainings tell it."""
    about = {"source": data.name, "sha256": data.sha256, "images": len(data)}
    about["mnist_test_images"] = count_mnist_test_images(data.images)
    return {"recipe": recipe.to_dict(), "data": about}
