"""`inkling evaluate`: the numbers, the comparison, the report, and only images that were not learnt from."""

import json
import shutil

import numpy as np
import pytest

import inkling
from inkling.data import load
from inkling.evaluation.glossary import meanings
from inkling.model import load as load_model
from lively import LIVELY


@pytest.mark.parametrize("options", [(), ("--tta",)])
def test_evaluate_as_json(call, either, options):
    result = call("evaluate", either, "--json", *options)
    assert result.exit_code == 0
    record = json.loads(result.stdout)
    test = load("digits").test
    right = load_model(either).predict(test.images, tta=bool(options)) == test.labels
    assert record["test_time_augmentation"] is bool(options)
    assert record["accuracy"] == pytest.approx(right.mean())
    assert record["part"] == "the test part"
    assert record["images"] == len(test)
    assert np.trace(record["confusion"]) == right.sum()
    assert np.sum(record["confusion"]) == len(test)
    low, high = record["accuracy_interval_95"]
    assert 0 < low < record["accuracy"] < high < 1
    sure = record["at_99_percent_coverage"]
    assert sure["error"] == sure["wrong"] / sure["answered"]
    assert sure["coverage"] == sure["answered"] / len(test) >= 0.99


def test_evaluate_as_tables(call, finished):
    out = call("evaluate", finished).stdout
    assert out.splitlines()[-7:] == [f"{name:19}{meaning}" for name, meaning in meanings(10).items()]
    assert max(map(len, out.splitlines()[-7:])) <= 80
    accuracy = json.loads(call("evaluate", finished, "--json").stdout)["accuracy"]
    assert f"accuracy           {100 * accuracy:.2f} %" in out
    for words in (
        "95 % interval",
        "cross-entropy",
        "calibration error",
        "temperature        1\n",
        "at 99 % coverage   error",
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
    assert record["part"] == record["rival"]["part"] == "the test part", "whatever the seed, both are judged fairly"
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
    assert record["part"] == "the validation rows held out of training"
    assert record["images"] == 287
    assert record["accuracy"] == load_model(tmp_path / "r").metadata["metrics"]["validation_accuracy"]
    assert all(str(data.labels[m["row"]]) == m["label"] for m in record["worst_mistakes"]), "rows of the file"
    call("train", "-r", recipe_file, "--data", tmp_path / "train.csv", "-o", tmp_path / "s", "--seed", 6)
    refused = call("evaluate", tmp_path / "r", tmp_path / "s")
    assert refused.exit_code == 2
    assert f"{tmp_path / 's'}: the model learnt from 2" in refused.stderr
    assert "or say --allow-overlap" in refused.stderr
    two = json.loads(call("evaluate", tmp_path / "r", tmp_path / "s", "--json", "--allow-overlap").stdout)
    assert two["part"] == record["part"]
    assert "NOT unseen: the model learnt from 2" in two["rival"]["part"], "other seed, other rows"
    other = json.loads(call("evaluate", tmp_path / "r", "--data", "digits", "--json").stdout)
    assert other["part"] == "the test part"
    shutil.move(tmp_path / "r" / "model.safetensors", tmp_path / "alone.safetensors")
    lost = call("evaluate", tmp_path / "alone.safetensors")
    assert lost.exit_code == 3
    assert lost.stderr.endswith(
        "was trained on images called train.csv, and a model's file does not decide what is opened: say with --data "
        "what to evaluate it on\n"
    )


def test_a_model_of_fit_is_judged_on_the_rows_that_its_recipe_held_out(call, tmp_path):
    """Regression: a model trained from Python did not tell which rows it had learnt from."""
    data, file = load("digits").train, tmp_path / "model.safetensors"
    np.savez(tmp_path / "digits.npz", images=data.images, labels=data.labels)
    model = inkling.fit(LIVELY.override(epochs=1), tmp_path / "digits.npz")
    model.save(file)
    result = call("evaluate", file, "--data", tmp_path / "digits.npz", "--json")
    assert result.exit_code == 0, result.stderr
    record = json.loads(result.stdout)
    assert record["part"] == "the validation rows held out of training"
    assert record["images"] == 287
    assert record["accuracy"] == model.metadata["metrics"]["validation_accuracy"]


def test_tables_and_report_tell_of_test_time_augmentation(call, finished, tmp_path):
    views = "logits averaged over each image and its shifts by one pixel up, down, left and right"
    plain, shifted = (tmp_path / f"{name}.html" for name in ("plain", "shifted"))
    assert views not in call("evaluate", finished, "--report", plain).stdout + plain.read_text(encoding="utf-8")
    out = call("evaluate", finished, "--tta", "--report", shifted).stdout
    assert f"test-time augmentation: {views}" in out
    assert views in shifted.read_text(encoding="utf-8")


def test_report_is_one_file(call, either, tmp_path, monkeypatch):
    report = tmp_path / "report.html"
    monkeypatch.setattr("sys.argv", ["/bin/inkling", "evaluate", "a run", "--report", "r.html"])
    assert call("evaluate", either, "--report", report).exit_code == 0
    text = report.read_text(encoding="utf-8")
    assert f"<h1>{either} on digits test</h1>" in text
    assert "with <code>inkling evaluate &#39;a run&#39; --report r.html</code>" in text
    assert text.lstrip().lower().startswith("<!doctype html>")
    assert json.loads((either / "run.json").read_text(encoding="utf-8"))["recipe"]["name"] in text
    assert "<script src" not in text
    assert 'href="http' not in text
    assert call("evaluate", either, "--report", report).exit_code == 2
    assert call("evaluate", either, "--report", report, "--force").exit_code == 0


def test_a_folder_with_brackets_in_its_name(call, finished, tmp_path):
    odd = shutil.copytree(finished, tmp_path / "a[b] [red]c[" / "[d]")
    result = call("evaluate", odd, odd)
    assert result.exit_code == 0
    assert str(odd) in result.stdout


def test_a_rival_that_learnt_from_mnist_s_test_images_is_noted(call, finished, tmp_path, monkeypatch):
    monkeypatch.setattr("inkling.provenance.count_mnist_test_images", len)
    rival = load_model(finished)
    rival.metadata["data"] |= {"sha256": "of the competition's", "mnist_test_images": 4788}
    rival.save(tmp_path / "rival.safetensors")
    report = tmp_path / "report.html"
    asked = ("evaluate", finished, tmp_path / "rival.safetensors", "--report", report)
    refused = call(*asked)
    assert refused.exit_code == 2
    assert "the model learnt from 4,788 images of MNIST's test set; its figures there say nothing" in refused.stderr
    result = call(*asked, "--allow-overlap")
    first, second = (line for line in result.stdout.splitlines() if " on digits test, the test part" in line)
    assert "NOT unseen" not in first
    assert "(NOT unseen: the model learnt from 4,788 images of MNIST's test set)" in second
    assert "4,788 images" in report.read_text(encoding="utf-8")
