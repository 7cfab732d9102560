"""`read_form`: fields at their places in pictures of any size and turn, and numbers that a field does not allow."""

import io
from collections.abc import Mapping

import numpy as np
import pytest
from PIL import Image

import inkling
from form_pages import Page, page_of, shares
from inkling.errors import DataError, UsageError
from inkling.ink import open_original
from inkling.reading import Plausible, read
from inkling.reading.forms import Field, FormReading, Template, read_form

SIZE = (800, 500)


@pytest.fixture(scope="module")
def page(legible) -> Page:
    numbers = {"meter": legible[[0, 50, 100, 150, 200]], "day": legible[[20, 70]], "code": legible[[90]]}
    return page_of(numbers, [(60, 50), (500, 60), (300, 300)], SIZE)


@pytest.fixture(scope="module")
def template(page) -> Template:
    """Shares, and the number of digits of one field."""
    fields = {name: Field(shares(box, SIZE)) for name, box in page.boxes.items()}
    return Template(fields | {"code": Field(shares(page.boxes["code"], SIZE), single=True)}, SIZE)


def texts(form: Mapping[str, inkling.Reading]) -> dict[str, str]:
    return {name: reading.text for name, reading in form.items()}


def is_near(box, other, tolerance):
    return max(abs(one - two) for one, two in zip(box, other, strict=True)) <= tolerance


def test_each_field_is_read_with_its_boxes_on_the_whole_page(page, template):
    form = inkling.read_form(page.levels, template)
    assert isinstance(form, FormReading)
    assert list(form) == ["meter", "day", "code"]
    assert texts(form) == page.texts
    assert (form.size, form.warnings, form.name) == (SIZE, (), "array")
    for name, reading in form.items():
        assert reading.size == SIZE
        assert form.boxes[name] == page.boxes[name]
        assert len(reading.digits) == len(page.digits[name])
        for digit, box in zip(reading.digits, page.digits[name], strict=True):
            assert is_near(digit.box, box, 6)


def test_a_field_is_read_as_the_cut_out_picture_would_be(page, template):
    form = read_form(page.levels, template)
    for name, (x, y, width, height) in page.boxes.items():
        alone = read(page.levels[y : y + height, x : x + width], single=name == "code")
        assert [digit.confidence for digit in form[name].digits] == [digit.confidence for digit in alone.digits]
        for digit, own in zip(form[name].digits, alone.digits, strict=True):
            assert digit.box == (own.box[0] + x, own.box[1] + y, *own.box[2:])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_that_its_exif_turns(page, template, orientation):
    image = Image.fromarray(page.levels)
    stored = image if orientation == 1 else image.transpose(_stored_as(orientation))
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    stored.save(file, "JPEG", quality=95, exif=exif)
    form = read_form(file.getvalue(), template)
    assert form.size == SIZE
    assert texts(form) == page.texts
    assert all(is_near(form["day"].digits[n].box, page.digits["day"][n], 6) for n in range(2))


def _stored_as(orientation: int) -> Image.Transpose:
    """How an upright image is turned to be stored with that orientation."""
    stored = {2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE"}
    stored |= {6: "ROTATE_90", 7: "TRANSVERSE", 8: "ROTATE_270"}
    return Image.Transpose[stored[orientation]]


@pytest.mark.parametrize("times", [2, 0.6])
def test_shares_and_pixels_of_a_picture_of_the_same_shape_are_scaled(page, template, times):
    size = tuple(round(times * side) for side in SIZE)
    scaled = Image.fromarray(page.levels).resize(size, Image.Resampling.BICUBIC)
    pixels = Template({name: Field(box) for name, box in page.boxes.items()}, SIZE)
    in_shares, in_pixels = read_form(scaled, template), read_form(scaled, pixels)
    assert texts(in_shares) == texts(in_pixels) == page.texts
    assert in_shares.boxes == in_pixels.boxes
    assert in_shares.warnings == ()
    assert in_pixels.warnings == (f"boxes are scaled: the picture has {size[0]}×{size[1]} pixels, not 800×500",)
    assert is_near(in_pixels["meter"].digits[0].box, [times * side for side in page.digits["meter"][0]], 6 * times + 1)


def test_a_picture_of_another_shape_is_warned_of_or_refused(page, template):
    wide = np.pad(page.levels, ((0, 0), (0, 200)), mode="edge")
    form = read_form(wide, template)
    assert form.warnings == ("another shape than the template's: 1000×500 pixels, not 800×500",)
    assert read_form(wide, Template(dict(template.fields))).warnings == (), "nobody said which shape it should have"
    with pytest.raises(DataError, match=r"^array: a picture in the shape of the template's was .* has 1000×500 pixels"):
        read_form(wide, Template({"meter": Field((60, 50, 300, 90))}, SIZE))


def test_small_fields_of_a_large_picture_are_read_in_all_their_pixels(legible):
    """On the whole page, which is read at 1,600 pixels, the digits would be 6 pixels high."""
    rows = legible[[10, 60, 110, 160, 210]]
    small = page_of({"number": rows}, [(50, 40)], (600, 200), height=36)
    large = np.full((1500, 9000), 220, np.uint8)
    large[700:900, 6000:6600] = small.levels
    x, y, width, height = small.boxes["number"]
    form = read_form(large, Template({"number": Field((6000 + x, 700 + y, width, height))}, (9000, 1500)))
    assert form["number"].text == small.texts["number"]


def test_a_number_that_the_field_does_not_allow_is_refused_with_a_warning(page):
    x = page.boxes["meter"]
    text = page.texts["meter"]
    fields = {
        "right": Field(x, plausible=Plausible(r"\d{5}", previous=int(text), max_step=0)),
        "long": Field(x, plausible=Plausible(r"\d{6}")),
        "low": Field(x, plausible=Plausible(minimum=int(text) + 1)),
        "unsure": Field(x, min_confidence=1.0, plausible=Plausible(r"\d{5}")),
    }
    form = read_form(page.levels, Template(fields, SIZE))
    assert (form["right"].text, form["right"].warnings) == (text, ())
    assert (form["long"].text, form["long"].warnings) == ("?????", (rf"{text} does not match the pattern \d{{6}}",))
    assert (form["low"].text, form["low"].warnings) == ("?????", (f"{text} is below the minimum {int(text) + 1}",))
    assert (form["unsure"].text, form["unsure"].warnings) == ("?????", ())
    assert "".join(str(digit.digit) for digit in form["long"].digits) == text, "what was read stays known"
    assert form.all_warnings == (f"long: {form['long'].warnings[0]}", f"low: {form['low'].warnings[0]}")


def test_lines_are_judged_one_by_one(page, legible):
    two = page_of({"a": legible[[5, 6, 7]], "b": legible[[30, 70]]}, [(40, 20), (40, 150)], (400, 300))
    field = Field((0, 0, 1, 1), lines=True, plausible=Plausible(r"\d{3}"))
    form = read_form(two.levels, Template({"sum": field}))
    assert form["sum"].text == f"{two.texts['a']}\n??"
    assert form["sum"].warnings == (rf"{two.texts['b']} does not match the pattern \d{{3}}",)


def test_an_empty_field_has_no_text_and_says_so(page):
    form = read_form(page.levels, Template({"blank": Field((600, 350, 150, 100), plausible=Plausible("1"))}, SIZE))
    assert (form["blank"].text, form["blank"].warnings) == ("", ("nothing drawn",))
    assert form["blank"].confidence is None


def test_a_record_has_what_the_readings_have(page, template):
    form = read_form(page.levels, template)
    record = form.to_dict()
    assert set(record) == {"file", "fields", "warnings"}
    assert list(record["fields"]) == list(page.texts)
    meter = record["fields"]["meter"]
    assert set(meter) == {"text", "confidence", "box", "digits", "marks", "warnings"}
    assert meter["text"] == page.texts["meter"]
    assert meter["box"] == list(page.boxes["meter"])
    assert meter["confidence"] == round(form["meter"].confidence, 4)
    assert meter["digits"] == form["meter"].to_dict()["digits"]


def test_models_originals_and_limits_reach_the_reader(page, template):
    original = open_original(Image.fromarray(page.levels), "seen.png")
    form = read_form(original, template, model="tiny")
    assert form.name == "seen.png"
    assert [digit.not_a_digit for digit in form["code"].digits] == [0.0], "tiny cannot tell"
    with pytest.raises(DataError, match="megapixels"):
        read_form(page.levels, template, megapixels=0.1)
    with pytest.raises(UsageError, match="a template is a Template or the path of its file, not 5"):
        read_form(page.levels, 5)
