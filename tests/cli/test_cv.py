"""`inkling cv`: every row is validated on once, and what is printed are the figures of the runs."""

import csv
import json
import statistics
from pathlib import Path

import numpy as np
import pytest

import inkling
from inkling.data import Split
from inkling.recipes import load_recipe
from inkling.runs.run import Run
from inkling.storage import exclusive_lock
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
    with open("folds/predictions.csv", newline="") as file:  # noqa: PTH123
        table = list(csv.DictReader(file))
    assert [int(row["row"]) for row in table] == sorted(rows), "each row once"
    data = inkling.load_data("digits").train
    assert [int(row["label"]) for row in table] == data.labels.tolist()
    for number, fold in enumerate(found["folds"]):
        mine = [row for row in table if int(row["fold"]) == number]
        run = Run.resume(Path(fold["run"]))
        assert [int(row["row"]) for row in mine] == sorted(run.parts.validation.rows)
        shares = inkling.load_model(fold["run"]).predict_proba(data.images[[int(row["row"]) for row in mine]])
        told = np.array([[float(row[f"p{digit}"]) for digit in range(10)] for row in mine])
        np.testing.assert_allclose(told, shares, atol=1e-6)
        assert [int(row["predicted"]) for row in mine] == shares.argmax(axis=1).tolist()
        np.testing.assert_allclose([float(row["confidence"]) for row in mine], shares.max(axis=1), atol=1e-6)
        right = np.mean([row["predicted"] == row["label"] for row in mine])
        assert right == pytest.approx(fold["validation_accuracy"])
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


def test_rows_for_testing_are_in_no_fold_and_non_digits_have_a_column(call, small_recipe, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = small_recipe.read_text().replace("validation=0.2", "test=100")
    Path("open.toml").write_text(f"{text.replace('Linear(10)', 'Linear(11)')}non_digits = 0.1\n")
    rows = write_csv("mine.csv", 300)
    done = call("cv", "open.toml", "--data", "mine.csv", "--folds", 2, "-o", "folds", "--workers", 1)
    assert done.exit_code == 0, done.stderr
    with open("folds/predictions.csv", newline="") as file:  # noqa: PTH123
        table = list(csv.DictReader(file))
    assert len(table) == 200
    assert all(0 <= float(row["not_a_digit"]) <= 1 for row in table)
    assert [int(row["label"]) for row in table] == [rows[int(row["row"])] for row in table]


def write_csv(path, count):
    """Write some of the embedded digits as a competition does; their labels."""
    data = inkling.load_data("digits").train
    labels = data.labels[:count].tolist()
    lines = [",".join(map(str, (label, *image.ravel()))) for label, image in zip(labels, data.images, strict=False)]
    Path(path).write_text("\n".join([",".join(["label", *(f"pixel{place}" for place in range(784))]), *lines]))
    return labels


def test_another_cross_validation_has_to_go_elsewhere(call, small_recipe, tmp_path, monkeypatch):
    """Regression test: the runs of both were mixed."""
    monkeypatch.chdir(tmp_path)
    command = ("cv", small_recipe, "--data", "digits", "-o", "folds", "--workers", 1)
    assert call(*command, "--folds", 2).exit_code == 0
    before = Path("folds/predictions.csv").read_bytes()
    told = call(*command, "--folds", 3)
    assert told.exit_code == USAGE
    assert "folds holds a cross-validation with another folds: give another name with -o" in told.stderr
    with exclusive_lock(Path("folds/.lock"), "testing"):
        told = call(*command, "--folds", 2)
    assert (told.exit_code, told.stderr.count("\n")) == (1, 1)
    assert "folds is in use" in told.stderr
    assert Path("folds/predictions.csv").read_bytes() == before


def test_a_fold_that_cannot_be_trained_is_a_sentence(call, small_recipe, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("wild.toml").write_text(small_recipe.read_text().replace("ConstantLR(0.01)", "ConstantLR(1e30)"))
    told = call("cv", "wild.toml", "--data", "digits", "--folds", 2, "-o", "folds", "--workers", 1, "-q")
    assert told.exit_code == 1
    assert told.stderr.startswith("inkling: training 1 of 2: training diverged: the loss of step 2 is not finite")
    assert told.stderr.count("\n") == 1


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
