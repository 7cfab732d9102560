"""Executors: every part of a task is done once, the bits are the same with all of them, and no worker outlives it."""

import errno
import functools
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from executor_tasks import (
    Job,
    blas_threads,
    count_up,
    exit_early,
    fail,
    fail_at_length,
    fail_for_want_of_memory,
    fail_here,
    fail_stubbornly,
    kill_itself,
    tell_blas_threads,
)
from inkling.errors import InklingError, InklingWarning
from inkling.processor import one_blas_thread
from inkling.recipes.training_set import training_set
from inkling.training import ForkedWorkers, InProcess, SpawnedWorkers, TrainingState, local, memory, step, train
from inkling.training.executor import WorkersUnavailable
from lively import LIVELY, RECIPES
from lively import digits as load_digits
from separate import Separate

linux = pytest.mark.skipif(sys.platform != "linux", reason="this is not Linux: forked workers give the same bits")
digits = functools.cache(load_digits)
KINDS = [pytest.param(ForkedWorkers, marks=linux), SpawnedWorkers]
every_kind = pytest.mark.parametrize("kind", KINDS)


class running:
    """An executor that has started a job on copies of some arrays."""

    def __init__(self, executor, function, *arrays):
        self.executor = executor
        self.arrays = [executor.allocate(array) for array in arrays]
        executor.start(Job(function, *self.arrays))

    def __enter__(self):
        return self.executor, *self.arrays

    def __exit__(self, *exception):
        self.executor.close()


@pytest.mark.parametrize(
    "executor", [InProcess(), ForkedWorkers(1), ForkedWorkers(2), ForkedWorkers(3), SpawnedWorkers(2)]
)
def test_every_part_is_done_once_by_its_worker(executor):
    with running(executor, count_up, np.zeros(7, np.int64), np.zeros(7, np.int64)) as (_, done, who):
        for _ in range(50):
            executor.run(0, 7)
        executor.run(0, 1)
        assert done.tolist() == [51] + [50] * 6
        assert len(set(who.tolist())) == executor.size
        assert who[0] == os.getpid()
        assert all(who[k] == who[k - executor.size] for k in range(executor.size, 7))


@every_kind
def test_an_executor_can_be_used_again_and_closed_again(kind):
    executor = kind(2)
    for _ in range(2):
        with running(executor, count_up, np.zeros(2, np.int64), np.zeros(2, np.int64)) as (_, done, _who):
            executor.run(0, 2)
            assert done.tolist() == [1, 1]
        executor.close()


@pytest.mark.parametrize("copy", [memory.inherited, memory.NamedBlocks().copy, InProcess().allocate])
def test_allocated_memory_keeps_value_shape_and_dtype(copy):
    for array in (np.arange(6, dtype=np.float32).reshape(2, 3), np.zeros(0), np.zeros((0, 3), np.uint8)):
        other = copy(array)
        np.testing.assert_array_equal(other, array)
        assert (other.dtype, other.shape) == (array.dtype, array.shape)
        assert other.flags.writeable
        assert not np.shares_memory(other, array)


@pytest.mark.parametrize("executor", [InProcess(), ForkedWorkers(1)])
def test_blas_has_one_thread_until_an_executor_is_closed(executor):
    before = blas_threads()
    with running(executor, count_up):
        assert blas_threads() == {1}
    assert blas_threads() == before


@every_kind
def test_each_worker_has_one_blas_thread(kind):
    with running(kind(2), tell_blas_threads, np.zeros(2, np.int64)) as (executor, threads):
        executor.run(0, 2)
        assert threads.tolist() == [1, 1]


def test_overlapping_executors_leave_the_limits_as_they_found_them():
    before, first, second = blas_threads(), InProcess(), InProcess()
    first.start(Job(count_up))
    second.start(Job(count_up))
    first.close()
    assert blas_threads() == {1}
    second.close()
    assert blas_threads() == before


@every_kind
def test_a_limit_that_others_have_lifted_holds_for_the_next_executor(kind):
    """A service in the same process limits BLAS all the time, and another library sets the threads meanwhile."""
    before, threads = blas_threads(), np.zeros(2, np.int64)
    with (
        one_blas_thread(),
        threadpool_limits(2, "blas"),
        running(kind(2), tell_blas_threads, threads) as (executor, seen),
    ):
        executor.run(0, 2)
        assert seen.tolist() == [1, 1]
    assert blas_threads() == before


# --- a training with each executor


def trained(recipe, workers):
    state = TrainingState.start(recipe)
    for _ in train(recipe, training_set(recipe, digits()[:300]), digits()[300:400], state, workers=workers):
        pass
    vectors, metadata = state.pack()
    history = [{k: v for k, v in r.items() if k not in ("seconds", "images_per_second")} for r in metadata["history"]]
    return {name: vector.tobytes() for name, vector in vectors.items()}, history, metadata["steps"]


@pytest.mark.parametrize("shared_update", [False, True])
@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_all_executors_give_the_same_bits(recipe, shared_update, monkeypatch):
    from inkling.training import step_job

    monkeypatch.setattr(step_job, "SHARED_UPDATE_PARAMETERS", 1 if shared_update else 10**9)
    recipe = recipe.override(epochs=2, shards=3)
    alone = trained(recipe, InProcess())
    for executor in (2, ForkedWorkers(3), SpawnedWorkers(2), Separate()):
        assert trained(recipe, executor) == alone, executor


def test_a_teacher_answers_in_spawned_workers_too():
    from inkling import Model
    from inkling.nn import BatchNorm1d, Flatten, Linear, Network

    network = Network(Flatten(), Linear(20), BatchNorm1d(), Linear(10))
    teacher = Model(network, network.init(np.random.default_rng(0)), {})
    ends = []
    for workers in (1, SpawnedWorkers(2)):
        state = TrainingState.start(LIVELY)
        list(train(LIVELY, digits()[:300], digits()[300:400], state, workers=workers, teacher=teacher))
        ends.append(state.params.flat)
    np.testing.assert_array_equal(*ends)


# --- ends of workers


@every_kind
@pytest.mark.parametrize(
    ("ending", "words"),
    [
        (kill_itself, "^a training process was killed by SIGKILL; if memory ran out, try a smaller --batch-size$"),
        (exit_early, "^a training process ended with exit code 7; if memory ran out, try a smaller --batch-size$"),
    ],
)
def test_a_worker_that_is_gone_is_noticed(kind, ending, words, monkeypatch):
    monkeypatch.setattr("inkling.training.worker.CHECK_SECONDS", 0.05)
    with running(kind(2), ending) as (executor,), pytest.raises(InklingError, match=words):
        executor.run(0, 2)


@every_kind
@pytest.mark.parametrize(
    ("task", "error", "words"),
    [
        (fail, BlockingIOError, "Resource temporarily unavailable"),
        (fail_for_want_of_memory, MemoryError, "no 5 TiB here"),
        (fail_stubbornly, InklingError, r"(?s)a training process failed: .*in fail_stubbornly.*Stubborn: a b"),
        (fail_at_length, InklingError, "a training process failed: x+"),
    ],
)
def test_an_error_in_a_worker_comes_out_as_itself(kind, task, error, words):
    with running(kind(2), task) as (executor,):
        with pytest.raises(error, match=words) as caught:
            executor.run(0, 2)
        executor.close()
    if error is not InklingError:
        assert type(caught.value) is error
        (note,) = caught.value.__notes__
        assert note.startswith("In training process 1:\nTraceback")
        assert f"in {task.__name__}" in note


@every_kind
def test_an_error_in_the_callers_own_part_comes_out(kind):
    with running(kind(2), fail_here) as (executor,), pytest.raises(ValueError, match="broken"):
        executor.run(0, 2)


ORPHAN = """
import sys, time
from inkling.processor import one_blas_thread
from inkling.training import ForkedWorkers, SpawnedWorkers, worker
worker.CHECK_SECONDS = 0.05

class Job:
    def run(self, task, k):
        pass

if __name__ == "__main__":
    executor = {kind}(2)
    executor.start(Job())
    executor.run(0, 2)
    print(executor._workers[0].process.pid, flush=True)
    time.sleep(60)
"""


def gone(pid, seconds=10):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":  # nobody reaps it here
                return True
            os.kill(pid, 0)
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False


@linux
@every_kind
def test_workers_go_when_their_parent_was_killed(kind, tmp_path):
    (tmp_path / "orphan.py").write_text(ORPHAN.replace("{kind}", kind.__name__))
    parent = subprocess.Popen([sys.executable, tmp_path / "orphan.py"], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert gone(child), "the worker lives on"


# --- spawned workers leave nothing behind, and need no main module


def shared_memory():
    """The blocks that are there; other tests run meanwhile, and make semaphores."""
    return {path.name for path in Path("/dev/shm").glob("psm_*")}


SCRIPT = """
import os, sys, warnings
warnings.simplefilter("error")
print("the main module runs")
{imports}
import numpy as np
from inkling.data import load
from inkling.nn import Flatten, Linear, Network
from inkling.optim import SGD
from inkling.recipes import Recipe
from inkling.training import SpawnedWorkers, TrainingState, train
recipe = Recipe({network}, SGD(), epochs=2)
state = TrainingState.start(recipe)
list(train(recipe, load("digits").train[:300], state=state, workers=SpawnedWorkers(2)))
print(state.epoch)
"""


def script(tmp_path, imports="", network="Network(Flatten(), Linear(10))"):
    (tmp_path / "script.py").write_text(SCRIPT.format(imports=imports, network=network))
    before = shared_memory()
    command = [sys.executable, tmp_path / "script.py"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert shared_memory() <= before
    return done


@linux
def test_spawned_workers_need_no_guarded_main_module_and_leave_no_memory(tmp_path):
    done = script(tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "the main module runs\n2\n", "")


@linux
def test_a_layer_of_a_main_module_that_cannot_be_imported_is_trained_in_one_process(tmp_path):
    """As in a notebook, whose cells no other process can import."""
    imports = "warnings.simplefilter('always')\nfrom inkling.nn import *\nclass Mine(Flatten): pass\n"
    imports += "del sys.modules['__main__'].__file__"
    done = script(tmp_path, imports, "Network(Mine(), Linear(10))")
    assert (done.returncode, done.stdout) == (0, "the main module runs\n2\n"), done.stderr
    assert "InklingWarning: training goes on in one process: a worker could not take the training: " in done.stderr
    assert "Mine" in done.stderr


GUARDED = """
import warnings
warnings.simplefilter("error")
from inkling.data import load
from inkling.nn import Flatten, Linear, Network
from inkling.optim import SGD
from inkling.recipes import Recipe
from inkling.training import SpawnedWorkers, train

class Mine(Flatten):
    pass

if __name__ == "__main__":
    recipe = Recipe(Network(Mine(), Linear(10)), SGD(), epochs=2)
    print(len(list(train(recipe, load("digits").train[:300], workers=SpawnedWorkers(2)))))
"""


@linux
def test_a_layer_of_a_guarded_main_module_reaches_spawned_workers(tmp_path):
    (tmp_path / "guarded.py").write_text(GUARDED)
    done = subprocess.run([sys.executable, tmp_path / "guarded.py"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "2\n", "")


@linux
def test_spawned_workers_leave_nothing_after_an_error(monkeypatch):
    monkeypatch.setattr("inkling.training.worker.CHECK_SECONDS", 0.05)
    before = shared_memory()
    with running(SpawnedWorkers(3), kill_itself, np.zeros(100)) as (executor, array):
        with pytest.raises(InklingError):
            executor.run(0, 3)
        array[0] = 1.0
    assert array[0] == 1.0  # it lives as long as somebody holds it
    assert shared_memory() <= before


@linux
def test_too_little_shared_memory_is_noticed_before_the_system_kills_the_process(monkeypatch):
    usage = memory.shutil.disk_usage("/")._replace(free=1000)
    monkeypatch.setattr(memory.shutil, "disk_usage", lambda path: usage)
    with pytest.raises(WorkersUnavailable, match="/dev/shm has no room for 8 MB of shared memory"):
        SpawnedWorkers(2).allocate(np.zeros(10**6))


# --- where there can be no workers


@pytest.fixture
def said():
    step._warn_of_one_process.cache_clear()
    yield
    step._warn_of_one_process.cache_clear()


def expect_one_process(reason, workers=2):
    plan = LIVELY.override(epochs=2)
    state, again = TrainingState.start(plan), TrainingState.start(plan)
    with pytest.warns(InklingWarning, match=f"^training goes on in one process: {reason}") as warned:
        list(train(plan, digits()[:300], digits()[300:400], state, workers=workers))
    list(train(plan, digits()[:300], digits()[300:400], again, workers=workers))  # any warning is an error here
    assert len(warned) == 1
    assert Path(warned[0].filename) == Path(__file__)
    alone = TrainingState.start(plan)
    list(train(plan, digits()[:300], digits()[300:400], alone, workers=1))
    np.testing.assert_array_equal(state.params.flat, alone.params.flat)


def daemon(connection):
    try:
        expect_one_process("a daemonic process may not start other processes")
        connection.send("as expected")
    except BaseException as error:
        connection.send(repr(error))


@linux
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_daemonic_process_trains_alone_and_says_so(said):
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=daemon, args=(theirs,), daemon=True)
    process.start()
    assert ours.poll(30)
    assert ours.recv() == "as expected"
    process.join()


@every_kind
@pytest.mark.parametrize(
    "error",
    [
        FileNotFoundError(errno.ENOENT, "No such file or directory"),
        PermissionError(errno.EACCES, "Permission denied"),
        OSError(errno.ENOSYS, "Function not implemented"),
        ImportError("This platform lacks a functioning sem_open implementation"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_without_semaphores_training_goes_on_alone(said, monkeypatch, kind, error):
    def no_semaphore(*arguments):
        raise error

    monkeypatch.setattr("_multiprocessing.SemLock", no_semaphore)
    monkeypatch.setattr("multiprocessing.synchronize._multiprocessing.SemLock", no_semaphore)
    monkeypatch.setattr(local, "ForkedWorkers", kind)
    expect_one_process(f".*{error.strerror if isinstance(error, OSError) else error}")


@every_kind
def test_without_processes_training_goes_on_alone(said, monkeypatch, kind):
    def no_process(*arguments):
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", no_process)
    monkeypatch.setattr("multiprocessing.util.spawnv_passfds", no_process)
    monkeypatch.setattr(local, "ForkedWorkers", kind)
    expect_one_process(".*Resource temporarily unavailable")


@pytest.mark.parametrize(
    ("memory_of", "kind"), [("mmap.mmap", ForkedWorkers), ("SharedMemory.__init__", SpawnedWorkers)]
)
def test_without_shared_memory_training_goes_on_alone(said, monkeypatch, memory_of, kind):
    def none(*arguments, **options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(f"inkling.training.memory.{memory_of}", none)
    expect_one_process(".*Permission denied", workers=kind(2))


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_where_no_process_can_be_forked_safely_workers_are_spawned(monkeypatch, platform):
    monkeypatch.setattr(local.sys, "platform", platform)
    monkeypatch.setattr(local, "cores", lambda: 8)
    executor = local.local_executor(None, most=4)
    assert (type(executor), executor.size) == (SpawnedWorkers, 4)
    assert isinstance(local.local_executor(1, most=4), InProcess)


def test_without_signal_masks_workers_start_all_the_same(monkeypatch):
    """As on Windows."""
    monkeypatch.delattr(signal, "pthread_sigmask")
    with running(ForkedWorkers(2), count_up, np.zeros(2, np.int64), np.zeros(2, np.int64)) as (executor, done, _):
        executor.run(0, 2)
        assert done.tolist() == [1, 1]
