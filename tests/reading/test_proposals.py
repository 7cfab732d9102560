"""Proposals of fields: each number of a picture is one, and a template of them reads the picture."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from form_pages import Page, page_of
from inkling.ink import open_original, open_picture
from inkling.reading.forms import load_template, propose, read_form, template_text
from on_paper import written

SIZE = (800, 500)


@pytest.fixture(scope="module")
def page(legible) -> Page:
    numbers = {"meter": legible[[0, 50, 100, 150, 200]], "day": legible[[20, 70]], "code": legible[[90]]}
    return page_of(numbers, [(60, 50), (500, 60), (300, 300)], SIZE)


def test_a_proposal_is_a_field_per_number_whose_template_reads_the_page(page, tmp_path):
    original = open_original(page.levels)
    found = propose(original.whole())
    assert sorted(each.text for each in found) == sorted(page.texts.values())
    path = tmp_path / "form.toml"
    path.write_text(template_text(found, "page.png", SIZE), encoding="utf-8")
    proposed = load_template(path)
    assert list(proposed.fields) == ["field-1", "field-2", "field-3"]
    assert proposed.size == SIZE
    form = read_form(original, proposed)
    assert sorted(reading.text for reading in form.values()) == sorted(page.texts.values())
    for each, reading in zip(found, form.values(), strict=True):
        assert each.text == reading.text
        x, y, width, height = each.box
        assert all(x <= d.box[0] and d.box[0] + d.box[2] <= x + width for d in reading.digits)
        assert all(y <= d.box[1] and d.box[1] + d.box[3] <= y + height for d in reading.digits)


def test_nothing_is_proposed_where_nothing_is_written():
    assert propose(open_original(np.full((100, 200), 255, np.uint8)).whole()) == []


def test_numbers_beside_printed_words_are_whole_and_words_do_not_reach_into_them():
    """Regression test: beside narrow letters, each of the wide-spaced digits was a field of its own."""
    paper = 225 + np.random.default_rng(0).normal(0, 3, (700, 1000))
    form = Image.fromarray(np.uint8(paper.clip(0, 255)))
    pen, font = ImageDraw.Draw(form), ImageFont.load_default(36)
    rows = {"Meter reading": "23584", "Customer": "853269"}
    for y, (word, number) in zip((80, 380), rows.items(), strict=True):
        pen.text((60, y + 40), word, 50, font)
        form.paste(written(number, times=2), (430, y))
        pen.rectangle((400, y - 20, 980, y + 110), None, 90, 2)
    found = [each for each in propose(open_picture(form)) if each.box[0] > 400]
    assert [each.text for each in found] == list(rows.values())
