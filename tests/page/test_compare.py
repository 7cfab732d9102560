"""Comparing: a second model answers to the same drawing, with the numbers that Python gives for both."""

import json
import re

import numpy as np
import pytest

from inkling.model import Model, load
from inkling.nn import Flatten, Linear, Network
from page.browser import needs_browser, ready, until
from page.pen import draw, press, seen

pytestmark = needs_browser("two models are compared on one drawing")
DIGITS = tuple("0123456789")


@pytest.fixture(scope="module")
def opened(shared_tab, served):
    ready(shared_tab, served + "#view=compare")
    return shared_tab


@pytest.fixture
def page(opened):
    press(opened, "Example of a 7")
    return opened


def open_model(page, path):
    page.locator("#compare-file").set_input_files(path)


def words(page, text):
    from playwright.sync_api import expect

    expect(page.locator("#compare-words")).to_contain_text(text)


def shown(page, number):
    """The probabilities of the first or second model as the page shows them, by class."""
    rows = page.locator(".compare-side").nth(number).locator("tbody tr").all()
    return {row.locator("th").inner_text(): row.locator(".bar-value").inner_text() for row in rows}


def computed(model, image):
    """The same by NumPy."""
    names, probabilities = [*model.class_names], model.predict_proba(image)[0]
    if model.knows_non_digits:
        names, probabilities = [*names, "not a digit"], model.open_set_proba(image)[0]
    return dict(zip(names, map(percent, probabilities.tolist()), strict=True))


def percent(share):
    if 0 < share < 0.0005:
        return "<0.1 %"
    return ">99.9 %" if 0.9995 < share < 1 else f"{100 * share:.1f} %"


def parted(share):
    """The number of a percentage; a limit counts as its end."""
    return float(re.sub(r"[<>%]", "", share))


def assert_alike(found, expected):
    assert found.keys() == expected.keys()
    for name, share in found.items():
        assert parted(share) == pytest.approx(parted(expected[name]), abs=0.11), name


@pytest.fixture
def random_model(tmp_path):
    def make(names, shape=(28, 28, 1), scale=1.0):
        network = Network(Flatten(), Linear(len(names)), input_shape=shape)
        params = network.init(np.random.default_rng(0))
        params.flat *= scale
        model = Model(network, params, class_names=names)
        model.save(tmp_path / "random.safetensors")
        return model, tmp_path / "random.safetensors"

    return make


@pytest.mark.thorough
def test_a_bundled_model_is_fetched_and_both_answer_as_in_python(page):
    press(page, "tiny")
    words(page, "Both say 7.")
    for number, name in enumerate(["reader", "tiny"]):
        assert_alike(shown(page, number), computed(load(name), seen(page)))


def test_an_address_opens_the_compared_model(page, new_tab):
    """A bundled model is fetched; another one than that of the exercise is told, by name and hash."""
    press(page, "tiny")
    words(page, "Both say 7.")
    until(page, "location.hash.includes('compare=tiny.')")
    other, exercise = new_tab(), "#compare-exercise"
    ready(other, page.url)
    words(other, "Both say 7.")
    assert other.locator(exercise).is_hidden()
    own = page.url.partition("compare=tiny.")[2][:8]
    other.evaluate("own => { location.hash = location.hash.replace(own, '0123abcd'); }", own)
    until(other, f"!document.querySelector('{exercise}').hidden")
    told = f"This exercise compares with the model tiny (0123abcd); opened is tiny ({own})."
    assert other.locator(exercise).inner_text() == told
    other.evaluate("location.hash = location.hash.replace('tiny.', 'mine.')")
    until(other, f"document.querySelector('{exercise}').textContent.includes('the model mine (0123abcd);')")
    ready(other, other.url.replace("mine.", "tiny."))
    until(other, f"document.querySelector('{exercise}').textContent === {json.dumps(told)}")
    other.wait_for_timeout(400)  # the address is written after each change
    assert "compare=tiny.0123abcd" in other.url, "a reload tells the same"
    other.evaluate("location.hash = location.hash.replace(/&compare=[^&]*/, '')")
    until(other, "document.querySelectorAll('.compare-side').length === 1")
    words(other, "Open a second model.")
    assert other.locator(exercise).is_hidden()


def test_a_model_that_was_asked_for_is_not_shown_once_the_address_names_another(new_tab, served, tmp_path):
    """While a bundled one is fetched, nobody is asked for its file; a file that cannot be compared names no model."""
    tab, held, exercise = new_tab(), [], "#compare-exercise"
    tab.route("**/model?name=tiny", lambda route: held.append(route))
    ready(tab, served + "#view=compare&compare=tiny.0123abcd")
    words(tab, "The second model is being opened.")
    assert tab.locator(exercise).is_hidden()
    tab.evaluate("location.hash = 'view=compare&compare=mine.0123abcd'")
    words(tab, "Open a second model.")
    held[0].continue_()
    tab.wait_for_timeout(500)
    assert tab.locator(".compare-side").count() == 1
    assert tab.locator(exercise).inner_text() == "This exercise compares with the model mine (0123abcd): open its file."
    (tmp_path / "broken.safetensors").write_bytes(b"no model")
    open_model(tab, tmp_path / "broken.safetensors")
    tab.get_by_role("alert").get_by_text("broken cannot be compared: ").wait_for()
    assert tab.locator(exercise).is_visible()


@pytest.mark.thorough
def test_a_model_file_answers_to_every_new_drawing(page, random_model):
    model, path = random_model(DIGITS, scale=0.3)
    open_model(page, path)
    words(page, "reader says 7, random refuses to answer. reader is surer")
    for digit in (7, 2):
        press(page, f"Example of a {digit}")
        page.locator(".compare-side").first.get_by_text(str(digit), exact=True).first.wait_for()
        page.wait_for_timeout(300)
        expected = computed(model, seen(page))
        assert_alike(shown(page, 1), expected)
        assert max(map(parted, expected.values())) < 70
        words(page, f"reader says {digit}, random refuses to answer.")
        words(page, f"They differ most about {most_different(computed(load('reader'), seen(page)), expected)}:")


def most_different(first, second):
    return max(first.keys() & second.keys(), key=lambda name: abs(parted(first[name]) - parted(second[name])))


@pytest.mark.thorough
def test_no_answer_is_no_agreement(new_tab, served):
    """A scribble, which both refuse, whatever is the most probable."""
    tab = new_tab()
    ready(tab, served + "#view=compare")
    press(tab, "reader")
    words(tab, "Both say 3.")
    press(tab, "Clear")
    draw(tab, [[40, 40, 240, 240], [240, 40, 40, 240], [20, 140, 260, 140], [140, 20, 140, 260]])
    words(tab, "Both refuse to answer.")
    assert [each.inner_text() for each in tab.locator(".compare-side .answer-text").all()] == ["?", "?"]


@pytest.mark.thorough
def test_channels_that_are_switched_off_are_told(new_tab, served):
    tab = new_tab()
    ready(tab, served + "#view=compare")
    assert tab.locator("#compare-off").is_hidden()
    other = new_tab()
    ready(other, served + "#view=compare&off=0:0.1")
    until(other, "!document.getElementById('compare-off').hidden")
    assert other.locator("#compare-off").inner_text().startswith("2 channels are switched off in reader,")


@pytest.mark.thorough
def test_the_model_that_was_asked_for_last_is_shown(new_tab, served, random_model):
    """However late the file of an earlier one comes."""
    tab, held = new_tab(), []
    ready(tab, served + "#view=compare")
    tab.route("**/model?name=tiny", lambda route: held.append(route))
    press(tab, "tiny")
    while not held:
        tab.wait_for_timeout(50)
    open_model(tab, random_model(DIGITS)[1])
    tab.get_by_role("region", name="random").wait_for()
    held[0].continue_()
    tab.wait_for_timeout(500)
    assert tab.get_by_role("region", name="tiny").count() == 0
    press(tab, "Example of a 7")
    words(tab, "random")


@pytest.mark.thorough
def test_other_classes_are_told(page, random_model):
    open_model(page, random_model(("6", "7", "x"))[1])
    words(page, "Only one of them knows 0, 1, 2, 3, 4, 5, 8, 9, x.")


@pytest.mark.thorough
def test_nothing_drawn_is_no_answer(page, random_model):
    open_model(page, random_model(DIGITS)[1])
    words(page, "surer")
    press(page, "Clear")
    words(page, "Nothing is drawn.")
    assert set(shown(page, 1).values()) == {"–"}


@pytest.mark.thorough
@pytest.mark.parametrize("content", [b"", b"no model", bytes(100)])
def test_a_file_that_is_no_model_is_told(page, tmp_path, content):
    path = tmp_path / "broken.safetensors"
    path.write_bytes(content)
    open_model(page, path)
    page.get_by_role("alert").get_by_text("broken cannot be compared: ").wait_for()
    assert page.locator(".compare-side").count() == 1


@pytest.mark.thorough
def test_a_model_of_other_images_is_told(page, random_model):
    open_model(page, random_model(DIGITS, shape=(14, 14, 1))[1])
    page.get_by_role("alert").get_by_text("it takes images of 14 × 14 × 1").wait_for()


@pytest.mark.thorough
def test_the_view_fits_a_phone(new_tab, served):
    tab = new_tab(viewport={"width": 360, "height": 740})
    ready(tab, served + "#view=compare")
    press(tab, "tiny")
    words(tab, "Both say 3.")
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
