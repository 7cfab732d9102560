"""The service under load: pictures read and images inferred per second, latency, and memory over many requests.

    python -m benchmarks.service.throughput [--quick] [--json benchmarks/results/throughput.json]

The load comes from a second process. The peer is the same model as ONNX behind the plainest FastAPI handler.
"""

from __future__ import annotations

import argparse
import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.harness.results import machine, rounded, spread, write_results
from benchmarks.harness.rounds import interleaved
from benchmarks.harness.script import argument_parser, report_errors, unpin_blas
from benchmarks.service.lines import line, memory_line
from benchmarks.service.load import Load, put_under_load, save_requests
from benchmarks.service.payloads import SIDE, inference_head, png
from benchmarks.service.servers import Running, inkling_server, onnx_server
from inkling.data import load
from inkling.model import load as load_model

CONNECTIONS = 16
BATCH_SIZE = 64
ROUNDS, QUICK_ROUNDS = 7, 2
REQUESTS, QUICK_REQUESTS = 2_000, 200  # per round
MANY, QUICK_MANY = 20_000, 1_000  # requests over which memory is watched
WARM_UP = 0.1  # of them, before memory is first looked at
LEAST_PICTURES_PER_SECOND = 400  # of /read
MOST_P99_MILLISECONDS = 80  # of /read
LEAST_IMAGES_PER_SECOND = 5_000  # of /infer in batches
LEAST_RATIO_TO_ONNX = 0.7  # Requests per second to /infer, over those of the peer.
MOST_GROWTH = 0.05  # The share by which memory may grow.


class Scenario(NamedTuple):
    """Requests to Inkling and to the peer; `images` per request; the least of requests per second and of the ratio."""

    work: str
    ours: Path
    theirs: Path
    images: int
    least_images: float | None
    least_ratio: float | None
    most_p99_ms: float | None


@report_errors
def main() -> None:
    unpin_blas()
    asked = _arguments()
    host = machine("numpy", "fastapi", "uvicorn", "onnxruntime")
    rounds, requests, many = (QUICK_ROUNDS, QUICK_REQUESTS, QUICK_MANY) if asked.quick else (ROUNDS, REQUESTS, MANY)
    with tempfile.TemporaryDirectory() as folder, _servers(Path(folder)) as (ours, theirs):
        scenarios = _scenarios(Path(folder))
        rows = [_measured(each, ours, theirs, rounds, requests) for each in scenarios]
        for each in rows:
            print(line(each))
        memory = _memory(ours, scenarios[0], many)
        print(memory_line(memory))
    if asked.json:
        write_results(asked.json, host, [*rows, memory])


@contextlib.contextmanager
def _servers(folder: Path) -> Iterator[tuple[Running, Running]]:
    from inkling.export.onnx.file import onnx_model

    model = folder / "reader.onnx"
    model.write_bytes(onnx_model(load_model(), "reader").SerializeToString())
    with inkling_server() as ours, onnx_server(model) as theirs:
        yield ours, theirs


def _scenarios(folder: Path) -> list[Scenario]:
    images = load("digits").labelled_test.images
    pictures = [png(image) for image in images]
    batches = [images[at : at + BATCH_SIZE] for at in range(0, len(images) - BATCH_SIZE + 1, BATCH_SIZE)]
    one_by_one = [image[np.newaxis] for image in images]
    form = {"Content-Type": "image/png"}

    def pair(name: str, address: str, ours: list[bytes], theirs: list[bytes], headers: dict[str, str]) -> list[Path]:
        path = "/read" if address.startswith("/read") else "/infer"
        mine = save_requests(folder / f"{name}.ours", address, ours, headers)
        return [mine, save_requests(folder / f"{name}.theirs", path, theirs, form)]

    def inferred(name: str, given: list[np.ndarray]) -> list[Path]:
        head = inference_head(len(given[0]))
        headers = {"Inference-Header-Content-Length": str(len(head))}
        raw = [each.tobytes() for each in given]
        return pair(name, "/v2/models/reader/infer", [head + each for each in raw], raw, headers)

    read = pair("read", "/read?single=true", pictures, pictures, form)
    single, batch = inferred("single", one_by_one), inferred("batch", batches)
    picture = f"/read, PNG of one digit, {SIDE}×{SIDE}"
    batched = f"/infer, batches of {BATCH_SIZE}"
    return [
        Scenario(picture, *read, 1, LEAST_PICTURES_PER_SECOND, None, MOST_P99_MILLISECONDS),
        Scenario("/infer, one image", *single, 1, None, LEAST_RATIO_TO_ONNX, None),
        Scenario(batched, *batch, BATCH_SIZE, LEAST_IMAGES_PER_SECOND, LEAST_RATIO_TO_ONNX, None),
    ]


def _measured(scenario: Scenario, ours: Running, theirs: Running, rounds: int, requests: int) -> dict[str, Any]:
    """A row of results: images per second of both servers and the ratio, in interleaved rounds."""
    latencies: list[float] = []

    def measure(who: str, server: Running, file: Path) -> Callable[[], float]:
        def per_second() -> float:
            found = put_under_load(server.port, file, _requests(requests, scenario), CONNECTIONS)
            _require_answers(f"{scenario.work}, {who}", found)
            if who == "inkling":
                latencies.append(found.p99_ms)
            return scenario.images * found.per_second

        return per_second

    measures = {
        "inkling": measure("inkling", ours, scenario.ours),
        "onnxruntime": measure("onnxruntime", theirs, scenario.theirs),
    }
    _, *counted = interleaved(measures, rounds)  # The first round warms up.
    mine, peer = ([each[name] for each in counted] for name in measures)
    return _row(scenario, mine, peer, latencies[1:])


def _requests(requests: int, scenario: Scenario) -> int:
    """Fewer requests where each has many images, but never fewer than there are connections."""
    return max(CONNECTIONS, requests // 4) if scenario.images > 1 else requests


def _row(scenario: Scenario, ours: list[float], theirs: list[float], p99: list[float]) -> dict[str, Any]:
    ratio = spread([mine / peer for mine, peer in zip(ours, theirs, strict=True)])
    found = spread(ours)
    met = [
        scenario.least_images is None or found["median"] >= scenario.least_images,
        scenario.least_ratio is None or ratio["median"] >= scenario.least_ratio,
        scenario.most_p99_ms is None or spread(p99)["median"] <= scenario.most_p99_ms,
    ]
    return {
        "work": scenario.work,
        "ratio_to_pytorch": None,
        "unit": "images per second",
        "goal": scenario.least_images,
        "goal_of_ratio": scenario.least_ratio,
        "goal_of_p99_ms": scenario.most_p99_ms,
        "goal_met": all(met),
        "found": {"inkling": found, "onnxruntime": spread(theirs)},
        "p99_ms": spread(p99),
        "ratio_to_onnxruntime": ratio,
        "connections": CONNECTIONS,
        "times": len(ours),
    }


def _memory(server: Running, scenario: Scenario, many: int) -> dict[str, Any]:
    """The memory of the service after a tenth of many requests, and after all."""
    megabytes = []
    for share in (WARM_UP, 1 - WARM_UP):
        _require_answers(scenario.work, put_under_load(server.port, scenario.ours, round(share * many), CONNECTIONS))
        megabytes.append(server.megabytes)
    before, after = megabytes
    return {
        "work": f"memory over {many:,} requests, growth in the last 90 %",
        "ratio_to_pytorch": None,
        "unit": "share",
        "goal": MOST_GROWTH,
        "goal_met": after <= before * (1 + MOST_GROWTH),
        "megabytes": {"before": rounded(before), "after": rounded(after)},
    }


def _require_answers(work: str, found: Load) -> None:
    if found.failed:
        raise SystemExit(f"{work}: {found.failed} requests were refused, so that there is nothing to compare")


def _arguments() -> argparse.Namespace:
    parser = argument_parser(__doc__, "fewer rounds and requests: a look")
    return parser.parse_args()


if __name__ == "__main__":
    main()
