"""Which files the sources of a scoring stand for: files, folders and patterns become arrays, tables and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from inkling.cluster.scoring.addresses import absolute, address_of, file_system, reading
from inkling.cluster.scoring.shards import Kind, Shard
from inkling.cluster.scoring.stored_arrays import stored_array
from inkling.cluster.scoring.tables import count_rows
from inkling.data.idx_sets import is_idx_name
from inkling.errors import DataError, printable, some
from inkling.ink import is_picture_name

IMAGES, PICTURES, PAGES = 100_000, 5_000, 250  # per shard
_PATTERN = re.compile(r"[*?\[]")
_PARQUET = (".parquet", ".pq")


@dataclass(frozen=True)
class Listing:
    """The shards of all sources, without hashes; the pictures of each shard of pictures; what was passed over."""

    shards: list[Shard]
    pictures: list[list[str]] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)

    @property
    def images(self) -> int:
        return sum(shard.rows for shard in self.shards)


def list_sources(sources: Sequence[str], most: int | None = None, *, pages: bool = False) -> Listing:
    """The shards of files, folders and patterns, in the order in which they are given, and of names within them.

    Parameters
    ----------
    most : images per shard; by default as many as take some minutes, IMAGES, PICTURES or PAGES.
    pages : whether the pictures are pages to read; arrays and tables are then refused.

    Raises
    ------
    DataError
        There is no such file, or a file is damaged, or there is no image at all.
    """
    found = Listing([])
    for source in sources:
        pictures: list[str] = []
        for address in _files(source):
            kind = _kind(address)
            if kind is None or (pages and kind != "pictures"):
                if address == absolute(source):
                    raise DataError(_no_images(address, pages))
                found.passed_over.append(address)
            elif kind == "pictures":
                pictures.append(address)
            else:
                _add_rows(found, kind, address, most or IMAGES)
        step = most or (PAGES if pages else PICTURES)
        for start in range(0, len(pictures), step):
            some_of_them = pictures[start : start + step]
            place = len(found.pictures)
            found.pictures.append(some_of_them)
            found.shards.append(Shard(len(found.shards), "pictures", source, place, len(some_of_them)))
    if not found.shards:
        raise DataError(f"{some(list(sources))}: no images were found there")
    return found


def _add_rows(found: Listing, kind: Kind, address: str, rows_per_shard: int) -> None:
    count = count_rows(address) if kind == "parquet" else stored_array(address, kind).header.shape[0]
    for first in range(0, count, rows_per_shard):
        rows = min(rows_per_shard, count - first)
        found.shards.append(Shard(len(found.shards), kind, address, first, rows))


def _files(source: str) -> Iterator[str]:
    """The addresses of the files that a source stands for, in the order of their names."""
    fs, path = file_system(source)
    with reading(source):
        if fs.isfile(path):
            yield address_of(fs, path)
            return
        if fs.isdir(path):
            names = fs.find(path)
        elif _PATTERN.search(path):
            names = [name for name in fs.glob(path) if not fs.isdir(name)]
        else:
            raise DataError(f"{printable(source)}: no such file or folder")
    for name in sorted(names, key=_natural):
        if not name.rpartition("/")[2].startswith("."):
            yield address_of(fs, name)


def _natural(name: str) -> list[tuple[int, int | str]]:
    """The order of names in which 2 comes before 10."""
    return [(0, int(each)) if each.isdecimal() else (1, each) for each in re.split(r"(\d+)", name) if each]


def _kind(address: str) -> Kind | None:
    """The kind of a file by its name; None where it holds no images that are scored."""
    name = address.rpartition("/")[2].lower()
    if name.endswith((".npy", ".npy.gz")):
        return "npy"
    if name.endswith(_PARQUET):
        return "parquet"
    if is_picture_name(name):
        return "pictures"
    if is_idx_name(name):
        return None if "labels" in name else "idx"
    return None


def _no_images(address: str, pages: bool) -> str:
    if pages:
        return f"{printable(address)}: --read takes pictures of pages, and this is none: leave --read out"
    return (
        f"{printable(address)}: images in IDX (…images…), npy or Parquet, or pictures were expected, by the "
        "name of the file"
    )
