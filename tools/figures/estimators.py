"""Figures of the estimator for scikit-learn: its accuracy and seconds beside others."""

from __future__ import annotations

from tools.figures.results import exists, mean_and_sd, read, table


def estimators_table() -> str:
    """A row per data set and estimator; a sentence until the benchmark has been run."""
    if not exists("estimators"):
        return "The benchmark has not been run yet."
    body = []
    for row in read("estimators")["rows"]:
        data, _, name = row["work"].partition(": ")
        body.append([data, name, mean_and_sd(row["accuracy"]), f"{row['seconds']['median']:.2f}"])
    return table(["data", "estimator", "accuracy, %", "seconds"], *body)
