"""Changes of a recipe by the names of its settings: `lr`, `epochs`, `network.0.out_channels`, `augment.1`."""

from __future__ import annotations

import ast
import dataclasses
import difflib
from collections.abc import Sequence
from typing import Any

from inkling.errors import UsageError, shortened
from inkling.nn import Network
from inkling.notation import fits, type_hints
from inkling.recipes.recipe import Recipe

_SHORT = {"lr": "schedule.lr", "validation": "split.validation"}  # as in the options of `inkling train`


def value_of(text: str) -> Any:
    """What a text stands for: a number, a list, True, None; or the text itself, such as "Adam()"."""
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text.strip()


def changed(recipe: Recipe, name: str, value: Any) -> Recipe:
    """The recipe with another value of one setting.

    Parameters
    ----------
    name : an entry of the recipe file ("epochs", "optimizer"), a number in one that is a list ("network.0"), or an
        argument of what stands there ("network.0.out_channels", "optimizer.momentum"); `lr` and `validation` are those
        of the schedule and the split.
    value : a number, or a text as the recipe file has it; None is the entry left out.

    Raises
    ------
    UsageError
        There is no such setting, or the recipe cannot have this value.
    """
    entry, *inside = _SHORT.get(name, name).split(".")
    known = [field.name for field in dataclasses.fields(Recipe)]
    if entry not in known:
        raise UsageError(f"recipe {recipe.name}: {_unknown(name, entry, [*known, *_SHORT])}")
    record = recipe.to_dict()
    if not inside:
        record[entry] = value
        return _built(record)
    part = getattr(recipe, entry)
    layers = part.layers if isinstance(part, Network) else part
    if isinstance(layers, tuple):
        place = _place(name, inside.pop(0), layers)
        record[entry][place] = repr(_with_argument(layers[place], name, inside, value)) if inside else value
    else:
        record[entry] = repr(_with_argument(part, name, inside, value))
    return _built(record)


def _built(record: dict[str, Any]) -> Recipe:
    return Recipe.from_dict({key: value for key, value in record.items() if value is not None})


def _place(name: str, text: str, items: Sequence[Any]) -> int:
    if not (text.isdecimal() and int(text) < len(items)):
        raise UsageError(f"{shortened(name)}: a number from 0 to {len(items) - 1} was expected, not {shortened(text)}")
    return int(text)


def _with_argument(part: Any, name: str, inside: Sequence[str], value: Any) -> Any:
    """A layer, optimizer, … with another value of the argument at the end of the path `inside`."""
    argument, *further = inside
    kind: type = type(part)
    known = [field.name for field in dataclasses.fields(kind) if field.init] if dataclasses.is_dataclass(kind) else []
    if argument not in known:
        raise UsageError(_unknown(name, argument, known))
    if further:
        value = _with_argument(getattr(part, argument), name, further, value)
    elif not fits(value, type_hints(kind)[argument]):
        now = getattr(part, argument)
        raise UsageError(f"{shortened(name)} cannot be {shortened(repr(value))}: in {part} it is {now!r}")
    try:
        return dataclasses.replace(part, **{argument: value})
    except TypeError as error:
        raise UsageError(f"{shortened(name)}: {error}") from None


def _unknown(name: str, part: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(part, known, n=1)
    hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(known) or 'none'}"
    return f"no setting {shortened(name)}: {hint}"
