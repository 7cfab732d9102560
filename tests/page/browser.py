"""A browser for the tests of the page: any Chromium, Chrome or Edge that is found, driven by Playwright.

    from page.browser import needs_browser, serving

    pytestmark = needs_browser("digits are drawn and read in the page")

    def test_the_page_opens(tab):               # fixtures of conftest.py: `tab`, `new_tab`, `browser`
        with serving(FOLDER) as address:        # files of a folder over HTTP, "http://127.0.0.1:PORT/"
            tab.goto(address + "index.html")

- `tab` is a Playwright `Page` of a fresh context, 1280 × 900. A test fails at its end where the tab has met an error:
  an exception that nobody caught, `console.error`, a file that is missing. `tab.errors` is the list; a test that
  causes an error on purpose empties it.
- `shared_tab` is one tab for all tests of a module, where each of them starts from what it sets itself: opening the
  page takes longest.
- `new_tab(**options)` makes more of them: `new_tab(viewport={"width": 360, "height": 740}, has_touch=True)`,
  `new_tab(color_scheme="dark")`, and whatever else Playwright's `Browser.new_context` takes.
- `served` is the address of `inkling serve` with the bundled reader, one process per session; `inkling_serve("tiny")`
  is such a service in a block of its own.
- `ready(tab, address)` opens the page and waits until the network has answered; `until(tab, expression)` waits too.
- `browser` is one browser per module of tests, not one per session: while Playwright runs, an asyncio loop runs in the
  thread, in which other tests could not start theirs.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any

from needs import Need
from tools.browser import find_browser, ready

__all__ = ["find_browser", "inkling_serve", "needs_browser", "opener", "ready", "serving", "until"]

needs_browser = Need(
    "there is no Playwright (pip install playwright) or no Chromium, Chrome or Edge (playwright install chromium)",
    lambda: find_spec("playwright") is not None and find_browser() is not None,
)


@contextmanager
def opener(browser: Any) -> Iterator[Callable[..., Any]]:
    """A function that opens tabs; at the end of the block they are closed, and must not have met errors."""
    contexts = []

    def new(**options: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        contexts.append(context)
        tab = context.new_page()
        tab.errors = []
        tab.on("pageerror", lambda error: tab.errors.append(str(error)))
        tab.on("console", lambda message: message.type == "error" and tab.errors.append(message.text))
        tab.set_default_timeout(20_000)
        return tab

    yield new
    errors = [error for context in contexts for tab in context.pages for error in tab.errors]
    for context in contexts:
        context.close()
    assert errors == [], errors


class _Handler(SimpleHTTPRequestHandler):
    """Files of a folder, of which nothing is logged or kept by the browser."""

    extensions_map = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address at which the files of a folder are served, until the block ends."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=os.fspath(folder))) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def inkling_serve(*arguments: str, program: tuple[str, ...] = ("-m", "inkling")) -> Iterator[str]:
    """The address of `inkling serve ARGUMENTS` at a free port, until the block ends."""
    command = [sys.executable, *program, "serve", *arguments, "--port", "0", "--workers", "1", "--drain", "0"]
    paths = {"PYTHONPATH": os.pathsep.join((str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")))}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=os.environ | paths
    ) as process:
        try:
            address = process.stdout.readline().strip() if process.stdout else ""
            assert address.startswith("http"), "inkling serve ended before it printed its address"
            yield address
        finally:
            process.terminate()


def until(tab: Any, expression: str) -> None:
    """Wait until an expression of JavaScript is true; Playwright's own way is refused by the page's security policy."""
    for _ in range(200):
        if tab.evaluate(expression):
            return
        tab.wait_for_timeout(50)
    raise AssertionError(f"this did not become true in 10 seconds: {expression}")
