"""One training on a Dask cluster: the bits are those of one process, whoever was lost meanwhile."""

import contextlib
import os
import signal
import sys
import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from cluster_tasks import DeadlyFlatten
from executor_tasks import (
    Job,
    Stubborn,
    blas_threads,
    count_up,
    fail,
    fail_for_want_of_memory,
    fail_slowly,
    fail_stubbornly,
    kill_itself,
    tell_blas_threads,
)
from inkling import Model, fit
from inkling.errors import InklingError, InklingWarning
from inkling.nn import BatchNorm1d, Dropout, Flatten, Linear, Network
from inkling.recipes.training_set import training_set
from inkling.training import TrainingState, train
from inkling.training.executor import WorkersLost
from lively import LIVELY, RECIPES, SEEING, digits
from needs import needs_distributed

pytestmark = needs_distributed("one network is trained by the workers of a Dask cluster")


@pytest.fixture(scope="module")
def executor():
    from inkling.cluster.training import open_executor

    with open_executor("local:2") as executor:
        yield executor


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """On a busy machine it takes long until a new worker has joined."""
    monkeypatch.setattr("inkling.cluster.training._SECONDS_OF_PATIENCE", 600)


@pytest.fixture
def pids(executor):
    """The workers, when both of them and their nannies are ready: a nanny gives up where a worker dies as it starts."""
    from distributed.core import Status

    deadline = time.monotonic() + 120
    nannies = executor._client.cluster.workers.values()
    while len(executor._client.nthreads()) < 2 or any(each.process.status != Status.running for each in nannies):
        assert time.monotonic() < deadline, "the workers are not replaced"
        time.sleep(0.05)
    return executor._client.run(os.getpid).values()


@contextlib.contextmanager
def running(executor, function, *arrays):
    """The arrays of a job that the executor has started."""
    arrays = [executor.allocate(array) for array in arrays]
    executor.start(Job(function, *arrays))
    try:
        yield arrays
    finally:
        executor.close()


def trained(recipe, workers):
    """All that a training leaves, but for times."""
    state = TrainingState.start(recipe)
    for _ in train(recipe, training_set(recipe, digits()[:300]), digits()[300:400], state, workers=workers):
        pass
    vectors, metadata = state.pack()
    history = [{k: v for k, v in r.items() if k not in ("seconds", "images_per_second")} for r in metadata["history"]]
    return {name: vector.tobytes() for name, vector in vectors.items()}, history, metadata["steps"]


QUANTIZED = replace(LIVELY, weight_bits=4, ema=0.9)


@pytest.mark.parametrize("shards", [2, 5])
@pytest.mark.parametrize("recipe", [*RECIPES.values(), QUANTIZED], ids=[*RECIPES, "quantized"])
def test_a_training_has_the_bits_of_one_process(executor, recipe, shards):
    recipe = recipe.override(epochs=2, shards=shards)
    assert trained(recipe, executor) == trained(recipe, 1)


def test_a_teacher_answers_on_the_workers(executor):
    network = Network(Flatten(), Linear(20), BatchNorm1d(), Linear(10))
    teacher = Model(network, network.init(np.random.default_rng(0)), {})
    ends = []
    for workers in (1, executor):
        state = TrainingState.start(LIVELY)
        recipe = LIVELY.override(epochs=1)
        list(train(recipe, digits()[:300], digits()[300:400], state, workers=workers, teacher=teacher))
        ends.append(state.params.flat)
    np.testing.assert_array_equal(*ends)


def test_a_fitted_model_is_the_same_file(executor, tmp_path):
    recipe = LIVELY.override(epochs=1)
    for name, workers in (("cluster", executor), ("here", 1)):
        fit(recipe, digits()[:300], workers=workers).save(tmp_path / f"{name}.safetensors")
    assert (tmp_path / "cluster.safetensors").read_bytes() == (tmp_path / "here.safetensors").read_bytes()


def test_every_part_is_done_once_and_both_workers_take_part(executor):
    with running(executor, count_up, np.zeros(7, np.int64), np.zeros(7, np.int64)) as (done, who):
        for _ in range(3):
            executor.run(0, 7)
        executor.run(0, 1)
    assert done.tolist() == [4] + [3] * 6
    assert len(set(who.tolist())) == 2
    assert os.getpid() not in who


def test_blas_has_one_thread_here_and_there(executor):
    before = blas_threads()
    with running(executor, tell_blas_threads, np.zeros(2, np.int64)) as (threads,):
        assert blas_threads() == {1}
        executor.run(0, 2)
    assert threads.tolist() == [1, 1]
    assert blas_threads() == before


@pytest.mark.parametrize(
    ("task", "error", "words"),
    [
        (fail, BlockingIOError, "Resource temporarily unavailable"),
        (fail_for_want_of_memory, MemoryError, "no 5 TiB here"),
        (fail_stubbornly, InklingError, r"(?s)a training process failed: .*in fail_stubbornly.*Stubborn: a b"),
        (fail_slowly, TimeoutError, "too slow"),  # which is no sign of a lost worker
    ],
)
def test_an_error_in_a_part_comes_out_as_itself(executor, task, error, words):
    with running(executor, task), pytest.raises(error, match=words) as caught:
        executor.run(0, 2)
    assert type(caught.value) is error
    with running(executor, count_up, np.zeros(2, np.int64), np.zeros(2, np.int64)) as (done, _):
        executor.run(0, 2)  # the workers are still there
    assert done.tolist() == [1, 1]


def test_workers_of_other_software_are_refused_or_told():
    from inkling.cluster.copies import Software
    from inkling.cluster.training import _require_same

    ours = Software.here()
    _require_same("tcp://a:1", ours)
    with pytest.raises(
        InklingError, match=rf"^worker tcp://a:1 has numpy 1\.0, and this process {ours.numpy}: give both"
    ):
        _require_same("tcp://a:1", ours._replace(numpy="1.0"))
    with pytest.warns(InklingWarning, match="^worker tcp://a:1 rounds otherwise than this process"):
        _require_same("tcp://a:1", ours._replace(rounding="other"))


def test_a_job_that_no_worker_can_read_ends_in_a_sentence(executor):
    words = "^worker tcp://.* cannot take the training: this cannot be read again$"
    with running(executor, Stubborn("a b")), pytest.raises(InklingError, match=words):
        executor.run(0, 2)


def test_a_job_that_cannot_be_sent_ends_in_a_sentence(executor):
    words = "^the training cannot be sent to other processes: cannot pickle '_thread.lock' object$"
    with running(executor, threading.Lock()), pytest.raises(InklingError, match=words):
        executor.run(0, 2)


def test_more_workers_than_shards_are_told(executor):
    with (
        running(executor, count_up, np.zeros(1, np.int64), np.zeros(1, np.int64)),
        pytest.warns(InklingWarning, match="^1 of the 2 workers take part: as many as the recipe has shards$"),
    ):
        executor.run(0, 1)


def test_a_layer_of_the_main_module_reaches_the_workers(executor, monkeypatch):
    """As one that is defined in a notebook."""

    class Doubling(Job):
        def run(self, task, k):
            self.arrays[0][k] = 2 * k

    monkeypatch.setattr(sys.modules["__main__"], "Doubling", Doubling, raising=False)
    Doubling.__module__, Doubling.__qualname__ = "__main__", "Doubling"
    array = executor.allocate(np.zeros(3, np.int64))
    executor.start(Doubling(None, array))
    executor.run(0, 3)
    executor.close()
    assert array.tolist() == [0, 2, 4]


def test_a_worker_that_joins_takes_part(executor, pids):
    """A nanny starts a worker in place of one that was killed."""
    with running(executor, count_up, np.zeros(2, np.int64), np.zeros(2, np.int64)) as (_, who):
        executor.run(0, 2)
        killed, kept = who.tolist()
        assert {killed, kept} == set(pids)
        os.kill(killed, signal.SIGKILL)
        deadline = time.monotonic() + 120
        while len(set(who.tolist()) - {killed}) < 2:
            executor.run(0, 2)
            assert time.monotonic() < deadline, "no other worker took part"
        assert kept in who


def test_a_worker_killed_in_the_middle_of_a_shard_changes_no_bit(executor, pids, tmp_path):
    layers = DeadlyFlatten(path=str(tmp_path), batches=4), Linear(24), BatchNorm1d(), Dropout(0.2), Linear(10)
    recipe = replace(LIVELY, network=Network(*layers), augment=SEEING.augment, epochs=3)
    on_cluster = trained(recipe, executor)
    assert (tmp_path / "died").exists()
    assert on_cluster == trained(recipe, 1)


def test_without_a_worker_training_waits_and_says_so(executor, pids, monkeypatch):
    monkeypatch.setattr("inkling.cluster.training._SECONDS_OF_PATIENCE", 0)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    words = "^no worker is in the cluster: training goes on with the first one that joins$"
    with (
        running(executor, count_up, np.zeros(2, np.int64), np.zeros(2, np.int64)) as (done, _),
        pytest.warns(InklingWarning, match=words),
    ):
        executor.run(0, 2)
    assert done.tolist() == [1, 1]


def test_a_local_cluster_whose_workers_are_gone_for_good_ends_in_a_sentence():
    from inkling.cluster.training import ClusterExecutor

    client = SimpleNamespace(status="running", nthreads=dict, cluster=SimpleNamespace(workers={}))
    words = "^the workers of the cluster were lost, and none is started in their place$"
    executor = ClusterExecutor(client)
    with running(executor, count_up, np.zeros(2), np.zeros(2)), pytest.raises(WorkersLost, match=words):
        executor.run(0, 2)


def test_a_part_that_kills_every_worker_is_given_up(executor, pids, monkeypatch):
    monkeypatch.setattr("inkling.cluster.training.DEATHS", 2)
    words = "^2 workers were lost in one step; perhaps it needs more memory than they have$"
    with running(executor, kill_itself), pytest.raises(WorkersLost, match=words):
        executor.run(0, 2)
