"""A Dask cluster of processes that can be killed: a scheduler, and a nanny that keeps a worker per core alive."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.service.servers import free_port
from inkling.processor import cores


@contextmanager
def running_cluster() -> Iterator[tuple[str, subprocess.Popen[bytes], subprocess.Popen[bytes]]]:
    """A scheduler, and a nanny with a worker per core, as processes of their own."""
    address = f"tcp://127.0.0.1:{free_port()}"
    host, port = "127.0.0.1", address.rpartition(":")[2]
    options = ["--no-dashboard", "--host", host]
    many = ["--nworkers", str(cores()), "--nthreads", "1"]
    allowed = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "10"}
    commands = [["scheduler", *options, "--port", port], ["worker", address, *options, *many]]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "dask", *command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | allowed,
        )
        for command in commands
    ]
    try:
        yield address, started[0], started[1]
    finally:
        for process in reversed(started):
            for child in _children(process):
                child.kill()
            process.kill()
            process.wait()


def _children(process: subprocess.Popen[bytes]) -> list[subprocess.Popen[bytes]]:
    import psutil

    try:
        return list(psutil.Process(process.pid).children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def kill_one(nanny: subprocess.Popen[bytes], rng: random.Random) -> int:
    """Kill one of the workers; 1, or 0 where none is there."""
    workers = [each for each in _children(nanny) if "spawn_main" in " ".join(each.cmdline())]
    if not workers:
        return 0
    rng.choice(workers).kill()
    return 1
