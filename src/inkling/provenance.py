"""Provenance: what a model, its members and its teachers were trained on, hence which images it can be judged on."""

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
    """The metadata of every training that shaped a model.

    These are its own, and those of members, teachers, the model that it started from, and adaptations.
    """
    adaptations = [each for adaptation in metadata.get("adaptations", ()) for each in adaptation["learnt"]]
    if "members" in metadata:
        return adaptations + [training for member in metadata["members"] for training in trainings(member)]
    models = [metadata[role] for role in ("teacher", "start") if role in metadata]
    return [metadata, *adaptations, *(training for model in models for training in trainings(model))]


def unseen(model: Model, source: Source) -> tuple[Dataset, str]:
    """The part of a source to evaluate a model on, and which part it is in words.

    A source with a labelled test part: that part. A source that the model was trained on: the rows that its recipe held
    out, and so did the recipes of its members and teachers. Any other source: all labelled rows.

    Raises
    ------
    DataError
        There are no labelled images, or the model was trained on all of them.
    """
    if source.labelled_test is not None:
        return source.labelled_test, "the test part"
    if source.train is None or source.train.labels is None:
        raise DataError(f"{source.name}: no labels to evaluate on: expected a labelled part")
    splits = _splits(model, source)
    if not splits:
        return source.train, "all labelled images"
    # Validation rows may have chosen the epoch, so that they are left out where there are test rows.
    validation = [parts.validation for parts in splits if parts.test is not None and parts.validation is not None]
    used = [*(parts.training for parts in splits), *validation]
    part = source.train[~np.isin(source.train.rows, np.concatenate([each.rows for each in used]))]
    if not len(part):
        who = "this model was" if len(splits) == 1 else "this model's members and teachers together were"
        raise DataError(f"{source.name}: {who} trained on every row of it: evaluate it on other data")
    kinds = dict.fromkeys("validation" if parts.test is None else "test" for parts in splits)
    return part, f"the {' and '.join(kinds)} rows held out of training"


def leakage_note(model: Model, source: Source, part: Dataset) -> str:
    """A note that a model learnt from the part of a source it is judged on, for the end of a line; else "".

    If the model was trained on this source, its recipe tells which rows it learnt from. In any other source only the
    images of MNIST's test set are recognised, most of which are among the competition's training rows; the note then
    says that other images were not checked.
    """
    data = [each.get("data", {}) for each in trainings(model.metadata)]
    if part is not source.test and (splits := _splits(model, source)):
        known = int(np.isin(part.rows, np.concatenate([parts.training.rows for parts in splits])).sum())
        if known:
            return f" (NOT unseen: the model learnt from {known:,} of these images)"
        if len(splits) == len(data):
            return ""
        data = [each for each in data if source.train is None or each.get("sha256") != source.train.sha256]
    known = max(each.get("mnist_test_images", 0) for each in data)
    if known and count_mnist_test_images(part.images):
        return f" (NOT unseen: the model learnt from {known:,} images of MNIST's test set)"
    return "" if part is source.test else " (not checked for images that the model learnt from)"


def _splits(model: Model, source: Source) -> list[Parts]:
    """The parts that the source was split into, for each training of the model that was on this source."""
    if source.train is None:
        return []
    same = [each for each in trainings(model.metadata) if each.get("data", {}).get("sha256") == source.train.sha256]
    return [_split_again(source, each["recipe"]) for each in same]


def _split_again(source: Source, recipe: Mapping[str, Any]) -> Parts:
    """The parts that a training splits the source into; `recipe` is the entry of a model's metadata."""
    split = read(recipe["split"], SPLITS) if "split" in recipe else Split()
    return split_source(source, split, recipe.get("seed", 0))
