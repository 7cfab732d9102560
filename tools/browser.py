"""A browser to look at the page with: any Chromium, Chrome or Edge that is found, driven by Playwright."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge")
_PROGRAMS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
_APPS = ("Google Chrome", "Chromium", "Microsoft Edge")


@cache
def find_browser() -> str | None:
    """The browser that INKLING_BROWSER names, else one that is installed, else the one that Playwright has fetched."""
    found = [os.environ.get("INKLING_BROWSER"), *map(shutil.which, _COMMANDS)]
    if sys.platform == "darwin":
        found += [f"/Applications/{app}.app/Contents/MacOS/{app}" for app in _APPS]
    for folder in map(os.environ.get, ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")):
        found += [os.fspath(Path(folder, program)) for program in _PROGRAMS] if folder else []
    caches = (Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright")
    found += [os.fspath(path) for each in caches for path in sorted(each.glob("chromium-*/chrome-linux*/chrome"))]
    return next((each for each in found if each and Path(each).is_file()), None)


@contextmanager
def launched() -> Iterator[Any]:
    """A Playwright `Browser`, until the block ends."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        yield browser
        browser.close()


def ready(tab: Any, address: str) -> None:
    """Open the page at an address and wait until the network has answered to its first drawing."""
    tab.goto(address)
    tab.locator("html[data-ready=true]").wait_for(state="attached")
