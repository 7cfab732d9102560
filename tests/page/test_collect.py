"""Collecting: kept drawings outlast a reload, and their files are what Inkling trains on and adapts to."""

import csv
import io
import json
import re
import unicodedata
import zipfile

import numpy as np
import pytest

from inkling.adaptation import read_handwriting
from inkling.data import load
from inkling.export.page import export_page
from inkling.ink import digit_image
from inkling.page import PAGE
from page.browser import needs_browser, ready, until
from page.node import needs_node, run_node
from page.pen import levels_of, press, seen

pytestmark = needs_browser("drawings that are kept on the page can be trained on")
DIGITS = (3, 7, 7, 0)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "tiny.html"
    path.write_text(export_page((PAGE.parent / "weights" / "tiny.safetensors").read_bytes(), "tiny"), encoding="utf-8")
    return path.as_uri() + "#view=collect"


@pytest.fixture
def page(tab, address):
    ready(tab, address)
    return tab


def keep(page, digit):
    """Draw an example, keep it under its digit, and return what the network saw and what was drawn."""
    kept = page.locator(".collect-list li").count()
    press(page, f"Example of a {digit}")
    page.get_by_role("group", name="True digit").get_by_role("button", name=str(digit), exact=True).click()
    page.locator("#collect-keep").click()
    page.locator(".collect-list li").nth(kept).wait_for()
    return seen(page), levels_of(page)


def saved(page, button):
    with page.expect_download() as download:
        press(page, button)
    return download.value


def test_the_table_is_read_back_to_the_same_bytes(page, tmp_path):
    images = [keep(page, digit)[0] for digit in DIGITS]
    download = saved(page, "Table (CSV)")
    path = tmp_path / download.suggested_filename
    download.save_as(path)
    assert path.name == "drawings.csv"
    (data,) = load(path).parts.values()
    np.testing.assert_array_equal(data.images, np.stack(images))
    assert data.labels.tolist() == list(DIGITS)
    assert path.read_bytes() == kaggle_table(data.labels, data.images)


def kaggle_table(labels, images):
    """The table as Kaggle's train.csv has it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["label", *(f"pixel{i}" for i in range(784))])
    writer.writerows([label, *image.ravel()] for label, image in zip(labels.tolist(), images, strict=True))
    return text.getvalue().encode()


@pytest.mark.thorough
def test_the_folders_are_read_as_the_handwriting_of_a_writer(page, tmp_path):
    kept = [keep(page, digit) for digit in DIGITS]
    download = saved(page, "Folders of pictures (ZIP)")
    with zipfile.ZipFile(download.path()) as archive:
        assert archive.testzip() is None
        names = ["digits/3/0001.png", "digits/7/0001.png", "digits/7/0002.png", "digits/0/0001.png"]
        assert archive.namelist() == names
        archive.extractall(tmp_path)
    writer = read_handwriting([tmp_path / "digits"])
    order = np.argsort(DIGITS, kind="stable")
    assert writer.labels.tolist() == sorted(DIGITS)
    drawn = [digit_image(kept[i][1].astype(np.float32)) for i in order]
    np.testing.assert_array_equal(writer.images, np.stack(drawn))
    seen_by_network = np.stack([kept[i][0] for i in order]).astype(int)
    assert abs(seen_by_network - writer.images).max() <= 1


@pytest.mark.thorough
@needs_node("folders of a class are named safely")
def test_any_class_has_a_folder_of_its_own():
    names = ["a/b", "a_b", "A_B", "..", ".", "", "con", "ä", "ä", "3", "x.", "1.5", "🖋", "\\", "a" * 300]
    folders = json.loads(run_node("folder_names.mjs", json.dumps(names)))
    assert folders[1] == "a_b"
    assert [folders[names.index(each)] for each in ("ä", "3", "1.5")] == ["ä", "3", "1.5"]
    assert len({unicodedata.normalize("NFC", each).lower() for each in folders}) == len(names)
    for folder in folders:
        assert re.fullmatch(r"[\w-](?:[\w .-]{0,98}[\w-])?", unicodedata.normalize("NFC", folder)), folder
        assert folder != "con"


@pytest.mark.thorough
def test_kept_drawings_outlast_a_reload_and_can_be_deleted(page):
    for digit in (3, 7):
        keep(page, digit)
    assert "2 kept. 3: 1 · 7: 1" in page.locator(".collect-counts").inner_text()
    page.reload()
    until(page, "document.documentElement.dataset.ready === 'true'")
    assert page.locator(".collect-list li").count() == 2
    thumbnail = levels_of(page, ".collect-list li:first-child canvas")
    press(page, "Delete drawing 1, a 3")
    assert "1 kept. 7: 1" in page.locator(".collect-counts").inner_text()
    left = levels_of(page, ".collect-list li:first-child canvas")
    assert not np.array_equal(left, thumbnail)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Delete drawing 1, a 7"


@pytest.mark.thorough
def test_nothing_is_kept_without_a_drawing_or_a_digit(page):
    assert page.locator("#collect-keep").is_disabled()
    page.get_by_role("group", name="True digit").get_by_role("button", name="3", exact=True).click()
    assert page.locator("#collect-keep").is_enabled()
    press(page, "Clear")
    page.locator("#collect-keep:disabled").wait_for()
    assert page.get_by_role("button", name="Table (CSV)").is_disabled()


@pytest.mark.thorough
def test_a_command_is_copied(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(page, "Copy: Measure a model on your drawings")
    page.get_by_text("The command is copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "inkling evaluate reader --data drawings.csv"


@pytest.mark.thorough
def test_the_view_fits_a_phone(new_tab, address):
    tab = new_tab(viewport={"width": 360, "height": 740})
    ready(tab, address)
    keep(tab, 3)
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
