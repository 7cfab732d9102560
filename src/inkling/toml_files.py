"""TOML files that users write: recipes and templates, in UTF-8 or, as Windows' shells write them, in UTF-16."""

from __future__ import annotations

import codecs
import tomllib
from pathlib import Path
from typing import Any

from inkling.errors import UsageError, reason

MOST_BYTES = 2**20


def content_of(path: Path, noun: str) -> bytes:
    """The bytes of a file that holds a `noun`, such as "recipe"; UsageError where there is none, or a huge one."""
    if not path.is_file():
        raise UsageError(f"{path}: no such {noun} file")
    if path.stat().st_size > MOST_BYTES:
        raise UsageError(f"{path}: a {noun} has at most {MOST_BYTES:,} bytes, this file has more")
    return path.read_bytes()


def decoded(content: bytes, name: object) -> str:
    """The text of a file of this name, with "\\n" for every line end; UsageError where it is no text."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: not a TOML file: it is no text in UTF-8 or UTF-16 ({error.reason})") from None
    return text.replace("\r\n", "\n")


def parsed(text: str, name: object) -> dict[str, Any]:
    """The tables of a TOML file of this name; UsageError where the text is no TOML."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # no TOML, or an integer too long for Python
        raise UsageError(f"{name}: not a TOML file: {reason(error)}") from None
