"""Figures of the service under load, and of the exported page."""

from __future__ import annotations

from tools.figures.results import read, rows, table

WORK = {  # what the pages call the scenarios, in their order
    "/read, PNG of one digit, 28×28": "`/read`, one digit of 28×28 as PNG",
    "/infer, one image": "`/infer`, one image",
    "/infer, batches of 64": "`/infer`, batches of 64",
}


def service_table() -> str:
    """Images per second, latency, and the ratio to ONNX Runtime behind the plainest handler."""
    found = rows("throughput")
    body = []
    for work, name in WORK.items():
        row = found[work]
        speed, p99, ratio = row["found"]["inkling"], row["p99_ms"], row["ratio_to_onnxruntime"]
        span = f"{speed['median']:,.0f} ({speed['min']:,.0f} to {speed['max']:,.0f})"
        met = "yes" if row["goal_met"] else "no"
        body.append([name, span, f"{p99['median']:.0f} ms", f"{ratio['median']:.2f}", met])
    return table(["16 connections", "images/s (least to most)", "p99", "× ONNX Runtime", "goals met"], *body)


def service_memory() -> str:
    """Memory after a tenth of the requests, and after all."""
    (row,) = (row for row in read("throughput")["rows"] if "megabytes" in row)
    memory = row["megabytes"]
    return f"{memory['before']:.0f} MB after 2,000 requests and {memory['after']:.0f} MB after 20,000"


def page_table() -> str:
    """The exported page of each bundled model: its size, its first answer, and the answer to a pen point."""
    body = []
    for row in read("page_speed")["rows"]:
        first, stroke = row["first_answer_seconds"]["median"], row["stroke_milliseconds"]["median"]
        goal = f"{row['most_milliseconds']:.0f} ms"
        body.append([f"`{row['model']}`", f"{row['bytes'] / 1e6:.2f} MB", f"{first:.1f} s", f"{stroke:.0f} ms", goal])
    return table(["exported page", "file", "first answer", "answer to a pen point", "goal"], *body)
