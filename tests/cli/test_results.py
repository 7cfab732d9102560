"""What training, recipes and the smaller commands give where all is well."""

import json
from importlib.resources import files

import numpy as np
import pytest

from inkling.data import Split, load
from inkling.recipes import load_recipe, recipe_names
from letters import letter_source
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


def test_a_convolutional_network_has_all_pictures_too(call, convolved):
    assert call("train", "--resume", convolved).stdout.count("curves, confusion, samples, weights as .png") == 1
    assert {path.stem for path in convolved.glob("*.png")} == {"curves", "confusion", "samples", "weights"}


def test_train_says_where_things_are(call, no_pictures, tmp_path, recipe_file):
    result = call("train", "--recipe", recipe_file, "--data", "digits", "-o", tmp_path / "r", "--epochs", 2)
    assert result.exit_code == 0
    assert result.stdout.startswith("Validation accuracy ")
    assert f"run folder  {tmp_path / 'r'}" in result.stdout
    assert result.stdout.splitlines()[-1] == f"Next: inkling evaluate {tmp_path / 'r'}"
    assert "Training lively on digits: 1,150 images, 287 to validate on." in result.stderr


def test_train_on_every_row_says_what_else_to_evaluate_on(call, no_pictures, monkeypatch, tmp_path):
    monkeypatch.setattr("inkling.runs.ingredients.load", lambda name: letter_source())
    (tmp_path / "whole.toml").write_text(LIVELY.override(split=Split(validation=0), epochs=1, keep="last").to_toml())
    result = call("train", "-r", tmp_path / "whole.toml", "--data", "letters", "-o", tmp_path / "r")
    assert result.exit_code == 0, result.stderr
    command = f"inkling evaluate {tmp_path / 'r'}"
    last = result.stdout.splitlines()[-1]
    assert last == f"Next: {command} --data SOURCE, on images that it did not learn from"


@pytest.mark.parametrize(("size", "lines"), [(28, 1), (16, 2)])
def test_train_says_how_the_network_was_fitted_to_the_data(
    call, no_pictures, monkeypatch, tmp_path, recipe_file, size, lines
):
    monkeypatch.setattr("inkling.runs.ingredients.load", lambda name: letter_source(side=size))
    result = call("train", "-r", recipe_file, "--data", "letters", "-o", tmp_path / "r", "--epochs", 1)
    assert result.exit_code == 0, result.stderr
    said = [line for line in result.stderr.splitlines() if line.startswith("The network ")]
    assert said[-1] == "The network ends in Linear(26): one logit per class of letters."
    assert said[:-1] == ["The network takes images of 16×16 pixels, the size of the data's."] * (lines - 1)
    recipe = load_recipe(tmp_path / "r" / "recipe.toml")
    assert recipe.network.shapes[-1] == (26,)
    assert recipe.network.input_shape == (size, size, 1)


def test_a_loss_worse_than_guessing_among_26_classes_is_reported(call, no_pictures, monkeypatch, tmp_path, recipe_file):
    monkeypatch.setattr("inkling.runs.ingredients.load", lambda name: letter_source())
    train = ("train", "-r", recipe_file, "--data", "letters", "--lr")
    assert "The loss is worse than guessing (3.26 nats): try" in call(*train, 3, "-o", tmp_path / "high").stderr
    assert "worse than guessing" not in call(*train, 0.01, "-o", tmp_path / "low").stderr


def test_quiet_leaves_the_result_alone(call, no_pictures, tmp_path, recipe_file):
    options = ("train", "-r", recipe_file, "--data", "digits", "--epochs", 2, "-o")
    loud, quiet = call(*options, tmp_path / "loud"), call(*options, tmp_path / "quiet", "--quiet")
    assert loud.stderr.count("\n") > 2
    assert quiet.stderr == ""
    assert quiet.stdout.startswith("Validation accuracy ")
    assert call(*options, tmp_path / "after").stderr != "", "quiet is of one command, not of the process"


def test_quiet_still_prints_errors_and_warnings(call, no_pictures, tmp_path, recipe_file):
    options = ("train", "-r", recipe_file, "--data", "digits", "--epochs", 1, "--quiet")
    assert call(*options, "--lr", 3, "-o", tmp_path / "r").stderr.startswith("The loss is worse than guessing")
    assert call(*options, "-o", tmp_path / "r").stderr.startswith(
        f"inkling: {tmp_path / 'r'} already exists and is not empty"
    )


@pytest.mark.parametrize("workers", [1, 2])
def test_the_number_of_workers_is_handed_on(call, no_pictures, monkeypatch, tmp_path, recipe_file, workers):
    from inkling.training import loop

    handed, train = [], loop.train

    def spy(*args, **options):
        handed.append(options["workers"])
        return train(*args, **options)

    monkeypatch.setattr("inkling.runs.run.train", spy)
    options = ("train", "-r", recipe_file, "--data", "digits", "--epochs", 1)
    assert call(*options, "--workers", workers, "-o", tmp_path / "flag").exit_code == 0
    assert call(*options, "-o", tmp_path / "variable", INKLING_WORKERS=str(workers)).exit_code == 0
    assert handed == [workers, workers]
    models = [(tmp_path / name / "model.safetensors").read_bytes() for name in ("flag", "variable")]
    assert models[0] == models[1]


def test_images_to_test_on_that_are_learnt_from_are_refused(call, no_pictures, tmp_path, recipe_file):
    data = load("digits")
    train, test = data.part("train"), data.part("test")
    np.savez(tmp_path / "own.npz", images=train.images[:200], labels=train.labels[:200])
    mixed = [np.concatenate([getattr(train, name)[:3], getattr(test, name)[:5]]) for name in ("images", "labels")]
    np.savez(tmp_path / "test.npz", images=mixed[0], labels=mixed[1])
    asked = ("train", "-r", recipe_file, "--data", tmp_path / "own.npz", "--test", tmp_path / "test.npz", "--epochs", 1)
    refused = call(*asked, "-o", tmp_path / "r")
    assert refused.exit_code == 2
    assert "test.npz: 2 of its 8 images are in " in refused.stderr, "one of three is held out to validate on"
    assert not (tmp_path / "r").exists()
    assert call(*asked, "-o", tmp_path / "r", "--allow-overlap").exit_code == 0


def test_a_default_folder_that_another_run_takes_at_the_same_moment_is_left_to_it(
    call, no_pictures, monkeypatch, tmp_path, recipe_file
):
    """Regression test: two runs with default names in one second; the second was refused."""
    from inkling.runs.run import Run

    create, asked = Run.create, []

    def taken_once(folder, *settings, **options):
        asked.append(folder)
        if len(asked) == 1:
            folder.mkdir(parents=True)
            (folder / "recipe.toml").write_text("another run's")
        return create(folder, *settings, **options)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Run, "create", taken_once)
    result = call("train", "-r", recipe_file, "--data", "digits", "--epochs", 1)
    assert result.exit_code == 0, result.stderr
    first, second = asked
    assert second.name == f"{first.name}-2"
    assert (first / "recipe.toml").read_text() == "another run's"
    assert (second / "model.safetensors").exists()


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


def test_without_matplotlib_training_ends_well(run, without_plots, tmp_path, recipe_file):
    code, out, err = run(*("train", "-r", recipe_file, "--data", "digits", "-o", "r", "--epochs", 1), **without_plots)
    assert code == 0, err
    assert "plots       none: this needs matplotlib, which is not installed: pip install " in out
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


def test_recipes_lists_and_prints(call, tmp_path):
    listing = call("recipes").stdout
    assert "sgd-10" in listing
    assert "adam-256-128-64" in listing
    assert listing.endswith("\nWhat a recipe may hold: inkling recipes --explain\n")
    assert {record["name"] for record in json.loads(call("recipes", "--json").stdout)} >= {"sgd-10", "leaky-20"}
    assert json.loads(call("recipes", "sgd-10", "--json").stdout) == load_recipe("sgd-10").to_dict()


def test_recipes_explain_what_a_recipe_may_hold(call):
    """Regression test: the list of recipes pointed to docs/recipes.md, which an installed package does not have."""
    text = call("recipes", "--explain").stdout
    assert text == call("recipes", "sgd-10", "--explain").stdout
    assert text.startswith("# What a recipe may hold\n")
    assert "| `label_smoothing` | number |" in text


@pytest.mark.parametrize("name", recipe_names())
def test_a_recipe_to_copy_is_the_file_without_name_and_claims(call, tmp_path, name):
    (tmp_path / "mine.toml").write_text(call("recipes", name).stdout)
    assert load_recipe(tmp_path / "mine.toml") == load_recipe(name).override(name="mine", claims=())
    written = (files("inkling.recipes") / "bundled" / f"{name}.toml").read_text()
    assert written.startswith((tmp_path / "mine.toml").read_text())


def test_a_recipe_to_copy_keeps_its_comments(call, tmp_path, recipe_file):
    text = "# mine\n\n" + recipe_file.read_text()
    (tmp_path / "commented.toml").write_text(text)
    assert call("recipes", tmp_path / "commented.toml").stdout == text


def test_reproduce_sets_claim_and_measurement_side_by_side(call, tmp_path, recipe_file):
    claims = '\n[[claims]]\nmetric = "validation_accuracy"\nat_least = 0.5\nsource = "a page"\n'
    claims += '\n[[claims]]\nmetric = "training_loss"\nepoch = 1\nat_most = 0.0001\nsource = "a dream"\n'
    (tmp_path / "claimed.toml").write_text(recipe_file.read_text() + claims)
    page = tmp_path / "page.md"
    result = call("reproduce", tmp_path / "claimed.toml", "--data", "digits", "--seeds", 2, "-o", page, "--json")
    assert result.exit_code == 1
    *_, complaint = result.stderr.splitlines()
    assert complaint.startswith("inkling: 1 of 2 claims do not hold: lively (training loss after 1 epochs, ≤ 0.000, ")
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


def test_an_interrupted_reproduction_keeps_what_it_measured(call, tmp_path, recipe_file, monkeypatch):

    claim = '\n[[claims]]\nmetric = "validation_accuracy"\nat_least = 0.5\nsource = "a page"\n'
    (tmp_path / "claimed.toml").write_text(recipe_file.read_text() + claim)
    from inkling.runs import reproduction

    measure, begun = reproduction.reproduce, []

    def once(*arguments):
        begun.append(arguments)
        if len(begun) == 2:
            raise KeyboardInterrupt
        return measure(*arguments)

    monkeypatch.setattr(reproduction, "reproduce", once)
    page, claimed = tmp_path / "page.md", tmp_path / "claimed.toml"
    assert call("reproduce", claimed, claimed, "--data", "digits", "-o", page).exit_code == 130
    (outcome,) = json.loads(page.with_suffix(".json").read_text())["outcomes"]
    assert page.read_text().count("| `lively` |") == 1
    assert outcome["holds"] is True
