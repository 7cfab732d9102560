"""Rehearsal: digits by others that a model sees again while it learns something new, and some that show its losses.

Robins, "Catastrophic forgetting, rehearsal and pseudorehearsal", 1995.
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

HOLDOUT = 5000  # images, at most, and a third of all


@dataclass(frozen=True, eq=False)
class Rehearsal:
    """What a source gives to a model that learns a hand.

    Attributes
    ----------
    digits : to learn from again.
    guard : held out, to decide how far the model may go; it has not learnt from them before if that can be.
    test : to judge by in the end, and by nothing before.
    data : of the source's labelled part.
    split : which divided digits and guard; None where it was the model's own training.
    """

    digits: Dataset
    holdout: Dataset
    test: Dataset
    data: Dataset
    split: Split | None

    @classmethod
    def of(cls, model: Model, source: Source, seed: int) -> Rehearsal:
        """The parts of a source; DataError where it has no labelled images to train on."""
        data = source.train
        if data is None or data.labels is None:
            raise DataError(f"{source.name}: labelled images to train on were expected, for the model not to forget")
        held_out, split = _held_out(model, source), None
        if held_out is None or len(held_out) == len(data):  # it has learnt from all of them, or from none
            split = Split(validation=min(HOLDOUT, len(data) // 3))
            digits, holdout, _ = split.apply(data, make_rng(seed, Purpose.SPLIT))
            assert holdout is not None
        else:
            digits, holdout = data[~np.isin(data.rows, held_out.rows)], held_out[:HOLDOUT]
        return cls(digits, holdout, holdout if source.labelled_test is None else source.labelled_test, data, split)


def _held_out(model: Model, source: Source) -> Dataset | None:
    """The rows to train on that the model has not learnt from."""
    try:
        return unseen(model, dataclasses.replace(source, test=None))[0]
    except DataError:
        return None
