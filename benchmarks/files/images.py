"""Mutations of tables, IDX files and pictures, which know rows, cells and headers."""

from __future__ import annotations

import struct
import zlib
from random import Random

from benchmarks.files.blind import odd_integer

ODD_CELLS = (
    "",
    "nan",
    "-1",
    "256",
    "1e9",
    "0x10",
    "9" * 400,
    '"',
    "'",
    "é",
    "label",
    "=1+1",
    "1,5",
    " ",
    "\0",
    "\ufeff",
)


def cell(data: bytes, rng: Random) -> bytes:
    lines = data.split(b"\n")
    row = rng.randrange(len(lines))
    separator = next((each for each in (b",", b";", b"\t") if each in lines[row]), b",")
    cells = lines[row].split(separator)
    cells[rng.randrange(len(cells))] = rng.choice(ODD_CELLS).encode()
    lines[row] = separator.join(cells)
    return b"\n".join(lines)


def lines(data: bytes, rng: Random) -> bytes:
    """Rows that are removed, doubled, empty or longer than others."""
    lines = data.split(b"\n")
    row = rng.randrange(len(lines))
    lines[row : row + 1] = rng.choice(
        ([], [lines[row]] * 3, [b""] * 3, [lines[row] * 2], [lines[row][: len(lines[row]) // 2]])
    )
    return b"\n".join(lines)


def encoding(data: bytes, rng: Random) -> bytes:
    return data.decode("latin1").encode(rng.choice(("utf-16", "utf-8-sig", "utf-32", "utf-16-le")))


def idx_header(data: bytes, rng: Random) -> bytes:
    """The type, the number of dimensions or a size."""
    changed = bytearray(data)
    if rng.random() < 0.5:
        changed[rng.choice((2, 3))] = rng.choice((0, 1, 3, 8, 9, 0xB, 0xC, 0xD, 0xE, 255))
        return bytes(changed)
    at = 4 + 4 * rng.randrange(3)
    size = rng.choice((0, 1, 2, 27, 29, 5_000, 65_536, 2**31 - 1, 2**31, 2**32 - 1))
    changed[at : at + 4] = size.to_bytes(4, "big")
    return bytes(changed)


def png_header(data: bytes, rng: Random) -> bytes:
    """Width, height, depth or kind of colour, with a checksum that fits."""
    if not data.startswith(b"\x89PNG"):
        return odd_integer(data, rng)
    fields = list(struct.unpack(">IIBBBBB", data[16:29]))
    at = rng.randrange(7)
    fields[at] = rng.choice((0, 1, 3, 16, 30_000, 2**31 - 1)) if at < 2 else rng.choice((0, 1, 2, 4, 8, 16, 255))
    body = b"IHDR" + struct.pack(">IIBBBBB", *fields)
    return data[:12] + body + zlib.crc32(body).to_bytes(4, "big") + data[33:]
