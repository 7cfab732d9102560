"""Browser and tabs, as browser.py tells."""

import pytest

from page.browser import inkling_serve, needs_browser, opener
from tools.browser import launched


@pytest.fixture(scope="module")
def browser():
    needs_browser.or_skip("the page does in a browser what it says")
    with launched() as browser:
        yield browser


@pytest.fixture
def new_tab(browser):
    with opener(browser) as new:
        yield new


@pytest.fixture
def tab(new_tab):
    return new_tab()


@pytest.fixture(scope="module")
def shared_tab(browser):
    with opener(browser) as new:
        yield new()


@pytest.fixture(scope="session")
def served():
    """The address of `inkling serve` with the bundled reader, such as "http://127.0.0.1:41231/"."""
    with inkling_serve() as address:
        yield address
