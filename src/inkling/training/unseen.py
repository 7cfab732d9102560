"""Which images of a source a model may be judged on: those it did not learn from, nor any model that it is made of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from inkling.committee import members
from inkling.data import Dataset, Source, count_mnist_test_images
from inkling.errors import DataError, UsageError
from inkling.model import RUN_FACTS, Model
from inkling.training.parts import Parts, divide
from inkling.training.recipe import Recipe

Facts = Mapping[str, Any]


def trainings(facts: Facts) -> list[Facts]:
    """The facts of every training that a model has knowledge from: members', teachers', and those that adapted it."""
    found = [each for adaptation in facts.get("adaptations", ()) for each in adaptation["learnt"]]
    if "members" in facts:
        return found + [training for member in facts["members"] for training in trainings(member)]
    return [facts, *found, *(trainings(facts["teacher"]) if "teacher" in facts else [])]


def data_of(path: Path, model: Model) -> str:
    """The source that the model at `path` was trained on, as its run folder tells, or else its file.

    UsageError where that is more than one, as it may be of an ensemble.
    """
    try:
        folder = path if path.is_dir() else path.parent
        if "members" not in model.facts:  # which was not trained in the folder that it may lie in
            return str(json.loads((folder / RUN_FACTS).read_text(encoding="utf-8"))["data"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    sources = dict.fromkeys(str(each.get("data", {}).get("source", "auto")) for each in members(model.facts))
    if len(sources) > 1:
        raise UsageError(f"{path}: its members were trained on {' and '.join(sources)}: say with --data what to take")
    return next(iter(sources))


def unseen(model: Model, source: Source) -> tuple[Dataset, str]:
    """The part of a source to evaluate a model on, and in words which part it is; `caveat` says how far it is unseen.

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


def caveat(model: Model, source: Source, part: Dataset) -> str:
    """What must be said where a model may have learnt from the part of a source it is judged on; else "".

    Where the part was taken from the data that trained the model, its recipe tells which rows it learnt from. In other
    data only images of MNIST's test set are recognised; the competition's rows for training hold most of them.
    """
    data = [each.get("data", {}) for each in trainings(model.facts)]
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
    same = [each for each in trainings(model.facts) if each.get("data", {}).get("sha256") == source.train.sha256]
    return [divide(Recipe.from_dict(each["recipe"]), source) for each in same]
