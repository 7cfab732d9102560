"""Which images of a source a model may be judged on: those it did not learn from."""

from __future__ import annotations

import json
from pathlib import Path

from inkling.data import Dataset, Source, count_mnist_test_images
from inkling.errors import DataError
from inkling.model import Model
from inkling.training.recipe import Recipe
from inkling.training.run import divide


def data_of(path: Path, model: Model) -> str:
    """The source that the model at `path` was trained on, as its run folder tells, or else its file."""
    try:
        folder = path if path.is_dir() else path.parent
        return str(json.loads((folder / "run.json").read_text(encoding="utf-8"))["data"])
    except (OSError, ValueError, KeyError, TypeError):
        return str(model.facts.get("data", {}).get("source", "auto"))


def unseen(model: Model, source: Source) -> tuple[Dataset, str]:
    """The part of a source to evaluate a model on, and in words which part it is.

    That is the source's own test part; or, where the model was trained on this very data, the rows that its
    recipe held out; or else all labelled rows.

    Raises
    ------
    DataError
        No labelled images, or all of them served to train this model.
    """
    if source.test is not None and source.test.labels is not None:
        return source.test, "the test part" + _leak(model, source.test)
    if source.train is None or source.train.labels is None:
        raise DataError(f"{source.name}: no labels to evaluate on: expected a labelled part")
    if model.facts.get("data", {}).get("sha256") != source.train.sha256:
        return source.train, "all labelled images"
    parts = divide(Recipe.from_dict(model.facts["recipe"]), source)
    if parts.test is not None:
        return parts.test, "the test rows held out of this model's training"
    if parts.validation is not None:
        return parts.validation, "the validation rows held out of this model's training"
    raise DataError(f"{source.name}: this model was trained on every row of it: evaluate it on other data")


def _leak(model: Model, test: Dataset) -> str:
    """A warning where test images of MNIST were among those the model learnt from, as in the competition's rows."""
    learnt = model.facts.get("data", {}).get("mnist_test_images", 0)
    if not learnt or not count_mnist_test_images(test.images):
        return ""
    return f" (NOT unseen: the model learnt from {learnt:,} images of MNIST's test set)"
