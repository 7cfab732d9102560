"""The inspection of some data: every check, one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from inkling.classifier import Classifier
from inkling.compatibility import in_classes_of, require_image_size
from inkling.data import Dataset, Source
from inkling.errors import UsageError
from inkling.inspection.copies import MOST, copies
from inkling.inspection.damage import damaged, unbalanced
from inkling.inspection.finding import KINDS, Finding, Inspection
from inkling.inspection.judges import Answers, Folds, answers_of, judging_recipe
from inkling.inspection.labels import findings as doubts
from inkling.orientation import suspected_orientation
from inkling.provenance import leakage_note
from inkling.recipes import Recipe

LEAST_AGREED = 0.8  # share of the images read as labelled, below which doubts say little
LEAST_TO_LEARN = 100  # labelled images, from which on labels are judged out of fold


def inspect(
    sources: Sequence[Source],
    *,
    model: Classifier | None = None,
    recipe: Recipe | None = None,
    folds: int = 5,
    on_step: Callable[[str], object] = lambda step: None,
) -> Inspection:
    """Look for what is wrong with data, within each part of each source and across them.

    Labels are judged by models that have not learnt them: those of a part to train on out of fold, those of a part to
    test on by the models of all folds.

    Parameters
    ----------
    model : judges all labels in place of the models that are trained; it should not have learnt these images.
    recipe : trains the models that judge, by default `sprint` where images have its size.
    folds : number of parts that labelled images are divided into, 2 or more.
    on_step : is called with what is done next, in words.

    Raises
    ------
    UsageError
        The recipe or the model does not fit the data, or two parts have one name.
    """
    parts = [part for source in sources for part in source.parts.values()]
    if twice := [name for name, count in Counter(part.name for part in parts).items() if count > 1]:
        raise UsageError(f"{twice[0]} is given twice: copies are looked for within it anyway")
    found: list[Finding] = []
    notes: list[str] = []
    on_step("looking for copies")
    found += copies(parts)
    if sum(map(len, parts)) > MOST:
        notes.append(f"near copies are looked for among {MOST:,} images of one size at most")
    for part in parts:
        on_step(f"{part.name}: looking at {len(part):,} images")
        found += [*damaged(part), *unbalanced(part)]
        if turned := suspected_orientation(part):
            notes.append(f"{part.name}: {turned}")
    for source in sources:
        found += _labels(source, model, recipe, folds, notes, on_step)
    order = list(KINDS)
    found.sort(key=lambda each: (order.index(each.kind), -each.score))
    return Inspection({part.name: len(part) for part in parts}, tuple(found), tuple(notes), _pictures(parts, found))


def _labels(
    source: Source,
    model: Classifier | None,
    recipe: Recipe | None,
    folds: int,
    notes: list[str],
    on_step: Callable[[str], object],
) -> Iterator[Finding]:
    """What is doubtful about the labels of a source; `notes` gets what was not looked at."""
    if model is not None:
        for part in source.parts.values():
            if part.labels is not None:
                require_image_size(model, part)
                own = in_classes_of(model, part)
                known = leakage_note(model, source, part)
                yield from _doubts(own, answers_of(model), on_step, notes, f"the model{known}")
        return
    training = source.train
    if training is None or training.labels is None:
        return
    present = np.flatnonzero(np.bincount(training.labels, minlength=training.n_classes))
    if len(training) < LEAST_TO_LEARN or len(present) < 2:
        notes.append(f"{training.name}: too few labelled images or classes to judge labels by")
        return
    judges = Folds(recipe or judging_recipe(training), training, folds)
    on_step(f"{training.name}: training a model per fold, 1 of {folds}")
    for done in judges.train():
        if done < folds:
            on_step(f"{training.name}: training a model per fold, {done + 1} of {folds}")
    yield from _doubts(training, judges.of_data, on_step, notes)
    if source.labelled_test is not None:
        yield from _doubts(source.labelled_test, judges.of_others, on_step, notes)


def _doubts(
    part: Dataset,
    answers: Answers,
    on_step: Callable[[str], object],
    notes: list[str],
    judge: str = "a model of the other folds",
) -> Iterator[Finding]:
    """The findings about labels; `notes` gets how far these are to be trusted."""
    on_step(f"{part.name}: judging labels")
    probabilities = answers(part.images, np.arange(len(part)))
    agreed = float((probabilities.argmax(axis=1) == part.labels).mean()) if len(part) else 1.0
    little = "; doubts of such models say little" if agreed < LEAST_AGREED else ""
    notes.append(
        f"{part.name}: labels are judged by {judge}, which reads {agreed:.1%} of the images as labelled{little}"
    )
    yield from doubts(part, probabilities, answers)


def _pictures(parts: Sequence[Dataset], found: Sequence[Finding]) -> dict[tuple[str, int], np.ndarray]:
    """The images that findings are about, and those they are copies of, by part and row."""
    asked = {(each.part, each.row) for each in found if each.row is not None}
    asked |= {each.other for each in found if each.other is not None}
    return {
        (part.name, int(row)): part.images[place]
        for part in parts
        for place, row in enumerate(part.rows.tolist())
        if (part.name, row) in asked
    }
