"""The manifest: all shards of a scoring with the hashes of their images, as a Parquet file in its output."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from inkling.cluster.scoring.addresses import joined, read_whole, version_of, write_whole
from inkling.cluster.scoring.content import PICTURES
from inkling.cluster.scoring.shards import Shard
from inkling.errors import DataError, printable, reason

MANIFEST = "manifest.parquet"


@dataclass(frozen=True)
class Entry:
    """What is known of a shard.

    Attributes
    ----------
    black, white : the numbers that stand for them in it; equal where it does not tell.
    flaw : why it could not be surveyed; "" where it could.
    tolerant : whether a file that cannot be read is a row with a reason.
    version : of its file when it was listed, as the file system tells versions apart; "" for pictures.
    """

    shard: Shard
    black: float = 0.0
    white: float = 0.0
    flaw: str = ""
    tolerant: bool = False
    version: str = ""


def write_manifest(output: str, entries: Sequence[Entry]) -> None:
    """Write the manifest of a scoring; OSError where that fails."""
    import pyarrow

    shards = [entry.shard for entry in entries]
    table = pyarrow.table(
        {
            "shard": pyarrow.array([shard.number for shard in shards], pyarrow.int32()),
            "kind": pyarrow.array([shard.kind for shard in shards]),
            "source": pyarrow.array([shard.source for shard in shards]),
            "first": pyarrow.array([shard.first for shard in shards], pyarrow.int64()),
            "rows": pyarrow.array([shard.rows for shard in shards], pyarrow.int64()),
            "sha256": pyarrow.array([shard.sha256 for shard in shards]),
            "black": pyarrow.array([entry.black for entry in entries], pyarrow.float64()),
            "white": pyarrow.array([entry.white for entry in entries], pyarrow.float64()),
            "flaw": pyarrow.array([entry.flaw for entry in entries]),
            "tolerant": pyarrow.array([entry.tolerant for entry in entries]),
            "version": pyarrow.array([entry.version for entry in entries]),
        }
    )
    write_whole(joined(output, MANIFEST), _as_parquet([table]))


def read_manifest(output: str) -> list[Entry]:
    """The manifest of a scoring; DataError where it is damaged."""
    from pyarrow.parquet import read_table

    address = joined(output, MANIFEST)
    try:
        rows = read_table(io.BytesIO(read_whole(address)), page_checksum_verification=True).to_pylist()
        return [
            Entry(
                Shard(row["shard"], row["kind"], row["source"], row["first"], row["rows"], row["sha256"]),
                row["black"],
                row["white"],
                row["flaw"],
                row["tolerant"],
                row["version"],
            )
            for row in rows
        ]
    except DataError:
        raise
    except Exception as error:  # on damaged bytes pyarrow raises many
        raise DataError(
            f"{address}: damaged ({reason(error)}): delete it, and the next run lists the images anew"
        ) from None


def write_pictures(output: str, pictures: Sequence[Sequence[str]]) -> None:
    """Write the addresses of all pictures, a row group per shard; OSError where that fails."""
    import pyarrow

    write_whole(joined(output, PICTURES), _as_parquet([pyarrow.table({"picture": list(names)}) for names in pictures]))


def _as_parquet(tables: Sequence[object]) -> bytes:
    """One Parquet file, in which each table is a row group."""
    from pyarrow.parquet import ParquetWriter

    content = io.BytesIO()
    with ParquetWriter(content, tables[0].schema, compression="zstd", write_page_checksum=True) as writer:  # type: ignore[attr-defined]
        for table in tables:
            writer.write_table(table)
    return content.getvalue()


def changed_since(entries: Sequence[Entry]) -> list[str]:
    """A sentence on each file that is another one than when it was listed, though its parts are there."""
    listed = {entry.shard.source: entry.version for entry in entries if entry.version}
    return [
        f"{printable(source)}: has changed since its images were listed: parts that are there stay as they are; "
        "give a new folder with -o to score it anew"
        for source, version in listed.items()
        if version_of(source) != version
    ]
