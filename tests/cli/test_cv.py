"""`inkling cv`: every row is validated on once, and what is printed are the figures of the runs."""

import json
import statistics
from pathlib import Path

import numpy as np
import pytest

import inkling
from inkling.data import Split
from inkling.recipes import load_recipe
from inkling.runs.run import Run
from needs import needs_distributed

USAGE, DATA = 2, 3


@pytest.mark.parametrize(
    "how",
    [
        ["--workers", 1],
        pytest.param(
            ["--cluster", "local:2"],
            marks=[needs_distributed("recipes are cross-validated by Dask"), pytest.mark.thorough],
        ),
    ],
    ids=["here", "dask"],
)
def test_every_row_is_validated_on_once(call, small_recipe, tmp_path, monkeypatch, how):
    monkeypatch.chdir(tmp_path)
    done = call("cv", small_recipe, "--data", "digits", "--folds", 3, "-o", "folds", "--json", *how)
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert [fold["fold"] for fold in found["folds"]] == [0, 1, 2]
    rows = []
    for number, fold in enumerate(found["folds"]):
        run = Run.resume(Path(fold["run"]))
        assert run.recipe.split == Split(folds=3, fold=number)
        assert not set(run.parts.validation.rows) & set(run.parts.training.rows)
        rows += run.parts.validation.rows.tolist()
        model = inkling.load_model(fold["run"])
        right = model.predict(run.parts.validation.images) == run.parts.validation.labels
        assert fold["validation_accuracy"] == pytest.approx(right.mean())
    assert sorted(rows) == list(range(len(inkling.load_data("digits").train)))
    accuracies = [fold["validation_accuracy"] for fold in found["folds"]]
    assert found["validation_accuracy"]["mean"] == pytest.approx(np.mean(accuracies))
    assert found["validation_accuracy"]["sd"] == pytest.approx(statistics.stdev(accuracies))


def test_a_second_call_trains_nothing_again(call, small_recipe, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command = ("cv", small_recipe, "--data", "digits", "--folds", 2, "-o", "folds", "--workers", 1)
    first = call(*command)
    assert "Mean ± standard deviation over 2 folds: accuracy " in first.stdout
    before = {each: each.stat().st_mtime_ns for each in Path("folds").rglob("model.safetensors")}
    assert len(before) == 2
    assert call(*command).stdout == first.stdout
    assert {each: each.stat().st_mtime_ns for each in before} == before
    assert load_recipe(next(iter(before)).with_name("recipe.toml")).split.folds == 2


@pytest.mark.parametrize(
    ("data", "folds", "code", "says"),
    [
        ("digits", 1, USAGE, "Invalid value for '--folds'"),
        ("digits", 5000, USAGE, "5000 folds of 1437 rows would be empty; take fewer"),
        ("nowhere", 5, DATA, "nowhere: no such file or folder"),
    ],
)
def test_mistakes_are_told(call, small_recipe, tmp_path, monkeypatch, data, folds, code, says):
    monkeypatch.chdir(tmp_path)
    told = call("cv", small_recipe, "-o", "folds", "--workers", 1, "--data", data, "--folds", folds)
    assert told.exit_code == code
    assert says in told.stderr
