"""The parts of a source: images to train on, to validate on and to test on."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from inkling.data.copies import first_copies
from inkling.data.dataset import Dataset, Source
from inkling.data.split import Split
from inkling.errors import DataError, UsageError
from inkling.rng import Purpose, make_rng

Divided = tuple[Dataset, Dataset | None, Dataset | None]  # training, validation and test part


@dataclass(frozen=True)
class Parts:
    """What a split makes of a source.

    Attributes
    ----------
    training, validation, test : the parts; None for one that is empty.
    sha256 : of the labelled data that were split.
    copies : number of images that equal an earlier one, where all copies of an image were put into one part; else 0.
    notes : what is to be said about the split.
    """

    training: Dataset
    validation: Dataset | None
    test: Dataset | None
    sha256: str
    copies: int = 0
    notes: tuple[str, ...] = ()


def split_source(source: Source, split: Split, seed: int, copies_together: bool = True) -> Parts:
    """Split the labelled part of a source; where the source has a labelled test part of its own, that is the test part.

    The same arguments always give the same parts, so that a model can later be judged on rows that it never saw. Images
    that occur more than once are on one side of the split. Where all images differ, this changes nothing.

    Parameters
    ----------
    copies_together : False splits rows whatever they show, as it was done before copies were looked for.

    Raises
    ------
    DataError
        The source has no labelled images to train on.
    UsageError
        The split leaves nothing to train on.
    """
    data = source.train
    if data is None or data.labels is None:
        raise DataError(f"{source.name}: no labelled images to train on")
    if source.labelled_test is not None:
        split = dataclasses.replace(split, test=0)
    found, copies = None, 0
    if copies_together and (split.validates or split.test):
        first = first_copies(data.images)
        copies = int((first != np.arange(len(data))).sum())
        found = _split_of_images(data, first, split, seed) if copies else None
    training, validation, test = found or split.apply(data, make_rng(seed, Purpose.SPLIT))
    notes = (_note(data, copies, found is not None, training, validation),) if copies else ()
    test = source.labelled_test or test
    return Parts(training, validation, test, data.sha256, copies if found else 0, notes)


def _split_of_images(data: Dataset, first: np.ndarray, split: Split, seed: int) -> Divided | None:
    """The parts where every image is split once and its copies follow; None where there are too few different images.

    `first` (N,) is the row of the first copy of each image.
    """
    places = np.flatnonzero(first == np.arange(len(data)))
    different = data[places]._with(rows=places)  # since `data.rows` may be equal for different images
    share = len(different) / len(data)
    smaller = dataclasses.replace(split, validation=_scaled(split.validation, share), test=_scaled(split.test, share))
    try:
        parts = smaller.apply(different, make_rng(seed, Purpose.SPLIT))
    except UsageError:
        return None
    if any(part is None for part, size in zip(parts[1:], (split.validates, split.test), strict=True) if size):
        return None
    training, validation, test = (None if part is None else data[np.isin(first, part.rows)] for part in parts)
    assert training is not None
    return training, validation, test


def _note(data: Dataset, copies: int, apart: bool, training: Dataset, validation: Dataset | None) -> str:
    """What was done about images that equal an earlier one; `apart` where no image is in two parts."""
    told = f"{copies:,} of the {len(data):,} images are copies of earlier ones"
    if apart:
        return f"{told}: all copies of an image are in one part, so that no validation image is trained on"
    learnt = {image.tobytes() for image in training.images}
    known = 0 if validation is None else sum(image.tobytes() in learnt for image in validation.images)
    return f"{told}, too many to keep them apart: {known:,} of the validation images are in the training part, too"


def _scaled(size: float | int, share: float) -> float | int:
    """The same part of fewer images: a fraction stays, a number of rows becomes smaller, and at least 1."""
    return max(1, round(size * share)) if isinstance(size, int) and size else size
