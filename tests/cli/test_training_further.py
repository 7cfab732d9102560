"""`inkling train --from`, `--validation` and `--resume RUN --data` on the command line."""

import json

import pytest

from inkling.recipes import load_recipe
from lively import LIVELY, digits


@pytest.fixture(autouse=True)
def plain(no_pictures):
    pass


def test_a_finished_run_is_trained_for_more_epochs(call, tmp_path, finished):
    """With the recipe and the data of the run, and on images that it has not learnt from."""
    result = call("train", "--from", finished, "--epochs", 1, "--lr", 1e-9, "-o", tmp_path / "more")
    assert result.exit_code == 0, result.stderr
    assert f"Training starts from {finished / 'model.safetensors'}.\n" in result.stderr
    assert "are no test of it" not in result.stderr
    assert load_recipe(tmp_path / "more" / "recipe.toml") == LIVELY.override(epochs=1, lr=1e-9)
    assert json.loads((tmp_path / "more" / "run.json").read_text())["data"] == "digits"
    before, after = (json.loads(call("evaluate", run, "--json").stdout) for run in (finished, tmp_path / "more"))
    assert after["accuracy"] == pytest.approx(before["accuracy"], abs=0.02)


def test_another_seed_validates_on_images_that_the_first_model_has_learnt(call, tmp_path, finished):
    result = call("train", "--from", finished, "--epochs", 1, "--seed", 9, "-o", tmp_path / "more")
    assert "The validation images are no test of it (NOT unseen: the model learnt from " in result.stderr


def test_a_recipe_that_trains_on_every_row_holds_some_out(call, tmp_path, recipe_file):
    """Regression test: after `sprint`, `evaluate` could only stop with "trained on every row"."""
    (tmp_path / "all.toml").write_text(LIVELY.override(validation=0.1, keep="last", epochs=1).to_toml())
    text = (tmp_path / "all.toml").read_text().replace("validation=0.1", "validation=0.0")
    (tmp_path / "all.toml").write_text(text)
    rows = len(digits())
    result = call("train", "-r", tmp_path / "all.toml", "--data", "digits", "--validation", 0.25, "-o", tmp_path / "r")
    assert f"{rows - round(0.25 * rows):,} images, {round(0.25 * rows):,} to validate on" in result.stderr
    assert load_recipe(tmp_path / "r" / "recipe.toml").split.validation == 0.25
    variable = call(
        "train", "-r", tmp_path / "all.toml", "--data", "digits", "-o", tmp_path / "v", INKLING_VALIDATION="0.25"
    )
    assert variable.exit_code == 0
    models = [(tmp_path / name / "model.safetensors").read_bytes() for name in ("r", "v")]
    assert models[0] == models[1]


def test_the_message_of_a_failed_resume_is_a_way_on(call, tmp_path, recipe_file):
    images = digits().images[:40].reshape(40, -1)
    lines = [f"{label}," + ",".join(map(str, image)) for label, image in zip(digits().labels[:40], images, strict=True)]
    (tmp_path / "old.csv").write_text("\n".join(["label," + ",".join(f"pixel{i}" for i in range(784)), *lines]))
    run = tmp_path / "r"
    assert call("train", "-r", recipe_file, "--data", tmp_path / "old.csv", "-o", run, "--epochs", 1).exit_code == 0
    (tmp_path / "old.csv").rename(tmp_path / "new.csv")
    failed = call("train", "--resume", run)
    assert failed.exit_code == 3
    assert failed.stderr.endswith(f"in another place now: inkling train --resume {run} --data SOURCE\n")
    assert failed.stderr.count("\n") == 1
    assert call("train", "--resume", run, "--data", tmp_path / "new.csv").exit_code == 0
    assert call("train", "--resume", run).exit_code == 0, "the run folder remembers the new place"
