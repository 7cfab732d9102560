"""Which IDX files belong together, by their names: `train-images-idx3-ubyte`, `t10k-labels.idx1-ubyte.gz`.

An image file and a label file make one part of a source; files whose names differ in the part alone make one source.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path, PurePosixPath

from inkling.data.archives import unzipped
from inkling.data.files import Collection, File, read_bytes, stem
from inkling.data.idx import read_images, read_labels
from inkling.data.part_words import part_of, part_of_path, train_and_test, without_part
from inkling.data.raw import RawPart, RawSource
from inkling.data.values import numbered, require_same_count
from inkling.errors import DataError, printable, some

_NAME = re.compile(
    r"(?P<set>.*?)(?P<what>images|labels)\W?(idx\d)?\W?(ubyte|byte|short|int|float|double)?((?<!s)\.zip)?"
)
_ZIP = b"PK"

Pair = dict[str, str]  # "images" and "labels" → the name of the file


def is_idx_name(name: str) -> bool:
    return _NAME.fullmatch(stem(name)) is not None


def idx_sets(files: Collection) -> list[dict[str, Pair]]:
    """The IDX files of each set by "train", "validation" and "test", complete sets and short names first."""
    sets: defaultdict[str, dict[str, Pair]] = defaultdict(dict)
    for name in sorted(files.names, key=lambda name: (name.endswith((".gz", ".zip")), len(name), name)):
        if match := _NAME.fullmatch(stem(name)):
            folders = [each for each in name.split("/")[:-1] if not is_idx_name(each)]
            part = part_of(match["set"]) or part_of_path("/".join(folders)) or "train"
            key = re.sub(r"images|labels|[\W_]", "", without_part("/".join([*folders, match["set"]])).lower())
            sets[key].setdefault(part, {}).setdefault(match["what"], name)

    def order(key: str) -> tuple[bool, int, str]:
        return any(len(pair) < 2 for pair in sets[key].values()), len(key), key

    return [sets[key] for key in sorted(sets, key=order)]


def find_idx(files: Collection) -> RawSource | None:
    """The training and test part that IDX files make up, or None where there are none.

    Raises
    ------
    DataError
        An image file without labels, labels without images, or anything wrong within.
    """
    sets = idx_sets(files)
    if not sets:
        return None
    chosen, notes = train_and_test(sets[0], "the validation part")
    notes = ("IDX files", *notes)
    parts = {}
    for part, pair in chosen.items():
        parts[part], remarks = _read_pair(files, pair)
        notes += tuple(f"{part} part: {remark}" for remark in remarks)
    if others := [next(iter(pair.values())) for each in sets[1:] for pair in each.values()]:
        taken = ", ".join(printable(name) for pair in chosen.values() for name in pair.values())
        notes += (f"taken: {taken}; not taken: other IDX files ({some(others)}); to take one, give its path",)
    return RawSource(files.name, parts.get("train"), parts.get("test"), notes)


def find_idx_beside(path: Path) -> RawSource:
    """The images of one IDX file with the labels beside it, whichever of the two is given.

    Images without labels are images to predict.
    """
    match = _NAME.fullmatch(stem(path.name))
    assert match is not None
    pair = {match["what"]: path.name}
    for name in sorted(entry.name for entry in path.parent.iterdir()):
        other = _NAME.fullmatch(stem(name))
        if other and other["set"] == match["set"]:
            pair.setdefault(other["what"], name)
    files = Collection(printable(path.parent), tuple(pair.values()), lambda name: read_bytes(path.parent / name))
    if list(pair) == ["images"]:
        return images_to_predict(_read(files, path.name), printable(path))
    return RawSource.of_one(printable(path), *_read_pair(files, pair))


def images_to_predict(file: File, name: str) -> RawSource:
    """The source of this name that an IDX image file alone is."""
    images, notes = read_images(file)
    return RawSource.of_one(name, RawPart(images, None, numbered(file.name)), notes)


def _read_pair(files: Collection, pair: Pair) -> tuple[RawPart, tuple[str, ...]]:
    for what, other in (("images", "labels"), ("labels", "images")):
        if what not in pair:
            raise DataError(f"{files.called(pair[other])}: {other} without {what}; put the file of {what} beside it")
    images, notes = read_images(_read(files, pair["images"]))
    label_file = _read(files, pair["labels"])
    labels = read_labels(label_file)
    require_same_count(len(images), len(labels), files.called(pair["images"]))
    return RawPart(images, labels, numbered(label_file.name)), notes


def _read(files: Collection, name: str) -> File:
    """An IDX file, which may lie alone in a zip of its own name."""
    file = files.read(name)
    if not file.data.startswith(_ZIP):
        return file
    inside = unzipped(file)
    found = [each for each in inside.names if is_idx_name(PurePosixPath(each).name)] or list(inside.names)
    if len(found) != 1:
        raise DataError(f"{file.name}: a zip of one IDX file was expected, found {some(found) or 'nothing'} in it")
    return inside.read(found[0])
