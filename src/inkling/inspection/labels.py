"""Labels that are probably wrong: a model that did not learn an image is sure that it shows another class.

Each image is judged out of fold: the data are divided into folds, and the model that judges a fold has learnt the
others. Doubtful labels are ranked by the margin between their probability and that of the answer: Northcutt, Jiang and
Chuang 2021, "Confident learning: estimating uncertainty in dataset labels".
"""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable, Iterator
from itertools import product

import numpy as np

from inkling.data import Dataset, Source, Split
from inkling.data.parts import split_source
from inkling.errors import InklingWarning, UsageError
from inkling.inspection.finding import Finding
from inkling.model import Model
from inkling.orientation import TURNS
from inkling.recipes import Recipe
from inkling.runs.fitting import fit

SURE = 0.5  # probability of another class from which on a label is doubted: it is more probable than all others
# An image is said to be turned where its label has at most the first probability as it is, and the second one turned.
NOT_AS_LABELLED, AS_LABELLED = 0.01, 0.99
_LABELS_OF_TURNED = frozenset("69")  # each is the other one after half a turn


def out_of_fold(recipe: Recipe, data: Dataset, folds: int) -> Iterator[tuple[np.ndarray, Model]]:
    """Per fold the places (N,) of its images in `data`, and a model that has learnt the others.

    Copies of an image are in one fold. UsageError where the recipe does not fit the data, or the folds would be empty.
    """
    source = Source(data.name, data, None)
    for fold in range(folds):
        split = Split(folds=folds, fold=fold, stratified=recipe.split.stratified)
        own = dataclasses.replace(recipe, split=split)
        held_out = split_source(source, split, recipe.seed).validation
        if held_out is None:
            raise UsageError(f"{data.name}: {folds} folds of {len(data):,} images would be empty: give fewer")
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", InklingWarning
            )  # what there is to say about the data was said as they were read
            model = fit(own, source)
        yield np.flatnonzero(np.isin(data.rows, held_out.rows)), model


def doubtful(part: Dataset, probabilities: np.ndarray) -> np.ndarray:
    """The places of images whose answer is not their label, the surest answers first.

    Parameters
    ----------
    probabilities : (N, C) of each class, by models that have not learnt the image.

    They are in the order of the difference of the probabilities of label and answer.
    """
    assert part.labels is not None
    label = probabilities[np.arange(len(part)), part.labels]
    margin = label - probabilities.max(axis=1)
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != part.labels)
    return wrong[np.argsort(margin[wrong], kind="stable")]


def findings(
    part: Dataset, probabilities: np.ndarray, answers: Callable[[np.ndarray, np.ndarray], np.ndarray]
) -> Iterator[Finding]:
    """Labels that are doubted, and images that are read as labelled once they are turned, mirrored or inverted.

    An image that is surely read as another class is one with a doubtful label, even where a turn helps: sixteen ways to
    turn it are tried, and one of them may happen to look like the label.

    Parameters
    ----------
    answers : the probabilities (M, C) of images (M, H, W) that stand at places (M,) of the part, by the same models.
    """
    assert part.labels is not None
    places = doubtful(part, probabilities)
    sure = probabilities[places].max(axis=1) >= SURE
    for place in places[sure].tolist():
        best, label = int(probabilities[place].argmax()), int(part.labels[place])
        answer, own = float(probabilities[place, best]), float(probabilities[place, label])
        says = f"is read as {part.class_names[best]} with {answer:.1%}, as labelled with {own:.1%}"
        yield Finding("labels", part.name, int(part.rows[place]), part.class_names[label], says, answer - own)
    for place, way in _turned(part, places[~sure], probabilities, answers).items():
        label = int(part.labels[place])
        says = f"is read as labelled once it is {way}"
        score = 1 - float(probabilities[place, label])
        yield Finding("orientation", part.name, int(part.rows[place]), part.class_names[label], says, score)


def _turned(
    part: Dataset,
    places: np.ndarray,
    probabilities: np.ndarray,
    answers: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> dict[int, str]:
    """Of the images at these places that are read as labelled after a turn: which turn it is."""
    assert part.labels is not None
    places = places[probabilities[places, part.labels[places]] <= NOT_AS_LABELLED]
    if not len(places):
        return {}
    images, labels = part.images[places], part.labels[places]
    best, found = np.full(len(places), AS_LABELLED), {}
    for (name, turn), inverted in product(TURNS.items(), ("", "inverted")):
        seen = turn(255 - images if inverted else images)
        if not (name or inverted) or seen.shape != images.shape:
            continue
        shares = answers(np.ascontiguousarray(seen), places)[np.arange(len(places)), labels]
        if name == "rotated by 180°":
            shares[[part.class_names[label] in _LABELS_OF_TURNED for label in labels]] = 0
        for number in np.flatnonzero(shares >= best).tolist():
            best[number], found[int(places[number])] = shares[number], " and ".join(filter(None, (name, inverted)))
    return found
