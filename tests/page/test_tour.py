"""The tour: eight chapters that operate the page, for any network, by the keyboard alone; the card covers nothing."""

import re

import pytest

from inkling.model import load
from inkling.nn import Ensemble, Flatten, Linear, Network, ReLU, Residual, Sequential
from page.browser import needs_browser, serving
from page.golden import random_model
from page.site import address_of, open_page, write_site

pytestmark = needs_browser("the tour leads through the page")

CHAPTERS = 8


def plain():
    """Flatten first, no activation but inside a residual, two parts side by side."""
    parts = [Linear(10), Sequential(Linear(6), Linear(10))]
    return random_model(
        Network(Flatten(), Linear(8), Residual(ReLU(), Linear(8)), Ensemble(*parts), input_shape=(28, 28, 1))
    )


def linear():
    """No activation at all."""
    return random_model(Network(Flatten(), Linear(10), input_shape=(28, 28, 1)))


MODELS = {"bundled": lambda: load("tiny"), "plain": plain, "linear": linear}


@pytest.fixture(
    scope="module",
    params=["bundled", *(pytest.param(name, marks=pytest.mark.thorough) for name in ("plain", "linear"))],
)
def address(request, tmp_path_factory):
    with serving(write_site(tmp_path_factory.mktemp("site"), MODELS[request.param]())) as address:
        yield address


def wait_for_chapter(tab, number):
    said = f"Chapter {number} of {CHAPTERS}"
    tab.wait_for_function("said => document.querySelector('.tour-count').innerText === said", arg=said)


def wait_until_uncovered(tab):
    """Until what the chapter speaks of is seen above the card; of what is higher than the room there, most."""
    tab.wait_for_function(
        """() => {
          const target = document.querySelector('.tour-target')?.getBoundingClientRect();
          const card = document.querySelector('.tour-card').getBoundingClientRect();
          const seen = target && Math.min(target.bottom, card.top) - Math.max(target.top, 0);
          return target && seen >= 0.8 * Math.min(target.height, card.top - 8);
        }"""
    )


@pytest.fixture
def tab(shared_tab):
    return shared_tab


@pytest.fixture(scope="module")
def bundled(tmp_path_factory):
    with serving(write_site(tmp_path_factory.mktemp("site"), load("tiny"))) as address:
        yield address


@pytest.mark.parametrize(
    "size",
    [pytest.param((1440, 900), id="wide"), pytest.param((360, 740), id="phone", marks=pytest.mark.thorough)],
)
def test_all_chapters_by_the_keyboard(address, new_tab, size):
    tab = new_tab(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    open_page(tab, address + "index.html")
    tab.locator("#start-tour").focus()
    tab.keyboard.press("Enter")
    titles = []
    for number in range(1, CHAPTERS + 1):
        wait_for_chapter(tab, number)
        wait_until_uncovered(tab)
        titles.append(tab.locator(".tour-title").inner_text())
        sentences = tab.locator(".tour-text").inner_text()
        assert not re.search("undefined|null|NaN", sentences)
        assert len(sentences) > 60
        assert tab.evaluate("document.querySelector('.tour-card').contains(document.activeElement)")
        assert tab.evaluate("document.documentElement.scrollWidth") <= size[0]
        tab.keyboard.press("ArrowRight" if number % 2 else "n")
    assert len(set(titles)) == CHAPTERS
    tab.wait_for_selector(".tour-card", state="hidden")
    assert tab.evaluate("document.activeElement.id") == "start-tour"


@pytest.mark.thorough
def test_back_and_out_again(bundled, tab):
    open_page(tab, bundled + "index.html")
    tab.locator("#start-tour").click()
    wait_for_chapter(tab, 1)
    tab.keyboard.press("p")  # There is none before the first.
    tab.keyboard.press("n")
    wait_for_chapter(tab, 2)
    tab.keyboard.press("ArrowLeft")
    wait_for_chapter(tab, 1)
    tab.keyboard.press("Escape")
    tab.wait_for_selector(".tour-card", state="hidden")


@pytest.mark.thorough
def test_a_chapter_in_the_address_leaves_the_rest_of_it(bundled, tab):
    """A teacher sends a chapter with another truth and another step than the chapter begins with."""
    open_page(tab, bundled + address_of(chapter=6, view="backward", label=5, step=1))
    wait_for_chapter(tab, 7)
    assert tab.locator("input[name=backward-label]:checked").get_attribute("value") == "5"
    assert tab.locator("#backward-dlogits").is_visible()


@pytest.mark.thorough
def test_the_tour_says_what_the_page_shows(bundled, tab):
    """The loss in the text of chapter 6 is the loss of the step that it shows."""
    open_page(tab, bundled + "index.html")
    tab.locator("#start-tour").click()
    for number in range(1, 6):
        wait_for_chapter(tab, number)
        tab.keyboard.press("n")
    wait_for_chapter(tab, 6)
    tab.wait_for_function("document.querySelector('.tour-text').innerText.includes('nats')")
    said = re.search(r"the loss is (\S+) nats", tab.locator(".tour-text").inner_text())[1]
    assert f"= {said} nats" in tab.locator("#backward-loss").inner_text()
