"""Which classes of labelled data have no images: a model is silent about what it never saw."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inkling.classes import DIGITS
from inkling.data.dataset import Dataset
from inkling.data.parts import Parts

_MOST_NAMED = 10  # So many names of classes stand in a message.


def without_images(part: Dataset) -> str:
    """The classes without images, as the end of a sentence; "" where every class has some or there are no labels."""
    if part.labels is None or not len(part):
        return ""
    present = np.bincount(part.labels, minlength=part.n_classes) > 0
    names = [name for name, there in zip(part.class_names, present, strict=True) if not there]
    if not names:
        return ""
    kind = "digit" if part.class_names == DIGITS else "class"
    if present.sum() == 1:
        only = part.class_names[int(present.argmax())]
        return f"all images are of one {kind}, {only}: nothing can be told apart, and an accuracy means nothing"
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    plural = {"digit": "digits", "class": "classes"}[kind] if len(names) > 1 else kind
    return f"no images of the {plural} {', '.join(names[:_MOST_NAMED])}{more}"


def notes_on_training(parts: Parts, said: Sequence[str] = ()) -> tuple[str, ...]:
    """What to know before training and was not `said`: copies among the images, and classes without images."""
    missing = without_images(parts.training)
    notes = (*parts.notes, f"training part: {missing}") if missing else parts.notes
    return tuple(note for note in notes if not any(each.endswith(note.split(": ", 1)[-1]) for each in said))
