"""A Dask cluster of processes that do not belong to the test's own, as on other machines."""

import contextlib
import os
import signal
import socket
import subprocess
import sys


@contextlib.contextmanager
def dask_cluster(environment, workers):
    """The address of a scheduler, and its process; the workers have nannies."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = str(found.getsockname()[1])
    address = f"tcp://127.0.0.1:{port}"
    options = ("--no-dashboard", "--host", "127.0.0.1")
    commands = (
        ("scheduler", *options, "--port", port),
        ("worker", address, *options, "--nworkers", str(workers), "--nthreads", "1"),
    )
    with contextlib.ExitStack() as stack:
        started = []
        for command in commands:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *command],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            stack.callback(_kill, process)
            started.append(process)
        yield address, started[0]


def _kill(process):
    """Kill a process and its children, which are of its group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
