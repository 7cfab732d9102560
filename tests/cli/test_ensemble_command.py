"""Several models made one, and a model taught by another, from the command line."""

import json

import numpy as np

import inkling


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


def test_a_pupil_is_trained_and_told_what_its_teacher_knows(call, no_pictures, tmp_path, recipe_file, finished):
    command = ("train", "-r", recipe_file, "--data", "digits", "--epochs", 2, "--teacher", finished)
    result = call(*command, "-o", tmp_path / "same")
    assert result.exit_code == 0, result.stderr
    assert f"Taught by {finished / 'model.safetensors'}.\n" in result.stderr
    assert inkling.load(tmp_path / "same").metadata["teacher"]["recipe"]["name"] == "lively"
    other = call(*command, "--seed", 9, "-o", tmp_path / "other")  # other rows are held out
    assert "The validation images are no test of it (NOT unseen: the model learnt from 2" in other.stderr
