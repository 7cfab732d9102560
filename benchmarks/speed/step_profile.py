"""Where the time of a training step goes: microseconds per image of each part, on one core.

    python -m benchmarks.speed.step_profile [RECIPE] [--rows N] [--json benchmarks/results/step_profile.json]

It needs no data: the images are noise with MNIST's share of ink. README.md explains the results.
"""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.harness.results import machine, rounded, write_results
from benchmarks.harness.script import argument_parser, at_least_one, report_errors, unpin_blas
from inkling.errors import UsageError
from inkling.nn import Parameters, softmax_cross_entropy
from inkling.processor import one_blas_thread
from inkling.recipes import load_recipe
from inkling.training.shard import ShardScratch

IMAGES = 20_480
INK_SHARE = 0.2  # of the pixels


@report_errors
def main() -> None:
    unpin_blas()
    parser = argument_parser(__doc__)
    parser.add_argument("recipe", nargs="?", default="gd-64-32")
    parser.add_argument("--rows", type=at_least_one, default=2560, help="images per shard (default 2560)")
    parser.add_argument("--repeats", type=at_least_one, default=40, help="steps timed (default 40); medians are kept")
    arguments = parser.parse_args()
    if arguments.rows > IMAGES:
        raise UsageError(f"expected at most {IMAGES:,} --rows, as many as there are images, not {arguments.rows:,}")
    host = machine("numpy")
    with one_blas_thread():
        times = profile(arguments.recipe, arguments.rows, arguments.repeats)
    rows = [
        {"work": f"{arguments.recipe}: {part}", "ratio_to_pytorch": None, "microseconds_per_image": t}
        for part, t in times
    ]
    total = sum(t for _, t in times)
    for part, t in times:
        print(f"{part:32}{t:8.3f} µs per image {100 * t / total:5.1f} %")
    print(f"{'all':32}{total:8.3f}")
    if arguments.json:
        write_results(
            arguments.json, host, rows, rows_per_shard=arguments.rows, total_microseconds_per_image=rounded(total)
        )


def profile(name: str, rows: int, repeats: int) -> list[tuple[str, float]]:
    """Median microseconds per image of each part of forward and backward of one shard."""
    rng, network = np.random.default_rng(0), load_recipe(name).network
    images = rng.integers(0, 256, (IMAGES, *network.input_shape), dtype=np.uint8)
    images[rng.random(images.shape) > INK_SHARE] = 0
    labels = rng.integers(0, 10, IMAGES)
    params, gradient = network.init(rng), Parameters(network.layout)
    scratch = ShardScratch(network, rows, training=True)
    caches, dlogits = scratch.workspace.buffers_for(rows)
    times: dict[str, list[float]] = defaultdict(list)

    def timed(part: str, work: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        result = work()
        times[part].append((time.perf_counter() - started) / rows * 1e6)
        return result

    for _ in range(repeats):
        chosen = rng.permutation(IMAGES)[:rows]
        y = timed("gather", lambda: scratch.gather(images, chosen))  # noqa: B023
        for i, layer in enumerate(network.layers):
            y = timed(f"forward {i} {layer}", lambda: layer.forward(params[i], y, caches[i], training=True, rng=rng))  # noqa: B023
        timed("argmax", lambda: y.argmax(axis=1))  # noqa: B023
        timed("loss", lambda: softmax_cross_entropy(y, labels[chosen], dlogits))  # noqa: B023
        dy = dlogits
        for i in range(len(network.layers) - 1, network.first_with_parameters - 1, -1):
            layer = network.layers[i]
            timed(f"backward {i} {layer}", lambda: layer.backward(params[i], gradient[i], dy, caches[i]))  # noqa: B023
            dy = caches[i].dx
    return [(part, rounded(statistics.median(values))) for part, values in times.items()]


if __name__ == "__main__":
    main()
