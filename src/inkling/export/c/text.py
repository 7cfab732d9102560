"""C text: numbers, names and fragments, written so that any C99 compiler reads them as they are meant."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np

from inkling.errors import UsageError

_FRAGMENTS = Path(__file__).parent / "fragments"
_COLUMNS = 118
_MOST_LETTERS = 31  # C99, 5.2.4.1: so many characters of an external name are significant.
_LONGEST_NAME = "_predict_open_set"
_PREFIX_OR_LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"|\b(?:inkling|INKLING)_')
# Names that begin macros of C's headers, such as INT_WIDTH: with one of these, the header would define them anew.
_TAKEN = re.compile(
    r"bool|[us]?char|l?dbl|flt|u?l?long|u?int(max|ptr|(_fast|_least)?(8|16|32|64))?|ptrdiff|u?shrt|sig_atomic|size|"
    r"w(char|int)"
)
_TYPES = {"float32": "float", "int8": "int8_t", "uint8": "uint8_t", "int32": "int32_t"}


@cache
def fragment(name: str) -> str:
    """The text of a file in `fragments/`, such as "float32/conv2d"."""
    return (_FRAGMENTS / f"{name}.h").read_text(encoding="ascii")


def check_prefix(prefix: str) -> None:
    """UsageError unless names in C can begin so."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", prefix) or len(prefix + _LONGEST_NAME) > _MOST_LETTERS:
        raise UsageError(
            f"a prefix is 1 to {_MOST_LETTERS - len(_LONGEST_NAME)} letters, figures and _, of which the first is a "
            f"letter, not {prefix!r}"
        )
    if _TAKEN.fullmatch(prefix.lower()):
        raise UsageError(f"C's own headers define names that begin with {prefix.upper()}_: give another prefix")


def with_prefix(text: str, prefix: str) -> str:
    """C text with the names of its functions, types and macros begun by another prefix; literals stay as they are."""

    def renamed(found: re.Match[str]) -> str:
        word = found[0]
        return word if word[0] == '"' else f"{prefix.upper() if word[0] == 'I' else prefix}_"

    return _PREFIX_OR_LITERAL.sub(renamed, text)


def number(value: float) -> str:
    """A float32 as C reads back the same number."""
    text = f"{np.float32(value):.9g}"
    return f"{text}f" if re.search(r"[.e]", text) else f"{text}.0f"


def string(text: str) -> str:
    """A literal, with what is not plain ASCII as the octal escapes of its UTF-8."""
    plain = (chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\?*/' else f"\\{byte:03o}" for byte in text.encode())
    return f'"{"".join(plain)}"'


def comment(lines: Iterable[str]) -> str:
    """Lines as a comment, in plain ASCII."""
    text = "\n".join(f" * {line}".rstrip() for line in lines)
    return f"/*\n{_harmless(text)}\n */\n"


def _harmless(text: str) -> str:
    """Text that neither ends a comment nor begins another, in whatever way it is read."""
    plain = text.encode("ascii", "backslashreplace").decode()
    return plain.replace("*/", "* /").replace("/*", "/ *").replace("??", "? ?")


def array(name: str, numbers: np.ndarray) -> str:
    """A constant array of as many axes, as a definition."""
    axes = "".join(f"[{side}]" for side in numbers.shape)
    return f"static const {_TYPES[numbers.dtype.name]} {name}{axes} = {_braces(numbers)};\n"


def _braces(numbers: np.ndarray) -> str:
    if numbers.ndim > 1:
        return "{\n" + ",\n".join(_braces(each) for each in numbers) + "\n}"
    written = map(number if numbers.dtype == np.float32 else _whole, numbers.tolist())
    lines = textwrap.wrap(", ".join(written), _COLUMNS, initial_indent="    ", subsequent_indent="    ")
    return "{\n" + "\n".join(lines) + "\n}"


def _whole(value: int) -> str:
    """An integer literal. -2147483648 is no literal in C: it is a minus before a number that may not fit."""
    return "(-2147483647 - 1)" if value == -(2**31) else str(value)
