"""Sweeps whose trainings are made up: which settings are chosen, and what becomes of calls that end early."""

import csv
import math
from pathlib import Path

import pytest

from inkling.cluster.fit_folder import SWEEP
from inkling.cluster.sweeps.journal import JOURNAL
from inkling.cluster.sweeps.results import TABLE, ranked, trials_in_table, write_results
from inkling.cluster.sweeps.space import setting_of
from inkling.cluster.sweeps.sweep import Sweep
from inkling.cluster.workers import open_workers
from inkling.errors import DataError, InUseError, OutputError, UsageError
from inkling.recipes import load_recipe
from inkling.runs.listing import RunSummary
from inkling.storage import LOCK, exclusive_lock
from inkling.training.loop import TrainingDiverged
from needs import needs_optuna

pytestmark = needs_optuna("settings are chosen by Optuna")
RECIPE = """
network = ["Flatten()", "Linear(10)"]
optimizer = "SGD()"
schedule = "ConstantLR(0.01)"
split = "Split(validation=0.2)"
"""
LEARNING_RATES = ("lr=0.001:1:log", "epochs=1:9")


class Trainings:
    """In place of trainings: the best learning rate is 0.05. `end` is raised in place of training number `at`."""

    def __init__(self):
        self.done, self.count, self.at, self.end = {}, 0, -1, None

    def fit(self, task, watch=None):
        self.count += 1
        if self.count == self.at:
            raise self.end
        if task.recipe.schedule.lr > 0.9:
            raise TrainingDiverged(2, task.recipe.schedule.lr)
        accuracy = 1 / (1 + abs(math.log(task.recipe.schedule.lr / 0.05)) + task.recipe.epochs)
        figures = {"validation_accuracy": accuracy, "validation_loss": 1 - accuracy}
        self.done[task.folder] = RunSummary(task.folder, "made-up", "digits", True, 1, 1, 1, figures, 10, 1.0)
        return self.done[task.folder]


@pytest.fixture
def trainings(monkeypatch):
    made_up = Trainings()
    monkeypatch.setattr("os.fsync", lambda file: None)  # which takes most of the time, and these tests end no machine
    monkeypatch.setattr("inkling.cluster.sweeps.trials.fit", made_up.fit)
    monkeypatch.setattr("inkling.cluster.fits.finished", lambda task: made_up.done.get(task.folder))
    return made_up


@pytest.fixture
def recipe(tmp_path):
    (tmp_path / "plain.toml").write_text(RECIPE)
    return load_recipe(str(tmp_path / "plain.toml"))


@pytest.fixture
def sweep(trainings, recipe, tmp_path):
    """Sweep in a folder of this name, as a call of the command does; the table as it is then."""

    def run(name, trials, *settings, **options):
        space = dict(map(setting_of, settings or LEARNING_RATES))
        with Sweep.open(tmp_path / name, recipe, "digits", space, parallel=3, **options) as found:
            try:
                with open_workers(workers=1) as workers:
                    most = max(trials, trials_in_table(found.folder))
                    told = [trial.number for trial in found.run(workers, most)]
            finally:
                write_results(found)
        assert sorted(told) == [trial.number for trial in found.trials()], "every trial is told of, once"
        return (tmp_path / name / TABLE).read_text()

    return run


def rows(table):
    return list(csv.DictReader(table.splitlines()))


def test_trials_that_are_added_are_those_that_one_call_would_have_chosen(sweep):
    """Regression test: a call told Optuna of all its trials at its end, so that the next call chose from more."""
    whole = sweep("whole", 24)
    assert len({row["lr"] for row in rows(whole)}) == 24
    assert whole.startswith(sweep("parts", 14))
    assert sweep("parts", 24) == whole


def test_fewer_trials_take_none_away(sweep, trainings):
    """Regression test: the table was cut to the number of trials that was asked for last."""
    whole, count = sweep("found", 12), trainings.count
    assert sweep("found", 3) == whole
    assert trainings.count == count


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: text[: len(text) // 2] + text[len(text) // 2 + 30 :],
        lambda text: b"",
        lambda text: b"\x00" * len(text),
    ],
    ids=["cut", "torn", "empty", "zeros"],
)
def test_a_damaged_journal_is_written_anew(sweep, tmp_path, damage):
    """Regression test: a line that a full disk had cut off was a traceback, for ever."""
    whole = sweep("whole", 16)
    sweep("found", 12)
    journal = tmp_path / "found" / JOURNAL
    journal.write_bytes(damage(journal.read_bytes()))
    (tmp_path / "found" / f"{JOURNAL}.lock").symlink_to(journal)
    assert sweep("found", 16) == whole


@pytest.mark.parametrize(
    "end",
    [OutputError("no room"), DataError("no data"), OSError(28, "no room"), KeyboardInterrupt()],
    ids=lambda end: type(end).__name__,
)
def test_what_is_no_fault_of_a_trial_ends_the_sweep_and_is_forgotten(sweep, trainings, end):
    """Regression test: a full disk made every further trial a failed one, also for calls that went on."""
    whole = sweep("whole", 16)
    trainings.done.clear()
    trainings.at, trainings.end = trainings.count + 13, end
    with pytest.raises(type(end)):
        sweep("found", 16)
    assert sweep("found", 16) == whole


def test_a_training_that_diverges_is_a_failed_trial_and_keeps_no_other_from_being_trained(sweep):
    found = rows(sweep("found", 9, "lr=0.01,0.02,0.95", "epochs=1,2,3"))
    failed = {row["lr"] for row in found if row["state"].startswith("failed: training diverged: the loss of step 2")}
    assert failed == {"0.95"}
    assert [row["state"] for row in found if row["lr"] != "0.95"] == ["trained"] * 6


def test_settings_that_no_recipe_has_together_are_a_failed_trial(sweep):
    """Regression test: they ended the sweep, and again each call that went on."""
    found = rows(sweep("found", 4, "validation=0.2,0.6", "split.test=0.1,0.7"))
    states = {(row["validation"], row["split.test"]): row["state"] for row in found}
    assert states.pop(("0.6", "0.7")).startswith("failed: validation 0.6 and test 0.7 leave nothing to train on")
    assert set(states.values()) == {"trained"}


def test_two_trials_with_the_same_settings_are_trained_once(sweep, trainings):
    found = rows(sweep("found", 12, "epochs=1:2"))
    assert len(found) == 12
    assert trainings.count == 2


def test_a_setting_that_is_left_out_has_a_name_in_the_table(sweep):
    found = rows(sweep("found", 2, "ema=None,0.9"))
    assert {row["ema"] for row in found} == {"None", "0.9"}


def test_a_second_sweep_in_the_folder_is_refused_and_leaves_the_table(sweep, tmp_path):
    """Regression test: it wrote a table of no trials in place of the one that was there."""
    table = sweep("found", 3)
    with exclusive_lock(tmp_path / "found" / LOCK, "testing"), pytest.raises(InUseError, match="found is in use"):
        sweep("found", 3)
    assert (tmp_path / "found" / TABLE).read_text() == table


def test_a_call_that_ends_before_its_first_trial_leaves_the_table(recipe, sweep, tmp_path):
    table = sweep("found", 3)
    with Sweep.open(tmp_path / "found", recipe, "digits", dict(map(setting_of, LEARNING_RATES)), parallel=3) as found:
        assert write_results(found) == []
    assert (tmp_path / "found" / TABLE).read_text() == table


@pytest.mark.parametrize("content", ["{", "[]", '{"format": 0}', "\x00"])
def test_a_damaged_record_is_told(sweep, tmp_path, content):
    sweep("found", 1)
    (tmp_path / "found" / SWEEP.record).write_text(content)
    with pytest.raises(UsageError, match=r"sweep\.json is no record of a sweep: give another name with -o"):
        sweep("found", 1)


def test_what_a_killed_beginning_left_is_in_nobodys_way(sweep, tmp_path):
    (tmp_path / "found").mkdir()
    (tmp_path / "found" / f".{SWEEP.record}.0123.partial").write_text("{")
    assert len(rows(sweep("found", 2))) == 2


@pytest.mark.parametrize(
    ("settings", "options", "says"),
    [
        (("lr=0.001:1:log",), {}, "another --set"),
        (LEARNING_RATES, {"seed": 1}, "another seed"),
        (LEARNING_RATES, {"prune": True, "seed": 1}, "another seed and another prune"),
    ],
)
def test_another_sweep_is_refused(sweep, settings, options, says):
    sweep("found", 1)
    with pytest.raises(UsageError, match=f"found holds a sweep with {says}: give another name with -o"):
        sweep("found", 1, *settings, **options)


def test_other_data_under_the_same_name_are_refused(sweep, monkeypatch):
    """Regression test: every trial that was left failed."""
    from inkling.data import Dataset, Source, load

    sweep("found", 1)
    digits = load("digits")
    fewer = Source(digits.name, Dataset(digits.train.images[1:], digits.train.labels[1:]), digits.test)
    monkeypatch.setattr("inkling.cluster.fit_folder.load", lambda name: fewer)
    with pytest.raises(UsageError, match="found holds a sweep with other data"):
        sweep("found", 1)


@pytest.mark.parametrize(
    ("settings", "is_taken"),
    [(("validation=0.1,0.2",), True), (("lr=0.1:0.2",), False), (("validation=0,0.2",), False)],
)
def test_images_to_compare_on_may_be_held_out_by_the_sweep(trainings, recipe, tmp_path, settings, is_taken):
    """Regression test: "give --set validation=0.1" was the advice where that was refused as well."""
    none = recipe.override(validation=0)
    space = dict(map(setting_of, settings))
    if is_taken:
        with Sweep.open(tmp_path / "found", none, "digits", space):
            assert Path(tmp_path / "found").is_dir()
    else:
        with pytest.raises(UsageError, match="holds out no images to compare trials on"):
            Sweep.open(tmp_path / "found", none, "digits", space).__enter__()


def test_no_trial_may_be_without_images_to_compare_on(recipe, tmp_path):
    """Regression test: a trial without validation accuracy was a traceback."""
    with pytest.raises(UsageError, match=r"with Split\(\) holds out no images"):
        Sweep.open(tmp_path / "found", recipe, "digits", dict([setting_of("validation=0,0.2")])).__enter__()


def test_the_best_come_first(sweep, recipe, tmp_path):
    sweep("found", 8)
    space = dict(map(setting_of, LEARNING_RATES))
    with Sweep.open(tmp_path / "found", recipe, "digits", space, parallel=3) as found, open_workers(workers=1) as one:
        best = ranked(list(found.run(one, 8)))
    accuracies = [trial.figures["validation_accuracy"] for trial in best]
    assert accuracies == sorted(accuracies, reverse=True)
    assert best[0].recipe == load_recipe(str(tmp_path / "found" / "best.toml"))
