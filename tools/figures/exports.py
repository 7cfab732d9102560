"""Figures of exports: size, accuracy and speed of each format."""

from __future__ import annotations

from tools.figures.results import percent, read, table

NAMES = {
    "inkling": "Inkling's model file",
    "onnx": "`onnx`",
    "onnx-int8": "`onnx --int8`",
    "c": "`c`",
    "c-int8": "`c --int8`",
    "torch": "`torch`",
    "numpy": "`numpy`",
}


INT8_SPEED = (1.8, "onnx-int8")  # the goal, and the row that it is for


def int8_speed() -> str:
    """How the gain in speed of int8 stands to its goal."""
    goal, name = INT8_SPEED
    gain = next(row["ratio_to_float32"] for row in read("exports")["rows"] if row["name"] == name)
    found = f"The goal of `onnx --int8` is {goal} times the speed of float32, and {gain:.2f} were measured:"
    return f"{found} {'reached' if gain >= goal else 'missed'}."


def exports_table() -> str:
    """A row per format, in the order of the result file."""
    body = []
    for row in read("exports")["rows"]:
        gain = row["ratio_to_float32"]
        body.append(
            [
                NAMES.get(row["name"], row["name"]),
                f"{row['bytes'] / 1e3:,.0f}",
                percent(row["accuracy"], 2),
                f"{row['other_answers']:,}",
                f"{row['microseconds_per_image']['median']:,.0f}",
                f"{gain:.2f}" if gain else "–",
            ]
        )
    return table(["", "kB", "accuracy %", "other answers than the model", "µs per image", "× float32"], *body)
