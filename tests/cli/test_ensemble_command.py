"""Several models made one, and a model taught by another, from the command line."""

import json
from pathlib import Path

import numpy as np
import pytest

import inkling
from needs import needs_distributed


def test_an_ensemble_is_made_and_judged(call, no_pictures, tmp_path, recipe_file, finished):
    other, path = tmp_path / "other", tmp_path / "both.safetensors"
    call("train", "-r", recipe_file, "--data", "digits", "--seed", 9, "-o", other)
    result = call("ensemble", finished, other, "-o", path)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines()[-1] == f"Next: inkling evaluate {path}"
    models = [inkling.load(finished), inkling.load(other), inkling.load(path)]
    sizes = [model.params.layout.size for model in models]
    assert sizes[2] == sizes[0] + sizes[1]
    assert f"An ensemble of 2 models, {sizes[2]:,} parameters: {path}" in result.stdout
    images = inkling.data.load("digits").test.images
    one, two, both = (model.logits(images) for model in models)
    np.testing.assert_allclose(both, (one + two) / 2, rtol=1e-4, atol=1e-4)
    judged = json.loads(call("evaluate", path, finished, "--json", "--report", tmp_path / "r.html").stdout)
    assert judged["part"] == "the test part"
    assert judged["accuracy"] > 0.85
    page = (tmp_path / "r.html").read_text()
    assert "5; 9" in page  # the seeds
    assert page.count("<dd>lively</dd>") == 1
    assert page.count("digits, 1,150 images") == 1


def test_models_of_which_one_knows_non_digits_make_no_ensemble(call, tmp_path, finished, convolved):
    result = call("ensemble", finished, convolved, "-o", tmp_path / "both.safetensors")
    assert result.exit_code == 2
    assert result.stderr.startswith(
        'inkling: an ensemble takes models that all can say "not a digit", or none that can'
    )
    assert not (tmp_path / "both.safetensors").exists()


def test_an_ensemble_replaces_a_file_only_by_force(call, tmp_path, finished):
    path = tmp_path / "both.safetensors"
    path.write_text("mine")
    assert call("ensemble", finished, finished, "-o", path).exit_code == 2
    assert path.read_text() == "mine"
    assert call("ensemble", finished, finished, "-o", path, "--force").exit_code == 0
    assert inkling.load(path).metadata["members"][0]["recipe"]["name"] == "lively"


def test_a_student_is_trained_and_says_what_its_teacher_learnt_from(call, no_pictures, tmp_path, recipe_file, finished):
    command = ("train", "-r", recipe_file, "--data", "digits", "--epochs", 2, "--teacher", finished)
    result = call(*command, "-o", tmp_path / "same")
    assert result.exit_code == 0, result.stderr
    assert f"Taught by {finished / 'model.safetensors'}.\n" in result.stderr
    assert inkling.load(tmp_path / "same").metadata["teacher"]["recipe"]["name"] == "lively"
    other = call(*command, "--seed", 9, "-o", tmp_path / "other")  # other rows are held out
    assert "The validation images are no test of it (NOT unseen: the model learnt from 2" in other.stderr


@pytest.mark.parametrize(
    "how",
    [
        ["--workers", 1],
        pytest.param(["--workers", 2], marks=pytest.mark.thorough),
        pytest.param(
            ["--cluster", "local:2"], marks=[needs_distributed("ensembles are trained by Dask"), pytest.mark.thorough]
        ),
    ],
    ids=["here", "processes", "dask"],
)
def test_a_recipe_is_trained_from_several_seeds_to_one_model(call, tmp_path, monkeypatch, small_recipe, how):
    monkeypatch.chdir(tmp_path)
    command = ("ensemble", "train", small_recipe, "--data", "digits", *how)
    done = call(*command, "--members", 2, "-o", "two.safetensors")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "Next: inkling evaluate two.safetensors"
    runs = list(Path("two/members").iterdir())
    assert [each["recipe"]["seed"] for each in inkling.load("two.safetensors").metadata["members"]] == [0, 1]
    members = sorted(map(inkling.load, runs), key=lambda model: model.metadata["recipe"]["seed"])
    np.testing.assert_array_equal(inkling.ensemble(members).params.flat, inkling.load("two.safetensors").params.flat)
    before = {run: (run / "model.safetensors").stat().st_mtime_ns for run in runs}
    assert call(*command, "--members", 3, "-o", "two.safetensors").exit_code == 2, "a file is not replaced"
    assert call(*command, "--members", 3, "-o", "two.safetensors", "--force").exit_code == 0
    assert [each["recipe"]["seed"] for each in inkling.load("two.safetensors").metadata["members"]] == [0, 1, 2]
    assert {run: (run / "model.safetensors").stat().st_mtime_ns for run in runs} == before, "nothing is trained again"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--members", 1], "Invalid value for '--members'"),
        (["--data", "nowhere"], "nowhere: no such file or folder"),
        (["-o", "two.txt"], "the name of a model ends in .safetensors"),
        (["--workers", 2, "--cluster", "local:2"], "the number of workers belongs to the cluster"),
    ],
)
def test_mistakes_of_a_training_are_told(call, tmp_path, monkeypatch, small_recipe, options, says):
    monkeypatch.chdir(tmp_path)
    told = call("ensemble", "train", small_recipe, "--data", "digits", "-o", "two.safetensors", "-q", *options)
    assert told.exit_code in (2, 3)
    assert says in told.stderr
    assert "Traceback" not in told.stderr


def test_another_recipe_has_to_go_elsewhere(call, tmp_path, monkeypatch, small_recipe):
    monkeypatch.chdir(tmp_path)
    command = ("--data", "digits", "--workers", 1, "--members", 2, "-o", "two.safetensors", "--force")
    assert call("ensemble", "train", small_recipe, *command).exit_code == 0
    Path("other.toml").write_text(small_recipe.read_text().replace("epochs = 2", "epochs = 1"))
    told = call("ensemble", "train", "other.toml", *command)
    assert told.exit_code == 2
    assert "two holds the members of an ensemble with another recipe: give another name with -o" in told.stderr


def test_both_forms_have_their_help(call):
    text = call("ensemble", "--help").stdout
    assert "inkling ensemble MODEL MODEL... -o FILE.safetensors is short for inkling" in text
    for verb in ("models", "train"):
        assert f"  {verb} " in text
    assert "MODEL MODEL..." in call("ensemble", "models", "--help").stdout
    assert "--members" in call("ensemble", "train", "--help").stdout
