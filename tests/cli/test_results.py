"""What the commands give where all is well: folders, numbers, submissions, comparisons."""

import json
import os
import shutil

import numpy as np
import pytest

from inkling.data import load
from inkling.model import load as load_model
from inkling.training import load_recipe
from lively import LIVELY


def test_train_writes_the_promised_folder(finished):
    assert {path.name for path in finished.iterdir()} == {
        *("model.safetensors", "history.jsonl", "recipe.toml", "run.json", "checkpoint.safetensors"),
        *(f"{name}.{kind}" for name in ("curves", "confusion", "samples", "weights") for kind in ("png", "svg")),
    }
    records = [json.loads(line) for line in (finished / "history.jsonl").read_text().splitlines()]
    assert [record["epoch"] for record in records] == list(range(1, LIVELY.epochs + 1))
    expected = {"epoch", "training_loss", "training_accuracy", "validation_loss", "validation_accuracy"}
    assert all(record.keys() == expected | {"learning_rate", "seconds", "images_per_second"} for record in records)
    assert records[-1]["validation_accuracy"] > 0.9
    for name in ("curves.png", "weights.png"):
        assert (finished / name).read_bytes().startswith(b"\x89PNG")


def test_train_says_where_things_are(call, no_pictures, tmp_path, recipe_file):
    result = call("train", "--recipe", recipe_file, "--data", "digits", "-o", tmp_path / "r", "--epochs", 2)
    assert result.exit_code == 0
    assert result.stdout.startswith("Validation accuracy ")
    assert f"run folder  {tmp_path / 'r'}" in result.stdout
    assert result.stdout.splitlines()[-1] == f"Next: inkling evaluate {tmp_path / 'r'}"
    assert "Training lively on digits: 1,150 images, 287 to validate on." in result.stderr


def test_train_as_json(call, no_pictures, tmp_path, recipe_file):
    result = call("train", "--recipe", recipe_file, "--data", "digits", "-o", tmp_path / "r", "--epochs", 1, "--json")
    record = json.loads(result.stdout)
    assert record["run"] == str(tmp_path / "r")
    assert record["recipe"] == "lively"
    assert record["epoch"] == 1
    assert 0 < record["validation_accuracy"] < 1


def test_train_measures_a_test_source_where_asked(call, no_pictures, tmp_path, recipe_file):
    call("train", "-r", recipe_file, "--data", "digits", "--test", "digits", "-o", tmp_path / "r", "--epochs", 2)
    for line in (tmp_path / "r" / "history.jsonl").read_text().splitlines():
        assert 0 < json.loads(line)["test_accuracy"] < 1


def test_without_matplotlib_training_ends_well(run, tmp_path, recipe_file):
    program = ("-c", "import sys; sys.modules['matplotlib'] = None; from inkling.cli.__main__ import main; main()")
    code, out, err = run(*("train", "-r", recipe_file, "--data", "digits", "-o", "r", "--epochs", 1), program=program)
    assert code == 0, err
    assert "plots       none: this needs matplotlib, which is not installed: pip install 'inkling[report]'" in out
    assert (tmp_path / "r" / "model.safetensors").exists()


@pytest.mark.parametrize(
    ("flags", "environment", "expected"),
    [
        ((), {}, (LIVELY.seed, LIVELY.epochs, LIVELY.batch_size, LIVELY.schedule.lr)),
        ((), {"INKLING_SEED": "9", "INKLING_EPOCHS": "2"}, (9, 2, LIVELY.batch_size, LIVELY.schedule.lr)),
        (("--seed", 0, "--epochs", 1), {"INKLING_SEED": "9", "INKLING_EPOCHS": "2"}, (0, 1, 100, 0.01)),
        (("--lr", 0.5), {"INKLING_LR": "0.1", "INKLING_BATCH_SIZE": "50", "INKLING_EPOCHS": "1"}, (5, 1, 50, 0.5)),
    ],
)
def test_flags_come_before_the_environment_before_the_recipe(
    call, no_pictures, tmp_path, recipe_file, flags, environment, expected
):
    result = call(
        "train", "--data", "digits", "-o", tmp_path / "r", *flags, INKLING_RECIPE=str(recipe_file), **environment
    )
    assert result.exit_code == 0
    recipe = load_recipe(tmp_path / "r" / "recipe.toml")
    assert (recipe.seed, recipe.epochs, recipe.batch_size, recipe.schedule.lr) == expected


def test_settings_of_the_environment_do_not_stand_in_the_way_of_resuming(call, no_pictures, finished):
    result = call("train", "--resume", finished, INKLING_SEED="9", INKLING_EPOCHS="2", INKLING_RECIPE="sgd-10")
    assert result.exit_code == 0
    assert "is finished" in result.stderr


def test_evaluate_as_json(call, finished):
    result = call("evaluate", finished, "--json")
    assert result.exit_code == 0
    record = json.loads(result.stdout)
    test = load("digits").test
    right = load_model(finished).predict(test.images) == test.labels
    assert record["accuracy"] == pytest.approx(right.mean())
    assert record["part"] == "the test part"
    assert record["images"] == len(test)
    assert np.trace(record["confusion"]) == right.sum()
    assert np.sum(record["confusion"]) == len(test)
    low, high = record["accuracy_interval_95"]
    assert 0 < low < record["accuracy"] < high < 1


def test_evaluate_as_tables(call, finished):
    out = call("evaluate", finished).stdout
    accuracy = json.loads(call("evaluate", finished, "--json").stdout)["accuracy"]
    assert f"accuracy           {100 * accuracy:.2f} %" in out
    for words in (
        "95 % interval",
        "cross-entropy",
        "calibration error",
        "precision %",
        "most confused",
        "worst mistakes",
    ):
        assert words in out


@pytest.mark.parametrize(("percent", "code"), [(10, 0), (99.9, 4), (100, 4), (0, 0)])
def test_fail_under(call, finished, percent, code):
    result = call("evaluate", finished, "--fail-under", percent)
    assert result.exit_code == code
    assert ("is below" in result.stderr) == (code == 4)
    assert "accuracy" in result.stdout


def test_evaluate_two_models(call, no_pictures, finished, tmp_path, recipe_file):
    call("train", "-r", recipe_file, "--data", "digits", "-o", tmp_path / "r", "--epochs", 1, "--seed", 3)
    out = call("evaluate", finished, tmp_path / "r").stdout
    record = json.loads(call("evaluate", finished, tmp_path / "r", "--json").stdout)
    assert record["mcnemar"]["sentence"] in out
    assert str(finished) in record["mcnemar"]["sentence"]
    difference = record["accuracy"] - record["rival"]["accuracy"]
    first, second = record["mcnemar"]["only_first_right"], record["mcnemar"]["only_second_right"]
    assert (first - second) / record["images"] == pytest.approx(difference)
    assert 0 <= record["mcnemar"]["p_value"] <= 1


def test_evaluate_on_its_own_data_uses_only_what_was_held_out(call, no_pictures, tmp_path, recipe_file):
    """On a table without a test part: the rows of the recipe's split, and no row that was trained on."""
    data = load("digits").train
    table = np.column_stack([data.labels, data.images.reshape(-1, 784)])
    np.savetxt(tmp_path / "train.csv", table, "%d", delimiter=",", header="label," + ",".join(["p"] * 784), comments="")
    call("train", "-r", recipe_file, "--data", tmp_path / "train.csv", "-o", tmp_path / "r")
    record = json.loads(call("evaluate", tmp_path / "r", "--json").stdout)  # finds its data through the run folder
    assert record["part"] == "the validation rows held out of this model's training"
    assert record["images"] == 287
    assert record["accuracy"] == load_model(tmp_path / "r").facts["metrics"]["validation_accuracy"]
    other = json.loads(call("evaluate", tmp_path / "r", "--data", "digits", "--json").stdout)
    assert other["part"] == "the test part"
    shutil.move(tmp_path / "r" / "model.safetensors", tmp_path / "alone.safetensors")
    lost = call("evaluate", tmp_path / "alone.safetensors")
    assert lost.exit_code == 3
    assert "train.csv: no such file" in lost.stderr


def test_report_is_one_file(call, finished, tmp_path):
    report = tmp_path / "report.html"
    assert call("evaluate", finished, "--report", report).exit_code == 0
    text = report.read_text(encoding="utf-8")
    assert text.lstrip().lower().startswith("<!doctype html>")
    assert "lively" in text
    assert "<script src" not in text
    assert 'href="http' not in text
    assert call("evaluate", finished, "--report", report).exit_code == 2
    assert call("evaluate", finished, "--report", report, "--force").exit_code == 0


def test_a_folder_with_brackets_in_its_name(call, finished, tmp_path):
    odd = shutil.copytree(finished, tmp_path / "a[b] [red]c[" / "[d]")
    result = call("evaluate", odd, odd)
    assert result.exit_code == 0
    assert str(odd) in result.stdout


def test_predict_writes_a_submission(call, finished, tmp_path):
    result = call("predict", finished, "digits", "-o", tmp_path / "submission.csv")
    assert result.exit_code == 0
    assert result.stdout == ""
    test = load("digits").test
    expected = load_model(finished).predict(test.images)
    lines = (tmp_path / "submission.csv").read_bytes().decode("ascii").split("\n")
    assert lines[0] == "ImageId,Label"
    assert lines[1:-1] == [f"{i},{label}" for i, label in enumerate(expected, 1)]
    assert lines[-1] == ""
    assert call("predict", finished, "digits").stdout == "\n".join(lines)


def test_predict_with_probabilities(call, finished, tmp_path):
    result = call("predict", finished, "digits", "--proba", "-o", tmp_path / "p.csv")
    assert result.exit_code == 0
    header, *rows = (tmp_path / "p.csv").read_text().splitlines()
    assert header == "ImageId,Label,p0,p1,p2,p3,p4,p5,p6,p7,p8,p9"
    numbers = np.array([[float(cell) for cell in row.split(",")] for row in rows])
    np.testing.assert_allclose(numbers[:, 2:].sum(axis=1), 1, atol=6e-6)
    np.testing.assert_array_equal(numbers[:, 2:].argmax(axis=1), numbers[:, 1])
    np.testing.assert_array_equal(numbers[:, 0], np.arange(1, len(rows) + 1))


@pytest.mark.skipif("INKLING_DATA" not in os.environ, reason="INKLING_DATA is not set: no competition file")
def test_predict_the_competition(call, finished, tmp_path):
    result = call("predict", finished, "kaggle", "-o", tmp_path / "submission.csv")
    assert result.exit_code == 0
    header, *rows = (tmp_path / "submission.csv").read_text().splitlines()
    assert header == "ImageId,Label"
    assert len(rows) == 28_000
    assert [row.split(",")[0] for row in rows] == [str(i) for i in range(1, 28_001)]
    assert {row.split(",")[1] for row in rows} == set("0123456789")
    assert "28,000 predictions" in result.stderr


@pytest.mark.parametrize(
    "torn", ["", "ImageId,Label\n1,3\n2,", "ImageId,Label\n1,3\n2,12\n", "ImageId,Label\n2,1\n1,1\n"]
)
def test_a_submission_that_does_not_read_back_is_noticed(tmp_path, torn):
    from inkling.cli.predict import validate
    from inkling.errors import InklingError

    (tmp_path / "s.csv").write_text(torn)
    with pytest.raises(InklingError, match="does not read back as 2 predictions"):
        validate(tmp_path / "s.csv", 2)
    (tmp_path / "s.csv").write_text("ImageId,Label\n1,3\n2,0\n")
    validate(tmp_path / "s.csv", 2)


def test_recipes_lists_and_prints(call, tmp_path):
    listing = call("recipes").stdout
    assert "sgd-10" in listing
    assert "adam-256-128-64" in listing
    (tmp_path / "mine.toml").write_text(call("recipes", "sgd-10").stdout)
    assert load_recipe(tmp_path / "mine.toml") == load_recipe("sgd-10")
    assert {record["name"] for record in json.loads(call("recipes", "--json").stdout)} >= {"sgd-10", "leaky-20"}
    assert json.loads(call("recipes", "sgd-10", "--json").stdout) == load_recipe("sgd-10").to_dict()


def test_reproduce_sets_claim_and_measurement_side_by_side(call, tmp_path, recipe_file):
    claims = '\n[[claims]]\nmetric = "validation_accuracy"\nat_least = 0.5\nsource = "a page"\n'
    claims += '\n[[claims]]\nmetric = "training_loss"\nepoch = 1\nat_most = 0.0001\nsource = "a dream"\n'
    (tmp_path / "claimed.toml").write_text(recipe_file.read_text() + claims)
    page = tmp_path / "page.md"
    result = call("reproduce", tmp_path / "claimed.toml", "--data", "digits", "--seeds", 2, "-o", page, "--json")
    assert result.exit_code == 0
    record = json.loads(result.stdout)
    assert record == json.loads(page.with_suffix(".json").read_text())
    good, dream = record["outcomes"]
    assert good["holds"] is True
    assert dream["holds"] is False
    assert good["mean"] == pytest.approx(sum(good["values"]) / 2)
    assert len(set(good["values"])) == 2, "two seeds, two trainings"
    text = page.read_text()
    assert f"{100 * good['mean']:.2f} %" in text
    assert "**no**" in text
    assert "a dream" in text


def test_data_info(call):
    record = json.loads(call("data", "info", "digits", "--json").stdout)
    assert record["parts"]["train"]["rows"] == 1437
    assert "1437" in call("data", "info", "digits").stdout.replace(",", "")


def test_version(run):
    import inkling

    assert run("--version") == (0, f"inkling {inkling.__version__}\n", "")
