"""Python text: names of strangers and arrays, as they may stand in a file of Python; names that no file may have."""

from __future__ import annotations

import base64
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from inkling.errors import UsageError

_COLUMNS = 118
_IMPORTED = ("numpy", "torch", "safetensors")


def check_module_name(path: Path) -> None:
    """UsageError where a file of this name would be imported in the place of a module that it needs itself."""
    if path.stem in _IMPORTED or path.stem in sys.stdlib_module_names:
        raise UsageError(
            f"{path}: Python would take {path.stem}.py for the module {path.stem} that it imports: give another name"
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
