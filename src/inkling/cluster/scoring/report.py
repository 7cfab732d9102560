"""The report of a scoring: counts, the distribution of confidence, drift from the training data, what failed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inkling.cluster.scoring.answering import Answering
from inkling.cluster.scoring.drift import drifts, reference_of
from inkling.cluster.scoring.job import Job
from inkling.cluster.scoring.statistics import UNREADABLE
from inkling.data import load
from inkling.errors import DataError, UsageError
from inkling.model import Model
from inkling.runs.folder import training_source

REPORT = "report.json"


def report_of(job: Job, model: Model, path: Path) -> dict[str, Any]:
    """The report of a scoring, ready for JSON.

    Parameters
    ----------
    path : of the model's file, beside which the data that it was trained on may be named.
    """
    found = job.statistics
    report: dict[str, Any] = {
        "images": job.images,
        "scored": found.images - found.unreadable,
        "unreadable": found.unreadable,
        "counts": {name: count for name, count in found.counts.items() if name != UNREADABLE},
        "confidence": found.confidence,
        "failed": [
            {
                "shard": entry.shard.number,
                "source": entry.shard.source,
                "first": entry.shard.first,
                "images": entry.shard.rows,
                "reason": job.failed[entry.shard.number],
            }
            for entry in job.entries
            if entry.shard.number in job.failed
        ],
    }
    if not job.settings.pages and found.images > found.unreadable:
        report |= _drift(job, model, path)
    return report


def _drift(job: Job, model: Model, path: Path) -> dict[str, Any]:
    try:
        training = load(training_source(path, model)).train
    except (DataError, UsageError) as error:
        return {"drift": None, "no_drift_because": str(error)}
    if training is None or training.image_shape != model.input_shape[:2]:
        return {"drift": None, "no_drift_because": "the data that the model was trained on has no images of its size"}
    found = drifts(job.statistics, reference_of(training, Answering.of(model)))
    return {"drift": {"from": training.name, **{name: round(index, 4) for name, index in found.items()}}}
