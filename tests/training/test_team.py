"""The team: every task is done once by somebody, in shared memory, and nobody outlives it."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from inkling.errors import InklingError
from inkling.training.workers import WorkerPool, shared
from needs import needs_fork


@pytest.mark.parametrize("size", [1, 2, 3])
def test_every_piece_is_done_once_by_its_worker(size):
    done, who = shared(np.zeros(7, np.int64)), shared(np.zeros(7, np.int64))

    def task(k):
        done[k] += 1
        who[k] = os.getpid()

    with WorkerPool(size, [task]) as team:
        for _ in range(50):
            team.run(0, 7)
        team.run(0, 1)
    assert done.tolist() == [51] + [50] * 6
    assert len(set(who.tolist())) == min(size, 7)
    assert who[0] == os.getpid()
    assert all(who[k] == who[k - size] for k in range(size, 7))


def test_shared_memory_keeps_value_shape_and_dtype():
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    copy = shared(array)
    np.testing.assert_array_equal(copy, array)
    assert copy.dtype == np.float32
    assert copy.flags.writeable
    assert shared(np.zeros(0)).shape == (0,)


def test_blas_has_one_thread_while_the_team_stands():
    before = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]
    with WorkerPool(1, []):
        assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {1}
    assert [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"] == before


def test_overlapping_teams_leave_the_limits_as_they_found_them():
    def threads():
        return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]

    before, first, second = threads(), WorkerPool(1, []), WorkerPool(1, [])
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert set(threads()) == {1}
    second.__exit__(None, None, None)
    assert threads() == before


def test_a_worker_that_dies_is_noticed(monkeypatch):
    monkeypatch.setattr("inkling.training.workers.CHECK_SECONDS", 0.05)

    def task(k):
        if k == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    with WorkerPool(2, [task]) as team, pytest.raises(InklingError, match="training process died"):
        team.run(0, 2)


def test_an_error_in_the_callers_own_part_comes_out():
    def task(k):
        if k == 0:
            raise ValueError("broken")

    with WorkerPool(2, [task]) as team, pytest.raises(ValueError, match="broken"):
        team.run(0, 2)


ORPHAN = """
import os, time
from inkling.training import workers
team.CHECK_SECONDS = 0.05
with team.Team(2, [lambda k: None]) as t:
    t.run(0, 2)
    print(t._children[0].pid, flush=True)
    time.sleep(60)
"""


@needs_fork("no worker process outlives a parent that was killed")
def test_workers_go_when_their_parent_was_killed():
    parent = subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("the worker lives on")
