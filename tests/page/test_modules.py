"""The page's modules as files: their lines are short, and what the worker computes with, only the worker loads."""

import re

from inkling.page import PAGE

LONGEST_LINE = 120  # characters
MODULES = sorted(PAGE.rglob("*.js"))
IMPORTED = re.compile(r'^(?:import|\}) .*?from "(\.[^"]+)";$', re.MULTILINE)


def test_lines_are_short():
    lines = [(file.name, number, len(line)) for file in MODULES for number, line in numbered(file)]
    assert len(lines) > 5000
    assert [line for line in lines if line[2] > LONGEST_LINE] == []


def numbered(file):
    return enumerate(file.read_text(encoding="utf-8").splitlines(), 1)


def test_the_main_thread_loads_neither_the_engine_nor_the_normaliser():
    main, worker = closure(PAGE / "app" / "main.js"), closure(PAGE / "worker.js")
    computing = {PAGE / "ink" / "components.js", PAGE / "engine" / "kinds.js"}
    assert computing <= worker
    assert not computing & main
    assert len(main) > 40
    assert not {file.parent.name for file in worker} & {"app", "drawing"}, "the worker shows nothing"


def closure(entry):
    """A module and all that it imports, and that those import."""
    found, wanted = set(), [entry]
    while wanted:
        file = wanted.pop()
        if file not in found:
            found.add(file)
            wanted += [(file.parent / path).resolve() for path in IMPORTED.findall(file.read_text(encoding="utf-8"))]
    return found
