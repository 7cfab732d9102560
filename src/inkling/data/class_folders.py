"""Folders of pictures that are named after their class: `3/anything.png`, `train/shoe/…` beside `test/shoe/…`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection as Container

import numpy as np

from inkling.classes import DIGITS, are_characters, natural_order
from inkling.data.files import Collection
from inkling.data.pictures import Pictures
from inkling.data.raw import RawPart, RawSource
from inkling.ink import ENDINGS

_PATH = re.compile(
    rf"(?:.*?/)??(?:(?P<part>train|test)[^/]*/)?(?P<label>[^/]+)/[^/]+\.({'|'.join(ENDINGS)})", re.IGNORECASE
)


def find_pictures(files: Collection) -> RawSource | None:
    """The pictures in folders that are named after their class, or None where there is no folder of pictures.

    Where some folders are digits, folders with longer names are left out and a note says so, unless all names together
    are the whole numbers from 0 or 1 on.
    """
    matches = [match for match in map(_PATH.fullmatch, files.names) if match]
    if not matches:
        return None
    found = natural_order(map(_label, matches))
    names = _class_names(found)
    parts = {}
    for part in ("train", "test"):
        members = [match for match in matches if (match["part"] or "train").lower() == part and _label(match) in names]
        if members:
            parts[part] = _part(files, members, names)
    digits = names == DIGITS
    notes = ["pictures in folders named after " + ("the digit" if digits else "their class")]
    if not digits and not set(names).isdisjoint(DIGITS):
        notes.append("digits and letters are classes side by side")
    if others := [name for name in found if name not in names]:
        notes.append(f"left out: pictures in other folders ({', '.join(others[:5])})")
    return RawSource(files.name, parts.get("train"), parts.get("test"), tuple(notes))


def _label(match: re.Match[str]) -> str:
    """The name of the folder; macOS stores an é as two characters, which become one here."""
    return unicodedata.normalize("NFC", match["label"].strip())


def _class_names(found: tuple[str, ...]) -> tuple[str, ...]:
    """The classes that folders of these names stand for."""
    counted = any(found == tuple(map(str, range(first, first + len(found)))) for first in (0, 1))
    if not counted and not set(found).isdisjoint(DIGITS):
        found = tuple(name for name in found if are_characters([name]))
    return DIGITS if set(found) <= set(DIGITS) else found


def _part(files: Collection, members: list[re.Match[str]], names: Container[str]) -> RawPart:
    paths = [match[0] for match in members]
    called = [f"{path} in {files.name}" for path in paths]
    pictures = Pictures(called, lambda place: files.reader(paths[place]))
    return RawPart(pictures, np.array(list(map(_label, members)), str), called.__getitem__, tuple(names))
