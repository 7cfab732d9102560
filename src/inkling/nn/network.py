"""A network: layers in a row, and the function of θ that they are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from inkling.errors import UsageError
from inkling.nn import chain
from inkling.nn.layer import Layer, Shape
from inkling.nn.parameters import Layout, Parameters
from inkling.nn.workspace import Workspace

INPUT_SHAPE = (28, 28, 1)  # of a network, unless given: rows, columns and channels of a digit


@dataclass(frozen=True, init=False, repr=False)
class Network:
    """Layers in a row. Immutable; owns no arrays: what it learns lives in `Parameters`.

    network = Network(Flatten(), Linear(64), ReLU(), Linear(10))
    params = network.init(np.random.default_rng(0))
    logits = network.logits(params, x)              # x (N, 28, 28, 1) float32 in 0..1
    """

    layers: tuple[Layer, ...]
    input_shape: Shape

    def __init__(self, *layers: Layer, input_shape: Shape = INPUT_SHAPE) -> None:
        for layer in layers:
            if not isinstance(layer, Layer):
                raise UsageError(f"a network is made of layers, as in Network(Flatten(), Linear(10)), not of {layer!r}")
        object.__setattr__(self, "layers", layers)
        object.__setattr__(self, "input_shape", tuple(input_shape))
        _ = self.first_with_parameters  # raises where there is none

    def __repr__(self) -> str:
        shape = () if self.input_shape == INPUT_SHAPE else (f"input_shape={self.input_shape}",)
        return f"Network({', '.join((*map(repr, self.layers), *shape))})"

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """Shape of one image in front of each layer and, last, behind them all."""
        return chain.shapes_of(self.layers, self.input_shape)

    @cached_property
    def first_with_parameters(self) -> int:
        """The backward pass ends at this layer."""
        first = chain.first_with_parameters(self.layers, self.input_shape)
        if first is None:
            raise UsageError("a network needs at least one layer with parameters, such as Linear(10)")
        return first

    @cached_property
    def layout(self) -> Layout:
        parts = list(zip(self.layers, self.shapes, strict=False))
        return Layout.of([a.parameters(s) for a, s in parts], [a.statistics(s) for a, s in parts])

    @cached_property
    def hidden_matrices(self) -> list[tuple[int, int, int]]:
        """Start, rows and columns in θ of the weights of all layers but the last, which makes the logits.

        In the order of the layers; a kernel (K, K, C, O) counts as (K·K·C, O). An `Ensemble` has a last one a branch.
        """
        last = chain.last_weights(self.layers, self.input_shape)
        places = sorted(self.layout.parameters, key=lambda place: place.layer)
        hidden = [p for p in places if len(p.shape) > 1 and (p.layer, p.name) not in last]
        return [(p.start, math.prod(p.shape[:-1]), p.shape[-1]) for p in hidden]

    def init(self, rng: np.random.Generator) -> Parameters:
        """Fresh parameters, float32, drawn layer by layer from `rng`."""
        params = Parameters(self.layout)
        for i, layer in enumerate(self.layers):
            for specs in (layer.parameters(self.shapes[i]), layer.statistics(self.shapes[i])):
                for name, spec in specs.items():
                    spec.init.fill(params.named[i][name], rng)
        return params

    def forward(
        self,
        params: Parameters,
        x: np.ndarray,
        workspace: Workspace,
        *,
        training: bool = False,
        rng: np.random.Generator | None = None,
    ) -> np.ndarray:
        """Logits (N, O) of x (N, *input_shape): an array of the workspace, valid until its next forward."""
        caches, _ = workspace.rows(len(x))
        x = np.ascontiguousarray(x)
        return chain.forward(self.layers, params, x, caches, training=training, rng=rng)

    def backward(self, params: Parameters, gradient: Parameters, dlogits: np.ndarray, workspace: Workspace) -> None:
        """Overwrite `gradient` with ∇θ for the last training forward, from the gradient of its logits (N, O).

        `dlogits` is best the array that `workspace.rows` gives, which may be overwritten; any other is copied there.
        """
        caches, ours = workspace.rows(len(dlogits))
        if dlogits is not ours:
            np.copyto(ours, dlogits)
        chain.backward(self.layers, params, gradient, ours, caches)

    def update_statistics(self, params: Parameters, seen: Parameters) -> None:
        """Fold the batch statistics that `backward` left in `seen` into the running ones of `params`."""
        chain.update_statistics(self.layers, params, seen)

    def logits(self, params: Parameters, x: np.ndarray, batch_size: int = 256) -> np.ndarray:
        """Logits (N, O) of any number of images x (N, *input_shape), in a fresh array."""
        workspace = Workspace(self, min(batch_size, max(len(x), 1)), params.flat.dtype.type, training=False)
        y = np.empty((len(x), *self.shapes[-1]), params.flat.dtype)
        for start in range(0, len(x), batch_size):
            y[start : start + batch_size] = self.forward(params, x[start : start + batch_size], workspace)
        return y
