"""What files make up: one file by its content, a folder or zip by the names in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from inkling.data.archives import unzipped
from inkling.data.arrays import read_arrays
from inkling.data.class_folders import find_pictures, picture_names
from inkling.data.class_list import find_class_list
from inkling.data.files import Collection, File, stem
from inkling.data.idx_sets import find_idx, idx_sets, images_to_predict
from inkling.data.kinds import kind
from inkling.data.parquet import read_parquet
from inkling.data.part_words import part_of, part_of_path, train_and_test
from inkling.data.raw import RawSource
from inkling.data.table import read_table
from inkling.errors import DataError, printable, some

_TABLE_ENDINGS = (".csv", ".npz", ".parquet", ".tsv")  # A file with such an ending holds images and labels.
_ZIPS_WITHIN = 2  # A zip may lie in a folder or zip, and that in another; a zip that holds itself has an end.


def read_one(file: File, zips_within: int = _ZIPS_WITHIN) -> RawSource:
    """The source that a single file is."""
    match kind(file):
        case "idx":
            return images_to_predict(file, file.name)
        case "zip":
            inside = unzipped(file)
            if any(name.endswith(".npy") for name in inside.names):
                return read_arrays(file)
            return gather(inside, zips_within)
        case "parquet":
            return read_parquet(file)
        case _:
            return read_table(file)


def gather(files: Collection, zips_within: int = _ZIPS_WITHIN) -> RawSource:
    """The source that a folder or zip is.

    Raises
    ------
    DataError
        Nothing in it is known, or more than one thing could be meant; or a file is damaged.
    """
    if found := find_idx(files) or find_tables(files) or find_pictures(files):
        notes = (*found.notes, *_not_taken(files), *_left_out(files))
        return replace(found, notes=notes, class_names=find_class_list(files) or found.class_names)
    zips = [name for name in files.names if name.lower().endswith(".zip")]
    if len(zips) > 1:
        raise DataError(f"{files.name}: one zip was expected, found several; give the path of one: {some(zips)}")
    if zips and zips_within:
        found = read_one(files.read(zips[0]), zips_within - 1)
        return replace(found, name=files.name, notes=(printable(zips[0]), *found.notes, *_left_out(files)))
    for name in files.names:
        if "submission" in stem(name) and _is_table(name):
            return read_one(files.read(name))  # which says what it is
    there = some(files.names) or "nothing"
    raise DataError(
        f"{files.name}: IDX files, train.csv, npz or Parquet files, or folders of pictures named after their class "
        f"were expected, found {'; '.join([there, *_left_out(files)])}"
    )


def _left_out(files: Collection) -> tuple[str, ...]:
    """A note on the files that are there and cannot be read."""
    count = len(files.left_out)
    return (f"left out: {count:,} unreadable ({some(files.left_out)})",) if count else ()


def _not_taken(files: Collection) -> tuple[str, ...]:
    """A note on the sets of another kind than the one that was taken: the first kind that is there."""
    idx = [name for parts in idx_sets(files) for pair in parts.values() for name in pair.values()]
    kinds = {"IDX files": idx, "tables": table_names(files), "pictures": picture_names(files)}
    there = [what for what, names in kinds.items() if names]
    others = [f"{what} ({some(kinds[what])})" for what in there[1:]]
    return (
        (f"taken: the {there[0]}; not taken: {' and '.join(others)}; to take others, give their path",)
        if others
        else ()
    )


def table_names(files: Collection) -> list[str]:
    """The names of files that may be tables of images, the best last: train.csv, not train_small.csv."""
    tables = [name for name in files.names if _is_table(name) and "submission" not in stem(name)]
    return sorted(tables, key=lambda name: (len(name), name), reverse=True)


def _is_table(name: str) -> bool:
    return stem(name).endswith(_TABLE_ENDINGS)


def find_tables(files: Collection) -> RawSource | None:
    """Tables, npz or Parquet files: one called train and one called test, or the only one; None without any."""
    names = table_names(files)
    parts = _parts(names)
    if not parts:
        if len(names) > 1:
            raise DataError(f"{files.name}: one table was expected, found several; give the path of one: {some(names)}")
        return read_one(files.read(names[0])) if names else None
    chosen, notes = train_and_test(parts, f"the validation part {printable(parts.get('validation', ''))}")
    found = {part: read_one(files.read(name)) for part, name in chosen.items()}
    for part, source in found.items():
        notes += tuple(f"{part} part: {note}" for note in (printable(chosen[part]), *source.notes))
    if others := [name for name in names if name not in parts.values()]:
        notes += (f"not taken: {some(others)}; to take one, give its path",)
    first = {part: next(iter(source.parts.values())) for part, source in found.items()}
    return RawSource(files.name, first.get("train"), first.get("test"), notes)


def _parts(names: Sequence[str]) -> dict[str, str]:
    """The table of each part, by what its own name says; where none says any, by the folders of several tables."""
    found = {part: name for name in names if (part := part_of(name.rpartition("/")[2]))}
    if found:
        return found
    by_folder = {part: name for name in names if (part := part_of_path(name))}
    return by_folder if len(by_folder) > 1 else {}
