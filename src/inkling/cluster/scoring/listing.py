"""Which files the sources of a scoring stand for: files, folders and patterns become arrays, tables and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from inkling.classes import natural_order
from inkling.cluster.scoring.addresses import address_of, file_system, is_local, reading
from inkling.cluster.scoring.shards import Kind, Shard
from inkling.cluster.scoring.stored_arrays import require_whole, stored_array
from inkling.cluster.scoring.tables import count_rows
from inkling.data.idx_sets import is_idx_name
from inkling.errors import DataError, printable, some
from inkling.ink import is_picture_name

IMAGES, PICTURES, PAGES = 100_000, 5_000, 250  # per shard
JOB = "job.json"  # the record of a scoring, in its output
_PATTERN = re.compile(r"[*?\[]")
_PARQUET = (".parquet", ".pq")


@dataclass(frozen=True)
class Listing:
    """What was found.

    Attributes
    ----------
    shards : of all sources, without hashes.
    pictures : the addresses of each shard of pictures.
    flaws : why a file of a folder or pattern cannot be read, by the number of the shard that stands for it.
    passed_over : files that hold no images, and those that were listed before.
    """

    shards: list[Shard] = field(default_factory=list)
    pictures: list[list[str]] = field(default_factory=list)
    flaws: dict[int, str] = field(default_factory=dict)
    passed_over: list[str] = field(default_factory=list)


def list_sources(sources: Sequence[str], output: str, most: int | None = None, *, pages: bool = False) -> Listing:
    """The shards of files, folders and patterns, in the order in which they are given, and of names within them.

    Parameters
    ----------
    output : the address of the folder that is written to: what is in it is no source.
    most : images per shard; by default as many as take some minutes, IMAGES, PICTURES or PAGES.
    pages : whether the pictures are pages to read; arrays and tables are then refused.

    Raises
    ------
    DataError
        There is no such file, or a file that is named itself is damaged, or there is no image at all.
    """
    found, known = Listing(), set[str]()
    for source in sources:
        pictures: list[str] = []
        for address in _files(source, output):
            kind = None if address in known or not _is_text(address) else _kind(address)
            known.add(address)
            if kind is None or (pages and kind != "pictures"):
                if address == source and kind is None and _kind(address) is None:
                    raise DataError(_no_images(address))
                if address == source and kind is not None:
                    raise DataError(f"{printable(address)}: --read takes pictures of pages: leave --read out")
                found.passed_over.append(address)
            elif kind == "pictures":
                pictures.append(address)
            else:
                _add_rows(found, kind, address, most or IMAGES, named=address == source)
        step = most or (PAGES if pages else PICTURES)
        for start in range(0, len(pictures), step):
            some_of_them = pictures[start : start + step]
            place = len(found.pictures)
            found.pictures.append(some_of_them)
            found.shards.append(Shard(len(found.shards), "pictures", source, place, len(some_of_them)))
    if not found.shards:
        raise DataError(f"{some(list(sources))}: no images were found there")
    return found


def _add_rows(found: Listing, kind: Kind, address: str, most: int, named: bool) -> None:
    """Add the shards of a file; one that is damaged is a DataError where it is named itself, and otherwise a flaw."""
    try:
        if kind == "parquet":
            count = count_rows(address)
        else:
            array = stored_array(address, kind)
            require_whole(array)
            count = array.header.shape[0]
    except DataError as error:
        if named:
            raise
        found.flaws[len(found.shards)] = str(error)
        found.shards.append(Shard(len(found.shards), kind, address, 0, 0))
        return
    for first in range(0, count, most):
        rows = min(most, count - first)
        found.shards.append(Shard(len(found.shards), kind, address, first, rows))


def _files(source: str, output: str) -> Iterator[str]:
    """The addresses of the files that a source stands for, in the order of their names.

    What is in the output, or in the folder of another scoring, is no source, and neither are hidden files.
    """
    fs, path = file_system(source)
    with reading(source):
        if fs.isfile(path):
            yield address_of(fs, path)
            return
        if fs.isdir(path):
            names = fs.find(path)
        elif _PATTERN.search(path):
            matches = fs.glob(path, detail=True)
            folders = [name for name, about in matches.items() if about["type"] == "directory"]
            below = [name for folder in folders for name in fs.find(folder)]
            names = [*(name for name in matches if name not in folders), *below]
        else:
            raise DataError(f"{printable(source)}: no such file or folder")
    there = set(names)
    written = [name.removesuffix(JOB) for name in there if name.endswith(f"/{JOB}")]
    scorings = tuple(folder for folder in written if f"{folder}manifest.parquet" in there)
    for name in natural_order(there):
        address = address_of(fs, name)
        if address.startswith(f"{output}/") or (scorings and name.startswith(scorings)):
            continue
        if not name.rpartition("/")[2].startswith(".") and (not is_local(fs) or Path(name).is_file()):
            yield address


def _is_text(address: str) -> bool:
    """Whether the name is one that a table of texts can hold; Linux allows any bytes."""
    try:
        address.encode()
    except UnicodeEncodeError:
        return False
    return True


def _kind(address: str) -> Kind | None:
    """The kind of a file by its name; None where it holds no images that are scored."""
    name = address.rpartition("/")[2].lower()
    if name.endswith((".npy", ".npy.gz")):
        return None if "labels" in name else "npy"
    if name.endswith(_PARQUET):
        return "parquet"
    if is_picture_name(name):
        return "pictures"
    if is_idx_name(name):
        return None if "labels" in name else "idx"
    return None


def _no_images(address: str) -> str:
    return (
        f"{printable(address)}: images in IDX (…images…), npy or Parquet, or pictures were expected, by the "
        "name of the file"
    )
