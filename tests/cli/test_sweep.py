"""`inkling sweep`: the same trials whoever trains them and whatever is killed; table, picture and best recipe."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from inkling.recipes import load_recipe
from needs import needs_distributed, needs_optuna

pytestmark = needs_optuna("settings are chosen by Optuna")
USAGE, DATA = 2, 3
SETTINGS = ["--set", "lr=0.001:0.1:log", "--set", "network.1.out_features=8,16", "--set", "epochs=1:3"]


@pytest.fixture
def sweep(call, small_recipe, tmp_path, monkeypatch):
    """Sweep in this process: sweep(option…)."""
    monkeypatch.chdir(tmp_path)

    def run(*options):
        return call("sweep", small_recipe, *SETTINGS, "--data", "digits", "--parallel", 3, "--workers", 1, *options)

    return run


def table(folder):
    with Path(folder, "trials.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_trials_become_a_table_a_picture_and_the_best_recipe(sweep):
    done = sweep("-o", "found", "--trials", 5)
    assert done.exit_code == 0, done.stderr
    rows = table("found")
    assert [int(row["trial"]) for row in rows] == list(range(5))
    assert all(0.001 <= float(row["lr"]) <= 0.1 and row["state"] == "trained" for row in rows)
    assert {row["network.1.out_features"] for row in rows} <= {"8", "16"}
    best = max(rows, key=lambda row: (float(row["validation_accuracy"]), -float(row["validation_loss"])))
    found = load_recipe("found/best.toml")
    assert found.schedule.lr == float(best["lr"])
    assert found.network.layers[1].out_features == int(best["network.1.out_features"])
    assert found == load_recipe(f"found/trials/{best['run']}/recipe.toml")
    with Image.open("found/sweep.png") as picture:
        assert picture.width > 500
    assert f" {best['run']} " in done.stdout
    assert "Next: inkling train --recipe found/best.toml" in done.stdout


def test_of_lists_of_values_every_combination_is_trained_once(call, tmp_path, monkeypatch, small_recipe):
    monkeypatch.chdir(tmp_path)
    options = ["--set", "seed=0,1,2", "--set", "batch_size=50,100", "--data", "digits", "-o", "found", "--workers", 1]
    assert call("sweep", small_recipe, *options, "--trials", 4).exit_code == 0
    first = table("found")
    assert call("sweep", small_recipe, *options, "--trials", 40).exit_code == 0
    found = {(row["seed"], row["batch_size"]) for row in table("found")}
    assert found == {(seed, size) for seed in "012" for size in ("50", "100")}
    assert table("found")[:4] == first
    assert len(table("found")) == len(list(Path("found/trials").iterdir())) == 6


def test_a_second_call_trains_nothing_again_and_more_trials_are_added(sweep):
    assert sweep("-o", "found", "--trials", 3).exit_code == 0
    before = {each: each.stat().st_mtime_ns for each in Path("found/trials").rglob("model.safetensors")}
    rows = table("found")
    assert sweep("-o", "found", "--trials", 5).exit_code == 0
    assert table("found")[:3] == rows
    assert len(table("found")) == 5
    assert {each: each.stat().st_mtime_ns for each in before} == before
    assert sweep("-o", "whole", "--trials", 5).exit_code == 0
    assert Path("whole/trials.csv").read_bytes() == Path("found/trials.csv").read_bytes()


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(["--workers", "2"], id="processes"),
        pytest.param(
            ["--cluster", "local:2"],
            id="dask",
            marks=[needs_distributed("sweeps are done by Dask"), pytest.mark.thorough],
        ),
    ],
)
def test_a_killed_sweep_ends_with_the_trials_of_one_left_in_peace(sweep, small_recipe, environment, tmp_path, how):
    assert sweep("-o", "whole", "--trials", 6).exit_code == 0
    command = [
        sys.executable,
        "-m",
        "inkling",
        "sweep",
        str(small_recipe),
        *SETTINGS,
        "--data",
        "digits",
        "--parallel",
        "3",
    ]
    command += ["--trials", "6", "-o", "killed", *how]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, start_new_session=True)
    while process.poll() is None and len(list(Path("killed").glob("trials/*/model.safetensors"))) < 2:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert Path("killed/trials.csv").read_bytes() == Path("whole/trials.csv").read_bytes()


def test_ctrl_c_says_how_it_goes_on_and_so_it_does(sweep, spawn, small_recipe, tmp_path):
    assert sweep("-o", "whole", "--trials", 6).exit_code == 0
    command = ("sweep", small_recipe, *SETTINGS, "--data", "digits", "--parallel", 3, "--trials", 6, "--workers", 1)
    process = spawn(*command, "-o", "stopped")
    while process.poll() is None and len(list(Path("stopped").glob("trials/*/model.safetensors"))) < 2:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does, to all processes
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    last = said.splitlines()[-1]
    assert last == "inkling: interrupted; what is done is kept: give the same command again to go on"
    assert "Traceback" not in said
    assert 1 <= len(table("stopped")) < 6
    assert sweep("-o", "stopped", "--trials", 6).exit_code == 0
    assert Path("stopped/trials.csv").read_bytes() == Path("whole/trials.csv").read_bytes()


def test_a_small_disk_is_a_sentence_and_the_next_call_completes_the_work(sweep, spawn, small_recipe, tmp_path):
    """Regression test: every trial failed, with the advice to resume it, and the next call kept that in its choice."""
    assert sweep("-o", "whole", "--trials", 3).exit_code == 0
    command = ("sweep", small_recipe, *SETTINGS, "--data", "digits", "--parallel", 3, "--trials", 3, "-o", "small")
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192)); "
    program = ("-c", f"import sys; {limit}from inkling.cli.__main__ import main; main()")
    process = spawn(*command, "--workers", 1, "-q", program=program)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.endswith("File too large; what was trained is kept: give the same command again to go on\n")
    assert said.count("\n") == 1
    assert sweep("-o", "small", "--trials", 3).exit_code == 0
    assert Path("small/trials.csv").read_bytes() == Path("whole/trials.csv").read_bytes()


def test_what_fails_is_told_and_keeps_no_other_from_being_trained(sweep, call, small_recipe):
    done = call(
        *("sweep", small_recipe, "--set", "network.1=Linear(8),Linear(2000000000)", "--data", "digits", "-o", "found"),
        *("--trials", 4, "--workers", 1),
    )
    assert done.exit_code == USAGE, "a value that no recipe can have is told before anything is trained"
    assert not Path("found").exists()
    done = call(
        *("sweep", small_recipe, "--set", "batch_size=20,100", "--set", "seed=1:5", "--data", "digits", "-o", "found"),
        *("--trials", 4, "--workers", 1, "--json"),
    )
    assert done.exit_code == 0
    assert [trial["state"] for trial in json.loads(done.stdout)] == ["trained"] * 4


def test_worse_trials_are_pruned(call, tmp_path, monkeypatch, small_recipe):
    monkeypatch.chdir(tmp_path)
    options = ["--set", "lr=0.00001:0.02:log", "--set", "epochs=6", "--data", "digits", "--trials", 14, "--prune"]
    done = call("sweep", small_recipe, *options, "-o", "found", "--workers", 1, "--parallel", 1)
    assert done.exit_code == 0, done.stderr
    rows = table("found")
    pruned = [row for row in rows if row["state"] == "pruned"]
    assert pruned
    assert all(int(row["epochs"]) < 6 for row in pruned)
    again = Path("found/trials.csv").read_bytes()
    assert call("sweep", small_recipe, *options, "-o", "found", "--workers", 1, "--parallel", 1).exit_code == 0
    assert Path("found/trials.csv").read_bytes() == again, "what was pruned stays so"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--set", "optimizer.lr=0.1,0.2"], "no setting optimizer.lr: known are weight_decay, betas, eps"),
        (["--set", "network.9=ReLU()"], "network.9: a number from 0 to 3 was expected, not 9"),
        (["--set", "lrr=0.1:0.2"], "no setting lrr: did you mean lr?"),
        (["--set", "lr=0.2:0.1"], "with LOW below HIGH"),
        (["--set", "lr=0.1:0.2", "--set", "lr=0.3,0.4"], "--set names a setting twice"),
        (["--set", "epochs=0:3"], "epochs must be a whole number of at least 1"),
        (["--set", "lr=0.1:0.2", "--data", "nowhere"], "nowhere: no such file or folder"),
    ],
)
def test_wrong_usage_is_one_sentence(call, tmp_path, monkeypatch, small_recipe, options, says):
    monkeypatch.chdir(tmp_path)
    told = call("sweep", small_recipe, "-o", "found", "--workers", 1, *options)
    assert told.exit_code in (USAGE, DATA)
    assert says in told.stderr
    assert told.stderr.count("\n") == 1


def test_another_sweep_has_to_go_elsewhere(sweep, call, small_recipe):
    assert sweep("-o", "found", "--trials", 1).exit_code == 0
    told = sweep("-o", "found", "--trials", 1, "--seed", 4)
    assert told.exit_code == USAGE
    assert "found holds a sweep with another seed: give another name with -o" in told.stderr


def test_a_recipe_without_validation_images_is_refused(call, tmp_path, monkeypatch, small_recipe):
    monkeypatch.chdir(tmp_path)
    Path("none.toml").write_text(small_recipe.read_text().replace("validation=0.2", "validation=0"))
    told = call("sweep", "none.toml", "--set", "lr=0.1:0.2", "--data", "digits", "-o", "found")
    assert told.exit_code == USAGE
    assert "recipe none with Split() holds out no images to compare trials on" in told.stderr
