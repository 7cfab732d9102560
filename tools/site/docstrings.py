"""Docstrings of the package as reStructuredText.

The docstrings are written to be read in the source. Three things of theirs mean something else to Sphinx: lines with
columns or calls stay as they are; in a list of parameters, `name : text` is a name and its text, not a type; a star
before a name, as in (N, *shape), is a star.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any, NamedTuple

_COLUMNS = re.compile(r"\S {2,}\S")
_CALL = re.compile(r"[\w.]+( = [\w.]+)?\(.*\)")
_UNDERLINE = re.compile(r"-{3,}")
_ENTRY = re.compile(r"([*\w, /]+?) : (.+)")
_STAR = re.compile(r"(?<![\w*`\\])\*(?=\w+[^\w*])")
_METADATA = re.compile(r"set_\w+_request")
_FIELD = type(NamedTuple("_Pair", [("first", int)]).first)  # type: ignore[attr-defined]
_BEFORE_NAPOLEON = 400  # Sphinx calls what has the lowest priority first; Napoleon has 500.


def setup(app: Any) -> None:
    app.connect("autodoc-process-docstring", _process, priority=_BEFORE_NAPOLEON)
    app.connect("autodoc-skip-member", _skip)


def _skip(app: Any, what: str, name: str, obj: Any, skip: bool, options: Any) -> bool | None:
    """Fields of named tuples, which the docstring of the tuple tells, and scikit-learn's own methods for metadata."""
    return True if isinstance(obj, _FIELD) or _METADATA.fullmatch(name) else None


def _process(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    lines[:] = [each for blank, group in groupby(lines, key=_is_blank) for each in _paragraph(blank, list(group))]


def _is_blank(line: str) -> bool:
    return not line.strip()


def _paragraph(blank: bool, lines: list[str]) -> list[str]:
    if blank:
        return lines
    if len(lines) > 1 and _UNDERLINE.fullmatch(lines[1]):
        return [*lines[:2], *(each for line in lines[2:] for each in _entry(line))]
    if any(map(_COLUMNS.search, lines)) or all(map(_CALL.fullmatch, lines)):
        margin = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
        return [f"{margin}.. code-block:: none", "", *(f"    {line}" for line in lines)]
    return [_STAR.sub(r"\*", line) for line in lines]


def _entry(line: str) -> list[str]:
    """The name of a parameter, and in the next line the text about it."""
    entry = _ENTRY.fullmatch(line)
    return [_STAR.sub(r"\*", each) for each in ((entry[1], f"    {entry[2]}") if entry else (line,))]
