"""`inkling read --template` and `inkling template new`: a row per picture, and one sentence per mistake."""

import csv
import io
import json

import numpy as np
import pytest
from PIL import Image

import inkling
from inkling.reading.forms import load_template
from on_paper import written

USAGE, DATA = 2, 3
SIZE = (900, 500)
TEMPLATE = r"""
size = [900, 500]

[fields.meter]
box = [50, 40, 400, 180]
digits = 4
pattern = '\d{4}'

[fields."day, month"]
box = [550, 50, 250, 150]
max = 84
"""
HEADER = ["file", "meter", "day, month", "meter_confidence", "day, month_confidence", "warnings"]


def filled_in(meter, day):
    paper = 225 + np.random.default_rng(0).normal(0, 3, SIZE[::-1])
    page = Image.fromarray(np.uint8(paper.clip(0, 255)))
    for number, place in ((meter, (60, 50)), (day, (560, 60))):
        if number:
            page.paste(written(number, times=2), place)
    return page


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, with a template and filled-in forms."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "form.toml").write_text(TEMPLATE)
    (tmp_path / "forms").mkdir()
    filled_in("2358", "69").save("forms/a2.png")
    filled_in("8632", "85").save("forms/a10.png")
    filled_in("", "").save("blank.png")
    return tmp_path


def rows(result):
    return list(csv.reader(io.StringIO(result.stdout)))


def test_a_folder_becomes_a_table_with_a_row_per_picture(call, folder):
    result = call("read", "--template", "form.toml", "forms")
    header, first, second = rows(result)
    assert result.exit_code == 0
    assert header == HEADER
    assert first[:3] == ["forms/a2.png", "2358", "69"]
    assert first[5] == ""
    assert second[:3] == ["forms/a10.png", "8632", "??"]
    assert second[5] == "day, month: 85 is above the maximum 84"
    assert all(0.1 < float(cell) <= 1 for row in (first, second) for cell in row[3:5])
    assert result.stderr.splitlines() == [
        "forms: 2 pictures",
        "forms/a10.png: day, month: 85 is above the maximum 84",
    ]


def test_json_has_a_record_per_picture(call, folder):
    result = call("read", "--template", "form.toml", "forms/a2.png", "missing.png", "--json")
    record, failure = json.loads(result.stdout)
    assert result.exit_code == DATA
    assert record == inkling.read_form("forms/a2.png", "form.toml").to_dict()
    assert record["fields"]["meter"]["text"] == "2358"
    assert failure == {"file": "missing.png", "error": "cannot be read (No such file or directory)"}


def test_a_bad_picture_keeps_nobody_from_reading_the_next(call, folder):
    (folder / "bad.png").write_text("2358")
    filled_in("2358", "69").resize((900, 700)).save("high.png")
    result = call("read", "--template", "form.toml", "bad.png", "high.png", "empty*", "forms/a2.png")
    _, bad, high, pattern, good = rows(result)
    assert result.exit_code == DATA
    assert bad == ["bad.png", "", "", "", "", "error: a picture was expected, but this is text"]
    assert high[:5] == ["high.png", "", "", "", ""]
    assert high[5].startswith("error: a picture in the shape of the template's was expected")
    assert pattern[::5] == ["empty*", "error: no file has a name like this"]
    assert good[:3] == ["forms/a2.png", "2358", "69"]
    assert result.stderr.count("inkling: ") == 3


def test_a_form_without_any_digit_ends_with_the_code_of_bad_data(call, folder):
    filled_in("2358", "").save("half.png")
    blank, half = (call("read", "--template", "form.toml", name) for name in ("blank.png", "half.png"))
    assert (blank.exit_code, half.exit_code) == (DATA, 0)
    assert rows(blank)[1] == ["blank.png", "", "", "", "", "meter: nothing drawn; day, month: nothing drawn"]
    assert rows(half)[1][:3] == ["half.png", "2358", ""]
    assert rows(half)[1][4:] == ["", "day, month: nothing drawn"]


def test_a_form_on_standard_input_is_read_and_drawn(run, folder):
    with (folder / "forms" / "a2.png").open("rb") as picture:
        code, out, err = run("read", "--template", "form.toml", "-", "--show", "seen.png", stdin=picture)
    assert (code, err) == (0, "")
    assert out.splitlines()[1].startswith("standard input,2358,69,")
    with Image.open("seen.png") as drawing:
        assert drawing.width > 900


def test_drawings_of_several_forms_go_to_a_folder(call, folder):
    assert call("read", "--template", "form.toml", "forms", "--show", "seen").exit_code == 0
    assert sorted(path.name for path in (folder / "seen").iterdir()) == ["a10.png", "a2.png"]
    again = call("read", "--template", "form.toml", "forms", "--show", "seen")
    assert (again.exit_code, again.stdout) == (USAGE, "")
    assert "exists already" in again.stderr


def test_the_model_reads_the_fields(call, folder):
    (folder / "one.toml").write_text("size = [900, 500]\n[fields.one]\nbox = [550, 50, 130, 150]\nsingle = true\n")
    seen = {}
    for model in ("reader", "tiny"):
        result = call("read", "--template", "one.toml", "forms/a2.png", "--model", model, "--json")
        (digit,) = json.loads(result.stdout)[0]["fields"]["one"]["digits"]
        seen[model] = digit["confidence"]
    assert digit["not_a_digit"] == 0.0  # tiny does not know non-digits
    assert seen["reader"] != seen["tiny"]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        ("--template nowhere.toml", USAGE, "nowhere.toml: no such template file"),
        ("--template forms/a2.png", USAGE, "forms/a2.png: not a TOML file: it is no text in UTF-8 or UTF-16"),
        ("--template wrong.toml", USAGE, "wrong.toml: field a: unknown key boxx: did you mean box?"),
        ("--template form.toml --single", USAGE, "--single is not for a template: write single below the fields"),
        ("--template form.toml -n 3", USAGE, "--digits is not for a template: write digits below the fields"),
        ("--template form.toml --lines", USAGE, "--lines is not for a template: write lines below the fields"),
        ("--template form.toml --min-confidence 0", USAGE, "--min-confidence is not for a template: write min_conf"),
        ("--template form.toml --model nowhere", DATA, "nowhere: no such file"),
        ("--template form.toml --show no/where.png", USAGE, "no/where.png: there is no folder no"),
    ],
)
def test_a_mistake_is_one_sentence(call, folder, arguments, code, sentence):
    (folder / "wrong.toml").write_text("[fields.a]\nboxx = [0, 0, 1, 1]")
    result = call("read", "blank.png", *arguments.split())
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.startswith(f"inkling: {sentence}")
    assert result.stderr.count("\n") == 1


def test_a_photo_on_standard_input_becomes_a_template(run, folder):
    with (folder / "forms" / "a2.png").open("rb") as picture:
        code, out, err = run("template", "new", "-", "-o", "mine.toml", stdin=picture)
    assert (code, err) == (0, "")
    assert out.startswith("A template of 2 fields: mine.toml\n")
    assert (folder / "mine.toml").read_text().startswith("# A template for pictures that look like standard input.\n")
    with (folder / "form.toml").open("rb") as text:
        code, out, err = run("template", "new", "-", "-o", "other.toml", stdin=text)
    assert (code, out) == (DATA, "")
    assert err.startswith("inkling: standard input: a picture was expected")


@pytest.mark.parametrize("left", [96, 100, 104, 108])
def test_a_digit_that_a_box_cuts_ends_with_the_code_of_bad_data(call, folder, left):
    (folder / "cut.toml").write_text(f"size = [900, 500]\n[fields.meter]\nbox = [{left}, 40, {450 - left}, 180]")
    result = call("read", "--template", "cut.toml", "forms/a2.png")
    assert result.exit_code == DATA
    assert "meter: ink crosses the border of the field" in rows(result)[1][3]


def test_a_new_template_reads_the_photo_that_it_was_made_of(call, folder):
    result = call("template", "new", "forms/a2.png", "-o", "mine.toml", "--picture")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "A template of 2 fields: mine.toml, drawn in mine.png\n"
        "Next: edit it, then inkling read --template mine.toml PICTURES\n"
    )
    assert load_template("mine.toml").size == SIZE
    with Image.open("mine.png") as drawing:
        assert drawing.width > 900
    header, row, other = rows(call("read", "--template", "mine.toml", "forms"))
    assert header[:3] == ["file", "field-1", "field-2"]
    assert (row[1:3], other[1:3]) == (["2358", "69"], ["8632", "85"])


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        ("forms/a2.png", USAGE, "form.toml exists already: give another name, or --force to replace it"),
        ("forms/a2.png -o x.json", USAGE, "x.json: the name of a template ends in .toml: give such a name"),
        ("forms/a2.png -o no/x.toml", USAGE, "no/x.toml: there is no folder no"),
        ("blank.png -o blank.toml --picture --force", USAGE, "blank.png is read by this command, and not replaced"),
        ("blank.png -o x.toml", DATA, "blank.png: numbers to make fields of were expected, and none were found"),
        ("missing.png -o x.toml", DATA, "missing.png: cannot be read (No such file or directory)"),
        ("forms -o x.toml", DATA, "forms: a picture was expected, but this is a folder"),
    ],
)
def test_a_mistake_with_a_new_template_is_one_sentence(call, folder, arguments, code, sentence):
    before = sorted(folder.rglob("*"))
    result = call("template", "new", *arguments.split())
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.startswith(f"inkling: {sentence}")
    assert result.stderr.count("\n") == 1
    assert sorted(folder.rglob("*")) == before
    assert (folder / "form.toml").read_text() == TEMPLATE
