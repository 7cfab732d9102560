"""TOML text of a record of plain values. Python reads the format, but does not write it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def write(record: Mapping[str, Any], tables: str) -> str:
    """The text that reads back as the record; the list of records called `tables`, if it is there, comes last."""
    lines = [f"{name} = {_value(value)}" for name, value in record.items() if name != tables]
    for table in record.get(tables, []):
        lines += ["", f"[[{tables}]]", *(f"{name} = {_value(value)}" for name, value in table.items())]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "[\n" + "".join(f"    {_value(item)},\n" for item in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # TOML's escapes are JSON's, and DEL
    return repr(value)
