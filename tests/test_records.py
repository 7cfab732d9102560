"""The scripts of records: they train once, evaluate the right images, and make an ensemble that can be loaded."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import inkling
from inkling import Model
from inkling.data import load
from inkling.nn import Flatten, Linear, Network
from needs import needs_benchmarks, needs_mnist
from scripts import environment, run_script

WEIGHTS = Path(inkling.__file__).parent / "weights"
WRONG_LABELS = [947, 1621, 1901, 2130, 2462, 2597, 2654, 3520, 3558, 5937, 6651, 6783, 8527, 9679, 9729]
RECIPE = """
network = ["Flatten()", "Linear(10)"]
optimizer = "SGD()"
schedule = "ConstantLR(0.1)"
batch_size = 600
epochs = 1
temperature = 0.8
"""

CLAIM = "records are trained once, and evaluated on the right images"
pytestmark = [needs_benchmarks(CLAIM), needs_mnist(CLAIM)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("records")
    (folder / "small.toml").write_text(RECIPE)
    return folder


def call(folder, script, *arguments):
    return run_script(f"benchmarks.accuracy.{script}", *arguments, cwd=folder)


def run(folder, script, *arguments):
    """What a script says on stdout, and the results that it writes."""
    done = call(folder, script, "small.toml", "--seeds", "2", "--json", "results.json", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads((folder / "results.json").read_text())


def test_a_record_is_that_of_the_test_set_and_is_trained_once(folder):
    said, results = run(folder, "records")
    assert said.count("epoch 1 of 1") == 2
    again, same = run(folder, "records")
    assert "epoch" not in again
    assert again.count("trained before") == 2
    assert same["rows"] == results["rows"]
    assert (results["training_images"], results["training_flops"]) == (60_000, 60_000 * 2 * 2 * 7840)
    test = load("mnist").test
    for row, found in zip(results["rows"], sorted(folder.glob("runs/records/small-*/seed-*")), strict=True):
        model = inkling.load(found)
        assert (row["name"], row["temperature"]) == (found.name.replace("-", " "), 0.8)
        assert row["plain"]["errors"] == np.count_nonzero(model.predict(test.images) != test.labels)
        assert row["plain"]["errors"] != row["tta"]["errors"]
        right = np.delete(model.predict(test.images) == test.labels, WRONG_LABELS)
        assert row["plain"]["accuracy_without_label_errors"] == pytest.approx(right.mean(), abs=1e-12)
    mean = np.mean([row["plain"]["accuracy"] for row in results["rows"]])
    assert results["plain"]["accuracy"]["mean"] == pytest.approx(mean, abs=1e-6)


def test_a_record_of_quantised_weights_has_the_accuracy_of_its_integers(folder):
    (folder / "few-bits.toml").write_text(RECIPE + "weight_bits = 4\n")
    done = call(folder, "records", "few-bits.toml", "--seeds", "1", "--held-out", "--json", "few-bits.json")
    assert done.returncode == 0, done.stderr
    results = json.loads((folder / "few-bits.json").read_text())
    (row,) = results["rows"]
    assert results["flash_bytes"] == 7840 // 2 + 1 + 10 * 8
    assert row["integers"]["errors"] == pytest.approx(row["plain"]["errors"], rel=0.1)


def test_choices_are_made_on_images_that_were_held_out(folder):
    _, results = run(folder, "records", "--held-out", "--workers", "1")
    assert results["training_images"] == 55_000
    assert [row["name"] for row in results["rows"]] == ["seed 100", "seed 101"]
    assert all(row["plain"]["accuracy_without_label_errors"] is None for row in results["rows"])
    assert all(row["temperature"] < 0.8 for row in results["rows"]), "of a network that has hardly learnt"


def test_a_record_has_no_images_to_fit_a_temperature_to(folder):
    """Which is said at once, not behind the last of the trainings."""
    (folder / "fitted.toml").write_text(RECIPE.replace("0.8", '"fit"') + 'split = "Split(validation=5000)"')
    done = call(folder, "records", "fitted.toml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "records.py: recipe fitted: a record holds no images out: give the temperature of --held-out\n"
    )


@pytest.mark.thorough
def test_what_a_teacher_learnt_evaluates_no_student(folder):
    """A teacher that held out the same images may teach; seed 101 holds out others."""
    run(folder, "records", "--held-out")
    (teacher,) = (model for model in folder.glob("runs/records/small-*/seed-100/model.safetensors"))
    teach = "records", "small.toml", "--held-out", "--teacher"
    done = call(folder, *teach, teacher, "--seeds", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "seed 100: epoch 1 of 1" in done.stdout
    for other, seed in ((teacher, 101), ("tiny", 100)):
        refused = call(folder, *teach, other, "--seeds", "2")
        assert (refused.returncode, refused.stdout) == (2, "")
        assert f"seed {seed}: " in refused.stderr
        assert "NOT unseen" in refused.stderr


@pytest.mark.parametrize("how", [(), ("--held-out", "--teacher", "tiny")])
def test_no_temperature_is_chosen_on_the_test_set(folder, how):
    done = call(folder, "records", "small.toml", "--temperature", "3", *how)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--temperature is for a student" in done.stderr


@pytest.mark.thorough
def test_a_teacher_that_was_moved_is_not_missed_where_all_is_trained(folder):
    (first := folder / "first.safetensors").write_bytes((WEIGHTS / "tiny.safetensors").read_bytes())
    taught = "records", "small.toml", "--seeds", "1", "--teacher"
    before = call(folder, *taught, first)
    moved = first.rename(folder / "moved.safetensors")
    after = call(folder, *taught, moved)
    assert (after.returncode, after.stderr) == (0, "")
    assert after.stdout.splitlines()[-3:] == before.stdout.splitlines()[-3:]


def test_what_cannot_be_written_is_refused_before_anything_is_trained(folder):
    done = call(folder, "records", "small.toml", "--seeds", "7", "--json", folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"argument --json: {folder} is no file: give the name of a file to write" in done.stderr


def test_a_folder_that_is_a_file_is_a_sentence(folder):
    done = call(folder, "records", "small.toml", "--folder", "small.toml")
    assert done.returncode == 1
    assert done.stderr.startswith("records.py: small.toml/small-")
    assert done.stderr.count("\n") == 1


def test_an_interrupted_script_says_so_and_goes_on_later(folder):
    (folder / "long.toml").write_text(RECIPE.replace("epochs = 1", "epochs = 1000"))
    *_, last = until_interrupted(folder, "records", "long.toml", "--seeds", "1")
    epochs = int(last.partition("epoch ")[2].split()[0])
    assert epochs < 1000
    first, *_ = until_interrupted(folder, "records", "long.toml", "--seeds", "1")
    assert f"epoch {epochs + 1} of 1000" in first


def until_interrupted(folder, script, *arguments):
    """The lines of a script that Ctrl-C ends after its first line."""
    command = [sys.executable, "-m", f"benchmarks.accuracy.{script}", *arguments]
    with subprocess.Popen(
        command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        seen = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest, complaint = process.communicate(timeout=60)
    assert (process.returncode, complaint) == (130, f"{script}.py: interrupted\n")
    return (seen + rest).splitlines()


def test_an_ensemble_is_refused_before_it_trains(folder):
    for recipes, why in ((["small.toml"], "at least two members"), (["small.toml"] * 2, "each recipe once")):
        done = call(folder, "ensembles", *recipes, "-o", "small.safetensors", "--seeds", "1")
        assert (done.returncode, done.stdout) == (2, "")
        assert why in done.stderr
    (folder / "eleven.toml").write_text("non_digits = 0.1" + RECIPE.replace("Linear(10)", "Linear(11)"))
    mixed = call(folder, "ensembles", "small.toml", "eleven.toml", "-o", "mixed.safetensors")
    assert (mixed.returncode, mixed.stdout) == (2, "")
    assert "the same number of classes" in mixed.stderr
    nowhere = call(folder, "ensembles", "small.toml", "-o", "none/here.safetensors")
    assert (nowhere.returncode, nowhere.stdout) == (2, "")
    assert "no folder none" in nowhere.stderr


@pytest.mark.thorough
def test_another_teacher_is_another_training(folder):
    """Also one that tells the same of its making; and what it takes to ask it is counted."""
    network = Network(Flatten(), Linear(10))
    errors = []
    for i in range(2):
        metadata = {"recipe": {"name": "random", "seed": i}}
        Model(network, network.init(np.random.default_rng(i)), metadata).save(folder / f"{i}.safetensors")
        taught = "--seeds", "1", "--teacher", f"{i}.safetensors", "--temperature", "1.5"
        said, results = run(folder, "records", *taught)
        assert said.count("epoch 1 of 1") == 1
        assert results["training_flops"] == 60_000 * (2 + 1) * 2 * 7840
        assert results["taught_by"] == [f"random, seed {i}"]
        assert [row["temperature"] for row in results["rows"]] == [1.5]
        errors.append(results["plain"]["errors"])
    assert errors[0] != errors[1]


def test_an_ensemble_is_one_model(folder):
    run(folder, "records")
    said, results = run(folder, "ensembles", "-o", "ensemble.safetensors")
    assert said.count("epoch 1 of 1") == 2, "the members on 60,000 images were there already"
    held_out, test = results["rows"]
    model, images = inkling.load(folder / "ensemble.safetensors"), load("mnist").test
    assert held_out["temperature"] == test["temperature"] == model.temperature
    assert test["plain"]["errors"] == np.count_nonzero(model.predict(images.images) != images.labels)
    assert [member["seed"] for member in results["members"]] == [0, 1]
    x, named = images.images.reshape(-1, 784) / 255, model.params.named[0]
    a, b = ((x @ named[f"{i}.1.weight"] + named[f"{i}.1.bias"]).argmax(axis=1) != images.labels for i in range(2))
    assert results["misread_by"] == [np.sum(~a & ~b), np.sum(a ^ b), np.sum(a & b)]
    assert results["training_flops"] == 2 * (55_000 + 60_000) * 2 * 2 * 7840, "of both members on both"


def test_the_tables_of_records_are_made_of_what_the_scripts_write(folder, monkeypatch):
    from tools.figures import records, results

    monkeypatch.setattr(results, "RESULTS", folder)
    _, record = run(folder, "records")
    for name in records.RECORDS:
        taught = {"taught_by": ["compact, seed 0", "compact, seed 1"]} if name == "mlp" else {}
        (folder / f"{name}.json").write_text(json.dumps(record | taught))
    _, ensemble = run(folder, "ensembles", "-o", "ensemble.safetensors")
    (folder / "ensemble.json").write_text(json.dumps(ensemble))
    (folder / "time_to_accuracy.json").write_text(json.dumps({"rows": []}))
    head, _, *rows = records.records_table().splitlines()
    assert [row.split("`")[1] for row in rows] == [*records.RECORDS, "ensemble"]
    assert ["taught by 2 `compact`" in row for row in rows] == [True, False, False, False, False, False]
    assert {row.count(" | ") for row in rows} == {head.count(" | ")}
    mean, sd = (100 * record["plain"]["accuracy"][moment] for moment in ("mean", "sd"))
    assert f"| 7,850 | {mean:.2f} ± {sd:.2f} |" in rows[0]
    _, _, first, *_, last = records.accuracy_table().splitlines()
    assert first.startswith("| `mlp`, 1 epochs, 7,850 parameters, taught by 2 `compact` ([file]")
    assert first.count(" | ") == last.count(" | ") == 4
    assert last.startswith("| an ensemble of 2 `small` in one file ([file](../benchmarks/results/ensemble.json)) | ")
    assert f"{mean:.2f} ± {sd:.2f} | 2 | " in first
    _, test = ensemble["rows"]
    assert f"| 15,700 | {100 * test['plain']['accuracy']:.2f} | {100 * test['tta']['accuracy']:.2f} |" in rows[-1]
