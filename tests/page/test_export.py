"""A page in one file: it opens from disk without a network, reads what is drawn, and steps backward."""

import io
import re

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

import drawn
import inkling
from inkling.cli.__main__ import app
from inkling.explanation import explain
from inkling.model import Model
from inkling.nn import Flatten, Linear, Network
from page.browser import needs_browser, ready, until
from page.pen import ONE_AND_SEVEN, draw, seen_in_table

MOST_BYTES = 1_500_000


def run(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments])


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    path = tmp_path_factory.mktemp("export") / "digits.html"
    done = run("export", "page", "reader", "-o", path)
    assert done.exit_code == 0, done.output
    return path


def test_the_reader_fits_into_one_small_file(exported):
    text = exported.read_text("utf-8")
    assert len(text.encode()) <= MOST_BYTES
    assert not re.search(r"""(?:src|href)=["'](?!#|data:)""", text), "nothing is loaded from elsewhere"
    assert "connect-src" not in text, "the policy's default allows no connection"
    for allowed_to_none in ("default-src", "base-uri", "form-action"):
        assert f"{allowed_to_none} 'none'" in text


@needs_browser("an exported page works from disk, without a network")
def test_it_opens_from_disk(new_tab, exported):
    tab = new_tab()
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    ready(tab, exported.as_uri())
    assert tab.locator("#answer-text").inner_text() == "3"
    tab.locator(".pad-examples button").nth(8).click()
    until(tab, "document.querySelector('#answer-text').textContent === '8'")
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []
    assert tab.get_by_role("tab", name="Training").count() == 0, "there is no server that could train"


@needs_browser("an exported page warns of what is not one digit")
def test_several_digits_are_warned_of_without_a_server(new_tab, exported):
    tab = new_tab()
    ready(tab, f"{exported.as_uri()}#view=collect")
    warnings = tab.locator("#answer-warnings")
    assert warnings.inner_text() == ""
    tab.get_by_role("button", name="Clear", exact=True).click()
    draw(tab, ONE_AND_SEVEN)
    several = "Warning: may be several digits, read as one."
    until(tab, f"document.querySelector('#answer-warnings').textContent === '{several}'")
    tab.get_by_role("button", name="Example of a 8").click()
    until(tab, "document.querySelector('#answer-text').textContent === '8'")
    assert warnings.inner_text() == ""
    tab.locator("#pad-picture").set_input_files({"name": "21.png", "mimeType": "image/png", "buffer": several_digits()})
    until(tab, f"document.querySelector('#answer-warnings').textContent === '{several}'")
    until(tab, "location.hash.includes('image=')")
    tab.reload()  # The picture itself is gone, and its 28×28 is looked at.
    until(tab, "document.documentElement.dataset.ready")
    assert warnings.inner_text() == several


def several_digits():
    """A PNG of dark digits beside each other."""
    image, _ = drawn.side_by_side([drawn.glyph(row, 60) for row in range(3)], [14, 14])
    file = io.BytesIO()
    Image.fromarray(np.uint8(drawn.levels(np.pad(image, 20)))).save(file, "PNG")
    return file.getvalue()


@needs_browser("an exported page steps backward")
def test_it_steps_backward(new_tab, exported):
    tab = new_tab()
    ready(tab, f"{exported.as_uri()}#view=backward&label=5")
    loss = explain(inkling.load_model(), seen_in_table(tab), 5)["loss"][0]
    text = tab.locator("#view").inner_text()
    assert float(re.findall(r"= ([\d.]+)\s*nats", text)[0]) == pytest.approx(float(loss), rel=0.01)


@needs_browser("an exported page shows models of other classes and sizes")
def test_any_name_and_class_is_shown_as_text(new_tab, tmp_path):
    network = Network(Flatten(), Linear(3))
    names = ("<b>alpha</b>", "</script><script>window.broken=1</script>", 'beta"')
    model = Model(network, network.init(np.random.default_rng(0)), class_names=names)
    model.save(tmp_path / "a&b.safetensors")
    assert run("export", "page", tmp_path / "a&b.safetensors", "-o", tmp_path / "page.html").exit_code == 0
    tab = new_tab()
    ready(tab, (tmp_path / "page.html").as_uri())
    assert tab.locator("#model-name").inner_text().startswith("a&b · ")
    assert tab.locator("#answer .bars th[scope=row]").all_inner_texts() == list(names)
    assert tab.evaluate("window.broken") is None


def test_nothing_is_replaced_without_force(exported):
    before = exported.read_bytes()
    done = run("export", "page", "tiny", "-o", exported)
    assert done.exit_code == 2
    assert "--force" in done.output
    assert exported.read_bytes() == before


def test_the_name_must_be_that_of_a_web_page(tmp_path):
    done = run("export", "page", "tiny", "-o", tmp_path / "page.txt")
    assert done.exit_code == 2
    assert ".html" in done.output


def test_a_layer_that_the_page_does_not_know_is_refused(tmp_path):
    from page.own_layer import DoubleOfPageTests

    network = Network(Flatten(), Linear(10), DoubleOfPageTests())
    Model(network, network.init(np.random.default_rng(0))).save(tmp_path / "own.safetensors")
    done = run("export", "page", tmp_path / "own.safetensors", "-o", tmp_path / "page.html")
    assert done.exit_code == 2
    assert "DoubleOfPageTests" in done.output
    assert not (tmp_path / "page.html").exists()


def test_the_same_model_gives_the_same_page(exported, tmp_path):
    assert run("export", "page", "reader", "-o", tmp_path / "again.html").exit_code == 0
    assert (tmp_path / "again.html").read_bytes() == exported.read_bytes()
