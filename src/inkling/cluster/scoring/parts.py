"""Parts: the result of a shard as one Parquet file, which is written as a whole and verified before it is trusted."""

from __future__ import annotations

import hashlib
import io
import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from inkling.cluster.scoring.addresses import file_system, joined, write_whole
from inkling.cluster.scoring.shards import Shard
from inkling.cluster.scoring.statistics import Statistics
from inkling.errors import OutputError

if TYPE_CHECKING:
    import pyarrow

PARTS = "parts"
_NAME = re.compile(r"part-(\d+)\.parquet")
_KEY = b"inkling"


@dataclass(frozen=True)
class Origin:
    """What a part was made of. A part is trusted where its own is the one that is asked for.

    Attributes
    ----------
    black, white : the numbers that stand for them in these images.
    tolerant : whether files that could not be read are rows with a reason.
    model : SHA-256 of the model's file.
    settings : what else decides the rows: `Settings.to_dict()`.
    version : of Inkling.
    """

    shard: Shard
    black: float
    white: float
    tolerant: bool
    model: str
    settings: dict[str, Any]
    version: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def part_address(output: str, number: int) -> str:
    return joined(output, PARTS, f"part-{number:06}.parquet")


def part_numbers(output: str) -> list[int]:
    """The numbers of the parts that there are, whole or not."""
    fs, path = file_system(joined(output, PARTS))
    names = [name.rpartition("/")[2] for name in fs.ls(path, detail=False)] if fs.isdir(path) else []
    return sorted(int(match[1]) for name in names if (match := _NAME.fullmatch(name)))


def write_part(output: str, origin: Origin, table: pyarrow.Table, statistics: Statistics) -> None:
    """Write the result of a shard; OutputError where that fails, and then there is no part, or the one of before."""
    from pyarrow.parquet import write_table

    about: dict[str, Any] = {"origin": origin.to_dict(), "statistics": statistics.to_dict()}
    about["sha256"] = _digest(table, about)
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
        if about.pop("sha256") != _digest(table, about):
            return None
        if about["origin"] != json.loads(json.dumps(origin.to_dict())) or len(table) != origin.shard.rows:
            return None
        return Statistics.from_dict(about["statistics"])
    except Exception:  # on damaged bytes pyarrow raises many, and whatever it is, the shard is scored again
        return None


def _digest(table: pyarrow.Table, about: dict[str, Any]) -> str:
    """The SHA-256 of the schema and the rows of a table, as CSV, and of what is said about it."""
    import pyarrow
    from pyarrow.csv import write_csv

    text = io.BytesIO()
    plain = [pyarrow.types.is_dictionary(each.type) for each in table.schema]
    columns = [
        column.cast(pyarrow.string()) if named else column for column, named in zip(table.columns, plain, strict=True)
    ]
    write_csv(pyarrow.table(columns, table.column_names), text)
    digest = hashlib.sha256(json.dumps(about, sort_keys=True).encode())
    digest.update(table.schema.remove_metadata().to_string().encode())
    digest.update(text.getbuffer())
    return digest.hexdigest()


def _is_dictionary(kind: pyarrow.DataType) -> bool:
    from pyarrow import types

    return bool(types.is_dictionary(kind))
