"""Mutations of sound files: blind ones, and those that know what a file's numbers and entries mean."""

from __future__ import annotations

import struct
from collections.abc import Callable
from random import Random

from benchmarks.files import blind, entries, exported, images, tensors
from benchmarks.files.sound_files import Files

MOST_BYTES = 4_000_000  # of a mutated file
KNOWING_SHARE = 0.6  # of the mutations know the kind of the file
FAILS = (ValueError, KeyError, IndexError, TypeError, OverflowError, RecursionError, struct.error)

_KNOWING: dict[str, list[Callable[[bytes, Random], bytes]]] = {
    "models": [
        tensors.metadata_entry,
        tensors.metadata_entry,
        tensors.metadata_entry,
        tensors.array_values,
        tensors.header_entry,
    ],
    "recipes": [entries.toml_entry, entries.toml_entry, entries.number_in_text, images.lines],
    "tables": [images.cell, images.cell, images.lines, images.encoding],
    "idx": [images.idx_header],
    "pictures": [images.png_header, blind.odd_integer],
    "onnx": [exported.graph_part, exported.graph_part, exported.property_entry],
    "headers": [exported.description_entry, exported.description_entry, entries.number_in_text, images.lines],
    "toml": [entries.toml_entry, entries.number_in_text],  # of a run, by the endings of its files
    "json": [entries.json_entry],
    "safetensors": [tensors.metadata_entry, tensors.array_values, tensors.header_entry],
}


def mutated(kind: str, examples: list[Files], rng: Random) -> tuple[str, Files]:
    """A copy of one of the examples in which one to three mutations changed a file, and the name of the last one."""
    files = dict(rng.choice(examples))
    name = rng.choice(sorted(files))
    knowing = _KNOWING.get(name.rpartition(".")[2] if kind == "runs" else kind, [])
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        mutation, changed = _mutate(files[name], knowing, rng.choice(examples), rng)
        files[name] = changed[:MOST_BYTES]
    return mutation, files


def _mutate(
    data: bytes, knowing: list[Callable[[bytes, Random], bytes]], other: Files, rng: Random
) -> tuple[str, bytes]:
    """The name of a mutation, and what it makes of the content of a file."""
    if rng.random() < KNOWING_SHARE and knowing:
        mutation = rng.choice(knowing)
        try:
            return mutation.__name__, mutation(data, rng)
        except FAILS:  # an earlier mutation left nothing to know
            return blind.flip.__name__, blind.flip(data, rng)
    chosen = rng.choice((*blind.MUTATIONS, None))
    if chosen is None:
        return blind.splice.__name__, blind.splice(data, other[rng.choice(sorted(other))], rng)
    return chosen.__name__, chosen(data, rng)
