"""Rehearsal: digits of other writers, which a model sees again while it learns those of one writer.

Robins 1995, "Catastrophic forgetting, rehearsal and pseudorehearsal".
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from inkling.data import Dataset, Source, Split
from inkling.errors import DataError
from inkling.model import Model
from inkling.provenance import unseen
from inkling.rng import Purpose, make_rng

MAX_HOLDOUT_IMAGES = 5000  # and never more than a third of the source


@dataclass(frozen=True, eq=False)
class Rehearsal:
    """The parts of a source that serve an adaptation.

    Attributes
    ----------
    digits : training images, of which some are learnt again beside the writer's.
    holdout : images held out of the adaptation, which decide how far the parameters may go. The model has not learnt
        from them before either, if the source has such images.
    test : images that judge the adapted model and decide nothing. They are the source's test part, or else the holdout.
    data : the source's labelled part, which `digits` and `holdout` were taken from.
    split : the split that divided `data`, or None where it was divided as in the training of the model.
    """

    digits: Dataset
    holdout: Dataset
    test: Dataset
    data: Dataset
    split: Split | None

    @classmethod
    def of(cls, model: Model, source: Source, seed: int) -> Rehearsal:
        """The parts of a source for a model; DataError where the source has no labelled images to train on."""
        data = source.train
        if data is None or data.labels is None:
            raise DataError(f"{source.name}: labelled images to train on were expected, for the model not to forget")
        held_out, split = _held_out(model, source), None
        if held_out is None or len(held_out) == len(data):  # the model has learnt from all of the images, or from none
            split = Split(validation=min(MAX_HOLDOUT_IMAGES, len(data) // 3))
            digits, holdout, _ = split.apply(data, make_rng(seed, Purpose.SPLIT))
            assert holdout is not None
        else:
            digits, holdout = data[~np.isin(data.rows, held_out.rows)], held_out[:MAX_HOLDOUT_IMAGES]
        return cls(digits, holdout, holdout if source.labelled_test is None else source.labelled_test, data, split)


def _held_out(model: Model, source: Source) -> Dataset | None:
    """The rows of the source's training part that the model has not learnt from."""
    try:
        return unseen(model, dataclasses.replace(source, test=None))[0]
    except DataError:
        return None
