"""Bundling: the ES modules that one module needs, directly or not, as one script without imports.

Each module becomes a function that is called once and returns what the module exports. The modules of the page use one
form of import and three of export, which is all that is understood here; anything else is an error, not left out.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.{1,2}/[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function\*?|class|const) (\w+))", re.MULTILINE)
_OTHER = re.compile(r"^\s*(?:import|export)\b(?! *[=:.])", re.MULTILINE)
_COMMENT = re.compile(r"^ *(?:/\*\*?(?:[^*]|\*(?!/))*\*/|//[^\n]*)\n", re.MULTILINE)


class Module(NamedTuple):
    """The text of a module without imports and exports, what it takes from which file, and what it exports."""

    body: str
    taken: list[tuple[str, Path]]
    exported: list[str]


def bundle(entry: Path) -> str:
    """One script that does what the module does. ValueError where modules import each other in a circle."""
    modules: dict[Path, Module] = {}
    _collect(entry.resolve(), modules, [])
    numbers = {path: f"m{number}" for number, path in enumerate(modules)}
    parts = []
    for path, module in modules.items():
        lines = [f"const {{{names}}} = {numbers[source]};" for names, source in module.taken]
        lines += [module.body.strip(), f"return {{{', '.join(module.exported)}}};"]
        parts.append(f"const {numbers[path]} = (() => {{\n" + "\n".join(lines) + "\n})();\n")
    return '"use strict";\n' + "".join(parts)


def _collect(path: Path, modules: dict[Path, Module], importing: list[Path]) -> None:
    """Add the modules that this one needs, then itself: each stands behind those that it needs."""
    if path in importing:
        circle = " → ".join(each.name for each in [*importing[importing.index(path) :], path])
        raise ValueError(f"modules import each other in a circle: {circle}")
    if path in modules:
        return
    module = parse(path)
    for names, source in module.taken:
        _collect(source, modules, [*importing, path])
        missing = {name.partition(":")[0] for name in names.split(", ")} - {*modules[source].exported}
        if missing:
            raise ValueError(f"{path.name} imports {', '.join(sorted(missing))}, which {source.name} does not export")
    modules[path] = module


def parse(path: Path) -> Module:
    """The module in a file; ValueError where it imports or exports in another form than those that are understood."""
    text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    taken = [
        (", ".join(_taken_name(name) for name in names.split(",") if name.strip()), (path.parent / source).resolve())
        for names, source in _IMPORT.findall(text)
    ]
    text = _IMPORT.sub("", text)
    exported = _EXPORT.findall(text)
    body = _EXPORT.sub("", text)
    if found := _OTHER.search(body):
        line = body[found.start() :].strip().splitlines()[0]
        raise ValueError(f"{path.name}: this form of import or export cannot be bundled: {line}")
    return Module(body, taken, exported)


def _taken_name(name: str) -> str:
    """`a` or `a as b` of an import, as a destructuring pattern has it."""
    return ": ".join(name.split(" as ")).strip()
