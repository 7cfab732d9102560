"""Which images of a source a model may be judged on: those it did not learn from, nor any model that it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from inkling.data import SPLITS, Dataset, Source, Split, count_mnist_test_images
from inkling.data.parts import Parts, split_source
from inkling.errors import DataError
from inkling.model import Model
from inkling.notation import read

Metadata = Mapping[str, Any]


def trainings(metadata: Metadata) -> list[Metadata]:
    """The facts of every training that a model has knowledge from: members', teachers', and those that adapted it."""
    found = [each for adaptation in metadata.get("adaptations", ()) for each in adaptation["learnt"]]
    if "members" in metadata:
        return found + [training for member in metadata["members"] for training in trainings(member)]
    return [metadata, *found, *(trainings(metadata["teacher"]) if "teacher" in metadata else [])]


def unseen(model: Model, source: Source) -> tuple[Dataset, str]:
    """The part of a source to evaluate a model on, and in words which part it is.

    That is the source's own test part; or, where the model was trained on this very data, the rows that its
    recipe held out, and those of its members and teachers; or else all labelled rows.

    Raises
    ------
    DataError
        No labelled images, or all of them served to train this model.
    """
    if source.labelled_test is not None:
        return source.labelled_test, "the test part"
    if source.train is None or source.train.labels is None:
        raise DataError(f"{source.name}: no labels to evaluate on: expected a labelled part")
    divided = _divided(model, source)
    if not divided:
        return source.train, "all labelled images"
    chosen_by = [parts.validation for parts in divided if parts.test is not None]  # where there are better rows
    used = [each.rows for each in (*(parts.training for parts in divided), *chosen_by) if each is not None]
    part = source.train[~np.isin(source.train.rows, np.concatenate(used))]
    if not len(part):
        who = "this model was" if len(divided) == 1 else "this model's members and teachers together were"
        raise DataError(f"{source.name}: {who} trained on every row of it: evaluate it on other data")
    kinds = dict.fromkeys("validation" if parts.test is None else "test" for parts in divided)
    return part, f"the {' and '.join(kinds)} rows held out of training"


def leakage_note(model: Model, source: Source, part: Dataset) -> str:
    """What must be said where a model may have learnt from the part of a source it is judged on; else "".

    Where the part was taken from the data that trained the model, its recipe tells which rows it learnt from. In other
    data only images of MNIST's test set are recognised; the competition's rows for training hold most of them.
    """
    data = [each.get("data", {}) for each in trainings(model.metadata)]
    if part is not source.test and (divided := _divided(model, source)):
        known = int(np.isin(part.rows, np.concatenate([parts.training.rows for parts in divided])).sum())
        if known:
            return f" (NOT unseen: the model learnt from {known:,} of these images)"
        if len(divided) == len(data):
            return ""
        data = [each for each in data if source.train is None or each.get("sha256") != source.train.sha256]
    known = max(each.get("mnist_test_images", 0) for each in data)
    if known and count_mnist_test_images(part.images):
        return f" (NOT unseen: the model learnt from {known:,} images of MNIST's test set)"
    return "" if part is source.test else " (not checked for images that the model learnt from)"


def _divided(model: Model, source: Source) -> list[Parts]:
    """What each training of a model that took this very source made of it."""
    if source.train is None:
        return []
    same = [each for each in trainings(model.metadata) if each.get("data", {}).get("sha256") == source.train.sha256]
    return [_split_again(source, each["recipe"]) for each in same]


def _split_again(source: Source, recipe: Mapping[str, Any]) -> Parts:
    """The parts that a training with this recipe, as it stands in a model's metadata, made of the source."""
    split = read(recipe["split"], SPLITS) if "split" in recipe else Split()
    return split_source(source, split, recipe.get("seed", 0))
