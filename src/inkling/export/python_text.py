"""Python text: names of strangers and arrays, as they may stand in a file of Python; names that no file may have."""

from __future__ import annotations

import base64
import keyword
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from inkling.errors import UsageError

_COLUMNS = 118
_TAKEN = ("__init__", "__main__", "inkling", "numpy", "torch", "safetensors")


def check_module_name(path: Path) -> None:
    """UsageError where Python cannot import a file of this name, or would do so in the place of another module."""
    if not path.stem.isidentifier() or keyword.iskeyword(path.stem):
        raise UsageError(
            f"{path}: Python cannot import a module of this name: give one of letters, digits and _ that begins with a "
            "letter and is no keyword"
        )
    if path.stem in _TAKEN or path.stem in sys.stdlib_module_names:
        raise UsageError(
            f"{path}: Python would take {path.stem}.py for the module {path.stem}, which programs import: give another "
            "name"
        )


def in_docstring(text: str) -> str:
    """A text as it may stand between three quotation marks, on one line of plain ASCII."""
    return ascii(text)[1:-1].replace('"', "'")


def literal(text: str) -> str:
    """A text in quotation marks, in plain ASCII."""
    plain = text.isascii() and text.isprintable() and not {'"', "\\"} & set(text)
    return f'"{text}"' if plain else ascii(text)


def literals(texts: Sequence[str]) -> str:
    """Texts as a tuple."""
    return f"({' '.join(f'{literal(text)},' for text in texts)})"


def base64_lines(array: np.ndarray) -> str:
    """The bytes of an array, float32 or uint8, the lowest first, as lines of base64."""
    content = array.astype(array.dtype.newbyteorder("<"), order="C").tobytes()
    return "\n".join(textwrap.wrap(base64.b64encode(content).decode(), _COLUMNS))
