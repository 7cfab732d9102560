"""A browser to look at the page with: any Chromium, Chrome or Edge that is found, driven by Playwright."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge")
_PROGRAMS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
_APPS = ("Google Chrome", "Chromium", "Microsoft Edge")

# Pictures of the page are painted by the processor: a virtual graphics card would be emulated, which takes longer.
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-software-rasterizer")
FETCH_SECONDS = 300  # A download of some 150 MB that takes longer is given up.


@cache
def find_browser() -> str | None:
    """The browser that INKLING_BROWSER names, else one that is installed, else the one that Playwright can fetch."""
    return _found() or (_found() if _fetch() else None)


def _found() -> str | None:
    found = [os.environ.get("INKLING_BROWSER"), *map(shutil.which, _COMMANDS)]
    if sys.platform == "darwin":
        found += [f"/Applications/{app}.app/Contents/MacOS/{app}" for app in _APPS]
    for folder in map(os.environ.get, ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")):
        found += [os.fspath(Path(folder, program)) for program in _PROGRAMS] if folder else []
    caches = (Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright")
    for pattern in ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*"):
        found += [os.fspath(path) for each in caches for path in sorted(each.glob(pattern))]
    return next((each for each in found if each and Path(each).is_file()), None)


def _fetch() -> bool:
    """Whether `playwright install chromium` succeeds; it does not where its server cannot be reached."""
    if find_spec("playwright") is None:
        return False
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        return subprocess.run(command, capture_output=True, timeout=FETCH_SECONDS, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


@contextmanager
def launched() -> Iterator[Any]:
    """A Playwright `Browser`, until the block ends."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=[*ARGUMENTS])
        yield browser
        browser.close()


def ready(tab: Any, address: str) -> None:
    """Open the page at an address and wait until the network has answered to its first drawing."""
    tab.goto(address)
    tab.locator("html[data-ready=true]").wait_for(state="attached")
