"""A run folder: what it holds, what survives a crash at any place, and what is never touched again."""

import errno
import json
import multiprocessing
import subprocess
import sys
import time

import pytest

from inkling.errors import DataError, InklingError, UsageError
from inkling.model import load
from inkling.recipes import load_recipe
from inkling.runs import run
from inkling.runs.checkpoint import FOLLOWING, LATEST, PREVIOUS
from inkling.runs.run import Run
from inkling.training.shard import loss_and_gradient
from lively import LIVELY, SEEING

RECIPE = LIVELY.override(epochs=5)


@pytest.fixture(scope="module", autouse=True)
def checkpoint_every_epoch():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "CHECKPOINT_SECONDS", 0.0)
        yield


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    """The folder of a run that nothing happened to."""
    folder = tmp_path_factory.mktemp("runs") / "whole"
    for _ in Run.create(folder, RECIPE, "digits").train():
        pass
    return folder


def started(folder, epochs=3, recipe=RECIPE):
    """A run that is dropped after some epochs, with a checkpoint of each."""
    for report in Run.create(folder, recipe, "digits").train():
        if report.epoch == epochs:
            return folder
    raise AssertionError("the run ended too early")


def finish(folder):
    for _ in Run.resume(folder).train():
        pass


def timeless(folder):
    records = map(json.loads, (folder / "history.jsonl").read_text().splitlines())
    return [{k: v for k, v in record.items() if k not in ("seconds", "images_per_second")} for record in records]


def assert_same_end(folder, uninterrupted):
    assert (folder / "model.safetensors").read_bytes() == (uninterrupted / "model.safetensors").read_bytes()
    assert timeless(folder) == timeless(uninterrupted)
    assert [record["epoch"] for record in timeless(folder)] == [1, 2, 3, 4, 5]


def test_a_run_holds_what_it_promises(uninterrupted):
    assert sorted(path.name for path in uninterrupted.iterdir()) == [
        PREVIOUS,
        LATEST,
        "history.jsonl",
        "model.safetensors",
        "recipe.toml",
        "run.json",
    ]
    assert load_recipe(uninterrupted / "recipe.toml") == RECIPE
    model = load(uninterrupted)
    best = max(timeless(uninterrupted), key=lambda r: (r["validation_accuracy"], -r["validation_loss"]))
    assert model.metadata["metrics"] == best
    assert model.metadata["data"]["source"] == "digits"
    assert model.metadata["data"]["images"] == 1437 - round(1437 * 0.2)


@pytest.mark.parametrize("epochs", [1, 3])
def test_a_dropped_run_goes_on_to_the_same_bits(tmp_path, uninterrupted, epochs):
    finish(started(tmp_path / "r", epochs))
    assert_same_end(tmp_path / "r", uninterrupted)


def test_a_run_of_averaged_parameters_goes_on_to_the_same_bits(tmp_path):
    recipe = SEEING.override(epochs=5)
    for _ in Run.create(tmp_path / "whole", recipe, "digits").train():
        pass
    finish(started(tmp_path / "r", recipe=recipe))
    assert_same_end(tmp_path / "r", tmp_path / "whole")


def test_a_run_killed_before_its_first_checkpoint_starts_over(tmp_path, uninterrupted):
    Run.create(tmp_path / "r", RECIPE, "digits")
    assert not (tmp_path / "r" / LATEST).exists()
    finish(tmp_path / "r")
    assert_same_end(tmp_path / "r", uninterrupted)


@pytest.mark.parametrize("damage", [b"", b"torn", None])
def test_a_torn_checkpoint_falls_back_to_the_one_before(tmp_path, uninterrupted, damage):
    folder = started(tmp_path / "r")
    latest, whole = folder / LATEST, Run.resume(folder).state.epoch
    latest.write_bytes(latest.read_bytes()[:-1] if damage is None else damage)
    assert Run.resume(folder).state.epoch == whole - 1
    finish(folder)
    assert_same_end(folder, uninterrupted)


def test_a_crash_between_two_renames_loses_nothing(tmp_path, uninterrupted):
    folder = started(tmp_path / "r")
    (folder / LATEST).replace(folder / PREVIOUS)
    finish(folder)
    assert_same_end(folder, uninterrupted)


def test_two_damaged_checkpoints_are_a_sentence(tmp_path):
    folder = started(tmp_path / "r")
    for name in (LATEST, PREVIOUS):
        (folder / name).write_bytes(b"torn")
    with pytest.raises(DataError, match=r"no checkpoint to go on from: .*train anew in another folder"):
        Run.resume(folder)


def test_a_checkpoint_of_another_recipe_is_a_sentence(tmp_path):
    folder = started(tmp_path / "r")
    text = (folder / "recipe.toml").read_text()
    (folder / "recipe.toml").write_text(text.replace("Linear(24)", "Linear(25)"))
    with pytest.raises(UsageError, match=r"recipe\.toml was changed since the run was started"):
        Run.resume(folder)


def test_a_checkpoint_that_was_written_but_not_yet_renamed_is_the_newest(tmp_path, uninterrupted):
    folder = started(tmp_path / "r")
    (folder / LATEST).replace(folder / FOLLOWING)
    (folder / PREVIOUS).write_bytes(b"torn")
    finish(folder)
    assert_same_end(folder, uninterrupted)


def test_two_trainings_never_share_a_run(tmp_path):
    run, held = Run.create(tmp_path / "r", RECIPE, "digits"), tmp_path / "held"
    script = f"""
import time
from pathlib import Path
from inkling.storage import exclusive_lock
with exclusive_lock(Path({str(tmp_path / "r" / "run.json")!r}), "training it"):
    Path({str(held)!r}).touch()
    time.sleep(60)
"""
    other = subprocess.Popen([sys.executable, "-c", script])
    try:
        while not held.exists():
            assert other.poll() is None, "the other process ended without the lock"
            time.sleep(0.02)
        with pytest.raises(InklingError, match="is in use: another process is training it"):
            next(run.train())
    finally:
        other.kill()
        other.wait()
    assert next(run.train()).epoch == 1
    with pytest.raises(UsageError, match="already exists and is not empty"):
        Run.create(tmp_path / "r", RECIPE, "digits")


@pytest.mark.parametrize("tail", ['{"epoch": 4, "training_lo', '{"epoch": 4}\n{"epoch": 5}\n', "\0\0\0"])
def test_a_torn_history_is_healed(tmp_path, uninterrupted, tail):
    folder = started(tmp_path / "r")
    with (folder / "history.jsonl").open("a") as file:
        file.write(tail)
    finish(folder)
    assert_same_end(folder, uninterrupted)


def test_leftovers_of_a_killed_writer_are_removed(tmp_path):
    folder = started(tmp_path / "r")
    (folder / ".checkpoint.next.safetensors.abc.partial").write_bytes(b"torn")
    finish(folder)
    assert not list(folder.glob(".*"))


def test_a_finished_run_changes_no_more(uninterrupted):
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in uninterrupted.iterdir()}
    resumed = Run.resume(uninterrupted)
    assert resumed.done
    assert list(resumed.train()) == []
    after = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in uninterrupted.iterdir()}
    assert after == before


def test_a_run_killed_before_its_model_was_written_only_writes_it(tmp_path, uninterrupted):
    for _ in Run.create(tmp_path / "r", RECIPE, "digits").train():
        pass
    (tmp_path / "r" / "model.safetensors").unlink()
    assert list(Run.resume(tmp_path / "r").train()) == []
    assert_same_end(tmp_path / "r", uninterrupted)


def test_a_disk_that_fills_up_destroys_nothing(tmp_path, uninterrupted, monkeypatch):
    folder = started(tmp_path / "r")
    kept = {name: (folder / name).read_bytes() for name in (LATEST, PREVIOUS)}

    def full(path, tensors, metadata):
        raise OSError(28, "No space left on device", str(path))

    with monkeypatch.context() as patch:
        patch.setattr("inkling.runs.checkpoint.save_tensors", full)
        with pytest.raises(InklingError, match="No space left on device; the last good checkpoint is kept: make room"):
            finish(folder)
    assert {name: (folder / name).read_bytes() for name in kept} == kept
    finish(folder)
    assert_same_end(folder, uninterrupted)


def test_data_that_changed_meanwhile_are_refused(tmp_path):
    rows = ["label," + ",".join(f"pixel{i}" for i in range(784))]
    rows += [f"{i % 10}," + ",".join(["0"] * 783 + [str(i)]) for i in range(40)]
    table = tmp_path / "train.csv"
    table.write_text("\n".join(rows))
    Run.create(tmp_path / "r", RECIPE, str(table))
    table.write_text("\n".join(rows[:-1]))
    hashes = "SHA-256 [0-9a-f]{12}…, and not [0-9a-f]{12}…"
    with pytest.raises(DataError, match=rf"train\.csv: these are not the data that .*r was started with: .* {hashes}"):
        Run.resume(tmp_path / "r")


def test_a_model_tells_no_folder(tmp_path, monkeypatch):
    rows = [f"{i % 10}," + ",".join(["0"] * 783 + [str(i)]) for i in range(40)]
    contents = []
    for place in ("here", "there"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "train.csv").write_text("\n".join(["label," + ",".join(["p"] * 784), *rows]))
        for _ in Run.create(tmp_path / place / "r", RECIPE, str(tmp_path / place / "train.csv")).train():
            pass
        contents.append((tmp_path / place / "r" / "model.safetensors").read_bytes())
    assert contents[0] == contents[1]
    assert str(tmp_path).encode() not in contents[0]


def test_a_relative_source_is_found_again_from_elsewhere(tmp_path, monkeypatch):
    rows = [f"{i % 10}," + ",".join(["0"] * 783 + [str(i)]) for i in range(40)]
    (tmp_path / "train.csv").write_text("\n".join(["label," + ",".join(["p"] * 784), *rows]))
    monkeypatch.chdir(tmp_path)
    Run.create(tmp_path / "r", RECIPE, "train.csv")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert len(Run.resume(tmp_path / "r").parts.training) == 32


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"data": "digits"}'])
def test_a_folder_that_is_no_run_is_a_sentence(tmp_path, content):
    if content is not None:
        (tmp_path / "run.json").write_text(content)
    with pytest.raises(DataError, match="holds no run to resume: expected"):
        Run.resume(tmp_path)


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "file").touch()
    for folder in (tmp_path, tmp_path / "file"):
        with pytest.raises(UsageError, match="already exists and is "):
            Run.create(folder, RECIPE, "digits")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("error", "problem", "remedy"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "f"), "f: No space left on device", ": make room, then"),
        (OSError(errno.EDQUOT, "Disk quota exceeded", "f"), "f: Disk quota exceeded", ": make room, then"),
        (OSError(errno.EIO, "Input/output error", "f"), "f: Input/output error", "; to go on:"),
        (OSError(errno.EAGAIN, "Try again"), "Try again", "; to go on:"),
        (OSError("no such luck"), "no such luck", "; to go on:"),
        (OSError(), "OSError", "; to go on:"),
    ],
    ids=repr,
)
def test_what_the_system_refuses_is_said_and_room_is_asked_for_only_where_it_is_missing(
    tmp_path, monkeypatch, error, problem, remedy
):
    """Regression test for "None: Resource temporarily unavailable; … make room"."""

    def refused(*args, **options):
        raise error

    training = Run.create(tmp_path / "r", RECIPE, "digits")
    monkeypatch.setattr(run, "train", refused)
    with pytest.raises(InklingError) as caught:
        list(training.train())
    assert str(caught.value) == (
        f"{problem}; the last good checkpoint is kept{remedy} inkling train --resume {tmp_path / 'r'}"
    )
    assert caught.value.__cause__ is error


def test_an_error_in_a_worker_comes_out_of_a_run_as_itself(tmp_path, monkeypatch):
    """Regression test for "a training process died; if memory ran out …"."""

    def broken(objective, params, shard, gradient, scratch):
        if multiprocessing.parent_process() is not None:
            raise ZeroDivisionError("in a layer")
        return loss_and_gradient(objective, params, shard, gradient, scratch)

    monkeypatch.setattr("inkling.training.step_job.loss_and_gradient", broken)
    training = Run.create(tmp_path / "r", RECIPE, "digits")
    with pytest.raises(ZeroDivisionError) as caught:
        list(training.train(workers=2))
    assert str(caught.value) == "in a layer"
    assert "In training process 1:\nTraceback" in caught.value.__notes__[0]
    assert "in broken" in caught.value.__notes__[0]
    assert training.state.epoch == 0
