"""Merging: all parts of a scoring as one Parquet file, in the order of the sources."""

from __future__ import annotations

from pathlib import Path

from inkling.cluster.scoring.job import Job
from inkling.cluster.scoring.parts import read_part
from inkling.errors import DataError, OutputError, printable, reason


def merge(job: Job, target: Path) -> int:
    """Write the rows of all parts to a file, a row group per part, and return their number.

    The same parts give the same bytes.

    Raises
    ------
    DataError
        A part is missing or damaged.
    OutputError
        The file cannot be written.
    """
    from pyarrow.parquet import ParquetWriter

    beside, rows, writer = target.with_name(f".{target.name}.partial"), 0, None
    try:
        for entry in job.entries:
            try:
                table = read_part(job.output, entry.shard.number).replace_schema_metadata(None)
            except Exception as error:
                name = f"part {entry.shard.number} of {printable(job.output)}"
                raise DataError(f"{name}: missing or damaged ({reason(error)}): run the scoring again") from None
            writer = writer or ParquetWriter(beside, table.schema, compression="zstd", write_page_checksum=True)
            writer.write_table(table)
            rows += len(table)
        assert writer is not None, "a job has shards"
        writer.close()
        beside.replace(target)
    except OSError as error:
        raise OutputError(f"{target}: cannot be written: {error.strerror or error}") from None
    finally:
        beside.unlink(missing_ok=True)
    return rows
