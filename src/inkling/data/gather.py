"""What files make up: one file by its content, a folder or zip by the names in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from inkling.data.arrays import read_arrays
from inkling.data.class_folders import find_pictures
from inkling.data.class_list import find_class_list
from inkling.data.files import Collection, File, stem, unzipped
from inkling.data.idx import find_idx, read_images
from inkling.data.kinds import kind
from inkling.data.parquet import read_parquet
from inkling.data.raw import RawSource
from inkling.data.table import read_table
from inkling.errors import DataError

_TABLE_ENDINGS = {".csv", ".npz", ".parquet", ".tsv"}  # A file with such an ending holds images and labels.


def read_one(file: File) -> RawSource:
    """The source that a single file is."""
    match kind(file):
        case "idx":
            return RawSource.of_one(file.name, read_images(file))
        case "zip":
            inside = unzipped(file)
            return read_arrays(file) if any(name.endswith(".npy") for name in inside.names) else gather(inside)
        case "parquet":
            return read_parquet(file)
        case _:
            return read_table(file)


def gather(files: Collection) -> RawSource:
    """The source that a folder or zip is.

    Raises
    ------
    DataError
        Nothing in it is known, or more than one thing could be meant; or a file is damaged.
    """
    if found := find_idx(files) or find_tables(files) or find_pictures(files):
        return replace(found, class_names=find_class_list(files) or found.class_names)
    there = ", ".join(files.names[:5]) + (" …" if len(files.names) > 5 else "") or "nothing"
    raise DataError(
        f"{files.name}: IDX files, train.csv, npz or Parquet files, or folders of pictures named after their class "
        f"were expected, found {there}"
    )


def find_tables(files: Collection) -> RawSource | None:
    """Tables, npz or Parquet files: one called train and one called test, or the only one; None without any."""
    names = [
        name
        for name in files.names
        if PurePosixPath(stem(name)).suffix in _TABLE_ENDINGS and "submission" not in stem(name)
    ]
    names.sort(key=lambda name: (len(name), name), reverse=True)  # the last one stays: train.csv, not train_small.csv
    roles = {role: name for role in ("train", "test") for name in names if role in stem(name)}
    if not roles:
        if len(names) > 1:
            raise DataError(f"{files.name}: one of these is meant, give its own path: {', '.join(names)}")
        return read_one(files.read(names[0])) if names else None
    found = {role: read_one(files.read(name)) for role, name in roles.items()}
    parts = {role: next(iter(source.parts.values())) for role, source in found.items()}
    notes = tuple(f"{role} part: {note}" for role, source in found.items() for note in (roles[role], *source.notes))
    return RawSource(files.name, parts.get("train"), parts.get("test"), notes)
