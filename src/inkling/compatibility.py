"""Compatibility of a model with data: images of one size, and classes of the same names."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Sequence

import numpy as np

from inkling.classes import DIGITS, listed
from inkling.classifier import Classifier
from inkling.data import Dataset, Source
from inkling.data.square_digits import digits_of_squares
from inkling.errors import DataError, InklingWarning, UsageError
from inkling.ink import DIGIT_SHAPE


def require_image_size(model: Classifier, dataset: Dataset, name: str = "the model") -> None:
    """DataError unless the images have the size that the model was trained on; `name` is what to call the model."""
    expected, found = model.input_shape[:2], dataset.image_shape
    if found != expected:
        raise DataError(
            f"{name} takes images of {by(expected)} pixels, but those of {dataset.name} have {by(found)}: take data of "
            f"that size, or train a model on images of this one"
        )


def in_size_of(model: Classifier, dataset: Dataset) -> Dataset:
    """Images without labels for a model of digits of 28×28: square ones of another size are brought to it, and told.

    A table does not say what its images show. Digits with labels are brought to 28×28 when they are loaded.
    """
    height, width = dataset.image_shape
    takes_digits = model.class_names == DIGITS and model.input_shape[:2] == DIGIT_SHAPE
    if not takes_digits or dataset.labels is not None or height != width or dataset.image_shape == DIGIT_SHAPE:
        return dataset
    warnings.warn(
        f"{dataset.name}: images of {by((height, width))} pixels brought to 28×28", InklingWarning, stacklevel=2
    )
    return dataclasses.replace(dataset, images=digits_of_squares(dataset.images))


def in_classes_of(model: Classifier, dataset: Dataset, name: str = "the model") -> Dataset:
    """The labelled dataset with labels as the model counts its classes, for which each class is found by its name.

    The data may have fewer classes than the model, or have them in another order.

    Parameters
    ----------
    name : what to call the model in messages.

    Raises
    ------
    DataError
        The data have a class that the model does not know.
    """
    require_known_classes(model, dataset, name)
    if dataset.class_names == model.class_names:
        return dataset
    assert dataset.labels is not None
    places = np.array([model.class_names.index(each) for each in dataset.class_names], np.int64)
    return dataclasses.replace(dataset, labels=places[dataset.labels], class_names=model.class_names)


def classes_are_known(source: Source) -> bool:
    """Whether the source says what its classes are: by the labels of a part, or by names other than the digits'.

    Both parts of a source have the same classes, so that the labels of one say what the images of the other show.
    """
    return source.class_names != DIGITS or any(part.labels is not None for part in source.parts.values())


def require_known_classes(model: Classifier, dataset: Dataset, name: str = "the model") -> None:
    """DataError unless the model knows every class of the data by its name; `name` is what to call the model."""
    unknown = [each for each in dataset.class_names if each not in model.class_names]
    if unknown:
        raise DataError(
            f"{name} knows {listed(model.class_names)}, but {dataset.name} has {listed(dataset.class_names)}, of which "
            f"it does not know {', '.join(unknown[:5])}{', …' if len(unknown) > 5 else ''}: take data of the model's "
            f"classes, or train a model on these"
        )


def require_same_classes(models: Sequence[Classifier], what: str) -> None:
    """UsageError unless all models have the same classes in the same order.

    `what` begins the sentence: "an ensemble takes models".
    """
    first, *others = (model.class_names for model in models)
    for names in others:
        if names != first:
            raise UsageError(f"{what} of the same classes, not of {listed(first)} and {listed(names)}")


def require_same_image_size(models: Sequence[Classifier], what: str) -> None:
    """UsageError unless all models take images of the same size; `what` is as in `require_same_classes`."""
    sizes = dict.fromkeys(by(model.input_shape) for model in models)
    if len(sizes) > 1:
        raise UsageError(f"{what} of images of one size, not of {' and '.join(sizes)} pixels")


def by(shape: Sequence[int]) -> str:
    """The size of an image in words: "28×28"."""
    return f"{shape[0]}×{shape[1]}"
