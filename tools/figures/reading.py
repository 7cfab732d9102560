"""Figures of reading handwriting: sets of real pictures, and adapting to one person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.figures.results import percent, read, rows, table

GOALS = {
    "right": "right ≥",
    "exactly_right": "right ≥",
    "right_of_accepted": "right of accepted ≥",
    "right_of_confident": "right of confident ≥",
    "refused": "refused ≥",
    "refused_at_most": "refused ≤",
}
ADAPTING = {"right": 1, "refused": 1, "right_of_accepted": 1, "mnist_test": 2}  # digits after the point


def reading_table() -> str:
    """One row per set of handwriting, with its goal."""
    head = [
        "set",
        "pictures",
        "right %",
        "refused %",
        "right of accepted %",
        "right of confident %",
        "goal",
        "ms per picture",
    ]
    return table(head, *(_cells(row) for row in read("reading")["rows"]))


def _cells(row: Mapping[str, Any]) -> list[str]:
    right = row.get("right", row.get("exactly_right"))
    shares = (right, row.get("refused"), row.get("right_of_accepted"), row.get("right_of_confident"))
    goals = (f"{GOALS[name]} {100 * goal:g}" for name, goal in row["goals"].items())
    milliseconds = row.get("milliseconds_per_image")
    return [
        row["work"],
        str(row["pictures"]),
        *("–" if share is None else percent(share, 1) for share in shares),
        ", ".join(goals),
        "–" if milliseconds is None else f"{milliseconds:.0f}",
    ]


def reading_summary() -> str:
    """Numbers and single digits in one sentence."""
    found = rows("reading")
    photos, lined, cheques = (
        percent(found[f"numbers/{name}"]["exactly_right"], 0)
        for name in ("eight_digit_photos", "lined_paper", "cheque_amounts")
    )
    singles = [row for name, row in found.items() if name.startswith("single/")]
    right, refused = (sorted(row[key] for row in singles) for key in ("right_of_accepted", "refused"))
    return (
        f"Of numbers, it reads {photos} % of photographed eight-digit numbers, {lined} % on ruled paper and {cheques} "
        "% on cheques without a mistake in any digit.\n"
        f"Of single digits, it refuses {percent(refused[0], 0)} to {percent(refused[-1], 0)} % and reads "
        f"{percent(right[0], 0)} to {percent(right[-1], 0)} % of the rest correctly "
        "([file](benchmarks/results/reading.json), [more](docs/reading.md#how-well-it-reads))."
    )


def adapting_table() -> str:
    """The handwriting of one person and MNIST's test set, before and after `inkling adapt`."""
    before, after = read("adapting")["rows"]
    names = {"right_of_accepted": "right of accepted", "mnist_test": "right on MNIST's test set"}
    body = (
        [names.get(key, key), *(percent(row[key], digits) for row in (before, after))]
        for key, digits in ADAPTING.items()
    )
    return table(["%", "before", "after"], *body)


def adapting_counts() -> str:
    """How many pictures were learnt and how many read."""
    result = read("adapting")
    return f"{result['learnt']} digits from 0 to 7 were learnt and {result['judged']} others read"
