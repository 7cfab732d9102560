"""The page as a whole: the first view, its numbers beside Python's, the address, keys alone, layers of one's own."""

import json
import re
import zlib
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

import inkling
from inkling.explanation import explain
from inkling.model import Model
from inkling.nn import Flatten, Linear, Network, ReLU
from page.browser import inkling_serve, needs_browser, ready, until
from page.pen import seen_in_table

pytestmark = needs_browser("the page shows what the network computes, and can be used by keyboard alone")


@pytest.fixture
def tab(shared_tab):
    """One tab for all tests, on which nothing is open: a fresh one would fetch and compile the page anew."""
    shared_tab.goto("about:blank")
    return shared_tab


@pytest.fixture(scope="module")
def reader():
    return inkling.load_model()


def test_the_first_view_is_a_worked_example(tab, served, reader):
    ready(tab, served)
    image = seen_in_table(tab)
    assert image.shape == (28, 28)
    probabilities = reader.open_set_proba(image[np.newaxis])[0]
    assert tab.locator("#answer-text").inner_text() == str(probabilities.argmax()) == "3"
    values = tab.locator("#answer .bar-value").all_inner_texts()
    assert len(values) == 11
    assert values[3] == ">99.9 %"


def test_a_value_is_the_sum_that_python_computes(tab, served, reader):
    ready(tab, served)
    image = seen_in_table(tab)
    tab.evaluate("location.hash = 'layer=3&channel=37&cell=4.5'")
    until(tab, "document.querySelector('#sum')?.textContent.includes('=')")
    found = explain(reader, image, 3)
    patch, kernel = found["y.2"][4:7, 5:8], found["p.3.weight"][..., 37]
    text = tab.locator("#sum").inner_text().replace("−", "-")
    assert float(text.rpartition("= ")[2]) == pytest.approx(float((patch * kernel).sum()), rel=0.01)
    largest = np.unravel_index(np.abs(patch * kernel).argmax(), patch.shape)
    assert float(text.partition(" × ")[0]) == pytest.approx(float(patch[largest]), rel=0.01)


def test_a_channel_can_be_switched_off(tab, served, reader):
    ready(tab, f"{served}#layer=11&channel=3")
    tab.get_by_role("button", name="Switch unit 3 off").click()
    until(tab, "document.querySelector('#answer-text').textContent !== '3'")
    assert "off=11%3A3" in tab.evaluate("new Promise(done => setTimeout(() => done(location.hash), 400))")
    tab.get_by_role("button", name="Switch unit 3 on").click()
    until(tab, "document.querySelector('#answer-text').textContent === '3'")


def test_the_address_opens_the_same_view(new_tab, served):
    tab = new_tab()
    ready(tab, served)
    tab.locator(".pad-examples button").nth(7).click()
    tab.get_by_role("tab", name="Backward").click()
    tab.get_by_text("5", exact=True).last.click()
    until(tab, "document.querySelector('#answer-text').textContent === '7'")
    until(tab, "location.hash.includes('view=backward')")
    tab.wait_for_timeout(400)
    other = new_tab()
    ready(other, tab.url)
    assert other.locator("#answer-text").inner_text() == "7"
    assert other.get_by_role("tab", name="Backward").get_attribute("aria-selected") == "true"
    assert other.locator("#view").inner_text() == tab.locator("#view").inner_text()
    made = f"reader.{fingerprint('reader')}"
    assert parse_qs(urlsplit(tab.url).fragment)["model"] == [made]
    line = other.locator("#exercise-line")
    assert line.is_hidden(), "the exercise was made with this model"
    other.evaluate("made => { location.hash = location.hash.replace(made, 'mine.v2.0123abcd'); }", made)
    until(other, "!document.querySelector('#exercise-line').hidden")
    here = made.replace(".", " (") + ")"
    models = f"This exercise was made with the model mine.v2 (0123abcd); this page has {here}."
    assert line.inner_text() == f"{models} Its numbers differ; parts that this model lacks are left out."
    assert other.locator("#answer-text").inner_text() == "7", "the page works all the same"
    other.get_by_role("tab", name="Look inside").click()
    other.wait_for_timeout(400)  # the address is written after each change
    ready(other, other.url)
    assert line.is_visible(), "a reload tells the same"
    other.get_by_role("button", name="Example of a 4").click()
    until(other, "document.querySelector('#exercise-line').hidden")


def test_an_address_that_is_asked_for_just_before_the_page_writes_its_own_is_opened(new_tab, served):
    """The page writes 250 ms after a change; here the event that tells of the asked address comes later than that."""
    tab = new_tab()
    tab.add_init_script(
        """addEventListener("hashchange", (event) => {
            if (!event.isTrusted) return;
            event.stopImmediatePropagation();
            setTimeout(() => dispatchEvent(new HashChangeEvent("hashchange")), 500);
        });"""
    )
    ready(tab, f"{served}#layer=2&channel=1")
    asked = "backward => { backward.click(); location.hash = 'layer=2&channel=4'; }"
    tab.get_by_role("tab", name="Backward").evaluate(asked)
    tab.wait_for_timeout(1000)
    assert "layer=2&channel=4" in tab.url


def test_the_skip_link_leaves_the_drawing(tab, served):
    """It is no address of a state; nor is any other part after the # that names none."""
    ready(tab, served)
    tab.get_by_role("button", name="Example of a 7").click()
    until(tab, "document.querySelector('#answer-text').textContent === '7'")
    tab.locator("#skip").focus()
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "views"
    tab.evaluate("location.hash = 'views'")
    tab.wait_for_timeout(300)
    assert tab.locator("#answer-text").inner_text() == "7"


def test_a_copied_link_says_what_it_leaves_out(tab, served):
    ready(tab, f"{served}#view=backward&label=7&step=999")
    status, copy = tab.locator("#status"), tab.get_by_role("button", name="Copy link")
    copy.click()
    until(tab, "document.querySelector('#status').textContent.startsWith('The link')")
    assert "updates" not in status.inner_text()
    tab.evaluate(
        "for (const each of document.querySelectorAll('button')) if (each.textContent === 'Apply') { "
        "each.click(); each.click(); }"
    )
    until(tab, "document.querySelector('#changes-line').textContent.includes('2 updates applied')")
    copy.click()
    until(tab, "document.querySelector('#status').textContent.includes('whoever opens it has the model without them')")


def fingerprint(name):
    """CRC-32 of the network's layers, input shape, class names, temperature, and all numbers of a bundled model."""
    model = inkling.load_model(name)
    about = [model.metadata["network"], model.network.input_shape, model.class_names, model.temperature]
    text = json.dumps(about, separators=(",", ":"), ensure_ascii=False).replace("1.0]", "1]")  # JavaScript's 1.0 is 1
    numbers = b"".join(vector.tobytes() for vector in (model.params.flat, model.params.statistics))
    return f"{zlib.crc32(numbers, zlib.crc32(text.encode())):08x}"


@pytest.mark.thorough
def test_a_broken_address_is_a_page_all_the_same(tab, served):
    ready(tab, f"{served}#draw=%%%&layer=99.9&channel=abc&view=nothing&label=77&step=-1&off=a:b&chapter=999&image=x")
    assert tab.locator("#answer-text").inner_text() == "3"
    assert tab.locator("#view").inner_text()


def test_controls_can_be_hidden(tab, served):
    ready(tab, f"{served}#embed=1&layer=2")
    assert not tab.locator("header").is_visible()
    assert not tab.get_by_role("tab", name="Backward").is_visible()
    assert tab.locator("#view canvas").first.is_visible()


def test_keys_alone_lead_from_the_start_to_a_backward_step(tab, served):
    ready(tab, served)

    def to(selector):
        for _ in range(80):
            tab.keyboard.press("Tab")
            if tab.evaluate(f"document.activeElement?.matches({json.dumps(selector)})"):
                return
        raise AssertionError(f"Tab does not lead to {selector}")

    to(".pad-canvas")
    for key in ("Space", *["ArrowDown"] * 5, "Space"):
        tab.keyboard.press(key)
    until(tab, "location.hash.includes('draw=')")
    to("[role=tab]")
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate("document.activeElement.textContent") == "Backward"
    to("#view input[type=radio]")
    tab.keyboard.press("Space")
    tab.keyboard.press("ArrowRight")
    to("#view button")
    tab.keyboard.press("n")
    until(tab, "location.hash.includes('step=1')")
    assert tab.get_by_role("heading", name="The gradient of the logits").is_visible()


def test_cells_of_a_map_are_walked_and_read_out(tab, served):
    ready(tab, f"{served}#layer=2&channel=0")
    canvas = tab.locator("section[aria-label=Channel] canvas").first
    canvas.focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowDown")
    assert re.fullmatch(
        r"row 1, column 1: [\d.−e]+", tab.locator("section[aria-label=Channel] output").first.inner_text()
    )
    tab.keyboard.press("Enter")
    until(tab, "document.querySelector('#sum')?.textContent.includes('=')")
    assert "row 1, column 1" in tab.locator("nav").inner_text()


def test_a_layer_of_ones_own_is_computed_by_the_server(tab, tmp_path):
    from page.own_layer import DoubleOfPageTests

    network = Network(Flatten(), Linear(12), DoubleOfPageTests(), ReLU(), Linear(10))
    model = Model(network, network.init(np.random.default_rng(0)))
    model.save(tmp_path / "own.safetensors")
    program = ("-c", "import page.own_layer; from inkling.cli.__main__ import main; main()")
    with inkling_serve(str(tmp_path / "own.safetensors"), program=program) as address:
        ready(tab, address)
        assert "does not know DoubleOfPageTests" in tab.locator("#view .notice").inner_text()
        image = seen_in_table(tab)
        tab.evaluate("location.hash = 'layer=2&channel=4'")
        until(tab, "document.querySelector('section[aria-label=Channel] .facts td')?.textContent.length > 0")
        shown = tab.locator("section[aria-label=Channel] .facts td").first.inner_text().replace("−", "-")
        assert float(shown) == pytest.approx(explain(model, image, 0)["y.2"][4], rel=0.01, abs=1e-3)
        assert tab.locator("#answer-text").inner_text() in {*"0123456789?"}


@pytest.mark.thorough
def test_a_service_with_a_token_asks_for_it(new_tab):
    tab = new_tab()
    with inkling_serve("tiny", "--token", "a-token-of-the-tests") as address:
        tab.goto(address)
        tab.get_by_label("Token").fill("another-token-than-that")
        tab.get_by_role("button", name="Open").click()
        tab.get_by_label("Token").fill("a-token-of-the-tests")
        tab.get_by_role("button", name="Open").click()
        tab.locator("html[data-ready=true]").wait_for(state="attached")
        assert tab.locator("#answer-text").inner_text() in {*"0123456789?"}
        tab.errors.clear()  # the browser reports each 401 in its console
