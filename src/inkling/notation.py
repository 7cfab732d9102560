"""One notation for structure: `Linear(256, init=XavierNormal())` in Python, in recipes and in model files.

`write` gives the shortest constructor call that makes an object again. `read` parses such a call and never runs code:
it understands only the classes of a vocabulary and plain literals of the right types.
"""

from __future__ import annotations

import ast
import dataclasses
import difflib
import inspect
import sys
import typing
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from inkling.errors import UsageError

MOST_CHARACTERS = 2**18  # of a notation; an ensemble of a hundred networks has a tenth of it
MOST_SHOWN = 80  # characters of a notation in a message


class Notated:
    """A frozen dataclass whose `repr` is its notation.

    Attributes
    ----------
    elsewhere : advice for arguments that users expect here but that belong elsewhere, by the argument's name.
    former_names : names that the class had in earlier versions. Recipes and model files with them still load.
    former_arguments : today's name of each argument that had another name in earlier versions, by the former name.
    """

    elsewhere: typing.ClassVar[Mapping[str, str]] = MappingProxyType({})
    former_names: typing.ClassVar[tuple[str, ...]] = ()
    former_arguments: typing.ClassVar[Mapping[str, str]] = MappingProxyType({})

    @classmethod
    def advice(cls, name: str, content: Any) -> str:
        """What to do about an argument of the wrong type, as the end of a sentence: ": …"; "" where nobody knows."""
        return ""

    def __repr__(self) -> str:
        return write(self)

    def __str__(self) -> str:
        """The notation for a message: cut where it is long."""
        return _short(write(self))


def write(value: Any) -> str:
    """The notation of a dataclass: required fields by position, fields that differ from their default by name."""
    words: list[str] = []
    arguments = _signature(type(value)).parameters  # type: ignore[arg-type]  # a class is hashable
    for field in dataclasses.fields(value):
        content = getattr(value, field.name)
        if arguments[field.name].kind is inspect.Parameter.VAR_POSITIONAL:
            words += map(repr, content)
        elif field.default is dataclasses.MISSING:
            words.append(_literal(content))
        elif content != field.default:
            words.append(f"{field.name}={_literal(content)}")
    return f"{type(value).__name__}({', '.join(words)})"


def _literal(content: Any) -> str:
    """The literal of a field; a NumPy number is written as a plain one, which `read` understands."""
    return repr(_plain(content))


def make_plain(value: Any) -> None:
    """Replace NumPy numbers in a frozen dataclass by plain ones; for its `__post_init__`."""
    for field in dataclasses.fields(value):
        object.__setattr__(value, field.name, _plain(getattr(value, field.name)))


def _plain(content: Any) -> Any:
    return content.item() if isinstance(content, np.generic) else content


def read(text: str, vocabulary: Mapping[str, type], inside: Mapping[str, type] = MappingProxyType({})) -> Any:
    """The object that a text describes.

    Parameters
    ----------
    text : a call of a class in `vocabulary`. Its arguments are literals, or calls of classes in `inside`.
    vocabulary, inside : classes by name.

    Raises
    ------
    UsageError
        The text is anything else, or an argument is of the wrong type.
    """
    expected = f"expected a call such as {_example(text, vocabulary)}"
    if len(text) > MOST_CHARACTERS:
        raise UsageError(f"cannot read {_short(text)!r}: {expected}, of at most {MOST_CHARACTERS:,} characters")
    try:
        call = ast.parse(text.strip(), mode="eval").body
        if not isinstance(call, ast.Call):
            raise SyntaxError
        return _build(call, vocabulary, inside)
    except UsageError:
        raise
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # also for NUL bytes and nesting too deep to parse
        raise UsageError(f"cannot read {_short(text)!r}: {expected}") from None
    except TypeError as error:
        raise UsageError(f"cannot build {_short(text)!r}: {error}") from None


def _example(text: str, known: Mapping[str, type]) -> str:
    """A call for a message: of the class that a bare name may mean, such as "adam", or else of any."""
    if meant := _close(text.strip(), known) if text.strip().isidentifier() else None:
        return f"{meant}()"
    return "Linear(10)" if "Linear" in known or not known else f"{next(iter(known))}()"


def is_number(content: Any) -> bool:
    """Whether this is a finite int or float that a float can hold; True and False are no numbers."""
    plain = isinstance(content, int | float) and not isinstance(content, bool)
    return plain and abs(content) <= sys.float_info.max


def is_whole_number(content: Any) -> bool:
    """Whether this is an int, or one of NumPy's; True and False are no numbers."""
    return isinstance(content, int | np.integer) and not isinstance(content, bool)


def vocabulary(*classes: type) -> dict[str, type]:
    """The classes by name, as `read` takes them."""
    return {cls.__name__: cls for cls in classes}


def _build(node: ast.expr, known: Mapping[str, type], inside: Mapping[str, type]) -> Any:
    match node:
        case ast.Call(func=ast.Name(id=name), args=args, keywords=words) if all(word.arg for word in words):
            cls = _find(name, known)
            former = cls.former_arguments if issubclass(cls, Notated) else {}
            named = {former.get(word.arg, word.arg): _build(word.value, inside, inside) for word in words if word.arg}
            return _make(cls, [_build(arg, inside, inside) for arg in args], named)
        case ast.List(elts=items) if any(isinstance(item, ast.Call) for item in items):
            raise UsageError(f"cannot read {_short(ast.unparse(node))!r}: write the layers without brackets")
        case ast.Tuple(elts=items):
            return tuple(_build(item, known, inside) for item in items)
    try:
        return ast.literal_eval(node)
    except ValueError:
        raise UsageError(f"cannot read {_short(ast.unparse(node))!r}: expected a number, a string or a call") from None


@lru_cache(maxsize=256)
def type_hints(cls: type) -> Mapping[str, Any]:
    """The annotations of a class as types, kept: Python takes a tenth of a millisecond to evaluate them."""
    return typing.get_type_hints(cls)


@lru_cache(maxsize=256)
def _signature(cls: type) -> inspect.Signature:
    return inspect.signature(cls)


def _find(name: str, known: Mapping[str, type]) -> type:
    """The class with this name or former name; UsageError where there is none."""
    if name in known:
        return known[name]
    for cls in known.values():
        if issubclass(cls, Notated) and name in cls.former_names:
            return cls
    raise UsageError(_unknown(name, known))


def _make(cls: type, args: list[Any], named: Mapping[str, Any]) -> Any:
    """An object of the class; TypeError where an argument does not fit the annotation of its field."""
    hints, signature = type_hints(cls), _signature(cls)
    for name in named:
        if name not in signature.parameters:
            raise TypeError(_unexpected(name, cls, list(signature.parameters)))
    for name, content in signature.bind(*args, **named).arguments.items():
        if not fits(content, hints[name]):
            advice = cls.advice(name, content) if issubclass(cls, Notated) else ""
            raise TypeError(f"{name} must be of type {_name(hints[name])}, not {_short(repr(content))}{advice}")
    return cls(*args, **named)


def fits(content: Any, hint: Any) -> bool:
    """Whether an argument annotated with `hint` may be `content`; an int fits float."""
    inner = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        if inner[-1] is Ellipsis:
            return isinstance(content, tuple) and all(fits(each, inner[0]) for each in content)
        return isinstance(content, tuple) and len(content) == len(inner) and all(map(fits, content, inner))
    if inner:
        return any(fits(content, each) for each in inner)
    if hint is float:
        return is_number(content)
    return isinstance(content, hint) and (hint is bool or not isinstance(content, bool))


def _name(hint: Any) -> str:
    inner = typing.get_args(hint)
    if inner and inner[-1] is Ellipsis:
        return f"{_name(inner[0])} each"
    return hint.__name__ if isinstance(hint, type) and not inner else str(hint)


def _short(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 3] + "..."


def _close(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like this one, whatever its capitals."""
    by_lower = {each.lower(): each for each in known}
    close = difflib.get_close_matches(name[:MOST_SHOWN].lower(), by_lower, n=1)
    return by_lower[close[0]] if close else None


def _unknown(name: str, known: Mapping[str, type]) -> str:
    close = _close(name, known)
    hint = f"did you mean {close}?" if close else f"known are {', '.join(known) or 'none'}"
    return f"unknown name {_short(name)!r}: {hint}"


def _unexpected(name: str, cls: type, known: list[str]) -> str:
    close = _close(name, known)
    elsewhere = cls.elsewhere.get(name) if issubclass(cls, Notated) else None
    hint = elsewhere or (
        f"did you mean {close}?" if close else f"{cls.__name__} takes {', '.join(known) or 'no arguments'}"
    )
    return f"unexpected keyword argument {_short(name)!r}: {hint}"
