"""Options of verbs whose work is done by processes or by a cluster."""

from typing import Annotated

import typer

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
