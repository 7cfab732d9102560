"""Every view, on a wide screen and a phone, light and dark: axe finds nothing, and nothing is wider than the screen."""

from itertools import cycle

import pytest

from page.axe import violations
from page.browser import needs_browser, ready, until

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
    "pixels": "view=backward&label=5&step=14",
    "update": "view=backward&label=5&step=15",
    "tour": "chapter=3",
}
FEW = ("network", "channel", "gradient", "training", "compare", "collect", "tour")
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}


def test_axe_finds_nothing_on_a_wide_screen_or_a_phone_light_or_dark(new_tab, served):
    tab = new_tab(bypass_csp=True)  # axe comes from outside the page
    shown = cycle(((WIDE, "light"), (PHONE, "dark"), (WIDE, "dark"), (PHONE, "light")))
    for name in FEW:
        screen, theme = next(shown)
        tab.set_viewport_size(screen)
        tab.emulate_media(color_scheme=theme)
        tab.goto("about:blank")
        ready(tab, f"{served}#{VIEWS[name]}")
        until(tab, "document.querySelector('#view').textContent.length > 20")
        assert violations(tab) == [], (name, theme)
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, theme)


@pytest.mark.thorough
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_in_any_view_on_any_screen(new_tab, served, screen, theme):
    tab = new_tab(bypass_csp=True, viewport=screen, color_scheme=theme)
    for name, view in VIEWS.items():
        tab.goto("about:blank")
        ready(tab, f"{served}#{view}")
        until(tab, "document.querySelector('#view').textContent.length > 20")
        assert violations(tab) == [], name


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
