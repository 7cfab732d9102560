"""The parts of a source: images to train on, to validate on and to test on."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from inkling.data.dataset import Dataset, Source
from inkling.data.split import Split
from inkling.errors import DataError
from inkling.rng import Purpose, make_rng


@dataclass(frozen=True)
class Parts:
    """What a split makes of a source.

    Attributes
    ----------
    training, validation, test : the parts; None for one that is empty.
    sha256 : of the labelled data that were split.
    """

    training: Dataset
    validation: Dataset | None
    test: Dataset | None
    sha256: str


def split_source(source: Source, split: Split, seed: int) -> Parts:
    """Split the labelled part of a source; where the source has a labelled test part of its own, that is the test part.

    The same arguments always give the same parts, so that a model can later be judged on rows that it never saw.

    Raises
    ------
    DataError
        The source has no labelled images to train on.
    UsageError
        The split leaves nothing to train on.
    """
    if source.train is None or source.train.labels is None:
        raise DataError(f"{source.name}: no labelled images to train on")
    if source.labelled_test is not None:
        split = dataclasses.replace(split, test=0)
    training, validation, test = split.apply(source.train, make_rng(seed, Purpose.SPLIT))
    return Parts(training, validation, source.labelled_test or test, source.train.sha256)
