"""Parts: the result of a shard as one Parquet file, which is written as a whole and verified before it is trusted."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from inkling.cluster.scoring.addresses import file_system, joined, write_whole
from inkling.cluster.scoring.shards import Shard
from inkling.cluster.scoring.statistics import Statistics
from inkling.errors import InklingError

if TYPE_CHECKING:
    import pyarrow

PARTS = "parts"
_KEY = b"inkling"


class OutputError(InklingError):
    """The output cannot be written."""


@dataclass(frozen=True)
class Origin:
    """What a part was made of. A part is trusted where its own is the one that is asked for.

    Attributes
    ----------
    model : SHA-256 of the model's file.
    settings : what else decides the rows: `Settings.to_dict()`.
    version : of Inkling.
    """

    shard: Shard
    model: str
    settings: dict[str, Any]
    version: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def part_address(output: str, number: int) -> str:
    return joined(output, PARTS, f"part-{number:06}.parquet")


def write_part(output: str, origin: Origin, table: pyarrow.Table, statistics: Statistics) -> None:
    """Write the result of a shard; OutputError where that fails, and then there is no part, or the one of before."""
    from pyarrow.parquet import write_table

    about = {"origin": origin.to_dict(), "statistics": statistics.to_dict()}
    table = table.replace_schema_metadata({_KEY: json.dumps(about, sort_keys=True).encode()})
    content = io.BytesIO()
    write_table(table, content, compression="zstd", write_page_checksum=True)
    address = part_address(output, origin.shard.number)
    try:
        write_whole(address, content.getvalue())
    except OSError as error:
        raise OutputError(f"{address}: cannot be written: {error.strerror or error}") from None


def read_part(output: str, number: int) -> pyarrow.Table:
    """The table in a part; any exception where it is missing or damaged: its pages have checksums."""
    from pyarrow.parquet import ParquetFile

    fs, path = file_system(part_address(output, number))
    with ParquetFile(io.BytesIO(fs.cat_file(path)), page_checksum_verification=True) as file:
        return file.read()


def verified(output: str, origin: Origin) -> Statistics | None:
    """The statistics of the part of this origin; None where it is missing, damaged or of another origin."""
    try:
        table = read_part(output, origin.shard.number)
        about = json.loads((table.schema.metadata or {})[_KEY])
        if about["origin"] != json.loads(json.dumps(origin.to_dict())) or len(table) != origin.shard.rows:
            return None
        return Statistics.from_dict(about["statistics"])
    except Exception:  # on damaged bytes pyarrow raises many, and whatever it is, the shard is scored again
        return None
