"""Which images of a source a model may be judged on: those it did not learn from."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from inkling.data import Dataset, Source, count_mnist_test_images
from inkling.errors import DataError
from inkling.model import RUN_FACTS, Model
from inkling.training.recipe import Recipe
from inkling.training.run import divide


def data_of(path: Path, model: Model) -> str:
    """The source that the model at `path` was trained on, as its run folder tells, or else its file."""
    try:
        folder = path if path.is_dir() else path.parent
        return str(json.loads((folder / RUN_FACTS).read_text(encoding="utf-8"))["data"])
    except (OSError, ValueError, KeyError, TypeError):
        return str(model.facts.get("data", {}).get("source", "auto"))


def unseen(model: Model, source: Source) -> tuple[Dataset, str]:
    """The part of a source to evaluate a model on, and in words which part it is; `caveat` says how far it is unseen.

    That is the source's own test part; or, where the model was trained on this very data, the rows that its
    recipe held out; or else all labelled rows.

    Raises
    ------
    DataError
        No labelled images, or all of them served to train this model.
    """
    if source.labelled_test is not None:
        return source.labelled_test, "the test part"
    if source.train is None or source.train.labels is None:
        raise DataError(f"{source.name}: no labels to evaluate on: expected a labelled part")
    if model.facts.get("data", {}).get("sha256") != source.train.sha256:
        return source.train, "all labelled images"
    parts = divide(Recipe.from_dict(model.facts["recipe"]), source)
    if parts.test is not None:
        return parts.test, "the test rows held out of training"
    if parts.validation is not None:
        return parts.validation, "the validation rows held out of training"
    raise DataError(f"{source.name}: this model was trained on every row of it: evaluate it on other data")


def caveat(model: Model, source: Source, part: Dataset) -> str:
    """What must be said where a model may have learnt from the part of a source it is judged on; else "".

    Where the part was taken from the data that trained the model, its recipe tells which rows it learnt from. In other
    data only images of MNIST's test set are recognised; the competition's rows for training hold most of them.
    """
    learnt = model.facts.get("data", {})
    if source.train is not None and part is not source.test and learnt.get("sha256") == source.train.sha256:
        training = divide(Recipe.from_dict(model.facts["recipe"]), source).training
        known = int(np.isin(part.rows, training.rows).sum())
        return f" (NOT unseen: the model learnt from {known:,} of these images)" if known else ""
    known = learnt.get("mnist_test_images", 0)
    if known and count_mnist_test_images(part.images):
        return f" (NOT unseen: the model learnt from {known:,} images of MNIST's test set)"
    return "" if part is source.test else " (not checked for images that the model learnt from)"
