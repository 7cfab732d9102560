"""Every mistake is one sentence on stderr and the right exit code; nothing is half-written."""

import re
import shutil

import numpy as np
import pytest

from letters import letter_source

USAGE, DATA, BELOW, FAILURE = 2, 3, 4, 1
VERBS = [(), ("read",), ("train",), ("evaluate",), ("predict",), ("ensemble",), ("recipes",), ("reproduce",), ("data",)]
VERBS += [("runs",), ("sheet",), ("sheet", "make"), ("sheet", "read"), ("template",), ("template", "new")]
VERBS += [("adapt",), ("data", "info"), ("data", "show"), ("export",), ("export", "page"), ("export", "onnx")]
VERBS += [("export", "torch"), ("export", "numpy"), ("import",)]
VERBS += [("export", "c"), ("learn",), ("learn", "start"), ("learn", "check"), ("learn", "solution")]


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help(call, verb, flag):
    result = call(*verb, flag)
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: ")
    assert "--help" in result.stdout
    assert result.stderr == ""


def test_help_names_every_verb(run):
    code, out, err = run("--help")
    assert code == 0
    assert err == ""
    for verb in (
        "read",
        "train",
        "runs",
        "evaluate",
        "predict",
        "ensemble",
        "recipes",
        "reproduce",
        "data",
        "Exit codes",
    ):
        assert verb in out


@pytest.mark.parametrize(
    ("verbs", "least"),
    [((), 10), (("data",), 2), (("sheet",), 2), (("template",), 1), (("export",), 2), (("learn",), 3)],
)
def test_no_summary_is_cut_off_at_80_columns(run, verbs, least):
    _, out, _ = run(*verbs, "--help", env={"COLUMNS": "80"})
    _, commands = out.split("Commands:\n")
    assert len(commands.splitlines()) >= least
    assert [line for line in commands.splitlines() if line.endswith("...") or not line.endswith(".")] == []


@pytest.mark.parametrize("verb", ["train", "evaluate", "read", "reproduce", "adapt"])
def test_what_shows_progress_can_be_quiet(call, verb):
    assert "-q, --quiet" in call(verb, "--help").stdout


def test_help_tells_the_folder_of_the_data_from_the_option(call):
    """Regression test: `--data` is a source and INKLING_DATA a folder, and nothing said so."""
    assert "mnist and kaggle are looked for in the folder" in " ".join(call("train", "--help").stdout.split())
    assert "INKLING_DATA names the folder where mnist and kaggle" in " ".join(call("--help").stdout.split())


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        ("train --recipe sgd-11 --data digits", USAGE, "unknown recipe 'sgd-11': did you mean sgd-10?"),
        ("train --recipe no.toml --data digits", USAGE, "no.toml: no such recipe file"),
        ("train --data minst", DATA, "minst: no such file or folder, and no known name; did you mean mnist?"),
        ("train --data digits --epochs 0", USAGE, "epochs must be a whole number of at least 1, not 0"),
        ("train --data digits --epochs -5", USAGE, "epochs must be a whole number of at least 1, not -5"),
        ("train --data digits --batch-size 0", USAGE, "batch_size must be a whole number above 0 or 'full', not 0"),
        ("train --data digits --lr 0", USAGE, "a learning rate is a number above 0, not 0.0"),
        ("train --data digits --lr -1", USAGE, "a learning rate is a number above 0, not -1.0"),
        ("train --data digits --lr nan", USAGE, "a learning rate is a number above 0, not nan"),
        ("train --data digits --seed -1", USAGE, "seed must be a whole number of at least 0, not -1"),
        ("train --data digits --test nowhere", DATA, "nowhere: no such file or folder"),
        (
            "train --data digits -o taken",
            USAGE,
            "taken already exists and is not empty: give another folder with -o, or go on",
        ),
        (
            "train --data digits -o taken/file",
            USAGE,
            "taken/file already exists and is a file: give another folder",
        ),
        ("train --data digits -o taken/file/below", FAILURE, "taken/file/below: Not a directory"),
        ("train --data empty.csv", DATA, "empty.csv: data was expected, but the file is empty"),
        ("train --resume nowhere", DATA, "nowhere holds no run to resume: expected recipe.toml and run.json in it"),
        ("train --resume taken", DATA, "taken holds no run to resume"),
        ("train --resume R --seed 0", USAGE, "--resume goes on with the run as it was started: leave out --seed"),
        ("train --resume R --epochs 9", USAGE, "leave out --epochs; to train further with other settings, start a new"),
        ("train --resume R -o x --lr 1 --batch-size 2 --recipe y", USAGE, "leave out --recipe, --output"),
        ("train --resume R --validation 0.1", USAGE, "leave out --validation"),
        ("train --resume R --test digits", USAGE, "was started without --test, and goes on without: leave it out"),
        ("train --resume R --from R", USAGE, "was started without --from, and goes on without: leave it out"),
        ("train --resume R --data nowhere", DATA, "nowhere: no such file or folder"),
        (
            "train --data digits --validation 10",
            USAGE,
            "takes a fraction from 0 to below 1, not 10: did you mean 0.1?",
        ),
        ("train --data digits --validation 1", USAGE, "--validation takes a fraction from 0 to below 1, not 1"),
        ("train --data digits --validation nan", USAGE, "--validation takes a fraction from 0 to below 1, not nan"),
        ("train -r claimless.toml --data digits --validation 0", USAGE, "need a split with validation images"),
        ("train --data digits --from nowhere", DATA, "nowhere: no such file"),
        ("train --data digits --from taken", DATA, "taken: a folder without model.safetensors"),
        ("train -r sgd-10 --data digits --from R", USAGE, "those of the model to start from are"),
        ("train -o -", USAGE, "-o -: a run is written into a folder: give the name of a new one"),
        ("train -o m.safetensors", USAGE, "-o m.safetensors: a run is written into a folder"),
        ("train mnist", USAGE, "train takes its recipe and data as options: did you mean --data mnist?"),
        ("train mine.toml", USAGE, "did you mean --recipe mine.toml?"),
        ("runs nowhere", DATA, "nowhere: a folder of runs was expected, there is none"),
        ("runs taken/file", DATA, "taken/file: a folder of runs was expected, there is none"),
        (
            "sheet read taken/file.png -o taken",
            USAGE,
            "taken already exists and is not empty: give another",
        ),
        ("sheet read taken/file.png -o -", USAGE, "-o -: what a sheet holds is written into a folder"),
        (
            "sheet make -o -",
            USAGE,
            "takes no file such as a sheet: give a name that ends in .pdf or .png",
        ),
        ("read taken/file.png --show -", USAGE, "standard output takes no picture"),
        ("read taken/file.png --min-confidence 70", USAGE, "takes a fraction from 0 to 1, not 70: did you mean 0.7?"),
        ("evaluate nowhere", DATA, "nowhere: no such file"),
        ("evaluate taken", DATA, "taken: a folder without model.safetensors"),
        ("evaluate taken/file", DATA, "taken/file: damaged, or not a safetensors file"),
        ("evaluate R R R", USAGE, "one model to evaluate or two to compare were expected, not 3"),
        ("evaluate R --data nowhere", DATA, "nowhere: no such file or folder"),
        ("evaluate R --fail-under 101", USAGE, "--fail-under takes a percentage, such as 97, not 101"),
        ("evaluate R --fail-under -1", USAGE, "--fail-under takes a percentage, such as 97, not -1"),
        ("evaluate R --fail-under nan", USAGE, "--fail-under takes a percentage, such as 97, not nan"),
        ("evaluate R --fail-under 0.97", USAGE, "percentage, such as 97, not 0.97: did you mean 97?"),
        ("train --data= --epochs 1", DATA, "the name of the data is empty"),
        ("evaluate R --report taken/file", USAGE, "the name of a report ends in .html: give such a name"),
        ("evaluate R --report taken/file.html", USAGE, "taken/file.html exists already: give another name, or --force"),
        ("evaluate R --report taken.html", USAGE, "taken.html is no file: give the name of a file to write"),
        (
            "evaluate R --report -",
            USAGE,
            "standard output takes no file such as a report: give a name",
        ),
        ("evaluate R --report no/where.html", USAGE, "no/where.html: there is no folder no"),
        ("predict nowhere digits", DATA, "nowhere: no such file"),
        ("predict R nowhere", DATA, "nowhere: no such file or folder"),
        ("predict R empty.csv", DATA, "empty.csv: data was expected, but the file is empty"),
        ("predict R digits -o taken/file.csv", USAGE, "taken/file.csv exists already: give another name, or --force"),
        (
            "predict R digits -o taken/file",
            USAGE,
            "the name of a table of predictions ends in ",
        ),
        ("predict R digits -o taken.csv", USAGE, "taken.csv is no file"),
        ("predict R digits -o /dev/null --force", USAGE, "/dev/null: the name of a table of predictions ends in "),
        ("predict R digits -o no/where.csv", USAGE, "no/where.csv: there is no folder no"),
        ("ensemble R -o x.safetensors", USAGE, "an ensemble takes at least two models, not 1"),
        ("ensemble R nowhere -o x.safetensors", DATA, "nowhere: no such file"),
        ("ensemble R taken/file -o x.safetensors", DATA, "taken/file: damaged, or not a safetensors file"),
        ("ensemble R R -o taken/file", USAGE, "the name of a model ends in .safetensors: give such a name"),
        (
            "ensemble R R -o taken/file.safetensors",
            USAGE,
            "file.safetensors exists already: give another name",
        ),
        ("ensemble R R -o no/where.safetensors", USAGE, "no/where.safetensors: there is no folder no"),
        ("ensemble R R -o -", USAGE, "standard output takes no file such as a model"),
        ("train --data digits --teacher nowhere", DATA, "nowhere: no such file"),
        ("train --data digits --teacher taken/file", DATA, "taken/file: damaged, or not a safetensors file"),
        ("train --resume R --teacher R", USAGE, "was started without --teacher, and goes on without"),
        ("recipes sgd-11", USAGE, "unknown recipe 'sgd-11': did you mean sgd-10?"),
        ("reproduce sgd-11", USAGE, "unknown recipe 'sgd-11'"),
        ("reproduce claimless.toml --data digits", USAGE, "recipe lively makes no claim to reproduce"),
        ("reproduce sgd-10 --data nowhere", DATA, "nowhere: no such file or folder"),
        ("reproduce sgd-10 --data digits -o taken/file.md", USAGE, "taken/file.md exists already"),
        ("reproduce sgd-10 --data digits -o -", USAGE, "standard output takes no file such as a page of Markdown"),
        ("reproduce sgd-10 --data digits -o R/run.md", USAGE, "run.json is a file of the run in"),
        ("reproduce sgd-10 --data digits -o taken/half.md", USAGE, "taken/half.json exists already"),
        (
            "reproduce sgd-10 --data digits -o new/page.json",
            USAGE,
            "new/page.json: the name of a page of Markdown ends in ",
        ),
        ("reproduce sgd-10 --data nowhere -o new/page.md", USAGE, "new/page.md: there is no folder new"),
        ("adapt nowhere", DATA, "nowhere: no such file or folder"),
        (
            "adapt nowhere -o taken/file",
            USAGE,
            "taken/file: the name of a model ends in ",
        ),
        ("adapt nowhere -o no/where.safetensors", USAGE, "no/where.safetensors: there is no folder no"),
        ("adapt nowhere -o R/model.safetensors --force", USAGE, "model.safetensors is a file of the run in"),
        ("data show nowhere", DATA, "nowhere: no such file or folder"),
        ("data show digits -o taken/file.png", USAGE, "taken/file.png exists already: give another name, or --force"),
        (
            "data show digits -o taken/file",
            USAGE,
            "taken/file: the name of a picture ends in ",
        ),
        ("data show digits -o -", USAGE, "standard output takes no file such as a picture"),
        ("data show digits -o no/where.png", USAGE, "no/where.png: there is no folder no"),
        ("data show digits --augment sgd-11", USAGE, "unknown recipe 'sgd-11': did you mean sgd-10?"),
        ("data show digits --augment sgd-10", USAGE, "recipe sgd-10 changes no images: add a line such as augment = ["),
        ("data info nowhere", DATA, "nowhere: no such file or folder"),
        ("data info empty.csv", DATA, "empty.csv: data was expected, but the file is empty"),
    ],
)
def test_a_mistake_is_one_sentence(call, tmp_path, monkeypatch, finished, recipe_file, arguments, code, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").write_text("mine")
    for name in ("file.png", "half.json", "file.html", "file.csv", "file.md", "file.safetensors"):
        (tmp_path / "taken" / name).write_text("mine")
    for name in ("taken.html", "taken.csv"):
        (tmp_path / name).mkdir()
    (tmp_path / "empty.csv").touch()
    shutil.copy(recipe_file, "claimless.toml")
    before = sorted(tmp_path.rglob("*"))
    result = call(*(re.sub("^R(?=/|$)", str(finished), word) for word in arguments.split()))
    assert result.exit_code == code
    assert result.stdout == ""
    *_, line = result.stderr.splitlines()
    assert line.startswith("inkling: ")
    assert sentence in line
    assert len(result.stderr.splitlines()) == 1
    assert sorted(tmp_path.rglob("*")) == before
    assert {path.read_text() for path in (tmp_path / "taken").iterdir()} == {"mine"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            "reproduce sgd-10",
            "letters: reproduce takes data of the digits 0 to 9, not of 26 classes (A, B, C, D, E, …)",
        ),
        ("adapt letters", "letters train: adapting takes pictures of the digits 0 to 9, not of 26 classes (A, B, C, D"),
        (
            "train -r LIVELY --teacher tiny",
            "its teacher takes images (28, 28, 1) of 10 classes, the network (28, 28, 1) of",
        ),
    ],
)
def test_what_is_for_digits_alone_says_so(call, tmp_path, monkeypatch, recipe_file, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    for place in ("inkling.data.load", "inkling.runs.ingredients.load", "inkling.adaptation.writer.load"):
        monkeypatch.setattr(place, lambda name: letter_source())
    result = call(*(recipe_file if word == "LIVELY" else word for word in arguments.split()))
    assert result.exit_code == USAGE
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ("train --epochs few", "Invalid value for '--epochs'"),
        ("train --epochs 2.5", "Invalid value for '--epochs'"),
        ("train --workers 0", "Invalid value for '--workers'"),
        ("train --colour red", "No such option"),
        ("trian", "No such command 'trian'. Did you mean 'train'?"),
        ("data inof", "No such command 'inof'. Did you mean 'info'?"),
        ("evaluate", "Missing argument"),
        ("predict", "Missing argument"),
        ("ensemble R R", "Missing option '--output' / '-o'"),
        ("evaluate R --fail-under much", "Invalid value for '--fail-under'"),
        ("reproduce --seeds 0", "Invalid value for '--seeds'"),
        ("data show", "Missing argument"),
        ("data show digits -n 1", "Invalid value for '--columns'"),
        ("data show digits --seed -1", "Invalid value for '--seed'"),
        ("data", "Usage: "),
        ("", "Usage: "),
    ],
)
def test_a_wrong_option_is_wrong_usage(call, tmp_path, monkeypatch, arguments, complaint):
    monkeypatch.chdir(tmp_path)
    result = call(*arguments.split())
    assert result.exit_code == USAGE
    assert complaint in result.output
    assert list(tmp_path.iterdir()) == []


def test_wrong_settings_of_the_environment_are_wrong_usage_too(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = call("train", "--data", "digits", INKLING_SEED="many")
    assert result.exit_code == USAGE
    assert "INKLING_SEED" in result.stderr


@pytest.mark.parametrize("arguments", ["train --data digits --lr 1e30 --epochs 2 -o r"])
def test_divergence_is_one_sentence(run, arguments):
    code, out, err = run(*arguments.split())
    assert code == FAILURE
    assert out == ""
    assert "Traceback" not in err
    assert err.splitlines()[-1].startswith("inkling: training diverged: the loss of step ")
    assert "Warning" not in err


def test_a_network_beyond_the_bounds_is_one_sentence(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "huge.toml").write_text(
        'network = ["Flatten()", "Linear(10000000)", "Linear(10000000)", "Linear(10)"]\noptimizer = "SGD()"'
    )
    result = call("train", "--recipe", "huge.toml", "--data", "digits", "-o", "r")
    assert result.exit_code == USAGE
    assert "makes the network too large: 7,850,000,000 parameters come together, and the bound is" in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "r").exists()


def test_a_network_too_large_for_the_memory_is_one_sentence(call, tmp_path, monkeypatch):
    def create(*arguments, **options):
        return np.empty(2**50, np.uint8)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("inkling.runs.run.Run.create", create)
    result = call("train", "--data", "digits", "-o", "r")
    assert result.exit_code == FAILURE
    assert result.stderr.startswith("inkling: not enough memory (Unable to allocate")
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "r").exists()


CLAIM = '[[claims]]\nmetric = "validation_loss"\nsource = "hearsay"\n'


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("Linear(24)", "Linear(99999999999999999999)", "takes no more than 16777216"),
        ("slope=0.1", "slope=1" + "0" * 400, "negative_slope must be of type float, not 1000"),
        ("", CLAIM + 'at_most = "high"', "claim on validation_loss: at_most must be a number, not 'high'"),
        ("", CLAIM + "at_least = false", "claim on validation_loss: at_least must be a number, not False"),
        ("", CLAIM + "at_least = nan", "claim on validation_loss: at_least must be a number, not nan"),
        ("", CLAIM + 'at_most = 1\nepoch = "5"', "epoch must be a whole number of at least 1, not '5'"),
        ("", CLAIM + "at_most = 1\nepoch = 0", "epoch must be a whole number of at least 1, not 0"),
        ("", CLAIM.replace('"hearsay"', "5") + "at_most = 1", "source must be a text, not 5"),
    ],
    ids=["features", "float", "text", "boolean", "nan", "epoch", "epoch 0", "source"],
)
@pytest.mark.parametrize("verb", ["train", "reproduce"])
def test_a_recipe_that_cannot_work_is_one_sentence(call, tmp_path, monkeypatch, recipe_file, verb, old, new, sentence):
    monkeypatch.chdir(tmp_path)
    text = recipe_file.read_text()
    assert old in text
    (tmp_path / "wrong.toml").write_text(text.replace(old, new) if old else text + new)
    result = call(*([verb, "--recipe"] if verb == "train" else [verb]), "wrong.toml", "--data", "digits", "-o", "r")
    assert result.exit_code == USAGE
    assert result.stdout == ""
    assert result.stderr.startswith("inkling: ")
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "r").exists()


def test_huge_overrides_that_make_sense_work(call, no_pictures, tmp_path, recipe_file):
    result = call(
        *("train", "--recipe", recipe_file, "--data", "digits", "--batch-size", 10**15, "--seed", 10**30),
        *("--epochs", 1, "-o", tmp_path / "r"),
    )
    assert result.exit_code == 0
    assert "batch_size = 1000000000000000" in (tmp_path / "r" / "recipe.toml").read_text()
