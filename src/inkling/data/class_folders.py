"""Folders of pictures that are named after their class: `3/anything.png`, `train/shoe/…` beside `test/shoe/…`.

The innermost folder is the class. The folders above tell the part, by whole words anywhere in their names.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from inkling.classes import DIGITS, are_characters, natural_order
from inkling.data.files import Collection
from inkling.data.part_words import part_of, part_of_path, train_and_test
from inkling.data.pictures import Pictures
from inkling.data.raw import RawPart, RawSource
from inkling.errors import DataError, printable
from inkling.ink import HEAD_BYTES, begins_as_picture, is_picture_name

_SYSTEM_FILES = {"thumbs.db", "desktop.ini"}  # Windows puts these into folders of pictures.
_OTHER_PICTURES = {".heic", ".heif", ".avif", ".pdf", ".svg", ".psd", ".jp2", ".dng", ".mov", ".mp4"}  # not read


@dataclass(frozen=True)
class _Found:
    """A file in a folder that stands for a class, by its path, the class, and the folder above the class."""

    path: str
    label: str
    parent: str

    @classmethod
    def of(cls, path: str) -> _Found | None:
        """None for a file that is in no folder."""
        *above, label, _ = path.split("/") if "/" in path else ("", "")
        # macOS stores an é as two characters, which become one here.
        name = unicodedata.normalize("NFC", label.strip())
        return cls(path, name, "/".join(above)) if name else None


def picture_names(files: Collection) -> list[str]:
    """The files in folders whose names end as those of pictures."""
    return [name for name in files.names if "/" in name and is_picture_name(name)]


def _pictures(files: Collection) -> list[str]:
    """The pictures in folders; a file without an ending is looked into."""
    return [
        name
        for name in files.names
        if "/" in name and (is_picture_name(name) or ("." not in name.rpartition("/")[2] and _begins(files, name)))
    ]


def _begins(files: Collection, name: str) -> bool:
    return begins_as_picture(files.reader(name)[:HEAD_BYTES])


def find_pictures(files: Collection) -> RawSource | None:
    """The pictures in folders that are named after their class, or None where there is no folder of pictures.

    Where some folders are digits, folders with longer names are left out and a note says so, unless all names together
    are the whole numbers from 0 or 1 on.

    Raises
    ------
    DataError
        The folders are named after parts, "train" and "test", and none is named after a class.
    """
    found = [each for each in map(_Found.of, _pictures(files)) if each]
    if not found:
        return None
    labels = natural_order(each.label for each in found)
    if all(part_of(label) for label in labels) and {part_of(label) for label in labels} >= {"train", "test"}:
        raise DataError(
            f"{files.name}: pictures in folders named after their class were expected, as train/3/…, found them in the "
            f"folders {', '.join(map(printable, labels))} themselves; put them into folders of their classes"
        )
    names = _class_names(labels)
    members: dict[str, list[_Found]] = {}
    for each in found:
        if each.label in names:
            members.setdefault(part_of_path(each.parent) or "train", []).append(each)
    validation = members.get("validation", ())
    chosen, notes = train_and_test(members, f"the validation part ({_counted(validation)})")
    notes = (*_notes(names, labels), *notes, *_parents(chosen), *_others(files, found, names))
    parts = {part: _part(files, each, names) for part, each in chosen.items()}
    return RawSource(files.name, parts.get("train"), parts.get("test"), notes)


def _class_names(found: tuple[str, ...]) -> tuple[str, ...]:
    """The classes that folders of these names stand for."""
    counted = any(found == tuple(map(str, range(first, first + len(found)))) for first in (0, 1))
    if not counted and not set(found).isdisjoint(DIGITS):
        found = tuple(name for name in found if are_characters([name]))
    return DIGITS if set(found) <= set(DIGITS) else found


def _notes(names: tuple[str, ...], labels: Sequence[str]) -> list[str]:
    """Which folders are classes, and which are not."""
    digits = names == DIGITS
    notes = ["pictures in folders named after " + ("the digit" if digits else "their class")]
    if not digits and not set(names).isdisjoint(DIGITS):
        notes.append("digits and letters are classes side by side")
    if others := [printable(name) for name in labels if name not in names]:
        notes.append(f"left out: pictures in other folders ({', '.join(others[:5])})")
    return notes


def _parents(parts: dict[str, list[_Found]]) -> list[str]:
    """Notes on parts whose classes lie in several folders, as those of several writers do."""
    return [
        f"{part} part: the same classes in several folders ({_counted(members)}); name a folder "
        '"test" to test on its pictures'
        for part, members in parts.items()
        if len({each.parent for each in members}) > 1 and _overlap(members)
    ]


def _overlap(members: Sequence[_Found]) -> bool:
    """Whether a class is in more than one folder."""
    return len({(each.parent, each.label) for each in members}) > len({each.label for each in members})


def _counted(members: Iterable[_Found]) -> str:
    """The folders above the classes, with the number of pictures in each."""
    counts = Counter(each.parent or "." for each in members)
    shown = [f"{printable(parent)}: {count:,}" for parent, count in counts.most_common(5)]
    return ", ".join(shown) + (", …" if len(counts) > 5 else "")


def _others(files: Collection, found: Sequence[_Found], names: Container[str]) -> list[str]:
    """A note on files that are not read: those beside the pictures of a class, and HEIC, PDF and the like anywhere."""
    pictures = {each.path for each in found}
    others = []
    for path in files.names:
        folder, _, name = path.rpartition("/")
        is_missed = folder.rpartition("/")[2] in names or _ending(name) in _OTHER_PICTURES
        if is_missed and path not in pictures and name.lower() not in _SYSTEM_FILES:
            others.append(path)
    if not others:
        return []
    kinds = Counter(_ending(path.rpartition("/")[2]) or "no ending" for path in others)
    endings = ", ".join(f"{count:,} {printable(ending)}" for ending, count in kinds.most_common(5))
    return [f"left out: {len(others):,} not readable as pictures ({endings}), such as {printable(others[0])}"]


def _ending(name: str) -> str:
    """The ending of a file's name in small letters, ".heic"; "" without one."""
    return name[name.rfind(".") :].lower() if "." in name else ""


def _part(files: Collection, members: Sequence[_Found], names: tuple[str, ...]) -> RawPart:
    called = [files.called(each.path) for each in members]
    pictures = Pictures(called, lambda place: files.reader(members[place].path))
    return RawPart(pictures, np.array([each.label for each in members], str), called.__getitem__, names)
