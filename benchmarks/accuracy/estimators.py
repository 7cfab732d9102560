"""Accuracy and seconds of NetworkClassifier beside MLPClassifier, skorch and HistGradientBoosting, on three data sets.

    python -m benchmarks.accuracy.estimators [NAME ...] [--quick] [--json FILE]

A NAME is a data set: mnist, digits, breast-cancer. Perceptrons have the same layers, epochs, batches and optimizer.
Each estimator may use all cores. Its seed is the number of the round, and so is that of a random split.
"""

from __future__ import annotations

import time
import warnings
from typing import Any

from benchmarks.accuracy.estimator_tasks import TASKS, Task
from benchmarks.harness.results import machine, moments, spread, write_results
from benchmarks.harness.script import parse_arguments, report_errors, unpin_blas


@report_errors
def main() -> None:
    unpin_blas()
    asked = parse_arguments(__doc__, TASKS, "one round, few rows and epochs: whether everything runs, no measurement")
    host = machine("numpy", "scikit-learn", "skorch", "torch")
    rows = []
    for name in asked.names or TASKS:
        task = TASKS[name](asked.quick)
        print(f"{name}: {task.described}", flush=True)
        rows += measured(name, task)
    if asked.json:
        write_results(asked.json, host, rows, quick=asked.quick)


def measured(name: str, task: Task) -> list[dict[str, Any]]:
    """A row of results per estimator: accuracies of all rounds, and the seconds that `fit` took."""
    found: dict[str, list[tuple[float, float]]] = {}
    for seed in range(task.rounds):
        train, test = task.split(seed)
        for estimator_name, estimator in task.estimators(seed).items():
            found.setdefault(estimator_name, []).append(trial(estimator, train, test))
    rows = []
    for estimator_name, trials in found.items():
        accuracies, seconds = zip(*trials, strict=True)
        row = {"work": f"{name}: {estimator_name}", "rounds": task.rounds, "accuracy": moments(accuracies)}
        rows.append(row | {"seconds": spread(seconds)})
        print(
            f"  {estimator_name:<44} {100 * row['accuracy']['mean']:6.2f} %  {rows[-1]['seconds']['median']:8.2f} s",
            flush=True,
        )
    return rows


def trial(estimator: Any, train: tuple[Any, Any], test: tuple[Any, Any]) -> tuple[float, float]:
    """Accuracy on the test rows, and the seconds of `fit`."""
    started = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # MLPClassifier warns that it takes the number of epochs that it was told
        estimator.fit(*train)
    seconds = time.perf_counter() - started
    return float(estimator.score(*test)), seconds


if __name__ == "__main__":
    main()
