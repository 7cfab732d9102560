"""Every view, on a wide screen and a phone, light and dark: axe finds nothing, and nothing is wider than the screen."""

import pytest

from page.axe import violations
from page.browser import needs_browser

pytestmark = needs_browser("axe finds nothing in any view of the page")
VIEWS = {
    "network": "view=inside",
    "channel": "layer=3&channel=37",
    "value": "layer=3&channel=37&cell=4.5",
    "loss": "view=backward&label=5",
    "gradient": "view=backward&label=5&step=4",
    "training": "view=training",
    "compare": "view=compare",
    "collect": "view=collect",
    "tour": "chapter=3",
}
SCREENS = {"wide": {"width": 1440, "height": 900}, "phone": {"width": 360, "height": 740}}


@pytest.fixture(params=[(screen, theme) for screen in SCREENS for theme in ("light", "dark")], ids="-".join)
def open_view(request, new_tab, served):
    screen, theme = request.param
    tab = new_tab(viewport=SCREENS[screen], color_scheme=theme, bypass_csp=True)  # axe comes from outside the page

    def _open(view):
        tab.goto("about:blank")
        tab.goto(f"{served}#{view}")
        tab.wait_for_selector("html[data-ready]")
        tab.wait_for_function("document.querySelector('#view').textContent.length > 20")
        return tab

    return _open


def test_axe_finds_nothing(open_view):
    for name, view in VIEWS.items():
        tab = open_view(view)
        assert violations(tab) == [], name
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_axe_finds_what_is_wrong(new_tab, served):
    tab = new_tab(bypass_csp=True)
    tab.goto(served)
    tab.wait_for_selector("html[data-ready]")
    tab.evaluate("document.querySelector('#theme').removeAttribute('aria-label')")
    tab.evaluate("document.querySelector('#theme').textContent = ''")
    tab.evaluate("document.querySelector('header p').style.color = '#ddd'")
    found = violations(tab)
    assert any("button-name" in each for each in found)
    assert any("color-contrast" in each for each in found)
