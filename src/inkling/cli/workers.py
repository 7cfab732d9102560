"""What verbs have in common whose work is done by processes, by a cluster or by a GPU."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from inkling.cli.console import complain
from inkling.cli.interrupts import exit_code, sentence
from inkling.errors import UsageError

if TYPE_CHECKING:
    from inkling.training import Executor

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


def is_given(context: typer.Context, name: str) -> bool:
    """Whether an option stands on the command line, and not only in the environment."""
    place = context.get_parameter_source(name)
    return place is not None and place.name == "COMMANDLINE"


def processes(context: typer.Context, workers: int | None, device: str, cluster: str | None = None) -> int | None:
    """The processes to train in on this device; those that the environment asks for are for the cpu alone.

    UsageError where the command line asks for several processes, or a cluster, and a GPU.
    """
    if device != "cuda":
        return workers
    if cluster is not None:
        raise UsageError(f"--device {device} trains in one process: leave out --cluster {cluster}")
    if workers is not None and workers > 1 and is_given(context, "workers"):
        raise UsageError(f"--device {device} trains in one process: leave out --workers {workers}")
    return None


@contextmanager
def opened_cluster(context: typer.Context, cluster: str | None, workers: int | None) -> "Iterator[Executor | None]":
    """The workers of a cluster for one training, where one is asked for.

    UsageError where the command line also asks for a number of processes; that of the environment does not count.
    """
    if cluster is None:
        yield None
        return
    from inkling.cluster.training import open_executor

    with open_executor(cluster, workers if is_given(context, "workers") else None) as executor:
        yield executor


@contextmanager
def going_on() -> Iterator[None]:
    """Where a signal ends the work, say how it goes on."""
    try:
        yield
    except KeyboardInterrupt as interrupt:
        complain(f"inkling: {sentence(interrupt)}; what is done is kept: give the same command again to go on")
        raise typer.Exit(exit_code(interrupt)) from None
