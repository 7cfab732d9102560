"""The table of time to accuracy: who trains each recipe how fast, and who reaches each accuracy soonest."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.accuracy.training_log import LoggedTraining, Measurement
from benchmarks.harness.results import moments
from benchmarks.harness.rounds import ratio_cell, ratios

TARGETS = (0.99, 0.994, 0.995)
SIDES = {"inkling": "Inkling", "pytorch": "PyTorch", "example": "PyTorch's example"}
HEADER = (
    f"{'':10}{'':20}{'':34}{'accuracy %':>16}{'seconds: median':>17}{'mean ± sd':>18}"
    f"{'images':>12}{'TFLOP':>8}{'seeds':>7}"
)
Summary = Mapping[str, Any]


def table_rows(trainings: Sequence[LoggedTraining]) -> list[dict[str, Any]]:
    """One row per recipe: PyTorch's seconds over Inkling's, seed by seed, and a summary per side and epoch."""
    works: dict[str, list[LoggedTraining]] = defaultdict(list)
    for training in trainings:
        works[training.work].append(training)
    return [{"work": work, **_ratios(each), "summaries": _summaries(each)} for work, each in works.items()]


def _ratios(trainings: Sequence[LoggedTraining]) -> dict[str, float | None]:
    seconds = {side: {each.seed: each.marks[-1].seconds for each in trainings if each.side == side} for side in SIDES}
    ours, theirs = seconds["inkling"], seconds["pytorch"]
    seeds = ours.keys() & theirs.keys()
    return ratios("ratio_to_pytorch", [theirs[s] for s in seeds] if seeds else None, [ours[s] for s in seeds])


def _summaries(trainings: Sequence[LoggedTraining]) -> list[Summary]:
    """Mean and sd over the seeds, in the order of sides and epochs."""
    found: dict[tuple[str, int], list[tuple[LoggedTraining, Measurement]]] = defaultdict(list)
    for training in trainings:
        for mark in training.marks:
            found[training.side, mark.epochs].append((training, mark))
    return [_summary(*each) for each in found.values()]


def _summary(*found: tuple[LoggedTraining, Measurement]) -> Summary:
    training, mark = found[0]
    images = mark.epochs * training.images_per_epoch
    return {
        "work": training.work,
        "side": training.side,
        "epochs": mark.epochs,
        "seeds": len(found),
        "accuracy": _with_median([mark.accuracy for _, mark in found]),
        "seconds": _with_median([mark.seconds for _, mark in found]),
        "images": images,
        "flops": images * training.flops_per_image,
        "variants": sorted({each.variant for each, _ in found if each.variant}),
    }


def _with_median(values: Sequence[float]) -> dict[str, float | None]:
    return {"median": round(statistics.median(values), 6), **moments(values)}


def targets(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Summary | None]]:
    """Per target and side, the summary of lowest median seconds whose mean accuracy reaches it; None if none does."""
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


def table_lines(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The table: all recipes, then the targets."""
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


def _with_sd(found: Mapping[str, float | None], scale: float) -> str:
    mean, sd = found["mean"], found["sd"]
    assert mean is not None
    return f"{scale * mean:.2f}" + ("" if sd is None else f" ± {scale * sd:.2f}")
