"""Figures of the networks for microcontrollers."""

from __future__ import annotations

from typing import Any

from tools.figures.results import exists, mean_and_sd, read, table

MICRO = ("micro-3k", "micro-7k", "micro-11k")
HEAD = [
    "recipe",
    "flash, bytes",
    "RAM, bytes",
    "weights",
    "bits",
    "accuracy %",
    "as integers %",
    "without the 15 label errors",
    "cross-entropy, nats",
    "seeds",
    "minutes per model",
]


def micro_table() -> str:
    """One row per recipe with its footprint and what it and its exported integers reach on one view of each image."""
    known = [name for name in MICRO if exists(name)]
    return table(HEAD, *map(_row, known)) if known else "They are not trained from ten seeds yet."


def _row(name: str) -> list[str]:
    record = read(name)
    plain = record["plain"]
    bits = record["recipe"]["weight_bits"]
    return [
        f"[`{name}`](../benchmarks/results/{name}.json){_taught(record)}",
        *(f"{record[key]:,}" for key in ("flash_bytes", "ram_bytes", "weights")),
        str(bits) if isinstance(bits, int) else ", ".join(map(str, bits)),
        mean_and_sd(plain["accuracy"]),
        mean_and_sd(record["integers"]["accuracy"]) if "integers" in record else "–",
        mean_and_sd(plain["accuracy_without_label_errors"]),
        f"{plain['cross_entropy']['mean']:.4f}",
        str(len(record["rows"])),
        f"{record['seconds']['mean'] / 60:.1f}",
    ]


def _taught(record: dict[str, Any]) -> str:
    names = [f"`{each.partition(',')[0]}`" for each in record.get("taught_by", ())]
    return ", taught by " * bool(names) + " and ".join(names)
