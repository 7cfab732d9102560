"""Node: the program that runs the page's modules in tests, the system's or the one in Playwright's wheel."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from inkling.page import PAGE
from needs import Need

OLDEST = 20  # the first version whose test runner and `structuredClone` the scripts rely on
SCRIPTS = Path(__file__).parent


@cache
def node() -> str | None:
    """The path of a Node that is new enough; None where there is none."""
    return next((path for path in _candidates() if _version(path) >= OLDEST), None)


def _candidates() -> list[str]:
    found = [shutil.which("node")]
    if (spec := find_spec("playwright")) and spec.origin:
        driver = Path(spec.origin).parent / "driver"
        found += [str(path) for path in (driver / "node", driver / "node.exe") if path.is_file()]
    return [path for path in found if path]


def _version(path: str) -> int:
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60).stdout
    except OSError:
        return 0
    major = re.match(r"v(\d+)", said)
    return int(major[1]) if major else 0


needs_node = Need(f"there is no Node {OLDEST} or later (the playwright package brings one)", lambda: node() is not None)


def run_node(script: str, *arguments: str, timeout: float = 300) -> str:
    """What a script of this folder prints; it is told where the engine is. AssertionError where it fails."""
    command = [str(node()), str(SCRIPTS / script), str(PAGE / "engine"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=timeout)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_tests(script: str, folder: Path, timeout: float = 300) -> None:
    """Run a script of this folder under `node --test`, with the engine and a folder of files in its environment."""
    environment = os.environ | {"ENGINE": str(PAGE / "engine"), "FILES": str(folder)}
    command = [str(node()), "--test", str(SCRIPTS / script)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=timeout, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^# pass [1-9]|^ℹ pass [1-9]", done.stdout, re.MULTILINE), done.stdout
