"""A fit: trained once, gone on with wherever it was cut off, and trained anew where its folder is damaged."""

import dataclasses
import errno
import os
import threading
import time

import numpy as np
import pytest
from threadpoolctl import threadpool_info

import inkling
from inkling.cluster.fits import FitTask, finished, fit
from inkling.data import load
from inkling.errors import DataError, InklingError, OutputError, UsageError
from inkling.model import load as load_model
from inkling.recipes import load_recipe
from inkling.storage import LOCK, exclusive_lock, locked_folder
from inkling.training.loop import TrainingDiverged


@pytest.fixture(scope="module")
def recipe(tmp_path_factory):
    file = tmp_path_factory.mktemp("recipes") / "small.toml"
    file.write_text(
        'network = ["Flatten()", "Linear(8)", "ReLU()", "Linear(10)"]\noptimizer = "Adam()"\n'
        'schedule = "ConstantLR(0.01)"\nepochs = 3\nsplit = "Split(validation=0.2)"\n'
    )
    return load_recipe(str(file))


@pytest.fixture(scope="module")
def sha256():
    return load("digits").train.sha256


@pytest.fixture
def task(recipe, sha256, tmp_path):
    return FitTask.of(recipe, "digits", sha256, tmp_path)


@pytest.fixture(scope="module")
def whole(recipe, sha256, tmp_path_factory):
    """The bytes of the model that an undisturbed fit makes."""
    task = FitTask.of(recipe, "digits", sha256, tmp_path_factory.mktemp("whole"))
    fit(task)
    return (task.folder / "model.safetensors").read_bytes()


def test_the_folder_tells_recipe_seed_and_data(recipe, sha256, tmp_path, task):
    assert FitTask.of(recipe, "elsewhere", sha256, tmp_path).folder == task.folder
    assert FitTask.of(recipe.override(seed=1), "digits", sha256, tmp_path).folder != task.folder
    assert FitTask.of(recipe, "digits", sha256[::-1], tmp_path).folder != task.folder


def test_one_that_is_finished_is_left_as_it_is(task, whole):
    first = fit(task)
    model = task.folder / "model.safetensors"
    assert model.read_bytes() == whole
    time_of = model.stat().st_mtime_ns
    assert fit(task) == first == finished(task)
    assert model.stat().st_mtime_ns == time_of


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def save_as_another(path):
    model = inkling.load_model(path)
    recipe = {**model.metadata["recipe"], "seed": 1}
    dataclasses.replace(model, metadata={**model.metadata, "recipe": recipe}).save(path)


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "history.jsonl").unlink(),
        lambda folder: cut(folder / "history.jsonl"),
        lambda folder: cut(folder / "model.safetensors"),
        lambda folder: cut(folder / "run.json"),
        lambda folder: [(folder / "mine").mkdir(), (folder / "run.json").unlink()],
        lambda folder: (folder / "recipe.toml").write_text("epochs = 4"),
        lambda folder: [cut(folder / "checkpoint.safetensors"), (folder / "model.safetensors").unlink()],
        lambda folder: save_as_another(folder / "model.safetensors"),
    ],
    ids=["history", "cut history", "model", "record", "no record", "recipe", "checkpoint", "another model"],
)
def test_one_that_is_damaged_is_trained_anew(task, whole, damage):
    """Regression test: some of these were failed trials, or a traceback in the table."""
    summary = fit(task)
    damage(task.folder)
    again = fit(task)
    assert again.figures == summary.figures
    assert (task.folder / "model.safetensors").read_bytes() == whole


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), PermissionError(13, "denied")])
def test_what_the_disk_refuses_is_told_and_a_second_call_ends_as_the_first_would_have(monkeypatch, task, whole, error):
    def refuse(folder, state):
        raise error

    with monkeypatch.context() as patched:
        patched.setattr("inkling.runs.run.save_checkpoint", refuse)
        with pytest.raises(OutputError, match=f"{error.strerror}; what was trained is kept: give the same command"):
            fit(task)
    fit(task)
    assert (task.folder / "model.safetensors").read_bytes() == whole


def test_the_end_of_another_that_trains_in_the_folder_is_awaited(task, whole, tmp_path):
    """Regression test: "is in use" was the end of a trial whose worker had outlived its command."""
    with locked_folder(task.folder, "testing"):
        waiting = threading.Thread(target=fit, args=[task])
        waiting.start()
        time.sleep(0.2)
        assert list(task.folder.iterdir()) == [task.folder / LOCK]
    waiting.join(60)
    (tmp_path / "whole.safetensors").write_bytes(whole)
    trained, undisturbed = (load_model(each).params.flat for each in (task.folder, tmp_path / "whole.safetensors"))
    np.testing.assert_array_equal(trained, undisturbed)


def test_a_lock_keeps_other_threads_out_as_well(tmp_path):
    """Regression test: the system's locks keep out other processes alone; a worker of Dask may have several threads."""
    (tmp_path / LOCK).touch()
    with exclusive_lock(tmp_path / LOCK, "testing"):
        with pytest.raises(InklingError, match="is in use: another thread is testing"):
            exclusive_lock(tmp_path / LOCK, "testing").__enter__()
        link = tmp_path / "link"
        link.symlink_to(tmp_path)
        with pytest.raises(InklingError, match="is in use"):
            exclusive_lock(link / LOCK, "testing").__enter__()
    with exclusive_lock(tmp_path / LOCK, "testing"):
        pass


def test_other_data_are_told_and_not_trained_on(task):
    with pytest.raises(DataError, match="these are not the images that were there when the command began"):
        fit(FitTask(task.recipe, "digits", "0" * 64, task.folder))
    with pytest.raises(DataError, match="nowhere: no such file or folder"):
        fit(FitTask(task.recipe, "nowhere", task.sha256, task.folder))


def test_a_worker_that_does_not_see_the_output_says_so(task, recipe, sha256, tmp_path):
    """Regression test: it trained into a folder of its own, which nobody else saw."""
    with pytest.raises(OutputError, match="a worker sees no such folder: all workers have to share the output"):
        fit(FitTask.of(recipe, "digits", sha256, tmp_path / "elsewhere"))
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    ("changes", "error"), [({"lr": 1e30}, TrainingDiverged), ({"validation": 2000}, UsageError)], ids=["nan", "split"]
)
def test_what_is_wrong_with_the_recipe_is_told_as_it_is(recipe, sha256, tmp_path, changes, error):
    with pytest.raises(error):
        fit(FitTask.of(recipe.override(**changes), "digits", sha256, tmp_path))


def test_a_watch_sees_all_epochs_and_ends_the_training(task, whole):
    seen = []
    summary = fit(task, lambda epoch, accuracy: seen.append((epoch, accuracy)) or epoch == 2)
    assert not summary.finished
    assert [epoch for epoch, _ in seen] == [1, 2]
    assert seen[-1][1] == summary.figures["validation_accuracy"]
    again = []
    fit(task, lambda epoch, accuracy: again.append((epoch, accuracy)))
    assert again[:2] == seen
    assert [epoch for epoch, _ in again] == [1, 2, 3]
    assert (task.folder / "model.safetensors").read_bytes() == whole


def test_a_fit_keeps_to_one_core(monkeypatch, task):
    """BLAS has one thread, and the shards of a batch are done by the process itself."""
    found = []
    fit(
        task,
        lambda epoch, accuracy: found.append(
            (
                threading.active_count(),
                [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"],
            )
        ),
    )
    assert found
    assert {count for _, counts in found for count in counts} == {1}
