"""A file from a stranger decides neither what is opened, nor how long loading takes, nor how much memory it needs."""

import json
import os
import shutil
import time
import tracemalloc

import numpy as np
import pytest

import inkling
from inkling import Model
from inkling.errors import DataError, UsageError, shortened
from inkling.nn import Flatten, Linear, Network
from inkling.nn.bounds import MOST_LAYERS
from inkling.optim import SGD
from inkling.provenance import trainings, unseen
from inkling.recipes import Recipe, load_recipe
from inkling.runs.continuation import data_of
from inkling.runs.folder import training_source
from inkling.runs.run import Run
from inkling.storage import load_tensors, save_tensors


@pytest.fixture
def path(tmp_path):
    network = Network(Flatten(), Linear(10))
    Model(network, network.init(np.random.default_rng(0))).save(tmp_path / "model.safetensors")
    return tmp_path / "model.safetensors"


def change(path, **entries):
    """Write other metadata into the file, with a checksum that fits: what an adversary does."""
    tensors, metadata = load_tensors(path)
    save_tensors(path, tensors, metadata | entries)
    return path


# --- what is opened --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source", ["/dev/zero", "../../../etc/passwd", "C:\\data.csv", "train.csv", "", "a\x1b[31m\nb"]
)
def test_no_path_that_a_model_names_is_opened(path, source, monkeypatch):
    change(path, data={"source": source})
    monkeypatch.setattr("inkling.data.load", lambda name: pytest.fail(f"{name} was opened"))
    with pytest.raises(DataError, match="does not decide what is opened: say with --data") as caught:
        training_source(path, inkling.load(path))
    assert str(caught.value).isprintable()
    assert shortened(source) in str(caught.value)


@pytest.mark.parametrize("source", ["mnist", "kaggle", "digits", "auto"])
def test_a_known_name_is_taken_from_the_users_own_data(path, source):
    assert training_source(path, inkling.load(change(path, data={"source": source}))) == source


def test_a_run_names_its_data_only_where_it_was_created(tmp_path):
    data = inkling.load_data("digits").train
    np.savez(tmp_path / "mine.npz", images=data.images[:100], labels=data.labels[:100])
    run = Run.create(
        tmp_path / "run", Recipe(Network(Flatten(), Linear(10)), SGD(), epochs=1), str(tmp_path / "mine.npz")
    )
    for _ in run.train():
        pass
    model = inkling.load(run.folder)
    assert training_source(run.folder, model) == str(tmp_path / "mine.npz")
    copy = tmp_path / "unpacked"
    shutil.copytree(run.folder, copy)
    for name in ("recipe.toml", "run.json", "model.safetensors"):
        times = (run.folder / name).stat()
        os.utime(copy / name, ns=(times.st_atime_ns, times.st_mtime_ns))  # as an archive restores them
    for place in (copy, copy / "model.safetensors"):
        with pytest.raises(DataError, match=r"called mine\.npz, and a model's file does not decide what is opened"):
            training_source(place, model)


@pytest.fixture
def unpacked(tmp_path):
    """A copy of the folder of a run, as from an archive, and the data and the teacher that it was started with."""
    data = inkling.load_data("digits").train
    np.savez(tmp_path / "mine.npz", images=data.images[:100], labels=data.labels[:100])
    inkling.load_model("tiny").save(tmp_path / "teacher.safetensors")
    recipe = Recipe(Network(Flatten(), Linear(10)), SGD(), epochs=1)
    Run.create(tmp_path / "run", recipe, str(tmp_path / "mine.npz"), teacher=tmp_path / "teacher.safetensors")
    shutil.copytree(tmp_path / "run", tmp_path / "unpacked")
    return tmp_path / "unpacked", str(tmp_path / "mine.npz"), tmp_path / "teacher.safetensors"


def test_a_copied_run_is_resumed_with_what_its_user_names(unpacked):
    folder, data, teacher = unpacked
    Run.resume(folder.with_name("run"))
    for moved, option in (({}, "--data"), ({"data": data}, "--teacher"), ({"teacher": teacher}, "--data")):
        with pytest.raises(DataError, match=f"unpacked was copied, or made elsewhere, and names .* with {option}"):
            Run.resume(folder, **moved)
    run = Run.resume(folder, data=data, teacher=teacher)
    for _ in run.train():
        pass
    assert training_source(folder, inkling.load(folder)) == data, "from then on the folder is the user's own"


def test_a_model_to_start_from_names_its_data_only_where_it_was_created(unpacked):
    folder, data, _ = unpacked
    assert data_of(folder.with_name("run")) == data
    with pytest.raises(DataError, match=r"unpacked was copied, or made elsewhere, and names .* with --data"):
        data_of(folder)


@pytest.mark.parametrize("entry", ["teacher", "start"])
@pytest.mark.parametrize("wrong", [5, "x", [], {}, {"path": 1, "sha256": "a"}, {"path": "/dev/zero"}], ids=str)
def test_a_malformed_record_of_a_run_is_a_sentence(unpacked, entry, wrong):
    folder, data, teacher = unpacked
    record = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps(record | {entry: wrong}))
    with pytest.raises(DataError, match="holds no run to resume"):
        Run.resume(folder, data=data, teacher=teacher)


@pytest.mark.parametrize(
    "entries",
    [{"class_names": [None, "a"]}, {"class_names": 5}, {"data_sha256": "\x1b[2J"}, {"data": ["mnist"]}, {"recipe": 5}],
    ids=str,
)
def test_a_record_with_malformed_entries_is_a_sentence(unpacked, entries):
    """Regression test, found by the benchmark: class names of None ended in a TypeError."""
    folder, data, teacher = unpacked
    record = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps(record | entries))
    with pytest.raises(DataError, match="holds no run to resume"):
        Run.resume(folder, data=data, teacher=teacher)


def test_a_record_that_is_no_file_is_not_read(path):
    (path.parent / "run.json").symlink_to("/dev/zero")
    change(path, data={"source": "digits"})
    assert training_source(path, inkling.load(path)) == "digits"


# --- what the metadata hold ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ({"members": 5}, "its entry members must be a list of at least one table, not 5"),
        ({"members": []}, "its entry members must be a list of at least one table"),
        ({"members": {"a": 1}}, "its entry members must be"),
        ({"members": [{"data": 3}]}, r"its entry members\[0\]\.data must be a table, not 3"),
        ({"members": [{}, {"teacher": []}]}, r"its entry members\[1\]\.teacher must be a table"),
        ({"adaptations": "all"}, "its entry adaptations must be a list of at least one table"),
        ({"adaptations": [{"learnt": [1]}]}, r"adaptations\[0\]\.learnt must be a list"),
        ({"adaptations": [{"learnt": [{"recipe": 1}]}]}, r"adaptations\[0\]\.learnt\[0\]\.recipe must be a table"),
        ({"data": "mnist"}, "its entry data must be a table, not 'mnist'"),
        ({"data": {"source": ["x"]}}, r"its entry data\.source must be a text, not \['x'\]"),
        ({"data": {"images": -1}}, r"data\.images must be a whole number of at least 0, not -1"),
        ({"data": {"mnist_test_images": 2.5}}, r"data\.mnist_test_images must be a whole number"),
        ({"data": {"sha256": None}}, r"data\.sha256 must be a text, not None"),
        ({"recipe": []}, r"its entry recipe must be a table, not \[\]"),
        ({"recipe": {"network": "Linear(10)"}}, r"recipe\.network must be a list of texts"),
        ({"recipe": {"seed": True}}, r"recipe\.seed must be a whole number of at least 0, not True"),
        ({"recipe": {"split": 0.1}}, r"recipe\.split must be a text"),
        ({"preprocessing": "\x1b[2J"}, r"preprocessing must be a whole number of at least 0, not '\\x1b\[2J'"),
        ({"metrics": 1}, "metrics must be a table"),
        ({"input_shape": [28, 28, "1"]}, "input_shape must be a list of whole numbers"),
        ({"input_shape": [0, 28, 1]}, "input_shape must be a list of whole numbers of at least 1"),
        ({"network": {"a": 1}}, "network must be a list of texts"),
        ({"class_names": ["A\nB", *"abcdefghi"]}, r"class names are texts that can be printed, not 'A\\nB'"),
        ({"network": None}, "network must be a list of texts"),
    ],
    ids=str,
)
def test_malformed_metadata_are_one_sentence_when_the_file_is_loaded(path, entries, sentence):
    change(path, **entries)
    with pytest.raises(DataError, match=rf"model\.safetensors: not a usable model: .*{sentence}") as caught:
        inkling.load(path)
    assert str(caught.value).isprintable()


def test_metadata_without_any_entry_still_load(path):
    tensors, metadata = load_tensors(path)
    save_tensors(path, tensors, {name: metadata[name] for name in ("format", "network")})
    assert trainings(inkling.load(path).metadata)


def nested(depth, key):
    inner: dict[str, object] = {}
    for _ in range(depth):
        inner = {key: [inner] if key == "members" else inner}
    return inner


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        (nested(40, "members"), "nested at most 32 deep"),
        (nested(40, "teacher"), "nested at most 32 deep"),
        ({"members": [{}] * 1001}, "more than 1,000 trainings"),
        ({"note": json.loads("[" * 150 + "]" * 150)}, "nested more than 100 deep"),
    ],
    ids=["members", "teachers", "many", "lists"],
)
def test_metadata_are_bounded(path, entries, sentence):
    change(path, **entries)
    with pytest.raises(DataError, match=sentence):
        inkling.load(path)


def raw_file(metadata, arrays=()):
    """The bytes of a safetensors file with this text as Inkling's metadata."""
    header = {"__metadata__": {"inkling": metadata}, **dict(arrays)}
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (raw_file("[" * 100_000), "damaged, or not a safetensors file"),
        (raw_file("[" * 900 + "]" * 900), "not one that Inkling wrote"),
        (raw_file('{"a":' + "9" * 5000 + "}"), "damaged, or not a safetensors file"),
        (raw_file("x" * 2**24 + "x"), "16,777,217 characters of metadata, where Inkling writes at most"),
        (
            raw_file("{}", ((str(i), {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}) for i in range(65))),
            "65 arrays and 2 characters",
        ),
        (raw_file("{}", [("a", {"dtype": "F8_E5M2", "shape": [0], "data_offsets": [0, 0]})]), "damaged"),
        ((2**40).to_bytes(8, "little") + b"{}", "damaged, or not a safetensors file"),
    ],
    ids=["deep", "list", "digits", "long", "arrays", "dtype", "header"],
)
def test_a_file_made_by_hand_is_one_sentence(tmp_path, content, sentence):
    (tmp_path / "made").write_bytes(content)
    with pytest.raises(DataError, match=sentence) as caught:
        inkling.load(tmp_path / "made")
    assert len(str(caught.value)) < 400


def test_parameters_of_another_type_are_refused(path):
    tensors, metadata = load_tensors(path)
    for wrong in (np.float64, np.int32, np.bool_):
        save_tensors(path, {**tensors, "parameters": tensors["parameters"].astype(wrong)}, metadata)
        with pytest.raises(DataError, match="it lacks parameters or statistics as float32 numbers"):
            inkling.load(path)


# --- how long it takes, and how much memory --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ({"network": ["Flatten()"] + ["Linear(10)"] * 200_000}, "at most 4,096 layers, not 200,001"),
        ({"network": [f"Residual({'ReLU(), ' * 5000}ReLU())", "Flatten()", "Linear(10)"]}, "at most 4,096 layers"),
        ({"network": ["Residual(" * 30 + "ReLU()" + ")" * 30, "Flatten()", "Linear(10)"]}, "nested at most 24 deep"),
        ({"network": ["ReLU()" + " " * 2**18, "Flatten()", "Linear(10)"]}, "at most 262,144 characters"),
        ({"network": ["Flatten()", "Linear(16777216)", "Linear(10)"]}, "parameters come together, and the bound is"),
        ({"network": ["Conv2d(4, 5, padding=4)"] * 300}, "come together, and the bound is"),
        (
            {"network": ["Conv2d(1, 1024, padding=1023)"]},
            "numbers of scratch come together, and the bound is 67,108,864",
        ),
        (
            {"network": ["Conv2d(32, 3, padding=1)", "Conv2d(512, 15, padding=7)", "Conv2d(32, 15, padding=7)"]},
            "operations per image come together, and the bound is 4,294,967,296",
        ),
        ({"network": ["AvgPool2d(2500, stride=1)"], "input_shape": [5000, 5000, 1]}, "per image come together"),
        ({"input_shape": [10**6, 10**6, 1]}, "an image of .* makes the network too large"),
        ({"network": ["Flatten()", "Linear(9" + "9" * 4000 + ")"]}, "takes no more than 16777216"),
        ({"network": ["Linear(9" + "9" * 5000 + ")"]}, "cannot read"),
    ],
    ids=[
        "layers",
        "inside",
        "nested",
        "characters",
        "parameters",
        "padding",
        "kernel",
        "work",
        "pool",
        "image",
        "int",
        "digits",
    ],
)
def test_what_a_file_asks_for_is_bounded_and_the_bound_is_told(path, entries, sentence):
    change(path, **entries)
    tracemalloc.start()
    start = time.process_time()
    try:
        with pytest.raises(DataError, match=sentence) as caught:
            inkling.load(path)
        assert tracemalloc.get_traced_memory()[1] < 200e6
    finally:
        tracemalloc.stop()
    assert time.process_time() - start < 5
    assert len(str(caught.value)) < 500


def test_a_recipe_is_no_longer_than_anybody_writes(tmp_path):
    (tmp_path / "long.toml").write_text("# " + "x" * 2**20)
    with pytest.raises(UsageError, match=r"long\.toml: a recipe has at most 1,048,576 bytes"):
        load_recipe(tmp_path / "long.toml")


def test_building_takes_time_that_is_linear_in_the_layers():
    """Regression test: each layer took two milliseconds, since annotations were evaluated anew."""
    start = time.process_time()
    Network(Flatten(), *[Linear(10)] * (MOST_LAYERS - 1))
    inkling.nn.read_network(["Flatten()"] + ["Linear(10)"] * (MOST_LAYERS - 1))
    assert time.process_time() - start < 3


def test_many_layers_from_few_objects_are_counted():
    layer = inkling.nn.ReLU()
    for _ in range(20):
        layer = inkling.nn.Sequential(layer, layer)
    with pytest.raises(UsageError, match="at most 4,096 layers"):
        Network(layer, Flatten(), Linear(10))


# --- answers that are no numbers -------------------------------------------------------------------------------------


def test_answers_that_are_not_finite_are_refused_in_a_sentence(path):
    """Finite weights × 1e30: predictions were zeros and nan, without a word."""
    tensors, metadata = load_tensors(path)
    save_tensors(path, {**tensors, "parameters": np.full_like(tensors["parameters"], 1e37)}, metadata)
    model, images = inkling.load(path), np.full((70, 28, 28), 255, np.uint8)
    for ask in (model.predict, model.predict_proba, model.logits, lambda x: model.predict(x, tta=True)):
        with pytest.raises(DataError, match="answers with numbers that are not finite, so its parameters are far too"):
            ask(images)
    drawn = np.full((60, 40), 255, np.uint8)
    drawn[10:50, 18:23] = 0
    with pytest.raises(DataError, match="numbers that are not finite"):
        inkling.read(drawn, model=model)


def test_a_model_of_no_recipe_on_the_same_data_counts_as_trained_on_all(path):
    digits = inkling.load_data("digits")
    change(path, data={"sha256": digits.train.sha256})
    with pytest.raises(DataError, match=r"trained on every row of it: .*inkling train --validation"):
        unseen(inkling.load(path), type(digits)("x", digits.train, None))


def test_a_split_that_cannot_be_read_is_one_sentence(path):
    digits = inkling.load_data("digits")
    change(path, data={"sha256": digits.train.sha256}, recipe={"split": "Splat(5)"})
    with pytest.raises(DataError, match=r"not how they were divided: unknown name 'Splat': did you mean Split\?"):
        unseen(inkling.load(path), type(digits)("x", digits.train, None))


# --- other files in the place of a model -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("photo.jpg", b"\xff\xd8\xff\xe0rest", "this is a picture: the model comes first, then the images"),
        ("digit.png", b"\x89PNG\r\n\x1a\n", "this is a picture"),
        ("train.csv", b"label,pixel0,pixel1\n3,0,0\n", "this is a table: the model comes first"),
        ("tabs.tsv", b"3\t0\t0\n", "this is a table"),
        ("mine.toml", b'# my own\nnetwork = ["Flatten()"]\n', "this is a recipe: inkling train --recipe FILE.toml"),
        ("run.json", b'{"data": "mnist"}', "this is JSON: give a model file, or the folder of a run"),
        ("train.npz", b"PK\x03\x04rest", "this is a zip or an npz file"),
        ("images.gz", b"\x1f\x8b\x08", "this is a gzipped file"),
        ("train.parquet", b"PAR1", "this is a file of images"),
        ("model.pt", b"\x80\x02}q\x00.", "this is a pickle: it may run code and is never read"),
        ("model.safetensors", b"version https://git-lfs.github.com/spec/v1\n", "a git-LFS pointer: run git lfs pull"),
        ("letter.txt", b"Dear model,\nhow are you?\n", "damaged, or not a safetensors file$"),
        ("empty", b"", "empty: an empty file$"),
    ],
)
def test_a_file_that_is_no_model_is_named_for_what_it_is(tmp_path, name, content, sentence):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=sentence):
        inkling.load(tmp_path / name)


def test_what_is_no_file_is_told(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DataError, match="pipe: a file was expected, and this is none"):
        inkling.load(tmp_path / "pipe")


@pytest.mark.parametrize("length", [1152, 19778, 0x04034B50])
def test_a_model_whose_header_begins_like_another_file_loads(path, length):
    """The length of the header stands in the first bytes: 1152 are those of a pickle, 19778 those of a bitmap."""
    content = path.read_bytes()
    header = int.from_bytes(content[:8], "little")
    padded = content[8 : 8 + header].ljust(length if length < 10**6 else header)
    path.write_bytes(len(padded).to_bytes(8, "little") + padded + content[8 + header :])
    assert inkling.load(path).n_classes == 10
