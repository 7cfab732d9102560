"""`inkling read`: numbers on stdout, all else on stderr, and bad pictures keep nobody from reading the others."""

import io
import json
import subprocess
import sys
from unittest.mock import ANY

import numpy as np
import pytest
from PIL import Image

import framed
import inkling
from drawn import levels
from inkling.model import Model
from inkling.nn import Flatten, Linear, Network
from inkling.reading import CONFIDENCE, IN_A_LINE, Plausible
from on_paper import written

USAGE, DATA, INTERRUPTED = 2, 3, 130
RECORD = {"file", "text", "confidence", "digits", "marks", "warnings"}
DIGIT = {"text", "digit", "box", "confidence", "accepted", "not_a_digit", "probabilities", "warnings"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, with pictures of numbers, of nothing, and what is no picture."""
    monkeypatch.chdir(tmp_path)
    written("2358").save("x2.png")
    written("69").save("x10.jpg", quality=90)
    written("85", light=True).save("night.BMP")
    Image.new("L", (60, 40), 255).save("blank.png")
    (tmp_path / "notes.txt").write_text("2358")
    (tmp_path / ".x.png").write_text("hidden")
    (tmp_path / "empty").mkdir()
    return tmp_path


@pytest.fixture
def bad(folder):
    """Among them a text that calls itself a picture."""
    (folder / "bad.png").write_text("2358")
    return folder


def test_one_picture_gives_the_number_alone(call, folder):
    result = call("read", "x2.png")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "2358\n", "")


def test_several_pictures_give_a_line_each_in_the_order_asked_for(call, folder):
    result = call("read", "x10.jpg", "x2.png", "x10.jpg")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "x10.jpg: 69\nx2.png: 2358\nx10.jpg: 69\n"


def test_a_folder_is_its_pictures_in_natural_order(call, folder):
    result = call("read", folder)
    assert result.exit_code == DATA, "one is blank"
    assert result.stdout.replace(f"{folder}/", "") == "blank.png:\nnight.BMP: 85\nx2.png: 2358\nx10.jpg: 69\n"
    assert result.stderr.splitlines() == [
        f"{folder}: left out: 1 not readable as pictures (notes.txt)",
        f"{folder}: 4 pictures",
        f"{folder}/blank.png: nothing drawn",
        f"{folder}/night.BMP: light on dark",
    ]


def test_a_folder_of_one_picture_is_still_a_folder(call, folder):
    """What comes out does not change its form with what is in the folder."""
    (folder / "x2.png").rename(folder / "empty" / "x2.png")
    result = call("read", "empty")
    assert (result.stdout, result.stderr) == ("empty/x2.png: 2358\n", "empty: 1 picture\n")


@pytest.mark.parametrize(("pattern", "names"), [("x*", ["x2.png", "x10.jpg"]), ("**/*2.png", ["x2.png"])])
def test_a_pattern_that_the_shell_left(call, folder, pattern, names):
    result = call("read", pattern)
    numbers = {"x2.png": "2358", "x10.jpg": "69"}
    assert result.exit_code == 0
    assert result.stdout == "".join(f"{name}: {numbers[name]}\n" for name in names)
    assert result.stderr == f"{pattern}: {len(names)} picture{'s' * (len(names) > 1)}\n"


def test_a_file_that_is_called_like_a_pattern(call, folder):
    (folder / "x2.png").rename(folder / "x[2].png")
    assert call("read", "x[2].png").stdout == "2358\n"


def test_standard_input(run, folder):
    with (folder / "x2.png").open("rb") as picture:
        assert run("read", "-", stdin=picture) == (0, "2358\n", "")
    with (folder / "x2.png").open("rb") as picture:
        code, out, err = run("read", "-", "x10.jpg", "--show", "seen", stdin=picture)
    assert (code, out, err) == (0, "standard input: 2358\nx10.jpg: 69\n", "")
    assert sorted(path.name for path in (folder / "seen").iterdir()) == ["stdin.png", "x10.png"]


def test_nothing_on_standard_input(run):
    code, out, err = run("read", "-", stdin=subprocess.DEVNULL)
    assert (code, out) == (DATA, "")
    assert err == "inkling: standard input: a picture was expected, but the file is empty\n"


def test_json_has_a_record_a_picture(call, folder):
    result = call("read", "x2.png", "blank.png", "--json")
    number, nothing = json.loads(result.stdout)
    assert result.exit_code == DATA, "nothing drawn is nothing read"
    assert set(number) == RECORD
    assert [number["file"], number["text"], number["warnings"]] == ["x2.png", "2358", []]
    assert [nothing["text"], nothing["digits"], nothing["warnings"]] == ["", [], ["nothing drawn"]]
    for place, digit in enumerate(number["digits"]):
        assert set(digit) == DIGIT
        assert digit["digit"] == int("2358"[place])
        assert digit["accepted"] is True
        assert np.argmax(digit["probabilities"]) == digit["digit"]
        assert sum(digit["probabilities"]) == pytest.approx(1, abs=1e-3)
        x, y, width, height = digit["box"]  # within the 28×28 that it was written in, whose digit is 20 high
        left = 4 * (6 + 36 * place)
        assert left <= x < x + width <= left + 4 * 28
        assert 24 <= y < y + height <= 24 + 4 * 28
        assert height == pytest.approx(4 * 20, abs=8)


def test_json_of_one_picture_is_a_list_too(call, folder):
    (record,) = json.loads(call("read", "x2.png", "--json").stdout)
    assert record == inkling.read("x2.png").to_dict()


def test_bad_pictures_among_good_ones(call, bad):
    result = call("read", "bad.png", "x2.png", "missing.png", "empty", "*.tiff", "x10.jpg")
    assert result.exit_code == DATA
    assert result.stdout == "x2.png: 2358\nx10.jpg: 69\n"
    assert result.stderr.splitlines() == [
        "inkling: bad.png: a picture was expected, but this is text",
        "inkling: missing.png: cannot be read (No such file or directory)",
        "inkling: empty: pictures were expected in this folder, there are none",
        "inkling: *.tiff: no file has a name like this",
    ]


def test_bad_pictures_have_records(call, bad):
    result = call("read", "bad.png", "x2.png", "empty", "--json")
    first, number, last = json.loads(result.stdout)
    assert result.exit_code == DATA
    assert first == {"file": "bad.png", "error": "a picture was expected, but this is text"}
    assert number["text"] == "2358"
    assert last == {"file": "empty", "error": "pictures were expected in this folder, there are none"}


def test_a_bad_picture_alone(call, bad):
    result = call("read", "bad.png", "--show", "seen.png")
    assert (result.exit_code, result.stdout) == (DATA, "")
    assert result.stderr == "inkling: bad.png: a picture was expected, but this is text\n"
    assert not (bad / "seen.png").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["empty"], USAGE, "empty: pictures were expected in this folder, there are none"),
        (["*.tiff", "empty"], USAGE, "*.tiff: no file has a name like this; empty: pictures were expected"),
        ([""], USAGE, "the name of a picture is empty"),
        (["x2.png", "--single", "--digits", "4"], USAGE, "a single digit was announced, and several"),
        (["x2.png", "--single", "--lines"], USAGE, "a single digit was announced, and several"),
        (["x2.png", "--model", "nowhere"], DATA, "nowhere: no such file"),
        (["x2.png", "--model", "notes.txt"], DATA, "notes.txt: damaged, or not a safetensors file"),
        (["x2.png", "--show", "taken.png"], USAGE, "taken.png exists already: give another name, or --force"),
        (["x2.png", "--show", "no/where.png"], USAGE, "no/where.png: there is no folder no"),
        (["x2.png", "--show", "no/where"], USAGE, "no/where: there is no folder no"),
        (["x2.png", "--show", "note", "--force"], USAGE, "note is a file: give the name of a folder, or one that"),
        (["x2.png", "--show", "seen.jpg"], USAGE, "seen.jpg: the picture is a PNG: give a name that ends in .png"),
        (["x2.png", "x10.jpg", "--show", "seen.png"], USAGE, "seen.png: a file shows one picture, not 2: give the"),
        (["x2.png", "--show", "x2.png", "--force"], USAGE, "x2.png is a picture to read: give another name"),
        (["x2.png", "x10.jpg", "--show", ".", "--force"], USAGE, "x2.png is a picture to read: give another name"),
    ],
)
def test_a_mistake_is_one_sentence(call, folder, arguments, code, sentence):
    for name in ("taken.png", "note"):
        (folder / name).write_text("mine")
    before = {path: path.is_file() and path.read_bytes() for path in folder.rglob("*")}
    result = call("read", *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.startswith(f"inkling: {sentence}")
    assert result.stderr.count("\n") == 1
    assert {path: path.is_file() and path.read_bytes() for path in folder.rglob("*")} == before


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ("", "Missing argument"),
        ("x2.png --digits 0", "Invalid value for '--digits'"),
        ("x2.png --min-confidence 1.5", "--min-confidence takes a fraction from 0 to 1, not 1.5"),
        ("x2.png --min-confidence 70", "--min-confidence takes a fraction from 0 to 1, not 70: did you mean 0.7?"),
        ("x2.png --min-confidence nan", "confidence"),
        ("x2.png --max -1", "--max is a whole number of at least 0, not -1"),
        ("x2.png --max-step 7", "--max-step is the most that a meter has moved since --previous: give --previous, too"),
        ("x2.png --pattern [", "the pattern [ lacks a ]"),
        ("x2.png --min 9 --max 3", "no number is allowed by --min 9, --max 3: change one of them"),
        ("x2.png --min-confidence high", "Invalid value for '--min-confidence'"),
    ],
)
def test_a_wrong_option_is_wrong_usage(call, folder, arguments, complaint):
    result = call("read", *arguments.split())
    assert (result.exit_code, result.stdout) == (USAGE, "")
    assert complaint in result.stderr


def test_the_bar_is_that_of_the_library(call):
    assert f"[default: {CONFIDENCE:g}, or {IN_A_LINE:g} in a line of several]" in " ".join(
        call("read", "--help", COLUMNS="200").stdout.split()
    )


def test_options_reach_the_reader(call, folder, monkeypatch):
    """What they are worth is tested in reading/; here, that none is lost on the way."""
    seen = []
    read = inkling.read
    monkeypatch.setattr("inkling.reading.read", lambda picture, **options: seen.append(options) or read(picture))
    call("read", "x2.png")
    call("read", "x2.png", "--single", "--min-confidence", 0.25, "--model", "tiny")
    call("read", "x2.png", "-n", 4, "--lines")
    call("read", "x2.png", "--pattern", r"\d{4}", "--min", 7, "--max", 3000, "--previous", "0042", "--max-step", 2999)
    plain = {"model": None, "single": False, "digits": None, "lines": False, "min_confidence": None}
    plain |= {"plausible": Plausible()}
    model = seen[1].pop("model")
    assert model.metadata == inkling.load("tiny").metadata
    assert seen[0] == plain
    assert seen[1] == {"single": True, "digits": None, "lines": False, "min_confidence": 0.25, "plausible": Plausible()}
    assert seen[2] == plain | {"digits": 4, "lines": True}
    assert seen[3] == plain | {"plausible": Plausible(r"\d{4}", 7, 3000, "0042", 2999)}


def test_a_model_of_other_classes_or_sizes_is_refused_in_a_sentence(call, folder):
    """Only digits of 28×28 can be found in a picture."""
    rng = np.random.default_rng(0)
    letters, small = Network(Flatten(), Linear(3)), Network(Flatten(), Linear(10), input_shape=(16, 16, 1))
    Model(letters, letters.init(rng), class_names=("A", "B", "Ç")).save("letters.safetensors")
    Model(small, small.init(rng)).save("small.safetensors")
    for name, complaint in (
        ("letters", "read takes a model of the digits 0 to 9, not of 3 classes (A, B, Ç)"),
        ("small", "read takes a model of digits of 28×28 pixels, not of 16×16"),
    ):
        result = call("read", "x2.png", "--model", f"{name}.safetensors")
        assert (result.exit_code, result.stdout, result.stderr) == (USAGE, "", f"inkling: {complaint}\n")


def test_what_is_not_sure_enough_is_a_question_mark(call, folder):
    assert call("read", "x2.png", "--min-confidence", 1).stdout == "????\n"


def test_alternatives_are_printed_below_the_number(call, folder):
    number, *others = call("read", "x2.png", "--alternatives", 3).stdout.splitlines()
    assert number == "2358"
    found = [line.split() for line in others]
    assert found[0][0] == "2358"
    assert all(line.startswith("  ") for line in others)
    probabilities = [float(probability) for _, probability in found]
    assert probabilities == sorted(probabilities, reverse=True)
    assert 1 < len(found) <= 3
    written("85", "263").save("page.png")
    lines = call("read", "page.png", "--lines", "--alternatives", 1).stdout.splitlines()
    assert [line.split()[0:2] for line in lines[2:]] == [["line", "1"], ["85", ANY], ["line", "2"], ["263", ANY]]
    (record,) = json.loads(call("read", "x2.png", "--alternatives", 2, "--json").stdout)
    assert [len(line) for line in record["alternatives"]] == [2]
    assert record["alternatives"][0][0] == {"text": "2358", "probability": record["confidence"]}
    refused = call("read", "x2.png", "--template", "form.toml", "--alternatives", 2)
    assert (refused.exit_code, refused.stderr) == (
        USAGE,
        "inkling: --alternatives is not for a template: leave out one of them\n",
    )


def test_what_cannot_be_is_refused_with_a_reason(call, folder):
    result = call("read", "x2.png", "--max", 1000)
    assert (result.exit_code, result.stdout) == (0, "????\n")
    assert result.stderr == "x2.png: 2358 is above the maximum 1000\n"


def test_lines(call, folder):
    written("85", "263", "9").save("page.png")
    assert call("read", "page.png", "--lines").stdout == "85\n263\n9\n"
    assert call("read", "page.png", "x2.png", "--lines").stdout == "page.png: 85 263 9\nx2.png: 2358\n"


def test_several_lines_and_another_count_are_warned_of_beside_the_number(call, folder):
    written("85", "263", "9").save("page.png")
    page, number = call("read", "page.png"), call("read", "x2.png", "--digits", 5)
    assert (page.exit_code, page.stdout) == (0, "85\n263\n9\n")
    assert page.stderr == "page.png: 3 lines, each read by itself\n"
    assert (number.exit_code, number.stdout, number.stderr) == (0, "2358\n", "x2.png: 4 digits, 5 expected\n")


def test_marks_and_signs_are_told_on_stderr_and_in_the_record(call, folder):
    ink = framed.with_sign([0, 40], framed.dot(), [80])
    Image.fromarray(np.uint8(levels(framed.with_sign([0], framed.slash(), [40], -6)))).save("slash.png")
    Image.fromarray(np.uint8(levels(ink))).save("dot.png")
    result = call("read", "dot.png", "slash.png")
    assert result.exit_code == 0
    assert result.stderr == "dot.png: left out: a dot\nslash.png: a slash\n"
    dot, slash = json.loads(call("read", "dot.png", "slash.png", "--json").stdout)
    assert [(mark["kind"], mark["line"], mark["after"]) for mark in dot["marks"]] == [("dot", 0, 2)]
    assert (dot["warnings"], slash["warnings"], slash["marks"]) == (["left out: a dot"], ["a slash"], [])
    assert [digit["text"] for digit in slash["digits"]][1] == "?"


def test_what_was_not_read_as_a_whole_ends_with_the_code_of_bad_data(call, folder):
    """Numbers were found among thousands of specks, and the exit code was 0."""
    rng = np.random.default_rng(0)
    specks = np.full((600, 600), 255, np.uint8)
    for y, x in rng.integers(5, 590, (3000, 2)):
        specks[y : y + 4, x : x + 3] = 0
    Image.fromarray(specks).save("specks.png")
    written("8", "2").save("column.png")
    noise, column = call("read", "specks.png"), call("read", "column.png")
    assert noise.exit_code == column.exit_code == DATA
    assert "much ink: only the 500 largest components were looked at" in noise.stderr
    assert column.stderr.startswith("column.png: several lines, read as one: --lines reads each")


def test_show_draws_one_picture(call, folder):
    assert call("read", "x2.png", "--show", "seen.png").exit_code == 0
    drawn = (folder / "seen.png").read_bytes()
    with Image.open(io.BytesIO(drawn)) as picture:
        assert picture.format == "PNG"
        picture.load()
    again = call("read", "x10.jpg", "--show", "seen.png")
    assert again.exit_code == USAGE
    assert (folder / "seen.png").read_bytes() == drawn
    assert call("read", "x10.jpg", "--show", "seen.png", "--force").stdout == "69\n"
    assert (folder / "seen.png").read_bytes() != drawn


def test_show_draws_several_pictures_each_under_a_name_of_its_own(call, bad):
    (bad / "other").mkdir()
    for name in ("x2.png", "X2.gif"):
        written("69").save(bad / "other" / name)
    result = call("read", "x2.png", "other", "bad.png", "x2.png", "--show", "seen")
    assert result.exit_code == DATA
    assert result.stdout == "x2.png: 2358\nother/X2.gif: 69\nother/x2.png: 69\nx2.png: 2358\n"
    assert sorted(path.name for path in (bad / "seen").iterdir()) == ["X2-2.png", "x2-3.png", "x2.png"]
    assert (bad / "seen" / "x2.png").read_bytes() != (bad / "seen" / "x2-3.png").read_bytes()


def test_show_takes_a_folder_for_one_picture_and_refuses_before_it_reads(call, folder):
    assert call("read", "x2.png", "--show", "empty").stdout == "2358\n"
    result = call("read", "x10.jpg", "x2.png", "--show", "empty")
    assert (result.exit_code, result.stdout) == (USAGE, "")
    assert result.stderr == "inkling: empty/x2.png exists already: give another name, or --force to replace it\n"


def test_ctrl_c(call, folder, monkeypatch):
    def interrupted(picture, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("inkling.reading.read", interrupted)
    result = call("read", "x2.png")
    assert (result.exit_code, result.stdout, result.stderr) == (INTERRUPTED, "", "inkling: interrupted\n")


@pytest.mark.parametrize("count", [20, 21])
def test_a_terminal_shows_how_far_many_pictures_are(on_a_terminal, tmp_path, count):
    for number in range(count):
        Image.new("L", (8, 8), 255).save(tmp_path / f"{number}.png")
    shown = on_a_terminal("read", ".", code=DATA).replace("\r\n", "\n")
    head, *lines = shown.split("\n")
    assert head == f".: {count} pictures"
    live = [f"\r\x1b[K{done}/21\r\x1b[K" if count == 21 else "" for done in range(count)]
    assert lines == [f"{line}{number}.png: nothing drawn" for number, line in enumerate(live)] + [""]


def test_a_cold_start_imports_nothing_that_is_not_needed(run, folder):
    program = "import sys; sys.argv[1:] = ['read', 'x2.png']\n"
    program += "from inkling.cli.__main__ import main\ntry: main()\n"
    program += "finally: print(*(name.split('.')[0] for name in sys.modules))"
    code, out, _ = run(program=("-c", program))
    number, modules = out.splitlines()
    assert (code, number) == (0, "2358")
    assert {"inkling", "numpy", "PIL"} <= set(modules.split())
    assert not set(modules.split()) & {
        "rich",
        "pydantic",
        "scipy",
        "matplotlib",
        "jinja2",
        "pooch",
        "platformdirs",
        "pyarrow",
    }


def test_inkling_itself_reads_and_imports_nothing_before():
    program = "import sys, inkling; assert 'numpy' not in sys.modules; print(inkling.read, inkling.Reading)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.startswith("<function read at ")
    assert done.stdout.endswith("<class 'inkling.reading.result.Reading'>\n")
