"""What whole trainings came to: the sides of each recipe beside each other, and who reaches which accuracy how soon."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from accuracy_runs import Mark, Run
from common import rounded
from turns import ratio_cell, ratios

TARGETS = (0.99, 0.994, 0.995)
SIDES = {"inkling": "Inkling", "pytorch": "PyTorch", "example": "PyTorch's example"}
HEADER = (
    f"{'':10}{'':20}{'':34}{'accuracy %':>16}{'seconds: median':>17}{'mean ± sd':>18}"
    f"{'images':>12}{'TFLOP':>8}{'seeds':>7}"
)
Summary = Mapping[str, Any]


def rows(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """One a work: PyTorch's seconds over Inkling's, seed by seed; and for each side and epoch judged, a summary."""
    works: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        works[run.work].append(run)
    return [{"work": work, **_ratios(each), "summaries": _summaries(each)} for work, each in works.items()]


def _ratios(runs: Sequence[Run]) -> dict[str, float | None]:
    seconds = {side: {run.seed: run.marks[-1].seconds for run in runs if run.side == side} for side in SIDES}
    ours, theirs = seconds["inkling"], seconds["pytorch"]
    seeds = ours.keys() & theirs.keys()
    return ratios("ratio_to_pytorch", [theirs[s] for s in seeds] if seeds else None, [ours[s] for s in seeds])


def _summaries(runs: Sequence[Run]) -> list[Summary]:
    """Mean and sd over the seeds, in the order of sides and epochs."""
    found: dict[tuple[str, int], list[tuple[Run, Mark]]] = defaultdict(list)
    for run in runs:
        for mark in run.marks:
            found[run.side, mark.epochs].append((run, mark))
    return [_summary(*each) for each in found.values()]


def _summary(*found: tuple[Run, Mark]) -> Summary:
    run, mark = found[0]
    images = mark.epochs * run.images_per_epoch
    return {
        "work": run.work,
        "side": run.side,
        "epochs": mark.epochs,
        "seeds": len(found),
        "accuracy": _moments([mark.accuracy for _, mark in found]),
        "seconds": _moments([mark.seconds for _, mark in found]),
        "images": images,
        "flops": images * run.flops_per_image,
        "variants": sorted({run.variant for run, _ in found if run.variant}),
    }


def _moments(values: Sequence[float]) -> dict[str, float | None]:
    return {
        "median": round(statistics.median(values), 6),
        "mean": round(statistics.mean(values), 6),
        "sd": rounded(statistics.stdev(values)) if len(values) > 1 else None,
    }


def targets(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Summary | None]]:
    """For each target and side, the soonest in median seconds of what reaches it in the mean; None if nothing does."""
    every = [summary for row in rows for summary in row["summaries"]]
    return {
        f"{100 * target:.1f} %": {
            side: min(
                (each for each in every if each["side"] == side and each["accuracy"]["mean"] >= target),
                key=lambda each: each["seconds"]["median"],
                default=None,
            )
            for side in dict.fromkeys(each["side"] for each in every)
        }
        for target in TARGETS
    }


def lines(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The table: everything trained, then the targets."""
    yield HEADER
    for row in rows:
        yield from (_line("", summary) for summary in row["summaries"])
        if row["ratio_to_pytorch"] is not None:
            yield f"{'':10}PyTorch's seconds over Inkling's:{ratio_cell(row, 'ratio_to_pytorch')}"
    for target, found in targets(rows).items():
        for side, summary in found.items():
            yield _line(target, summary) if summary else f"{target:10}{SIDES[side]:20}not reached"


def _line(target: str, summary: Summary) -> str:
    accuracy, seconds = summary["accuracy"], summary["seconds"]
    what = f"{summary['work']}, {summary['epochs']} epochs"
    return (
        f"{target:10}{SIDES[summary['side']]:20}{what:34}{_with_sd(accuracy, 100):>16}{seconds['median']:17.2f}"
        f"{_with_sd(seconds, 1):>18}{summary['images']:12,}{summary['flops'] / 1e12:8.2f}{summary['seeds']:7}"
    )


def _with_sd(moments: Mapping[str, float | None], scale: float) -> str:
    mean, sd = moments["mean"], moments["sd"]
    assert mean is not None
    return f"{scale * mean:.2f}" + ("" if sd is None else f" ± {scale * sd:.2f}")
