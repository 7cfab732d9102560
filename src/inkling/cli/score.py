"""`inkling score`: answers for archives of images, here or on a cluster, in parts that a later call goes on from."""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inkling.cli.console import Quiet, complain, log, print_json
from inkling.cli.outputs import Kind, check_output
from inkling.cli.progress import of_images
from inkling.cli.tables import print_table
from inkling.cli.workers import Cluster, Processes
from inkling.errors import DataError, UsageError, printable

if TYPE_CHECKING:
    from inkling.cluster.scoring.job import Job
    from inkling.cluster.scoring.surveying import Progress
    from inkling.runs.model_file import ModelFile

TABLE = Kind("a table in Parquet", (".parquet",))
_EDGES = (0, 0.5, 0.7, 0.9, 0.95, 1)  # of confidence, in the table
_SHOWN = 10  # failed shards that are listed one by one


def score(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="IDX, npy and Parquet files, pictures, folders of them, patterns such as 'scans/*.png', addresses "
            "such as s3://archive/scans.",
        ),
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FOLDER", help="Folder or address to write to, or to go on with.")
    ],
    model: Annotated[
        Path | None,
        typer.Option("--model", metavar="MODEL", help="Model file, run folder, or reader or tiny.  [default: reader]"),
    ] = None,
    read: Annotated[
        bool, typer.Option("--read", help="The pictures are pages: read the numbers on them, as inkling read does.")
    ] = False,
    proba: Annotated[bool, typer.Option("--proba", help="Add one column of probabilities per class.")] = False,
    cluster: Cluster = None,
    workers: Processes = None,
    shard_rows: Annotated[
        int | None,
        typer.Option(
            "--shard-rows",
            metavar="N",
            min=1,
            help="The most images per part.  [default: 100,000; 5,000 pictures; 250 pages]",
        ),
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Try parts again that failed, with their images as they are now.")
    ] = False,
    merge: Annotated[
        Path | None, typer.Option("--merge", metavar="FILE.parquet", help="Write all rows to one file at the end.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file of --merge.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    quiet: Quiet = False,
) -> None:
    """Answer every image of archives, in parts, here or on a cluster.

    There is a Parquet file per part. What was interrupted goes on when the same command is given again: parts that
    are there and whole stay, the others are made. A picture that cannot be read has a row with the reason. Parts
    that failed are listed, and the exit code is 3.
    """
    if read and proba:
        raise UsageError("--proba is for images of single characters, not for pages: leave out --read or --proba")
    if merge is not None:
        check_output(merge, TABLE, force, models=[] if model is None else [model], sources=sources)
        if str(merge.absolute()).startswith(f"{Path(output).absolute()}/"):
            raise UsageError(f"{merge} is in the folder of the scoring: give a name elsewhere")
    from inkling.cluster.scoring.job import Job
    from inkling.cluster.scoring.merging import merge as merge_parts
    from inkling.cluster.scoring.work import Settings
    from inkling.cluster.workers import open_workers
    from inkling.runs.model_file import ModelFile

    started = ModelFile.read(model)
    asked = (sources, output, started.path.read_bytes(), Settings(read, proba), shard_rows)
    with open_workers(cluster, workers) as found, Job.open(*asked) as job:
        _shown(job.survey(found))
        if merge is not None and str(merge.absolute()) in {entry.shard.source for entry in job.entries}:
            raise UsageError(f"{merge} is read by this command, and not replaced even with --force")
        for note in job.notes:
            complain(f"inkling: {note}")
        _shown(job.score(found, retry_failed))
        report = _report(job, started, model)
        if merge is not None and job.complete:
            log(f"{merge_parts(job, merge):,} rows in {merge}")
    if json:
        print_json(report)
    else:
        _print(job, report)
    if job.failed:
        _complain_of_failures(job, merge)
        raise typer.Exit(DataError.exit_code)


def _shown(progress: "Iterator[Progress]") -> None:
    """Follow the work to its end."""
    for _ in of_images(progress):
        pass


def _report(job: "Job", model: "ModelFile", given: Path | None) -> dict[str, Any]:
    """The report, which is kept in the output as well."""
    import json

    from inkling.cluster.scoring.addresses import joined, write_whole
    from inkling.cluster.scoring.report import REPORT, report_of

    report = report_of(job, model.model, model.path if given is None else given)
    write_whole(joined(job.output, REPORT), json.dumps(report, indent=2).encode())
    return report


def _print(job: "Job", report: dict[str, Any]) -> None:
    from inkling.cluster.scoring.drift import STRONG
    from inkling.cluster.scoring.statistics import BINS

    scored, unreadable = report["scored"], report["unreadable"]
    print(f"{scored:,} of {report['images']:,} images scored: {printable(job.output)}")
    if unreadable:
        print(f"{unreadable:,} pictures cannot be read; the column reason says why")
    if not scored:
        return
    print_table(
        ("answer", "images", "%"),
        [(name, f"{count:,}", f"{100 * count / scored:.2f}") for name, count in report["counts"].items()],
    )
    print_table(("confidence", "images", "%"), list(_confidence(report["confidence"])))
    drift = report.get("drift")
    if drift:
        indices = ", ".join(f"{name} {index:.3f}" for name, index in drift.items() if name != "from")
        print(f"Drift from {printable(drift['from'])}, as population stability index: {indices}")
        chance = (BINS - 1) / scored  # what the index is expected to be without drift, for so few images
        if any(index >= STRONG + chance for name, index in drift.items() if name != "from"):
            complain(
                f"inkling: a stability index of {STRONG} or more: these images differ from what the model was trained "
                "on, so that it may read them less well"
            )
    elif "no_drift_because" in report:
        log(f"no drift is told: {report['no_drift_because']}")


def _confidence(counts: Sequence[int]) -> "Iterator[tuple[str, str, str]]":
    """Rows of a table: images by confidence, from the highest down."""
    bins, total = len(counts), sum(counts)
    edges = [round(edge * bins) for edge in _EDGES]
    for low, high in itertools.pairwise(edges):
        count = sum(counts[low:high])
        yield f"{low / bins:g} to {high / bins:g}", f"{count:,}", f"{100 * count / total:.2f}" if total else "-"


def _complain_of_failures(job: "Job", merge: Path | None) -> None:
    for entry in [each for each in job.entries if each.shard.number in job.failed][:_SHOWN]:
        shard = entry.shard
        complain(f"inkling: part {shard.number}, {shard.rows:,} images: {job.failed[shard.number]}")
    more = f", of which {_SHOWN} are listed" if len(job.failed) > _SHOWN else ""
    merged = "" if merge is None else f"; {merge} is not written"
    complain(
        f"inkling: {len(job.failed):,} of {len(job.entries):,} parts failed{more}{merged}: give the same command with "
        "--retry-failed to try them again"
    )
