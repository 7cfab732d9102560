"""Metadata: what a model's file and a run's folder tell about themselves, checked once, when they are read.

Code that reads metadata later relies on it: an entry is missing, or is of its kind here. Entries that no code reads,
such as notes, may be anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from inkling.errors import DataError, shortened

MOST_NESTED = 32  # Members of members and teachers of teachers are nested at most so deep.
MOST_TRAININGS = 1000  # of a model, its members, its teachers and its adaptations, together


class Kind(NamedTuple):
    """What an entry has to be, as a test and in words."""

    fits: Callable[[Any], bool]
    words: str


def _is_count(content: Any) -> bool:
    return type(content) is int and 0 <= content < 2**63


TEXT = Kind(lambda content: isinstance(content, str), "a text")
COUNT = Kind(_is_count, "a whole number of at least 0")
SEED = Kind(lambda content: type(content) is int and content >= 0, "a whole number of at least 0")
NUMBER = Kind(lambda content: isinstance(content, int | float) and not isinstance(content, bool), "a number")
TRUTH = Kind(lambda content: isinstance(content, bool), "true or false")
TABLE = Kind(lambda content: isinstance(content, dict), "a table")
TEXTS = Kind(lambda content: isinstance(content, list) and all(map(TEXT.fits, content)), "a list of texts")
SIZES = Kind(
    lambda content: isinstance(content, list) and all(_is_count(each) and each >= 1 for each in content),
    "a list of whole numbers of at least 1",
)
TABLES = Kind(
    lambda content: isinstance(content, list) and all(map(TABLE.fits, content)) and bool(content),
    "a list of at least one table",
)

# Where an entry is a table with a schema of its own, that follows in `_inside`.
TRAINING: Mapping[str, Kind] = {
    "network": TEXTS,
    "input_shape": SIZES,
    "preprocessing": COUNT,
    "recipe": TABLE,
    "data": TABLE,
    "metrics": TABLE,
    "versions": TABLE,
    "calibration": TABLE,
    "members": TABLES,
    "teacher": TABLE,
    "start": TABLE,
    "adaptations": TABLES,
    "imported": TABLE,
    "devices": TEXTS,
}
RECIPE: Mapping[str, Kind] = {"name": TEXT, "network": TEXTS, "seed": SEED, "split": TEXT}
DATA: Mapping[str, Kind] = {
    "source": TEXT,
    "sha256": TEXT,
    "images": COUNT,
    "mnist_test_images": COUNT,
    "unknown": TRUTH,  # whether nothing is known of the images that were learnt, as those of an estimator
}
ADAPTATION: Mapping[str, Kind] = {"learnt": TABLES}


def check_metadata(metadata: Mapping[str, Any], name: str) -> None:
    """DataError, which names the entry, where the metadata of a model are not what later code takes them for.

    Parameters
    ----------
    name : begins the sentence: "model.safetensors: not a usable model".
    """
    left = [("", metadata, 0)]
    for _ in range(MOST_TRAININGS + 1):
        if not left:
            return
        place, training, depth = left.pop()
        if depth > MOST_NESTED:
            raise DataError(f"{name}: members and teachers are nested at most {MOST_NESTED} deep in its metadata")
        check_entries(training, TRAINING, name, place)
        check_entries(training.get("recipe", {}), RECIPE, name, f"{place}recipe.")
        check_entries(training.get("data", {}), DATA, name, f"{place}data.")
        left += ((inner, each, depth + 1) for inner, each in _inside(training, name, place))
    raise DataError(f"{name}: its metadata tell of more than {MOST_TRAININGS:,} trainings, which is the bound")


def _inside(training: Mapping[str, Any], name: str, place: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Where the trainings that a training builds on stand in the metadata, and what is told about each."""
    for role in ("teacher", "start"):
        if role in training:
            yield f"{place}{role}.", training[role]
    for i, member in enumerate(training.get("members", ())):
        yield f"{place}members[{i}].", member
    for i, adaptation in enumerate(training.get("adaptations", ())):
        check_entries(adaptation, ADAPTATION, name, f"{place}adaptations[{i}].")
        for j, learnt in enumerate(adaptation.get("learnt", ())):
            yield f"{place}adaptations[{i}].learnt[{j}].", learnt


def check_entries(record: Mapping[str, Any], kinds: Mapping[str, Kind], name: str, place: str = "") -> None:
    """DataError where an entry is there and not of its kind; `place` is where the record stands, such as "recipe."."""
    for key, kind in kinds.items():
        if key in record and not kind.fits(record[key]):
            shown = shortened(repr(record[key]))
            raise DataError(f"{name}: its entry {place}{key} must be {kind.words}, not {shown}")
