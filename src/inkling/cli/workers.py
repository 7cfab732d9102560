"""Options of verbs whose work is done by processes, by a cluster or by a GPU."""

from typing import Annotated

import typer

from inkling.errors import UsageError

Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="CLUSTER",
        help="local or local:N for a Dask cluster on this machine, or tcp://HOST:PORT of a scheduler.  "
        "[default: processes without Dask]",
    ),
]
Processes = Annotated[
    int | None,
    typer.Option("--workers", metavar="N", min=1, help="Processes without Dask.  [default: one per core]"),
]
DeviceName = Annotated[
    str | None,
    typer.Option(
        "--device",
        metavar="cpu|cuda",
        help="cuda trains on a GPU of NVIDIA through CuPy (extra cuda), in one process. So far this was proved with a "
        "double of CuPy, and never run on a GPU: docs/training.md.  [default: cpu; with --resume, that of the run]",
    ),
]


def processes(context: typer.Context, workers: int | None, device: str) -> int | None:
    """The processes to train in on this device; those that the environment asks for are for the cpu alone.

    UsageError where the command line asks for several processes and a GPU.
    """
    if device != "cuda" or workers is None:
        return workers
    source = context.get_parameter_source("workers")
    if workers > 1 and source is not None and source.name == "COMMANDLINE":
        raise UsageError(f"--device {device} trains in one process: leave out --workers {workers}")
    return None
