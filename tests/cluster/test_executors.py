"""Executors: the same results from this process, from other processes and from Dask, and what becomes of lost ones."""

import logging
import time

import pytest

from cluster_tasks import die_once, sleep, square
from inkling.cluster.executors import ExecutorLost, finished
from inkling.cluster.workers import open_workers
from inkling.errors import InklingError, UsageError
from needs import needs_distributed
from scripts import run_python

CLAIM = "tasks are done by the workers of a Dask cluster"
EVERYWHERE = [
    pytest.param({"workers": 1}, id="here"),
    pytest.param({"workers": 2}, id="processes"),
    pytest.param({"cluster": "local:2"}, id="dask", marks=needs_distributed(CLAIM)),
]


@pytest.fixture(autouse=True)
def loud_dask():
    """The level of Dask's messages is as before."""
    before = logging.getLogger("distributed").level
    yield
    logging.getLogger("distributed").setLevel(before)


@pytest.mark.parametrize("where", EVERYWHERE)
def test_every_task_is_done_once_and_an_exception_stops_no_other(where):
    with open_workers(**where) as workers:
        done = list(finished(workers, square, range(30)))
    assert sorted(task for task, _ in done) == list(range(30))
    results = dict(done)
    assert isinstance(error := results.pop(5), ValueError)
    assert str(error) == "five"
    assert results == {number: number * number for number in results}


@needs_distributed(CLAIM)
def test_dask_gives_the_task_of_a_killed_worker_to_another(tmp_path):
    with open_workers("local:1") as workers:
        assert [result for _, result in finished(workers, die_once, [str(tmp_path / "been")])] == ["alive"]
        assert not workers.lost()


def test_a_killed_process_ends_the_work_in_a_sentence(tmp_path):
    with open_workers(workers=2) as workers, pytest.raises(ExecutorLost, match="a process was killed"):
        list(finished(workers, die_once, [str(tmp_path / "been")]))


def test_ctrl_c_does_not_reach_a_process_that_starts():
    """Regression test: a process that had not yet come to ignore it ended with a traceback."""
    script = (
        "import signal; from inkling.cluster.workers import open_workers\n"
        "with open_workers(workers=2) as found:\n"
        "    print(signal.SIGINT in found.executor.submit(signal.pthread_sigmask, signal.SIG_BLOCK, []).result())\n"
        "print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))\n"
    )
    done = run_python("-c", script)  # in which nothing was started before
    assert (done.stdout, done.stderr) == ("True\nFalse\n", "")


def test_who_stops_waiting_leaves_no_process_at_work(tmp_path):
    with open_workers(workers=2) as workers:
        workers.executor.submit(sleep, str(tmp_path / "begun"))
        while not (tmp_path / "begun").exists():
            time.sleep(0.01)
        processes = list(workers.executor._processes.values())
    for process in processes:
        process.join(30)
        assert process.exitcode is not None


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"cluster": "remote"}, "remote: a cluster is local, local:N, or the tcp://HOST:PORT"),
        ({"cluster": "local:0"}, "local:0: a cluster is local, local:N"),
        ({"cluster": "local:two"}, "local:two: a cluster is"),
        ({"cluster": "local", "workers": 2}, "the number of workers belongs to the cluster: give local:N"),
        ({"workers": 0}, "the number of workers is 1 or more, not 0"),
    ],
)
def test_wrong_usage_is_one_sentence(asked, says):
    with pytest.raises(UsageError, match=says), open_workers(**asked):
        pass


@needs_distributed(CLAIM)
def test_workers_that_do_not_start(monkeypatch):
    """Regression test: a worker that was killed while it started was a traceback."""

    def fail(**options):
        raise RuntimeError("Nanny failed to start.")

    monkeypatch.setattr("distributed.LocalCluster", fail)
    says = r"the workers of the cluster could not be started \(Nanny failed to start\.\): give the same command again"
    with pytest.raises(ExecutorLost, match=says), open_workers("local:2"):
        pass


@needs_distributed(CLAIM)
def test_a_scheduler_that_does_not_answer(monkeypatch):
    monkeypatch.setattr("inkling.cluster.clients._SECONDS_TO_CONNECT", 0.5)
    says = r"tcp://127\.0\.0\.1:1: no Dask scheduler answers there within"
    with pytest.raises(InklingError, match=says), open_workers("tcp://127.0.0.1:1"):
        pass
