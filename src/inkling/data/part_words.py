"""The part that a name says: "MNIST - JPG - testing", "mnist_train" and "trainingSet" are told by whole words.

"latest" and "contrast" hold no such word. A word ends at anything that is no letter, and at camelCase.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")
_WORD = re.compile(r"[A-ZÀ-Þ]?[a-zß-ÿ]+|[A-ZÀ-Þ]+(?![a-zß-ÿ])")
_SUFFIX = "(set|data|part|split|file|images?|digits?)?"  # of words that are written as one, such as "testset"
_WORDS = {
    "train": re.compile(f"[xy]?(train|training){_SUFFIX}"),
    "validation": re.compile(f"[xy]?(val|valid|validation|eval|evaluation|dev|holdout){_SUFFIX}"),
    "test": re.compile(f"[xy]?(test|testing){_SUFFIX}"),
}
_MNIST_TEST = re.compile(r"(?<![a-z\d])t10k(?![a-z\d])", re.IGNORECASE)  # MNIST's name for its test part.


def part_of(name: str) -> str | None:
    """The part in the name of a file or folder, or None where it names none, or more than one.

    Examples
    --------
    >>> part_of("MNIST - JPG - testing"), part_of("validSet"), part_of("latest"), part_of("train_test_split")
    ('test', 'validation', None, None)
    """
    words = [word.lower() for word in _WORD.findall(name)]
    found = {part for part, pattern in _WORDS.items() if any(map(pattern.fullmatch, words))}
    found |= {"test"} if _MNIST_TEST.search(name) else set()
    return found.pop() if len(found) == 1 else None


def without_part(name: str) -> str:
    """The name without the words that say a part, so that the names of the parts of one set become equal."""

    def rest(match: re.Match[str]) -> str:
        return "" if any(pattern.fullmatch(match[0].lower()) for pattern in _WORDS.values()) else match[0]

    return _WORD.sub(rest, _MNIST_TEST.sub("", name))


def part_of_path(folders: str) -> str | None:
    """The part that the innermost folder of a path says: "test" for "archive/testing/images"."""
    return next((part for name in reversed(folders.split("/")) if (part := part_of(name))), None)


def train_and_test(parts: Mapping[str, T], called: str) -> tuple[dict[str, T], tuple[str, ...]]:
    """What is trained and tested on of the parts found, and a note on a validation part.

    That is the part to test on where there is no other, and the part to train on where it is the only one. Beside a
    test part it is left out, since training holds out images of its own.

    Parameters
    ----------
    parts : by "train", "validation" and "test".
    called : what the note calls the validation part.
    """
    found = dict(parts)
    validation = found.pop("validation", None)
    if validation is None:
        return found, ()
    if not found:
        return {"train": validation}, (f"{called} is the only part: it can be trained on",)
    if "test" in found:
        return found, (f"left out: {called}, since there is a test part and training holds out images of its own",)
    return {**found, "test": validation}, (f"{called} is the test part: nothing is trained on it",)
