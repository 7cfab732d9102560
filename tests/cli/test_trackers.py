"""`inkling train --log`: what TensorBoard and MLflow stored is read back by themselves."""

import json

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import inkling
from inkling.runs.trackers import TensorBoard
from lively import LIVELY


def history(folder):
    return [json.loads(line) for line in (folder / "history.jsonl").read_text().splitlines()]


def stored(folder):
    """The values of each name by step, as TensorBoard reads them."""
    events = EventAccumulator(str(folder))
    events.Reload()
    names = events.Tags()["tensors"]
    return {name: {each.step: each.tensor_proto.float_val[0] for each in events.Tensors(name)} for name in names}


def test_tensorboard_has_the_history_of_the_run_folder(call, no_pictures, tmp_path, recipe_file):
    result = call("train", "-r", recipe_file, "--data", "digits", "-o", tmp_path / "r", "--log", "tensorboard")
    assert result.exit_code == 0, result.stderr
    found, records = stored(tmp_path / "r" / "tensorboard"), history(tmp_path / "r")
    assert len(records) == LIVELY.epochs
    for name, key in (("loss/training", "training_loss"), ("accuracy/validation", "validation_accuracy")):
        assert found[name] == pytest.approx({record["epoch"]: record[key] for record in records}, rel=1e-6)
    assert set(found) >= {"learning_rate", "loss/validation", "accuracy/training", "images_per_second"}


def test_a_fit_in_python_is_tracked(tmp_path):
    with TensorBoard(tmp_path) as tracker:
        reports = []
        inkling.fit(LIVELY.override(epochs=2), "digits", workers=1, on_epoch=lambda r: (tracker(r), reports.append(r)))
    assert stored(tmp_path)["loss/training"] == pytest.approx({r.epoch: r.training_loss for r in reports}, rel=1e-6)


def test_mlflow_has_the_figures_the_recipe_and_the_end(run, tmp_path, recipe_file, without_plots):
    store = tmp_path / "store"  # of files: a database takes many seconds to be made
    env = {"MLFLOW_TRACKING_URI": store.as_uri(), "MLFLOW_ALLOW_FILE_STORE": "true", "OMP_NUM_THREADS": "1"}
    asked = ("train", "-r", recipe_file, "--data", "digits", "-o", tmp_path / "r", "--epochs", "2", "--log", "mlflow")
    code, _, err = run(*asked, env=env, **without_plots)
    assert code == 0, err
    assert "Traceback" not in err
    assert "INFO" not in err
    (place,) = (path.parent.parent for path in store.glob("*/*/metrics/loss"))
    lines = (place / "metrics" / "loss" / "training").read_text().splitlines()
    found = {int(step): float(value) for _, value, step in map(str.split, lines)}
    assert found == pytest.approx({record["epoch"]: record["training_loss"] for record in history(tmp_path / "r")})
    assert (place / "params" / "epochs").read_text() == "2"
    assert (place / "params" / "optimizer").read_text() == repr(LIVELY.optimizer)
    about = (place / "meta.yaml").read_text()
    assert "run_name: r\n" in about
    assert "status: 3\n" in about, "finished"
    assert "name: inkling\n" in (place.parent / "meta.yaml").read_text()


def test_what_is_refused(call, tmp_path, monkeypatch, recipe_file):
    asked = ("train", "-r", recipe_file, "--data", "digits", "-o", tmp_path / "r")
    unknown = call(*asked, "--log", "wandb")
    assert unknown.exit_code == 2
    assert "--log takes tensorboard or mlflow, not 'wandb'" in unknown.stderr
    assert not (tmp_path / "r").exists()
    monkeypatch.setitem(__import__("sys").modules, "tensorboard.summary", None)
    missing = call(*asked, "--log", "tensorboard")
    assert missing.exit_code == 1
    assert "tensorboard" in missing.stderr
    assert "pip install" in missing.stderr
