"""Blind mutations of a file, which know bytes alone."""

from __future__ import annotations

from random import Random


def flip(data: bytes, rng: Random) -> bytes:
    changed = bytearray(data or b"\0")
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def truncate(data: bytes, rng: Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def repeat(data: bytes, rng: Random) -> bytes:
    start, end = _range(data, rng)
    return data[:end] + data[start:end] * rng.choice((1, 2, 30)) + data[end:]


def remove(data: bytes, rng: Random) -> bytes:
    start, end = _range(data, rng)
    return data[:start] + data[end:]


def blank(data: bytes, rng: Random) -> bytes:
    start, end = _range(data, rng)
    return data[:start] + rng.choice((b"\0", b"\xff", b" ", b"\n", b"[")) * (end - start) + data[end:]


def noise(data: bytes, rng: Random) -> bytes:
    start, end = _range(data, rng)
    return data[:start] + rng.randbytes(end - start) + data[end:]


def odd_integer(data: bytes, rng: Random) -> bytes:
    """A number of 1, 2, 4 or 8 bytes somewhere near the beginning, where headers are, becomes an odd one."""
    size = rng.choice((1, 2, 4, 8))
    at = rng.randrange(max(1, min(len(data) - size, 200)))
    value = rng.choice((0, 1, 2 ** (8 * size - 1) - 1, 2 ** (8 * size - 1), 2 ** (8 * size) - 1, 2 ** (4 * size)))
    return data[:at] + value.to_bytes(size, rng.choice(("little", "big"))) + data[at + size :]


def splice(data: bytes, other: bytes, rng: Random) -> bytes:
    """The beginning of one file and the end of another."""
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


def _range(data: bytes, rng: Random) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + rng.choice((1, 4, 30, 1000)))


MUTATIONS = (flip, truncate, repeat, remove, blank, noise, odd_integer)  # `splice` takes two files
