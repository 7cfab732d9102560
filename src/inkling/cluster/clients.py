"""Clients of Dask: of a cluster on this machine that is opened for the work, or of a scheduler that is there."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from inkling.cluster.executors import DEATHS, GO_ON, ExecutorLost
from inkling.errors import InklingError, MissingExtraError, UsageError, reason
from inkling.processor import cores
from inkling.training.interrupts import deferred_signals, interrupts_blocked

LOCAL = "local"
_SCHEMES = ("tcp://", "tls://")
_SECONDS_TO_CONNECT = 30
_PRELOADED = "from inkling.cluster.clients import ignore_interrupts; ignore_interrupts()"  # by workers of Dask


@contextmanager
def open_client(cluster: str, workers: int | None = None, **options: Any) -> Iterator[Any]:
    """A client of a cluster.

    Parameters
    ----------
    cluster : "local" or "local:N" for N processes here, by default one per core, or "tcp://HOST:PORT" of a scheduler.
    workers : processes without Dask that were asked for; there can be none.
    options : further ones of `distributed.Client`.

    Raises
    ------
    UsageError
        No such cluster, or workers beside a cluster.
    InklingError
        The scheduler does not answer, or the workers of a cluster here do not start.
    MissingExtraError
        Dask is not installed.
    """
    if workers is not None:
        raise UsageError("the number of workers belongs to the cluster: give local:N, or leave out one of them")
    name, _, count = cluster.partition(":")
    if name == LOCAL and (not count or (count.isdecimal() and int(count))):
        with _local_cluster(int(count) if count else cores(), options) as client:
            yield client
    elif cluster.startswith(_SCHEMES):
        with _client_of(cluster, options) as client:
            yield client
    else:
        raise UsageError(f"{cluster}: a cluster is local, local:N, or the tcp://HOST:PORT of a Dask scheduler")


def ignore_interrupts() -> None:
    """Ctrl-C reaches all processes of a terminal: the first one ends the others, which are workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _local_cluster(count: int, options: dict[str, Any]) -> Iterator[Any]:
    _require_dask()
    import dask
    from distributed import Client, LocalCluster

    _silence()

    settings = {
        "distributed.scheduler.allowed-failures": DEATHS,
        # Dask would stop the nanny of a worker whose successor takes 15 s to start, as on a busy machine.
        "distributed.deploy.lost-worker-timeout": "1 h",
    }
    with dask.config.set(settings), ExitStack() as stack:
        try:
            with deferred_signals(), interrupts_blocked():  # Dask cannot end workers that are being started
                cluster = LocalCluster(
                    n_workers=count,
                    threads_per_worker=1,
                    host="127.0.0.1",
                    dashboard_address="127.0.0.1:0",  # any free port: None is the one that another cluster may have
                    silence_logs="CRITICAL",
                    preload=[_PRELOADED],
                )
                stack.enter_context(cluster)
                client = stack.enter_context(Client(cluster, **options))
        except (RuntimeError, TimeoutError) as error:  # a worker was killed meanwhile, or does not get ready
            raise ExecutorLost(f"the workers of the cluster could not be started ({reason(error)}): {GO_ON}") from None
        yield client


@contextmanager
def _client_of(address: str, options: dict[str, Any]) -> Iterator[Any]:
    _require_dask()
    from distributed import Client

    _silence()
    try:
        client = Client(address, timeout=_SECONDS_TO_CONNECT, **options)
    except (OSError, ValueError) as error:
        raise InklingError(f"{address}: no Dask scheduler answers there within {_SECONDS_TO_CONNECT} s") from error
    with client:
        yield client


def _silence() -> None:
    """Dask's own messages are kept from the user, who is told in a sentence what they mean for the work."""
    for name in [name for name in logging.root.manager.loggerDict if name.split(".")[0] == "distributed"]:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _require_dask() -> None:
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise MissingExtraError("distributed", "cluster") from None
