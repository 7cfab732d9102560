"""Mutations of safetensors files, whose checksums fit."""

from __future__ import annotations

import json
import struct
import zlib
from random import Random
from typing import Any

from benchmarks.files.entries import change_entry


def metadata_entry(data: bytes, rng: Random) -> bytes:
    """An entry of Inkling's metadata, with a checksum that fits."""
    header, arrays = _parts(data)
    metadata = json.loads(header["__metadata__"]["inkling"])
    metadata.pop("crc32")
    return _whole(header, change_entry(metadata, rng), arrays)


def array_values(data: bytes, rng: Random) -> bytes:
    """Numbers that are very large, not finite, or all the same, with a checksum that fits."""
    header, arrays = _parts(data)
    metadata = json.loads(header["__metadata__"]["inkling"])
    metadata.pop("crc32")
    value = struct.pack("<f", rng.choice((1e30, -3e38, 1e-40, float("nan"), float("inf"), 0.0)))
    count = len(arrays) // 4
    start = 0 if rng.random() < 0.5 else rng.randrange(count)
    return _whole(header, metadata, arrays[: 4 * start] + value * (count - start))


def header_entry(data: bytes, rng: Random) -> bytes:
    """An entry of the header: types, shapes and places of arrays."""
    header, arrays = _parts(data)
    text = json.dumps(change_entry(header, rng)).encode()
    return len(text).to_bytes(8, "little") + text + arrays


def _parts(data: bytes) -> tuple[dict[str, Any], bytes]:
    length = int.from_bytes(data[:8], "little")
    return json.loads(data[8 : 8 + length]), data[8 + length :]


def _whole(header: dict[str, Any], metadata: Any, arrays: bytes) -> bytes:
    value = zlib.crc32(json.dumps(metadata, sort_keys=True).encode())
    for name in sorted(set(header) - {"__metadata__"}):
        entry, (start, end) = header[name], header[name]["data_offsets"]
        kind = {"F32": "float32", "F64": "float64"}[entry["dtype"]]
        value = zlib.crc32(f"{name} {kind} {tuple(entry['shape'])}".encode(), value)
        value = zlib.crc32(arrays[start:end], value)
    text = json.dumps({**metadata, "crc32": value})
    head = json.dumps({**header, "__metadata__": {"inkling": text}}).encode()
    return len(head).to_bytes(8, "little") + head + arrays
