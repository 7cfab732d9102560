"""Mutations of JSON and TOML, which know entries and the notation of layers."""

from __future__ import annotations

import json
import re
import tomllib
from random import Random
from typing import Any

import tomli_w

# Values that programs stumble over, in place of any other.
ODD: tuple[Any, ...] = (
    *(0, 1, -1, 2, 10, 28, 255, 256, 1000, 65_536, 1_000_000, 2**31 - 1, 2**31, 2**63, 10**30, -(2**63)),
    *(0.5, -0.5, 1e-300, 1e30, 1e300, float("inf"), float("nan"), True, False, "", "a", "0", "nan", "/dev/zero"),
    *(
        "../../etc/passwd",
        "\x1b[2J",
        "a\nb",
        "é" * 300,
        "Linear(10)",
        "adam",
        [],
        [0],
        [[]],
        {},
        {"a": 0},
        ["Flatten()"],
    ),
)
ODD_NUMBERS = tuple(str(each) for each in ODD if isinstance(each, int | float))


def change_entry(record: Any, rng: Random) -> Any:
    """A copy of a record in which an entry, however deep, has another value, or is removed, doubled or nested."""
    places: list[tuple[Any, Any]] = []
    record = json.loads(json.dumps(record))
    left = [record]
    while left:
        each = left.pop()
        keys = list(each) if isinstance(each, dict) else list(range(len(each))) if isinstance(each, list) else []
        places += [(each, key) for key in keys]
        left += [each[key] for key in keys]
    where, key = rng.choice(places)
    match rng.randrange(8):
        case 0:
            del where[key]
        case 1:
            where[key] = [where[key]] * rng.choice((1, 3, 3000))
        case 2:
            for _ in range(rng.choice((1, 40, 300))):
                where[key] = rng.choice(([where[key]], {"members": [where[key]]}, {"teacher": where[key]}))
        case 3 | 4 if isinstance(where[key], str):
            where[key] = change_notation(where[key], rng)
        case _:
            where[key] = rng.choice(ODD)
    return record


def change_notation(text: str, rng: Random) -> str:
    """A call such as "Linear(10)" with another number, another name, further arguments, or inside another call."""
    match rng.randrange(6):
        case 0 | 1 if re.search(r"\d", text):
            numbers = list(re.finditer(r"[\d.]+", text))
            one = rng.choice(numbers)
            return text[: one.start()] + rng.choice(ODD_NUMBERS) + text[one.end() :]
        case 2:
            return f"{rng.choice(('Residual', 'Sequential', 'Ensemble', 'Quux'))}({text})"
        case 3:
            return text.replace(")", f", {rng.choice(('x=1', '1', 'None', '*a', '(1, 2)'))})", 1)
        case 4:
            outer = rng.choice(("Residual(", "-", "(", "Sequential(Residual("))
            return outer * rng.choice((20, 3000)) + text + ")" * rng.choice((0, 20, 3000))
        case _:
            return ", ".join([text] * rng.choice((2, 100)))


def json_entry(data: bytes, rng: Random) -> bytes:
    return json.dumps(change_entry(json.loads(data), rng)).encode()


def toml_entry(data: bytes, rng: Random) -> bytes:
    return tomli_w.dumps(change_entry(tomllib.loads(data.decode()), rng)).encode()


def number_in_text(data: bytes, rng: Random) -> bytes:
    return change_notation(data.decode(), rng).encode()
