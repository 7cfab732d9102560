"""Templates: the fields of a form or a meter, each with its name, its box, and what is known of its number."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inkling.errors import UsageError, described, printable, shortened
from inkling.notation import is_number
from inkling.reading.arguments import check_question
from inkling.reading.forms.boxes import Size, checked_box
from inkling.reading.plausibility import Plausible, plausible_of

CONFIDENCE_SUFFIX = "_confidence"  # of a field's second column in a table
_COLUMNS = ("file", "warnings")  # What a table holds besides fields.
_MOST_FIELDS = 1000
_MOST_CHARACTERS = 60  # of a field's name
_QUESTION = ("single", "digits", "lines", "min_confidence")
# Arguments of Plausible, and the keys that a file has for them.
_LIMITS = {
    "pattern": "pattern",
    "minimum": "min",
    "maximum": "max",
    "previous": "previous",
    "max_step": "max_step",
}


@dataclass(frozen=True)
class Field:
    """A field of a form.

    Attributes
    ----------
    box : (left, top, width, height), in shares of the picture from 0 to 1 or, where one is above 1, in whole pixels.
    single, digits, lines, min_confidence : as `inkling.read` takes them.
    plausible : what the number can be; a number that cannot be is refused.
    """

    box: tuple[float, float, float, float]
    single: bool = False
    digits: int | None = None
    lines: bool = False
    min_confidence: float | None = None
    plausible: Plausible = Plausible()

    def __post_init__(self) -> None:
        check_question(self.single, self.digits, self.lines, self.min_confidence)
        if not isinstance(self.plausible, Plausible):
            raise UsageError(f"plausible is a Plausible, not {described(self.plausible)}")

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Field:
        """A field of the keys that it has in a file; UsageError where one is unknown, missing or cannot work."""
        known = ("box", *_QUESTION, *_LIMITS.values())
        for key in record:
            if key not in known:
                close = difflib.get_close_matches(key, known, n=1)
                hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}"
                raise UsageError(f"unknown key {shortened(key)}: {hint}")
        if "box" not in record:
            raise UsageError("box is missing: give left, top, width and height")
        box = record["box"]
        limits = {argument: record[key] for argument, key in _LIMITS.items() if key in record}
        question = {key: record[key] for key in _QUESTION if key in record}
        return cls(tuple(box) if isinstance(box, list) else box, **question, plausible=plausible_of(limits, _LIMITS))


@dataclass(frozen=True)
class Template:
    """The fields of pictures that look alike. A template has no hash, since its fields are a mapping.

    Attributes
    ----------
    fields : by name, in the order of a table's columns.
    size : (width, height) in pixels, upright, of the picture that the boxes were measured in. Boxes in pixels need it;
        beside boxes in shares it tells pictures of another shape.

    Raises
    ------
    UsageError
        There is no field, a name cannot be that of a column, or a box leaves the picture; the sentence names the field.
    """

    fields: Mapping[str, Field]
    size: Size | None = None

    def __post_init__(self) -> None:
        if self.size is not None:
            _check_size(self.size)
        if not isinstance(self.fields, Mapping) or not self.fields:
            raise UsageError("a template has at least one field: write [fields.NAME] and its box")
        if len(self.fields) > _MOST_FIELDS:
            raise UsageError(f"a template has at most {_MOST_FIELDS:,} fields, not {len(self.fields):,}")
        for name, field in self.fields.items():
            _check_name(name, self.fields)
            if not isinstance(field, Field):
                raise UsageError(f"field {name}: a Field was expected, not {described(field)}")
            with_name(name, checked_box, field.box, self.size)

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Template:
        """A template of the tables of its file; UsageError where something in it is unknown or cannot work."""
        for key in record:
            if key not in ("size", "fields"):
                raise UsageError(f"unknown key {shortened(key)}: a template has size, and [fields.NAME] per field")
        tables = record.get("fields", {})
        if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
            raise UsageError("fields are tables: write [fields.NAME] above the keys of each")
        size = record.get("size")
        fields = {name: with_name(name, Field.from_dict, table) for name, table in tables.items()}
        return cls(fields, tuple(size) if isinstance(size, list) else size)


def with_name(name: str, function: Any, *arguments: Any) -> Any:
    """What a function returns; its UsageError begins with the field's name."""
    try:
        return function(*arguments)
    except UsageError as error:
        raise UsageError(f"field {shortened(name)}: {error}") from None


def _check_size(size: object) -> None:
    sides = size if isinstance(size, tuple) else ()
    if len(sides) != 2 or not all(isinstance(side, int) and is_number(side) and side > 0 for side in sides):
        came = shortened(str(list(size))) if isinstance(size, tuple) else described(size)
        raise UsageError(f"size is the width and height in pixels of the picture that was measured, not {came}")


def _check_name(name: object, fields: Mapping[str, Field]) -> None:
    """UsageError unless the name can be that of a column, whatever the other fields are called."""
    if not isinstance(name, str):
        raise UsageError(f"the name of a field is a text, not {described(name)}")
    if not name.strip() or name != name.strip() or len(name) > _MOST_CHARACTERS or printable(name) != name:
        raise UsageError(
            f"the name of a field has 1 to {_MOST_CHARACTERS} characters, none of them a line end, and no blank at "
            f"either end, not {shortened(name)!r}"
        )
    if name in _COLUMNS or (name.endswith(CONFIDENCE_SUFFIX) and name.removesuffix(CONFIDENCE_SUFFIX) in fields):
        raise UsageError(f"field {name}: a table has a column of this name already: give another name")
