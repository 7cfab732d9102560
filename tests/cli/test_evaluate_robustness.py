"""`inkling evaluate --robustness`: the same numbers as table, as JSON and in the report; progress beside them."""

import json
import re

import numpy as np
import pytest

from inkling.data import load
from inkling.evaluation.corruptions import CORRUPTIONS, corrupt
from inkling.evaluation.robustness_trials import TRIALS
from inkling.model import load as load_model


@pytest.fixture(scope="module")
def few_digits():
    """A few images, since each is corrupted in 15 ways."""
    return load("digits").test[:60]


@pytest.fixture
def few(few_digits, tmp_path):
    """The option for these images."""
    np.savez(tmp_path / "few.npz", images=few_digits.images, labels=few_digits.labels)
    return "--data", tmp_path / "few.npz"


@pytest.mark.parametrize("options", [(), ("--tta",)])
def test_robustness_as_json(call, finished, few_digits, few, options):
    result = call("evaluate", finished, *few, "--robustness", "--json", *options)
    record = json.loads(result.stdout)
    robustness = record["robustness"]
    assert robustness["clean"] == record["accuracy"]
    assert "pixels run" not in result.stderr  # a sweep makes images faint on purpose
    assert list(robustness["corruptions"]) == list(CORRUPTIONS)
    read = load_model(finished).predict(corrupt(few_digits.images, "zigzag"), tta=bool(options))
    assert robustness["corruptions"]["zigzag"] == pytest.approx((read == few_digits.labels).mean())
    assert list(robustness["sweeps"]) == ["shift", "thickness", "contrast", "inversion"]
    last = result.stderr.splitlines()[-1]
    assert last.startswith(f"{TRIALS}/{TRIALS}  inversion 1: ")
    assert last.endswith(f"%  robustness of {finished}")


def test_without_the_option_nothing_is_tried(call, finished, monkeypatch):
    monkeypatch.setattr("inkling.evaluation.robustness_trials.evaluate_robustness", None)
    assert "robustness" not in json.loads(call("evaluate", finished, "--json").stdout)


def test_robustness_as_tables_and_in_the_report(call, finished, few, tmp_path):
    report = tmp_path / "report.html"
    out = call("evaluate", finished, *few, "--robustness", "--report", report).stdout
    robustness = json.loads(call("evaluate", finished, *few, "--robustness", "--json").stdout)["robustness"]
    printed = {**robustness["corruptions"], "clean": robustness["clean"], "mean of these 15": robustness["mean"]}
    printed["mean without shear, scale, rotation, translation"] = robustness["mean_without_affine"]
    for name, accuracy in printed.items():
        assert re.search(rf"^ {name} +{100 * accuracy:.2f} *$", out, re.MULTILINE)
    for name, sweep in robustness["sweeps"].items():
        strengths = " +".join(f"{strength:g}" for strength in sweep["strengths"])
        accuracies = " +".join(f"{100 * accuracy:.2f}" for accuracy in sweep["accuracies"])
        assert re.search(
            rf"^ {name} \({sweep['unit']}\) +{strengths} *\n accuracy % +{accuracies} *$", out, re.MULTILINE
        )
    text = report.read_text(encoding="utf-8")
    assert f"<td>{100 * robustness['mean']:.2f}\u00a0%</td>" in text


@pytest.mark.thorough
def test_a_rival_gets_a_column(call, finished, convolved, few):
    out = call("evaluate", finished, convolved, *few, "--robustness", COLUMNS="300").stdout
    record = json.loads(call("evaluate", finished, convolved, *few, "--robustness", "--json").stdout)
    ours, theirs = (judged["robustness"]["corruptions"]["fog"] for judged in (record, record["rival"]))
    assert re.search(rf"^ fog +{100 * ours:.2f} +{100 * theirs:.2f} *$", out, re.MULTILINE)
    assert re.search(
        rf"^ robustness, accuracy % +{re.escape(str(finished))} +{re.escape(str(convolved))}", out, re.MULTILINE
    )


def test_a_terminal_shows_trials_live(on_a_terminal, finished, few):
    text = on_a_terminal("evaluate", finished, *few, "--robustness", rows=24, columns=60)
    lines = [line.strip() for line in text.split("\r\x1b[K")[1:]]
    reading, cleared, *trials = lines
    assert reading == f"{finished} reads 60 images"[:60].strip()
    assert cleared == ""
    assert trials[0].startswith(f"1/{TRIALS}  clean: ")
    assert trials[-1].startswith(f"{TRIALS}/{TRIALS}  inversion 1: ")
    assert max(map(len, lines)) <= 60
