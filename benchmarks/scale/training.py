"""One training on a Dask cluster: the time per step beside one process and two, and where a cluster begins to pay.

    python -m benchmarks.scale.training [--quick] [--json benchmarks/results/training_on_cluster.json]

Networks of several widths are trained in batches of several sizes by one process, by two processes that share memory,
and by a local Dask cluster of two workers. All must end with the same parameters. What a step takes longer on the
cluster than by two processes is its overhead. Fitted to latency and bytes, it tells from which batch on N workers of
one core each take less time than one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.harness.results import machine, rounded, spread, write_results
from benchmarks.harness.rounds import by_name, interleaved
from benchmarks.harness.script import argument_parser, report_errors, unpin_blas
from inkling.cluster.training import open_executor
from inkling.data import Dataset
from inkling.nn import Flatten, Linear, Network, ReLU
from inkling.optim import SGD, ConstantLR
from inkling.recipes import Recipe, load_recipe
from inkling.training import Executor, TrainingState, train

WIDTHS, QUICK_WIDTHS = (64, 256, 1024), (64, 256)
BATCHES, QUICK_BATCHES = (64, 512, 2048), (64, 512)
ROUNDS, QUICK_ROUNDS = 7, 2
STEPS = 10  # per round
WORKERS = 2
_MODELLED_WORKERS = (2, 4, 8, 16)
# What a network between the machines adds: seconds per round trip, and seconds per byte.
_LINKS = {"this machine": (0.0, 0.0), "10 Gb/s, 0.1 ms": (1e-4, 8e-10), "1 Gb/s, 0.5 ms": (5e-4, 8e-9)}


@report_errors
def main() -> None:
    unpin_blas()
    asked = argument_parser(__doc__, quick="fewer networks and batches, two rounds").parse_args()
    host = machine("numpy", "distributed")
    widths, batches, rounds = (QUICK_WIDTHS, QUICK_BATCHES, QUICK_ROUNDS) if asked.quick else (WIDTHS, BATCHES, ROUNDS)
    networks = {f"{width}-{width}": _perceptron(width) for width in widths}
    networks["sprint"] = load_recipe("sprint").network
    rows = []
    with open_executor(f"local:{WORKERS}") as cluster:
        for name, network in networks.items():
            for batch in batches:
                rows.append({"network": name, "parameters": network.layout.size, "batch": batch})
                rows[-1] |= _measured(network, batch, rounds, cluster)
                print(rows[-1], flush=True)
    overhead = _fitted(rows)
    begins = [_begins_to_pay([row for row in rows if row["network"] == name], overhead) for name in networks]
    for each in (overhead, *begins):
        print(each)
    if asked.json:
        write_results(asked.json, host, rows, steps_per_round=STEPS, overhead=overhead, begins_to_pay=begins)


def _perceptron(width: int) -> Network:
    return Network(Flatten(), Linear(width), ReLU(), Linear(width), ReLU(), Linear(10), input_shape=(28, 28, 1))


def _measured(network: Network, batch: int, rounds: int, cluster: Executor) -> dict[str, Any]:
    """Milliseconds per step of each way, and what the cluster sends and receives per step."""
    rng = np.random.default_rng(0)
    data = Dataset(rng.integers(0, 256, (batch * STEPS, 28, 28), np.uint8), rng.integers(0, 10, batch * STEPS))
    recipe = Recipe(network, SGD(), ConstantLR(0.01), batch_size=batch, epochs=rounds + 1, shards=WORKERS)
    ways: dict[str, int | Executor] = {"one_process": 1, "processes": WORKERS, "cluster": cluster}
    states = {way: TrainingState.start(recipe) for way in ways}
    epochs = {way: _epochs(recipe, data, states[way], workers) for way, workers in ways.items()}
    sent: list[int] = []

    def on_cluster() -> float:
        before = _bytes_sent()
        seconds = next(epochs["cluster"])
        sent.append(_bytes_sent() - before)
        return seconds

    measures = {way: each.__next__ for way, each in epochs.items()} | {"cluster": on_cluster}
    found = by_name(interleaved(measures, rounds))
    if len({state.params.flat.tobytes() for state in states.values()}) > 1:
        raise SystemExit("the ways of training end with different parameters")
    return {
        **{f"{way}_milliseconds": spread([1e3 * each for each in seconds]) for way, seconds in found.items()},
        "overhead_milliseconds": spread(
            [1e3 * (a - b) for a, b in zip(found["cluster"], found["processes"], strict=True)]
        ),
        "speedup_of_processes": spread(_ratios(found["one_process"], found["processes"])),
        "speedup_of_cluster": spread(_ratios(found["one_process"], found["cluster"])),
        "kilobytes_per_step": rounded(float(np.median(sent[1:])) / STEPS / 1e3),
        "round_trips_per_worker": 1,
    }


def _epochs(recipe: Recipe, data: Dataset, state: TrainingState, workers: int | Executor) -> Iterator[float]:
    """Train, and yield after each epoch how many seconds its steps took in the mean."""
    before = 0.0
    for report in train(recipe, data, state=state, workers=workers):
        yield (report.seconds - before) / STEPS
        before = report.seconds


def _ratios(theirs: list[float], ours: list[float]) -> list[float]:
    return [a / b for a, b in zip(theirs, ours, strict=True)]


def _bytes_sent() -> int:
    """Bytes that processes of this machine have sent to each other."""
    import psutil

    counters = psutil.net_io_counters(pernic=True)
    return sum(each.bytes_sent for name, each in counters.items() if name.startswith("lo"))


def _fitted(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Overhead in milliseconds = latency + kilobytes × slope, by least squares of errors relative to the step."""
    measured = np.array([row["overhead_milliseconds"]["median"] for row in rows])
    steps = np.array([row["cluster_milliseconds"]["median"] for row in rows])
    terms = np.array([(1.0, row["kilobytes_per_step"]) for row in rows])
    latency, slope = np.linalg.lstsq(terms / steps[:, None], measured / steps, rcond=None)[0]
    if min(latency, slope) <= 0:
        raise SystemExit("the overhead is lost in noise: measure on a machine that does nothing else")
    return {
        "latency_milliseconds": rounded(latency),
        "megabytes_per_second": rounded(1 / slope),
        "median_error_of_a_step": rounded(float(np.median(np.abs(terms @ (latency, slope) - measured) / steps))),
    }


def _begins_to_pay(rows: list[dict[str, Any]], overhead: dict[str, float]) -> dict[str, Any]:
    """The images per batch from which on a step of a network takes less time on N workers than on one, by link.

    A step of B images takes u + c B on one core, and u + c B / N + latency + N × kilobytes × slope on N. The adding of
    more than two gradients is left out, which takes less time than sending them.
    """
    smallest, largest = rows[0], rows[-1]
    milliseconds = [row["one_process_milliseconds"]["median"] for row in (smallest, largest)]
    per_image = (milliseconds[1] - milliseconds[0]) / (largest["batch"] - smallest["batch"])
    kilobytes = float(np.median([row["kilobytes_per_step"] for row in rows])) / WORKERS
    batches = {}
    for link, (seconds, seconds_per_byte) in _LINKS.items():
        slope = 1 / overhead["megabytes_per_second"] + 1e6 * seconds_per_byte  # ms per kB
        latency = overhead["latency_milliseconds"] + 1e3 * seconds
        batches[link] = {
            str(n): round((latency + n * kilobytes * slope) / (per_image * (1 - 1 / n))) for n in _MODELLED_WORKERS
        }
    return {
        "network": smallest["network"],
        "microseconds_per_image": rounded(1e3 * per_image),
        "kilobytes_per_worker": rounded(kilobytes),
        "batch_by_link_and_workers": batches,
    }


if __name__ == "__main__":
    main()
