"""Provenance: what a model, its members and its teachers were trained on, hence which images it can be judged on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from inkling.classifier import Classifier
from inkling.data import SPLITS, Dataset, Source, Split, count_mnist_test_images, count_mnist_training_images
from inkling.data.copies import count_shared, with_copies
from inkling.data.mnist import TRAINING_SHA256
from inkling.data.parts import Parts, split_source
from inkling.errors import DataError, UsageError
from inkling.notation import read

Metadata = Mapping[str, Any]
_LEAK = " (NOT unseen: "  # begins a note
_REMEDY = "its figures there say nothing about new images: take others, or say --allow-overlap"


def trainings(metadata: Metadata) -> list[Metadata]:
    """The metadata of every training that shaped a model.

    These are its own, and those of members, teachers, the model that it started from, and adaptations.
    """
    adaptations = [each for adaptation in metadata.get("adaptations", ()) for each in adaptation.get("learnt", ())]
    if "members" in metadata:
        return adaptations + [training for member in metadata["members"] for training in trainings(member)]
    models = [metadata[role] for role in ("teacher", "start") if role in metadata]
    return [metadata, *adaptations, *(training for model in models for training in trainings(model))]


def unseen(model: Classifier, source: Source) -> tuple[Dataset, str]:
    """The part of a source to evaluate a model on, and which part it is in words.

    A source with a labelled test part: that part. A source that the model was trained on: the rows that its recipe held
    out, and so did the recipes of its members and teachers. Any other source: all labelled rows.

    Raises
    ------
    DataError
        There are no labelled images, or the model was trained on all of them.
    """
    if source.labelled_test is not None:
        if not _same(model, source.labelled_test):
            return source.labelled_test, "the test part"
        source = _only_test(source)  # a training took what this source has to test on
    if source.train is None or source.train.labels is None:
        raise DataError(f"{source.name}: no labels to evaluate on: expected a labelled part")
    splits = _splits(model, source)
    if not splits:
        return source.train, "all labelled images"
    # Validation rows may have chosen the epoch, so that they are left out where there are test rows.
    validation = [parts.validation for parts in splits if parts.test is not None and parts.validation is not None]
    used = [*(parts.training for parts in splits), *validation]
    part = source.train[~_known(source.train, used)]
    if not len(part):
        who = "this model was" if len(splits) == 1 else "this model's members and teachers together were"
        raise DataError(
            f"{source.name}: {who} trained on every row of it: evaluate it on other data, or hold some out before "
            "training: inkling train --validation 0.1"
        )
    kinds = dict.fromkeys("validation" if parts.test is None else "test" for parts in splits)
    return part, f"the {' and '.join(kinds)} rows held out of training"


def leakage_note(model: Classifier, source: Source, part: Dataset) -> str:
    """A note that a model learnt from the part of a source it is judged on, for the end of a line; else "".

    If the model was trained on this source, its recipe tells which rows it learnt from. In any other source only
    MNIST's images are recognised, of which the competition's files are another arrangement; the note then says that
    other images were not checked, and it says so of a test part too where the rows of some training are unknown. Of a
    model whose weights were imported, nobody knows what they learnt from.
    """
    note = _leakage_note(model, source, part)
    if note.startswith(_LEAK) or not any("imported" in each for each in trainings(model.metadata)):
        return note
    return " (NOT known to be unseen: the model was imported, and what its weights learnt from is not known)"


def require_unseen(name: str, note: str) -> None:
    """UsageError where `leakage_note` of the model that is called `name` says that it learnt from the images."""
    if note.startswith(_LEAK):
        raise UsageError(f"{name}: {note.removeprefix(_LEAK).removesuffix(')')}; {_REMEDY}")


def require_no_overlap(training: Dataset, test: Dataset) -> None:
    """UsageError where images to test on equal images to train on."""
    if shared := count_shared(test.images, training.images):
        raise UsageError(f"{test.name}: {shared:,} of its {len(test):,} images are in {training.name}; {_REMEDY}")


def _leakage_note(model: Classifier, source: Source, part: Dataset) -> str:
    data = [each.get("data", {}) for each in trainings(model.metadata)]
    if source.test is not None and part.name == source.test.name and _same(model, source.test):
        source = _only_test(source)
    if part is not source.test and (splits := _splits(model, source)):
        assert source.train is not None
        learnt = source.train.rows[_known(source.train, [parts.training for parts in splits])]
        known = int(np.isin(part.rows, learnt).sum())
        if known:
            return f"{_LEAK}the model learnt from {known:,} of these images)"
        if len(splits) == len(data):
            return ""
        data = [each for each in data if source.train is None or each.get("sha256") != source.train.sha256]
    if leak := _mnist_leak(data, part.images):
        return f"{_LEAK}{leak})"
    is_known = part is source.test and not any(each.get("unknown") for each in data)
    return "" if is_known else " (not checked for images that the model learnt from)"


def mnist_leak(model: Classifier, images: np.ndarray) -> str:
    """Half a sentence where images (N, H, W) are among those of MNIST that a model learnt from; else ""."""
    return _mnist_leak([each.get("data", {}) for each in trainings(model.metadata)], images)


def _mnist_leak(data: Sequence[Metadata], images: np.ndarray) -> str:
    """`data` are the entries on the data of the model's trainings."""
    found = []
    known = max((each.get("mnist_test_images", 0) for each in data), default=0)
    if known and count_mnist_test_images(images):
        found.append(f"the model learnt from {known:,} images of MNIST's test set")
    if any(each.get("sha256") == TRAINING_SHA256 or each.get("mnist_training_images", 0) for each in data):
        shared = count_mnist_training_images(images)
        of_these = f"at least {shared:,} of these {len(images):,} images are in MNIST's training set"
        found += [f"{of_these}, which the model learnt from"] * bool(shared)
    return " and ".join(found)


def _same(model: Classifier, data: Dataset) -> list[Metadata]:
    """The trainings of the model that were on exactly these data."""
    return [each for each in trainings(model.metadata) if each.get("data", {}).get("sha256") == data.sha256]


def _only_test(source: Source) -> Source:
    """The test part of a source as all that it has, which a training then divided."""
    return Source(source.name, source.test, None)


def _splits(model: Classifier, source: Source) -> list[Parts]:
    """The parts that the source was split into, for each training of the model that was on this source."""
    if source.train is None:
        return []
    return [_split_again(source, each) for each in _same(model, source.train)]


def _split_again(source: Source, training: Metadata) -> Parts:
    """The parts that a training, by its metadata, splits the source into.

    Where copies were not put together, `_known` finds those of images that the model learnt from.
    """
    recipe = training.get("recipe", {})
    try:
        split = read(recipe["split"], SPLITS) if "split" in recipe else Split()
        return split_source(source, split, recipe.get("seed", 0), "copies" in training["data"])
    except UsageError as error:
        raise DataError(
            f"{source.name}: the model's file says that it was trained on these data, but not how they were divided: "
            f"{error}; evaluate it on other data"
        ) from None


def _known(data: Dataset, used: list[Dataset]) -> np.ndarray:
    """The mask (N,) of the rows that are in one of these parts of the data, or whose image is a copy of one there."""
    rows = np.isin(data.rows, np.concatenate([each.rows for each in used]))
    return with_copies(rows, data.images)
