"""Figures of accuracy: time to accuracy, records, and robustness."""

from __future__ import annotations

import collections
from collections.abc import Iterator, Mapping
from typing import Any

from tools.figures.results import exists, mean_and_sd, percent, read, rows, table

RECORDS = ("mlp", "compact", "compact-distilled", "record", "record-distilled")
HEAD = [
    "record",
    "parameters",
    "accuracy %, one view",
    "five views",
    "without the 15 label errors",
    "cross-entropy, nats",
    "calibration error %",
    "error % at 99 % coverage",
    "models",
    "minutes per model",
    "TFLOP per model",
]
MEANS = {"clean": "clean", "mean": "**mean of the 15**", "mean_without_affine": "without the affine four"}


def accuracy_table() -> str:
    """One row per training, with the accuracy of one view of each image."""
    head = ["MNIST test accuracy, last epoch", "%", "seeds", "training", "PyTorch, the same network"]
    return table(head, *_sprint_rows(), *_record_rows())


def _sprint_rows() -> Iterator[list[str]]:
    for work, row in rows("time_to_accuracy").items():
        sides = {each["side"]: each for each in row["summaries"]}
        if "inkling" in sides:
            ours, theirs = sides["inkling"], sides["pytorch"]
            what = f"`{work}`, {ours['epochs']} epochs ([file](../benchmarks/results/time_to_accuracy.json))"
            times = (f"{side['seconds']['median']:.1f} s" for side in (ours, theirs))
            yield [what, mean_and_sd(ours["accuracy"]), str(ours["seeds"]), *times]


def _record_rows() -> Iterator[list[str]]:
    for name in filter(exists, RECORDS):
        record = read(name)
        what = f"`{name}`, {record['recipe']['epochs']} epochs, {record['parameters']:,} parameters{_taught(record)}"
        minutes = f"{record['seconds']['mean'] / 60:.1f} min"
        accuracy = mean_and_sd(record["plain"]["accuracy"])
        yield [_with_file(what, name), accuracy, str(len(record["rows"])), minutes, ""]
    if exists("ensemble"):
        record = read("ensemble")
        members = collections.Counter(each["recipe"] for each in record["members"])
        what = "an ensemble of " + " and ".join(f"{count} `{recipe}`" for recipe, count in members.items())
        accuracy = percent(record["rows"][1]["plain"]["accuracy"], 2)
        yield [_with_file(f"{what} in one file", "ensemble"), accuracy, "1", f"{_minutes(record):.0f} min", ""]


def _with_file(what: str, name: str) -> str:
    return f"{what} ([file](../benchmarks/results/{name}.json))"


def records_table() -> str:
    """One row per record with all its metrics; those behind the first accuracy are of five views of each image."""
    return table(HEAD, *_metrics_rows())


def _metrics_rows() -> Iterator[list[str]]:
    for name in filter(exists, RECORDS):
        record = read(name)
        costs = f"{record['seconds']['mean'] / 60:.1f}", f"{record['training_flops'] / 1e12:.0f}"
        cells = _metrics(record["parameters"], record["plain"], record["tta"])
        yield [_link(name) + _taught(record), *cells, str(len(record["rows"])), *costs]
    if exists("ensemble"):
        record = read("ensemble")
        _, test = record["rows"]
        plain, five = (
            {key: {"mean": value, "sd": None} for key, value in test[views].items()} for views in ("plain", "tta")
        )
        costs = f"{_minutes(record):.0f}", f"{record['training_flops'] / 1e12:.0f}"
        yield [_link("ensemble"), *_metrics(record["parameters"], plain, five), "1", *costs]


def _metrics(parameters: int, plain: Mapping[str, Any], five: Mapping[str, Any]) -> list[str]:
    return [
        f"{parameters:,}",
        mean_and_sd(plain["accuracy"]),
        *(mean_and_sd(five[key]) for key in ("accuracy", "accuracy_without_label_errors")),
        f"{five['cross_entropy']['mean']:.4f}",
        *(mean_and_sd(five[key], 3) for key in ("calibration_error", "error_at_99_coverage")),
    ]


def _link(name: str) -> str:
    return f"[`{name}`](../benchmarks/results/{name}.json)"


def _taught(record: Mapping[str, Any]) -> str:
    teachers = collections.Counter(each.partition(",")[0] for each in record.get("taught_by", ()))
    return ", taught by " * bool(teachers) + " and ".join(f"{count} `{who}`" for who, count in teachers.items())


def _minutes(ensemble: Mapping[str, Any]) -> float:
    """Of all trainings of an ensemble, those for its temperature included."""
    return float(sum(row["seconds"] for row in ensemble["rows"]) / 60)


def shared_errors() -> str:
    """How many images most members of the ensemble misclassify."""
    _, *misread = read("ensemble")["misread_by"]
    more_than_half = len(misread) // 2
    return (
        f"Of the {sum(misread)} test images that any of its {len(misread)} members misclassifies, "
        f"{sum(misread[more_than_half:])} are misclassified by more than half of them"
    )


def label_errors() -> str:
    """How many known label errors of MNIST are named first, beside the goal."""
    (row,) = read("label_errors")["rows"]
    found = row["among_first"]["30"]
    verdict = "reached" if found >= row["goal"] else "missed"
    return (
        f"Of the {row['known']} known label errors in MNIST's test set, {found} are among the first 30 that it names "
        f"(goal {row['goal']}: {verdict}; [file](../benchmarks/results/label_errors.json))."
    )


def robustness_table() -> str:
    """Accuracy of each model, clean and under each corruption."""
    models = read("robustness")["rows"]
    means = ([name, *(percent(model[key], 2) for model in models)] for key, name in MEANS.items())
    corruptions = (
        [name, *(percent(model["corruptions"][name], 1) for model in models)] for name in models[0]["corruptions"]
    )
    return table(["accuracy %", *(model["work"] for model in models)], *means, *corruptions)


def robustness_summary() -> str:
    """The bundled reader and PyTorch's example in one sentence."""
    reader, *_, example = read("robustness")["rows"]
    return (
        f"The bundled model classifies {percent(reader['clean'], 2)} % of MNIST's test images correctly, and "
        f"{percent(reader['mean'], 1)} % of them under 15 corruptions written\nafter those of MNIST-C, on which it was "
        f"not trained; PyTorch's example network has {percent(example['mean'], 1)} % there "
        "([file](benchmarks/results/robustness.json))."
    )
