"""`inkling train --cluster`: the model file of one process, also after Ctrl-C and after the loss of the scheduler."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from dask_processes import dask_cluster
from lively import LIVELY
from needs import needs_distributed

USAGE = 2
clusters = needs_distributed("inkling train --cluster ends with the bytes of one process, whatever was lost")


@pytest.fixture(scope="module")
def slow_recipe(tmp_path_factory):
    """Some seconds of training on a cluster."""
    path = tmp_path_factory.mktemp("recipes") / "slow.toml"
    path.write_text(LIVELY.override(epochs=60).to_toml())
    return path


@pytest.fixture(scope="module")
def cache():
    return {}


@pytest.fixture
def undisturbed(call, slow_recipe, no_pictures, tmp_path_factory, cache):
    """The model of a run in this process."""
    if not cache:
        folder = tmp_path_factory.mktemp("runs") / "whole"
        assert call("train", "-r", slow_recipe, "--data", "digits", "-o", folder, "--workers", 1).exit_code == 0
        cache["model"] = (folder / "model.safetensors").read_bytes()
    return cache["model"]


@pytest.fixture
def start(spawn, slow_recipe, without_plots, tmp_path):
    def start_training(*how):
        return spawn("train", "-r", slow_recipe, "--data", "digits", "-o", tmp_path / "r", *how, **without_plots)

    return start_training


def wait_for_epochs(path, process, count=3):
    deadline = time.monotonic() + 60
    while not path.exists() or path.read_text().count("\n") < count:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)


def ended(process, code):
    _, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert "Traceback" not in err
    return err


def members(group):
    """The processes of a group that are alive."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, pgid = path.read_text().rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(pgid) == group and state != "Z":
            found.append(int(path.parent.name))
    return found


@clusters
@pytest.mark.skipif(sys.platform != "linux", reason="this is not Linux: Ctrl-C ends the workers of a local cluster")
def test_ctrl_c_keeps_the_run_and_ends_the_workers(start, call, no_pictures, tmp_path, undisturbed):
    folder = tmp_path / "r"
    process = start("--cluster", "local:2")
    wait_for_epochs(folder / "history.jsonl", process)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    err = ended(process, 130)
    assert err.splitlines()[-1].endswith(f". To go on: inkling train --resume {folder}")
    assert err.splitlines()[-1].startswith("Stopped after epoch ")
    assert (folder / "checkpoint.safetensors").exists()
    deadline = time.monotonic() + 10
    while left := members(process.pid):  # a process of multiprocessing's ends when the others have
        assert time.monotonic() < deadline, left
        time.sleep(0.05)
    assert call("train", "--resume", folder, "--workers", 1).exit_code == 0
    assert (folder / "model.safetensors").read_bytes() == undisturbed


@clusters
def test_a_run_goes_on_after_its_scheduler_was_killed(start, call, no_pictures, environment, tmp_path, undisturbed):
    folder = tmp_path / "r"
    with dask_cluster(environment, workers=1) as (address, scheduler):
        process = start("--cluster", address)
        wait_for_epochs(folder / "history.jsonl", process)
        scheduler.kill()
        err = ended(process, 1)
    assert err.splitlines()[-1] == (
        "inkling: the scheduler of the cluster was lost; the last good checkpoint is kept; to go on: "
        f"inkling train --resume {folder}"
    )
    assert call("train", "--resume", folder, "--workers", 1).exit_code == 0
    assert (folder / "model.safetensors").read_bytes() == undisturbed


def test_what_a_cluster_cannot_be_given_beside(call, recipe_file, tmp_path):
    command = ("train", "-r", recipe_file, "--data", "digits", "-o", tmp_path / "r")
    done = call(*command, "--cluster", "local:2", "--workers", 2)
    assert (done.exit_code, done.stderr) == (
        USAGE,
        "inkling: the number of workers belongs to the cluster: give local:N, or leave out one of them\n",
    )
    done = call(*command, "--cluster", "remote", INKLING_WORKERS="2")  # which does not count here
    assert done.exit_code == USAGE
    assert done.stderr.startswith("inkling: remote: a cluster is local, local:N, or ")
    done = call(*command, "--cluster", "local:2", "--device", "cuda")
    assert (done.exit_code, done.stderr) == (
        USAGE,
        "inkling: --device cuda trains in one process: leave out --cluster local:2\n",
    )
    assert not (tmp_path / "r").exists()


def test_without_dask_the_extra_is_named(call, recipe_file, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.setitem(sys.modules, "cloudpickle", None)
    done = call("train", "-r", recipe_file, "--data", "digits", "-o", tmp_path / "r", "--cluster", "local:2")
    assert done.exit_code == 1
    assert done.stderr.startswith("inkling: this needs distributed, which is not installed: ")
    assert "cluster" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "r").exists()
