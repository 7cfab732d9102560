"""What the convolution's kernels are worth: Conv2d beside plain im2col, forward and backward, on one core.

    python benchmarks/convolution.py [--rounds N] [--json benchmarks/results/convolution.json]

Both sides give the same numbers, which is checked first. README.md says how to read the results.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from common import at_least_one, face, machine, options, rounded, spread, unpin_blas, write_results
from inkling.nn import Conv2d, Network, Parameters, Workspace
from inkling.nn.blocks import aligned
from inkling.nn.convolution.products import MOST_MULTIPLICATIONS
from inkling.nn.layer import Array, Shape
from inkling.processor import one_blas_thread
from inkling.testing import Offset
from turns import by_side, geometric_mean, ratio_cell, ratios, turns

IMAGES, IMAGES_A_BLOCK = 64, 4
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


class Inkling:
    """The layer as a network runs it: with dx, unless it has the pixels before it."""

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


class Im2col:
    """All K² pixels for each place, a few images at a time, in products as small as ours.

    dx is the same again: of dy with a border, under the kernel turned round.
    """

    def __init__(self, layer: Conv2d, x: Array, dy: Array, weight: Array, *, wants_dx: bool) -> None:
        self.layer, self.dy, self.weight, self.wants_dx = layer, dy, weight, wants_dx
        p, k = layer.padding, layer.kernel_size
        self.x = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
        self.y, self.dx = aligned(dy.shape, np.float32), aligned(self.x.shape, np.float32)
        self.columns = aligned((IMAGES_A_BLOCK, *dy.shape[1:3], k, k, x.shape[3]), np.float32)
        self.dy_columns = aligned((IMAGES_A_BLOCK, *self.x.shape[1:3], k, k, dy.shape[3]), np.float32)
        rows, pixels = (length + 2 * (k - 1) for length in dy.shape[1:3])
        self.wide = aligned((IMAGES_A_BLOCK, rows, pixels, dy.shape[3]), np.float32)

    def _columns(self, x: Array, stride: int, out: Array) -> Array:
        """(n, H′, W′, K·K·C), cut into matrices of whole rows of pixels."""
        k = self.layer.kernel_size
        windows = sliding_window_view(x, (k, k), axis=(1, 2))[:, ::stride, ::stride]
        np.copyto(out, windows.transpose(0, 1, 2, 4, 5, 3))
        n, height, width = out.shape[:3]
        rows = _rows(height, width * self.weight.size)
        return out.reshape(n, height // rows, rows * width, -1)

    def forward(self) -> Array:
        weight = self.weight.reshape(-1, self.layer.out_channels)
        for start in range(0, len(self.x), IMAGES_A_BLOCK):
            block = slice(start, start + IMAGES_A_BLOCK)
            columns = self._columns(self.x[block], self.layer.stride, self.columns)
            np.matmul(columns, weight, out=self.y[block].reshape(*columns.shape[:3], -1))
        return self.y

    def backward(self) -> tuple[Array, Array | None]:
        k, o = self.layer.kernel_size, self.layer.out_channels
        turned = np.ascontiguousarray(self.weight[::-1, ::-1].swapaxes(2, 3)).reshape(k * k * o, -1)
        dweight = np.zeros_like(self.weight).reshape(-1, o)
        for start in range(0, len(self.x), IMAGES_A_BLOCK):
            block = slice(start, start + IMAGES_A_BLOCK)
            columns = self._columns(self.x[block], self.layer.stride, self.columns)
            products = columns.swapaxes(2, 3) @ self.dy[block].reshape(*columns.shape[:3], o)
            dweight += np.add.reduce(products, axis=(0, 1))
            if self.wants_dx:
                self.wide[:, k - 1 : 1 - k, k - 1 : 1 - k] = self.dy[block]
                dy_columns = self._columns(self.wide, 1, self.dy_columns)
                np.matmul(dy_columns, turned, out=self.dx[block].reshape(*dy_columns.shape[:3], -1))
        return dweight.reshape(self.weight.shape), self.dx if self.wants_dx else None


def _rows(height: int, multiplications: int) -> int:
    """Rows of pixels, of so many multiplications each, that make a product as small as ours: a divisor of all."""
    return max(
        (h for h in range(1, height + 1) if height % h == 0 and h * multiplications <= MOST_MULTIPLICATIONS), default=1
    )


@face
def main() -> None:
    unpin_blas()
    parser = options(__doc__)
    parser.add_argument("--rounds", type=at_least_one, default=15, help="(default 15); ratios are taken within each")
    asked = parser.parse_args()
    facts = machine("numpy")
    print(f"{'µs an image, forward + backward':48}{'Conv2d':>9}{'im2col':>9}{'× im2col':>20}{'GFLOP/s':>9}")
    with one_blas_thread():
        rows = [row(layer, shape, asked.rounds) for layer, shape in LAYERS]
    mean = geometric_mean(rows, "ratio_to_im2col")
    print(f"geometric mean ratio to im2col {mean}")
    if asked.json:
        write_results(asked.json, facts, rows, geometric_mean_ratio_to_im2col=mean)


def row(layer: Conv2d, shape: Shape, rounds: int) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(IMAGES, *shape)).astype(np.float32)
    dy = rng.normal(size=(IMAGES, *layer.output_shape(shape))).astype(np.float32)
    ours = Inkling(layer, shape, x, dy)
    theirs = Im2col(layer, x, dy, ours.params[len(ours.network.layers) - 1].weight, wants_dx=shape[2] > 1)
    np.testing.assert_allclose(ours.forward(), theirs.forward(), rtol=1e-3, atol=1e-3)
    for one, other in zip(ours.backward(), theirs.backward(), strict=True):
        if one is not None and other is not None:
            np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-2)
    found = by_side(turns({"inkling": lambda: seconds(ours), "im2col": lambda: seconds(theirs)}, rounds, rest=0))
    products = 2 if shape[2] == 1 else 3
    flops = products * 2 * dy[0].size * layer.kernel_size**2 * shape[2]
    result = {
        "work": f"{layer} of {'×'.join(map(str, shape))}",
        "microseconds_an_image": {name: spread([1e6 * s / IMAGES for s in each]) for name, each in found.items()},
        **ratios("ratio_to_im2col", found["im2col"], found["inkling"]),
        "gflops": rounded(flops * IMAGES / spread(found["inkling"])["median"] / 1e9),
    }
    medians = "".join(f"{each['median']:9.1f}" for each in result["microseconds_an_image"].values())
    print(f"{result['work']:48}{medians}{ratio_cell(result, 'ratio_to_im2col')}{result['gflops']:9.0f}", flush=True)
    return result


def seconds(side: Inkling | Im2col) -> float:
    started = time.perf_counter()
    side.forward()
    side.backward()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
