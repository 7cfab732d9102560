"""Lines: what `throughput.py` prints of each row of its results."""

from __future__ import annotations

from typing import Any


def line(row: dict[str, Any]) -> str:
    """Images per second of both servers, the ratio, and whether the goals of the row are met."""
    mine, peer, ratio = row["found"]["inkling"], row["found"]["onnxruntime"], row["ratio_to_onnxruntime"]
    goals = [
        *([f"at least {row['goal']:,} images/s"] if row["goal"] else []),
        *([f"at least {row['goal_of_ratio']} × ONNX"] if row["goal_of_ratio"] else []),
        *([f"p99 at most {row['goal_of_p99_ms']} ms"] if row["goal_of_p99_ms"] else []),
    ]
    return (
        f"{row['work']}: {mine['median']:,.0f} images/s ({mine['min']:,.0f} to {mine['max']:,.0f}), "
        f"p99 {row['p99_ms']['median']:.1f} ms; ONNX Runtime {peer['median']:,.0f}; "
        f"ratio {ratio['median']:.2f} ({ratio['min']:.2f} to {ratio['max']:.2f}); "
        f"goal {', '.join(goals)} {_verdict(row)}"
    )


def memory_line(row: dict[str, Any]) -> str:
    """The memory of the service before and after many requests."""
    found = row["megabytes"]
    return f"{row['work']}: {found['before']:g} MB, then {found['after']:g} MB; goal {row['goal']:.0%} {_verdict(row)}"


def _verdict(row: dict[str, Any]) -> str:
    return "met" if row["goal_met"] else "MISSED"
