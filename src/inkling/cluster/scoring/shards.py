"""Shards: ranges of images in files, each of which is one task and gives one part of the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["idx", "npy", "parquet", "pictures"]


@dataclass(frozen=True)
class Shard:
    """Some images that follow each other.

    Attributes
    ----------
    number : its place among all shards, from 0.
    kind : the format of its file; "pictures" are listed in `pictures.parquet` of the output.
    source : the address of the file, or of what the pictures were found by.
    first : the place of its first image in the file, from 0; for pictures, the row group of the list.
    rows : how many images.
    sha256 : of the bytes of its images, in hex digits; "" before they were read.
    """

    number: int
    kind: Kind
    source: str
    first: int
    rows: int
    sha256: str = ""
