"""What loading data or a picture had to say reaches stderr in every verb, and JSON stays JSON."""

import io
import json
import os
import time

import numpy as np
import pytest
from PIL import Image

from inkling.adaptation import read_handwriting
from inkling.data import load
from inkling.errors import DataError, InklingWarning
from inkling.sheet import draw_page, read_sheet


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """Pictures of digits of which one has three frames, and files that are no pictures."""
    folder = tmp_path_factory.mktemp("odd")
    digits = load("digits").train
    for place, (image, label) in enumerate(zip(digits.images[:60], digits.labels[:60], strict=True)):
        (folder / str(label)).mkdir(exist_ok=True)
        Image.fromarray(image).save(folder / str(label) / f"{place}.png")
    frames = [Image.fromarray(image) for image in digits.images[:3]]
    frames[0].save(folder / str(digits.labels[0]) / "film.gif", save_all=True, append_images=frames[1:])
    (folder / "3" / "phone.heic").write_bytes(b"\0\0\0\x18ftypheic")
    (folder / "3" / "gone.png").symlink_to("nowhere.png")
    return folder


FRAMES = "film.gif in {}: first of 3 frames"
LEFT_OUT = "left out: 1 not readable as pictures (1 .heic), such as 3/phone.heic"
BROKEN = "left out: 1 unreadable (3/gone.png (a broken link))"


def check(stderr, folder):
    for note in (FRAMES.format(folder), LEFT_OUT, BROKEN):
        assert note in stderr


VERBS = [
    ("data", "show", "{data}", "-o", "{out}/grid.png"),
    ("evaluate", "tiny", "--data", "{data}"),
    ("evaluate", "tiny", "--data", "{data}", "--json"),
    ("predict", "tiny", "{data}"),
    ("predict", "tiny", "{data}", "-o", "{out}/p.csv"),
]


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_every_verb_tells_the_notes_of_its_data(call, odd, tmp_path, verb):
    result = call(*(word.format(data=odd, out=tmp_path) for word in verb))
    assert result.exit_code == 0
    check(result.stderr, odd)
    if "--json" in verb:
        json.loads(result.stdout)


def test_data_info_has_them_among_its_results(call, odd):
    check(call("data", "info", odd).stdout, odd)
    check("\n".join(json.loads(call("data", "info", odd, "--json").stdout)["notes"]), odd)


def test_train_tells_them(call, odd, recipe_file, tmp_path, no_pictures):
    result = call("train", "-r", recipe_file, "--data", odd, "--epochs", 1, "-o", tmp_path / "run")
    assert result.exit_code == 0
    check(result.stderr, odd)


def test_train_tells_those_of_the_images_to_test_on(call, odd, recipe_file, tmp_path, no_pictures):
    result = call(
        "train",
        "-r",
        recipe_file,
        "--data",
        "digits",
        "--test",
        odd,
        "--epochs",
        1,
        "-o",
        tmp_path / "run",
        "--allow-overlap",
    )
    check(result.stderr, odd)


def test_handwriting_to_adapt_to_tells_them(odd):
    told = []
    assert len(read_handwriting([odd], told.append)) == 61
    check("\n".join(told), odd)


def test_load_data_has_them(odd):
    import inkling

    check("\n".join(inkling.load_data(odd).notes), odd)


def test_many_pictures_with_frames_are_one_note(tmp_path):
    frames = [Image.fromarray(image) for image in load("digits").train.images[:2]]
    for ending in ("gif", "tiff"):
        for place in range(3):
            (tmp_path / "7").mkdir(exist_ok=True)
            frames[0].save(tmp_path / "7" / f"{place}.{ending}", save_all=True, append_images=frames[1:])
    notes = [note for note in load(tmp_path).notes if "more than one frame" in note]
    assert len(notes) == 1
    assert notes[0].startswith("6 pictures have more than one frame, of which the first is taken (7/0.gif in ")


def test_a_sheet_of_several_pages_tells_that_one_is_read(tmp_path, call):
    page = Image.open(io.BytesIO(draw_page("a4", "PNG"))).convert("L")
    page.save(tmp_path / "scan.tiff", save_all=True, append_images=[page])
    said = pytest.warns(InklingWarning, match=r"scan\.tiff: first of 2 frames; give each page as its own picture")
    with said, pytest.raises(DataError, match="without a single digit"):
        read_sheet(tmp_path / "scan.tiff")
    result = call("sheet", "read", tmp_path / "scan.tiff", "-o", tmp_path / "out")
    assert "inkling: " + str(tmp_path / "scan.tiff") + ": first of 2 frames" in result.stderr


def test_a_folder_to_read_counts_and_names_what_is_left_out(call, odd):
    folder = odd / "3"
    result = call("read", folder)
    assert f"{folder}: left out: 2 not readable as pictures (gone.png, phone.heic)" in result.stderr


def test_a_folder_of_folders_suggests_the_pattern_for_them(call, odd, tmp_path):
    result = call("read", odd)
    pattern = odd / "**"
    assert result.exit_code == 2
    assert f"pictures were expected in this folder, there are none; '{pattern}' stands for those in all folders" in (
        result.stderr
    )
    assert "61 pictures" in call("read", pattern).stderr  # the remedy


def test_what_has_no_ending_is_looked_into(call, tmp_path):
    (tmp_path / "scan").write_bytes(picture())
    (tmp_path / "SCAN.JFIF").write_bytes(picture("JPEG"))
    (tmp_path / "notes").write_text("hello")
    result = call("read", tmp_path)
    assert "2 pictures" in result.stderr
    assert "left out: 1 not readable as pictures (notes)" in result.stderr


def picture(form="PNG"):
    """A digit of the embedded ones, four times as large."""
    out = io.BytesIO()
    Image.fromarray(np.kron(load("digits").train.images[0], np.ones((4, 4), np.uint8))).save(out, form)
    return out.getvalue()


def test_a_named_pipe_keeps_nobody_waiting(run, tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    os.mkfifo(tmp_path / "x.csv")
    start = time.monotonic()
    for words in (["read", "pipe.png"], ["data", "info", "x.csv"], ["predict", "tiny", "x.csv"]):
        code, _, err = run(*words)
        assert code == 3
        assert "expected, but this is a named pipe; write " in err
    assert time.monotonic() - start < 30


@pytest.mark.parametrize(
    "words",
    [
        *(["read"], ["data", "info"], ["predict", "tiny"], ["evaluate", "tiny", "--data"]),
        *(["evaluate"], ["train", "--from"]),  # in the place of a model
    ],
)
def test_addresses_are_not_fetched(call, words):
    result = call(*words, "https://example.org/digits.zip?raw=1")
    assert result.exit_code == 3
    assert "addresses are not fetched; download it first" in result.stderr
    assert result.stderr.count("example.org") == 1


def test_a_newline_in_a_name_fakes_no_row(call, tmp_path):
    (tmp_path / "a\n7.png: 9\x1b[2J.png").write_bytes(b"no picture")
    (tmp_path / "b.png").write_bytes(picture())
    result = call("read", tmp_path)
    assert len(result.stdout.splitlines()) == 1
    assert r"a\n7.png: 9\x1b[2J.png: a picture was expected" in result.stderr
    assert "\x1b" not in result.stderr


@pytest.mark.parametrize("output", [False, True])
def test_predict_warns_of_images_that_the_model_learnt_from(call, monkeypatch, tmp_path, output):
    monkeypatch.setattr("inkling.provenance.count_mnist_training_images", len)
    result = call("predict", "tiny", "digits", *(["-o", tmp_path / "p.csv"] if output else []))
    assert result.exit_code == 0
    assert (
        "inkling: tiny: at least 360 of these 360 images are in MNIST's training set, which the model learnt from: new "
        "images may be read less well"
    ) in result.stderr
