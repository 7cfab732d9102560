"""One notation for structure: `Linear(256, init=XavierNormal())` in Python, in recipes and in model files.

`write` gives the shortest constructor call that makes an object again; `read` parses such a call without
running code: only the classes of a vocabulary and plain literals are understood.
"""

from __future__ import annotations

import ast
import dataclasses
import difflib
from collections.abc import Mapping
from typing import Any

from inkling.errors import UsageError


class Notated:
    """A frozen dataclass whose `repr` is its notation."""

    def __repr__(self) -> str:
        return write(self)


def write(value: Any) -> str:
    """Notation of a dataclass: required fields by position, others by name where they are not the default."""
    words = []
    for field in dataclasses.fields(value):
        content = getattr(value, field.name)
        if field.default is dataclasses.MISSING:
            words.append(repr(content))
        elif content != field.default:
            words.append(f"{field.name}={content!r}")
    return f"{type(value).__name__}({', '.join(words)})"


def read(text: str, vocabulary: Mapping[str, type]) -> Any:
    """The object that `text` describes; UsageError where it is not a call of known names with literals."""
    try:
        return _build(ast.parse(text.strip(), mode="eval").body, vocabulary)
    except SyntaxError:
        raise UsageError(f"cannot read {text!r}: expected a call such as Linear(10)") from None
    except TypeError as error:
        raise UsageError(f"cannot build {text!r}: {error}") from None


def vocabulary(*classes: type) -> dict[str, type]:
    return {cls.__name__: cls for cls in classes}


def _build(node: ast.expr, known: Mapping[str, type]) -> Any:
    match node:
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
            if name not in known:
                raise UsageError(_unknown(name, known))
            named = {word.arg: _build(word.value, known) for word in keywords if word.arg}
            return known[name](*(_build(arg, known) for arg in args), **named)
        case ast.Tuple(elts=items):
            return tuple(_build(item, known) for item in items)
    try:
        return ast.literal_eval(node)
    except ValueError:
        raise UsageError(f"cannot read {ast.unparse(node)!r}: expected a number, a string or a call") from None


def _unknown(name: str, known: Mapping[str, type]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}"
    return f"unknown name {name!r}: {hint}"
