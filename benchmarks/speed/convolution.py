"""Speed of `Conv2d` beside plain im2col, forward and backward, on one core.

    python -m benchmarks.speed.convolution [--rounds N] [--json benchmarks/results/convolution.json]

Both must first give the same numbers. README.md explains the results.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from benchmarks.harness.results import machine, rounded, spread, write_results
from benchmarks.harness.rounds import by_name, geometric_mean, interleaved, ratio_cell, ratios
from benchmarks.harness.script import argument_parser, at_least_one, report_errors, unpin_blas
from benchmarks.speed.im2col import Im2col
from inkling.nn import Conv2d, Network, Parameters, Workspace
from inkling.nn.layer import Array, Shape
from inkling.processor import one_blas_thread
from inkling.testing import Offset

IMAGES = 64
LAYERS: tuple[tuple[Conv2d, Shape], ...] = (
    (Conv2d(32, 3, bias=False), (28, 28, 1)),
    (Conv2d(6, 5, padding=2, bias=False), (28, 28, 1)),
    (Conv2d(16, 5, stride=2, bias=False), (28, 28, 1)),
    (Conv2d(16, 5, bias=False), (14, 14, 6)),
    (Conv2d(32, 3, bias=False), (12, 12, 16)),
    (Conv2d(64, 3, bias=False), (5, 5, 32)),
    (Conv2d(32, 3, bias=False), (26, 26, 32)),
    (Conv2d(64, 3, bias=False), (12, 12, 32)),
    (Conv2d(64, 3, bias=False), (10, 10, 64)),
    (Conv2d(64, 3, bias=False), (26, 26, 32)),
)


class InklingConv2d:
    """The layer as a network runs it: with dx, unless its input is the image."""

    def __init__(self, layer: Conv2d, shape: Shape, x: Array, dy: Array) -> None:
        self.network = Network(*([] if shape[2] == 1 else [Offset()]), layer, input_shape=shape)
        self.params, self.gradient = self.network.init(np.random.default_rng(0)), Parameters(self.network.layout)
        self.params[0].__dict__.get("bias", np.zeros(1))[...] = 0
        self.workspace, self.x, self.dy = Workspace(self.network, len(x)), x, dy
        self.caches, _ = self.workspace.buffers_for(len(x))

    def forward(self) -> Array:
        caches, layers = self.caches, self.network.layers
        return layers[-1].forward(self.params[len(layers) - 1], self.x, caches[-1], training=True, rng=None)

    def backward(self) -> tuple[Array, Array | None]:
        last = len(self.network.layers) - 1
        self.network.layers[last].backward(self.params[last], self.gradient[last], self.dy, self.caches[last])
        return self.gradient[last].weight, self.caches[last].dx


@report_errors
def main() -> None:
    unpin_blas()
    parser = argument_parser(__doc__)
    parser.add_argument("--rounds", type=at_least_one, default=15, help="(default 15); ratios are taken within each")
    asked = parser.parse_args()
    host = machine("numpy")
    print(f"{'µs per image, forward + backward':48}{'Conv2d':>9}{'im2col':>9}{'× im2col':>20}{'GFLOP/s':>9}")
    with one_blas_thread():
        rows = [row(layer, shape, asked.rounds) for layer, shape in LAYERS]
    mean = geometric_mean(rows, "ratio_to_im2col")
    print(f"geometric mean ratio to im2col {mean}")
    if asked.json:
        write_results(asked.json, host, rows, geometric_mean_ratio_to_im2col=mean)


def row(layer: Conv2d, shape: Shape, rounds: int) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(IMAGES, *shape)).astype(np.float32)
    dy = rng.normal(size=(IMAGES, *layer.output_shape(shape))).astype(np.float32)
    ours = InklingConv2d(layer, shape, x, dy)
    theirs = Im2col(layer, x, dy, ours.params[len(ours.network.layers) - 1].weight, needs_dx=shape[2] > 1)
    np.testing.assert_allclose(ours.forward(), theirs.forward(), rtol=1e-3, atol=1e-3)
    for one, other in zip(ours.backward(), theirs.backward(), strict=True):
        if one is not None and other is not None:
            np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-2)
    measures = {"inkling": lambda: seconds(ours), "im2col": lambda: seconds(theirs)}
    found = by_name(interleaved(measures, rounds, rest_seconds=0))
    products = 2 if shape[2] == 1 else 3
    flops = products * 2 * dy[0].size * layer.kernel_size**2 * shape[2]
    result = {
        "work": f"{layer} of {'×'.join(map(str, shape))}",
        "microseconds_per_image": {name: spread([1e6 * s / IMAGES for s in each]) for name, each in found.items()},
        **ratios("ratio_to_im2col", found["im2col"], found["inkling"]),
        "gflops": rounded(flops * IMAGES / spread(found["inkling"])["median"] / 1e9),
    }
    medians = "".join(f"{each['median']:9.1f}" for each in result["microseconds_per_image"].values())
    print(f"{result['work']:48}{medians}{ratio_cell(result, 'ratio_to_im2col')}{result['gflops']:9.0f}", flush=True)
    return result


def seconds(convolution: InklingConv2d | Im2col) -> float:
    started = time.perf_counter()
    convolution.forward()
    convolution.backward()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
