"""Templates: what a file may say, and one sentence, which names file and field, where it cannot work."""

import re

import pytest

from inkling.errors import UsageError
from inkling.reading import Plausible
from inkling.reading.forms import Field, Proposal, Template, load_template, template_text
from inkling.reading.forms.boxes import place
from needs import ROOT, needs_source

WHOLE = r"""
size = [3000, 4000]

[fields.meter]
box = [120, 400, 900, 200]  # pixels
digits = 5
pattern = '\d{5}'
min = 10
max = 99999
previous = "00042"
max_step = 500

[fields."day of the month"]
box = [0, 0.5, 1, 0.25]
lines = true
min_confidence = 0.5

[fields.tick]
box = [0.1, 0.1, 0.1, 0.1]
single = true
"""


@pytest.fixture
def write(tmp_path):
    def to_file(text, encoding="utf-8"):
        path = tmp_path / "form.toml"
        path.write_text(text, encoding=encoding)
        return path

    return to_file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_says_all_that_a_template_has(write, encoding):
    template = load_template(write(WHOLE, encoding))
    limits = Plausible(r"\d{5}", 10, 99999, previous="00042", max_step=500)
    assert template == Template(
        {
            "meter": Field((120, 400, 900, 200), digits=5, plausible=limits),
            "day of the month": Field((0, 0.5, 1, 0.25), lines=True, min_confidence=0.5),
            "tick": Field((0.1, 0.1, 0.1, 0.1), single=True),
        },
        (3000, 4000),
    )
    assert list(template.fields) == ["meter", "day of the month", "tick"]


BOX = "[fields.a]\nbox = [0.1, 0.2, 0.3, 0.4]\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "a template has at least one field: write [fields.NAME] and its box"),
        ("fields = 5", "fields are tables: write [fields.NAME] above the keys of each"),
        ("[fields]\na = [0, 0, 1, 1]", "fields are tables: write [fields.NAME]"),
        ("[field.a]", "unknown key field: a template has size, and [fields.NAME] per field"),
        ("[fields.a", "not a TOML file: "),
        (BOX + BOX, "not a TOML file: Cannot declare ('fields', 'a') twice (at line 3"),
        ("[fields.a]\ndigits = 5", "field a: box is missing: give left, top, width and height"),
        (BOX + "digit = 5", "field a: unknown key digit: did you mean digits?"),
        (
            BOX + "colour = 5",
            "field a: unknown key colour: known are box, single, digits, lines, min_confidence, pattern",
        ),
        (BOX + "digits = 0", "field a: digits is the number of digits per line, at least 1, not 0"),
        (BOX + "digits = 2.5", "field a: digits is the number of digits per line, a whole number, not 2.5"),
        (BOX + "single = 1", "field a: single is True or False, not 1"),
        (BOX + "single = true\nlines = true", "field a: a single digit was announced, and several"),
        (BOX + "min_confidence = 70", "field a: min_confidence is a probability, 0 to 1, not 70: did you mean 0.7?"),
        (BOX + "pattern = '[a-z]'", "field a: the pattern [a-z] has 'a' in a class"),
        (BOX + "min = -1", "field a: min is a whole number of at least 0, not -1"),
        (BOX + "max = 0.5", "field a: max is a whole number of at least 0, not 0.5"),
        (BOX + "min = 5\nmax = 4", "field a: no number is allowed by min 5, max 4"),
        (BOX + "max_step = 4", "field a: max_step is the most that a meter has moved since previous: give previous"),
        ("[fields.a]\nbox = 5", "field a: box is left, top, width and height, as shares of the picture from 0 to 1 or"),
        ("[fields.a]\nbox = [0, 0, 1]", "in whole pixels, not [0, 0, 1]"),
        ("[fields.a]\nbox = [0, 0, 1, '1']", "in whole pixels, not [0, 0, 1, 1]"),
        ("[fields.a]\nbox = [0, 0, 1, nan]", "in whole pixels, not [0, 0, 1, nan]"),
        (f"[fields.a]\nbox = [{'9' * 400}, 0, 1, 1]", f"in whole pixels, not [{'9' * 58}…"),
        (
            f"size = [{'9' * 400}, 5]\n" + BOX,
            "size is the width and height in pixels of the picture that was measured, not [9",
        ),
        ("[fields.a]\nbox = [0, 0, 1, true]", "in whole pixels, not [0, 0, 1, True]"),
        ("[fields.a]\nbox = [0.1, 0.1, 0, 0.5]", "field a: box [0.1, 0.1, 0, 0.5] is empty: its width and height"),
        (
            "[fields.a]\nbox = [0.5, 0, 0.6, 1]",
            "box [0.5, 0, 0.6, 1] leaves the picture, whose width and height are 1 and",
        ),
        ("[fields.a]\nbox = [-0.1, 0, 0.6, 1]", "box [-0.1, 0, 0.6, 1] leaves the picture"),
        (
            "[fields.a]\nbox = [10, 10, 50, 50]",
            "box [10, 10, 50, 50] is in pixels: write size = [WIDTH, HEIGHT] at the",
        ),
        (
            "size = [90, 90]\n[fields.a]\nbox = [10, 50, 50, 50]",
            "leaves the picture, whose width and height are 90 and 90",
        ),
        (
            "size = [90, 90]\n[fields.a]\nbox = [0.5, 10, 5, 5]",
            "box [0.5, 10, 5, 5] is neither in shares nor in pixels",
        ),
        ("size = 90\n" + BOX, "size is the width and height in pixels of the picture that was measured, not 90"),
        ("size = [90]\n" + BOX, "that was measured, not [90]"),
        ("size = [90, 0]\n" + BOX, "that was measured, not [90, 0]"),
        ("size = [90, 0.5]\n" + BOX, "that was measured, not [90, 0.5]"),
        (BOX.replace("a]", "file]"), "field file: a table has a column of this name already: give another name"),
        (BOX + BOX.replace(".a]", ".a_confidence]"), "field a_confidence: a table has a column of this name already"),
        (
            BOX.replace("a]", '" a"]'),
            "the name of a field has 1 to 60 characters, none of them a line end, and no blank",
        ),
        (BOX.replace("a]", r'"a\nb"]'), "the name of a field has 1 to 60 characters"),
        (BOX.replace("a]", '""]'), "the name of a field has 1 to 60 characters"),
    ],
)
def test_a_mistake_is_one_sentence_that_names_the_file(write, text, sentence):
    path = write(text)
    with pytest.raises(UsageError) as caught:
        load_template(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@needs_source("the template that docs/forms.md shows is one")
def test_the_template_of_the_page_is_one(write):
    text = (ROOT / "docs" / "forms.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```toml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    fields = load_template(write(shown)).fields
    assert fields["meter"].plausible == Plausible(r"\d{5}", maximum=20000)
    assert fields["day"].digits == 2


def test_a_file_that_is_missing_huge_or_no_text(tmp_path):
    with pytest.raises(UsageError, match=r"nowhere\.toml: no such template file"):
        load_template(tmp_path / "nowhere.toml")
    (tmp_path / "huge.toml").write_bytes(b"#" * (2**20 + 1))
    with pytest.raises(UsageError, match=r"a template has at most 1,048,576 bytes, this file has more"):
        load_template(tmp_path / "huge.toml")
    (tmp_path / "noise.toml").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(UsageError, match=r"not a TOML file: it is no text in UTF-8 or UTF-16"):
        load_template(tmp_path / "noise.toml")


@pytest.mark.parametrize(
    ("box", "size", "picture", "placed"),
    [
        ((0, 0, 1, 1), None, (300, 200), (0, 0, 300, 200)),
        ((0.5, 0.25, 0.5, 0.75), None, (300, 200), (150, 50, 150, 150)),
        ((0.1, 0.1, 0.3, 0.3), None, (10, 10), (1, 1, 3, 3)),
        ((0.999, 0.999, 0.001, 0.001), None, (10, 10), (9, 9, 1, 1)),
        ((1 / 3, 0, 1 / 3, 1), None, (100, 10), (33, 0, 34, 10)),
        ((30, 20, 100, 50), (300, 200), (300, 200), (30, 20, 100, 50)),
        ((30, 20, 100, 50), (300, 200), (600, 400), (60, 40, 200, 100)),
        ((30, 20, 270, 180), (300, 200), (150, 99), (15, 9, 135, 90)),
    ],
)
def test_a_box_has_every_pixel_that_it_touches_and_none_outside(box, size, picture, placed):
    assert place(box, size, picture) == placed


def test_a_new_template_keeps_every_pixel_of_a_proposal(write):
    proposals = [
        Proposal((0, 0, 1, 1), "1"),
        Proposal((1333, 977, 4000 - 1333, 3001 - 977), "0?2"),
        Proposal((7, 9, 13, 3), "7"),
    ]
    template = load_template(write(template_text(proposals, "a\nb.jpg", (4000, 3001))))
    assert template.size == (4000, 3001)
    for field, proposal in zip(template.fields.values(), proposals, strict=True):
        x, y, width, height = place(field.box, template.size, template.size)
        left, top, across, down = proposal.box
        assert x <= left <= x + 1
        assert y <= top <= y + 1
        assert 0 <= x + width - (left + across) <= 1
        assert 0 <= y + height - (top + down) <= 1


TWO = [Proposal((10, 10, 40, 20), "0123"), Proposal((10, 60, 40, 20), "7")]


def uncommented(text, *keys):
    """The text of a template without the # in front of the first line of each of these keys."""
    for key in keys:
        assert f"\n# {key} = " in text
        text = text.replace(f"\n# {key} = ", f"\n{key} = ", 1)
    return text


@pytest.mark.parametrize(
    ("keys", "known"),
    [
        (["digits"], {"digits": 4}),
        (["single"], {"single": True}),
        (["lines"], {"lines": True}),
        (["min_confidence"], {"min_confidence": 0.5}),
        (["pattern"], {"plausible": Plausible(r"\d{4}")}),
        (["min"], {"plausible": Plausible(minimum=0)}),
        (["max"], {"plausible": Plausible(maximum=9999)}),
        (["previous", "max_step"], {"plausible": Plausible(previous="0000", max_step=500)}),
        (
            ["digits", "lines", "min_confidence", "pattern", "min", "max", "previous", "max_step"],
            {
                "digits": 4,
                "lines": True,
                "min_confidence": 0.5,
                "plausible": Plausible(r"\d{4}", 0, 9999, previous="0000", max_step=500),
            },
        ),
    ],
)
def test_a_key_that_a_new_template_shows_is_one_of_the_field_above(write, keys, known):
    text = template_text(TWO, "x.png", (100, 100))
    first, second = load_template(write(uncommented(text, *keys))).fields.values()
    assert first == Field(first.box, **known)
    assert second == Field(second.box)


def test_a_key_is_copied_below_another_field(write):
    text = template_text(TWO, "x.png", (100, 100))
    (line,) = [line.removeprefix("# ") for line in text.splitlines() if line.startswith("# min_confidence = ")]
    copied = re.sub(r"(\[fields\.field-2\].*\n)", rf"\1{line}\n", text)
    assert [field.min_confidence for field in load_template(write(copied)).fields.values()] == [None, 0.5]


@pytest.mark.parametrize("length", [1, 25])
def test_keys_for_a_text_of_any_length(write, length):
    text = template_text([Proposal((0, 0, 100, 10), "?" * length)], "x.png", (100, 10))
    keys = "digits", "pattern", "max", "previous"
    shown = load_template(write(uncommented(text, *keys[:3]))).fields["field-1"]
    assert shown.plausible.allows("0" * length)
    assert load_template(write(uncommented(text, keys[3]))).fields["field-1"].plausible.previous == "0" * min(
        20, length
    )
