"""Adapting: a model is fine-tuned to one writer, but only so far that it reads other writers as well as before.

Training starts from the model's parameters and shows it the writer's digits, augmented, beside digits of other writers.
The result is then blended with the model as it was. How much that helps is measured by cross-validation on the writer's
digits; the adapted model learns from all of them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from inkling.adaptation.blending import blend, largest_safe_share
from inkling.adaptation.rehearsal import Rehearsal
from inkling.adaptation.result import Adapted, Comparison, Fold
from inkling.adaptation.writer import Handwriting
from inkling.classes import DIGITS, require_digits
from inkling.data import Dataset, Source, Split, count_mnist_test_images, count_mnist_training_images
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

MIN_PICTURES_PER_DIGIT = 3  # one to judge by and two to learn from
N_FOLDS = 5
_REHEARSED_PER_EPOCH = 4000  # digits of other writers in one epoch
# Each of the writer's digits is shown up to this many times per epoch, augmented anew each time. Where the writer gave
# many digits, there are fewer copies: all copies together are no more than the digits of other writers.
_MAX_COPIES_PER_EPOCH = 40
_SETTINGS: dict[str, Any] = {
    "optimizer": Adam(),
    "schedule": CosineAnnealingLR(1e-3, warmup=0.5),
    "epochs": 4,
    "batch_size": 128,
    "split": Split(),
    "drawn_digits": None,
    "stopping": None,
    "ema": None,
    "weight_bits": None,  # blending two networks leaves no grid
    "keep": "last",
    "temperature": 1.0,  # while training; the adapted model's is fitted on the holdout
    "claims": (),
    "name": "adapt",
    "description": "A model learns the handwriting of one writer: `inkling adapt`.",
}


@dataclass(frozen=True, eq=False)
class Adaptation:
    """A model and the handwriting that it is to learn.

    Attributes
    ----------
    model : a model of the digits, whose parameters are the starting point.
    writer : labelled digits of one writer, at least three of each digit or none.
    source : digits of other writers, which the model is not to forget.
    sha256 : the hash of the model's file, for the metadata.
    seed : all random numbers follow from it.

    Raises
    ------
    DataError
        There are too few of the writer's digits, or, when learning begins, the source has no labelled images.
    UsageError
        The model, the writer's pictures or the source have other classes than the digits.
    """

    model: Model
    writer: Dataset
    source: Source
    sha256: str = ""
    seed: int = 0

    def __post_init__(self) -> None:
        require_digits(self.model.class_names, "adapting takes a model")
        require_digits(self.writer.class_names, f"{self.writer.name}: adapting takes pictures")
        if self.source.train is not None:
            require_digits(self.source.train.class_names, f"{self.source.name}: adapting rehearses images")
        if self.writer.labels is None:
            raise DataError(f"{self.writer.name}: no labels: put the pictures into folders named after the digit")
        few = [f"{n} of {digit}" for digit, n in enumerate(self.counts) if 0 < n < MIN_PICTURES_PER_DIGIT]
        if few or not len(self.writer):
            raise DataError(
                f"{self.writer.name}: at least {MIN_PICTURES_PER_DIGIT} pictures of each digit were expected, found "
                f"{', '.join(few) or 'none'}: write more of them, or leave such digits out"
            )

    @property
    def counts(self) -> list[int]:
        """How many pictures there are of each digit from 0 to 9."""
        assert self.writer.labels is not None
        return np.bincount(self.writer.labels, minlength=len(DIGITS)).tolist()

    @cached_property
    def rehearsal(self) -> Rehearsal:
        return Rehearsal.of(self.model, self.source, self.seed)

    @cached_property
    def recipe(self) -> Recipe:
        """The recipe of the fine-tuning. Its augmentations are those of the model's training, or else the reader's."""
        own = self.model.metadata.get("recipe")
        known = load_recipe("reader") if own is None else Recipe.from_dict(own)
        non_digits = known.non_digits if self.model.knows_non_digits else 0.0
        settings = _SETTINGS | {"network": self.model.network, "non_digits": non_digits, "seed": self.seed}
        return dataclasses.replace(known, **settings)

    def folds(self) -> Iterator[Fold]:
        """Cross-validation, fold after fold; a fold without digits is left out."""
        labels = self.writer.labels
        assert labels is not None
        order = make_rng(self.seed, Purpose.SPLIT, 1).permutation(len(labels))
        order = order[np.argsort(labels[order], kind="stable")]  # by digit, so that each digit is spread over the folds
        for k in range(N_FOLDS):
            held_out = np.sort(order[k::N_FOLDS])
            if not len(held_out):
                continue
            model, _ = self.learn(self.writer[np.setdiff1d(order, held_out)])
            images = self.writer.images[held_out]
            yield Fold(held_out, self.model.predict_proba(images), model.predict_proba(images))

    def learn(self, digits: Dataset) -> tuple[Model, float]:
        """The model after it has learnt these digits of the writer, and the share of the way that it went.

        The share is 0 where the model cannot learn them without forgetting other writers.
        """
        params = self.model.params.copy()
        state = TrainingState(params, self.recipe.optimizer.init(params.flat))
        for _ in train(self.recipe, training_set(self.recipe, self._training_part(digits)), state=state):
            pass
        fine_tuned = Model(self.model.network, state.params, temperature=self.model.temperature)
        share = largest_safe_share(self.model, fine_tuned, self.rehearsal.holdout)
        blended = dataclasses.replace(blend(self.model, fine_tuned, share), temperature=1.0)
        return calibrate(blended, "fit", self.rehearsal.holdout), share

    def _training_part(self, digits: Dataset) -> Dataset:
        """Digits of other writers, then copies of the writer's digits."""
        others, rng = self.rehearsal.digits, make_rng(self.seed, Purpose.SPLIT, 2)
        rows = rng.choice(len(others), min(_REHEARSED_PER_EPOCH, len(others)), replace=False)
        copies = max(1, min(_MAX_COPIES_PER_EPOCH, len(rows) // len(digits)))
        parts = [others[rows], *[digits] * copies]
        assert all(part.labels is not None for part in parts)
        images, labels = (np.concatenate([getattr(part, which) for part in parts]) for which in ("images", "labels"))
        return Dataset(images, labels, digits.name)

    def conclude(self, folds: Sequence[Fold]) -> Adapted:
        """Learn from all digits of the writer. The result is judged by the folds and by digits of other writers.

        Raises
        ------
        InklingError
            The digits cannot be learnt without forgetting other writers.
        """
        model, share = self.learn(self.writer)
        if not share:
            raise InklingError(
                f"{self.writer.name}: this handwriting cannot be learnt without forgetting that of other writers: "
                "check that every picture lies in the folder, or the row, of its digit"
            )
        rows, before, after = (
            np.concatenate([getattr(fold, of) for fold in folds]) for of in ("rows", "before", "after")
        )
        test = self.rehearsal.test
        others = Comparison.of(test, self.model.predict_proba(test.images), model.predict_proba(test.images))
        adapted = Adapted(model, share, Comparison.of(self.writer[rows], before, after), others)
        return dataclasses.replace(adapted, model=dataclasses.replace(model, metadata=self._metadata(adapted)))

    def _metadata(self, adapted: Adapted) -> dict[str, Any]:
        """The metadata of the model as it was, with one more record in "adaptations"."""
        places = self.writer.places if isinstance(self.writer, Handwriting) else ()
        data = [self.writer, *(places if len(places) > 1 else ())]  # `evaluate` may be asked about each place alone
        learnt = [_training_record(self.recipe, each) for each in data]
        if (split := self.rehearsal.split) is not None:
            learnt.append(_training_record(dataclasses.replace(self.recipe, split=split), self.rehearsal.data))
        record = {"from": self.sha256, "digits": self.counts, **adapted.to_dict(), "learnt": learnt}
        return {
            **self.model.metadata,
            "calibration": adapted.model.metadata["calibration"],
            "adaptations": [*self.model.metadata.get("adaptations", ()), record],
        }


def _training_record(recipe: Recipe, data: Dataset) -> dict[str, Any]:
    """Which data were learnt from and how they were divided, in the form of a model's own metadata."""
    about = {"source": data.name, "sha256": data.sha256, "images": len(data)}
    about["mnist_test_images"] = count_mnist_test_images(data.images)
    about["mnist_training_images"] = count_mnist_training_images(data.images)
    return {"recipe": recipe.to_dict(), "data": about}
