"""A network: a chain of layers, which is a function of θ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from inkling.errors import UsageError
from inkling.nn import chain
from inkling.nn.bounds import Size, size_of
from inkling.nn.layer import Layer, Shape
from inkling.nn.parameters import Layout, Parameters
from inkling.nn.summary import html_table, table
from inkling.nn.workspace import Workspace

INPUT_SHAPE = (28, 28, 1)  # A network takes images of so many rows, columns and channels, unless it is told otherwise.


@dataclass(frozen=True, init=False, repr=False)
class Network:
    """A chain of layers. It is immutable and owns no arrays: what it learns lives in `Parameters`.

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
        object.__setattr__(self, "input_shape", _checked_shape(input_shape))
        _ = self.size, self.first_with_parameters  # raise where it is too large, or nothing is learnt

    def __repr__(self) -> str:
        shape = () if self.input_shape == INPUT_SHAPE else (f"input_shape={self.input_shape}",)
        return f"Network({', '.join((*map(repr, self.layers), *shape))})"

    def summary(self) -> str:
        """A table as text: a line per layer, with the shape of its output for one image and how many numbers it learns.

        Layers inside others are indented below them.
        """
        return table(self.layers, self.input_shape)

    def _repr_html_(self) -> str:
        return html_table(self.layers, self.input_shape)

    @cached_property
    def size(self) -> Size:
        """Parameters, and what predicting one image takes."""
        return size_of(self.layers, self.input_shape)

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """Shape of one image in front of each layer and, last, behind them all."""
        return chain.shapes_of(self.layers, self.input_shape)

    @cached_property
    def first_with_parameters(self) -> int:
        """The number of the layer at which the backward pass ends."""
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
        """Start in θ, rows and columns of every matrix but those of the last layer that has some: for Muon.

        A layer declares its matrices (`ParameterSpec.is_matrix`); a kernel (K, K, C, O) counts as (K·K·C, O). The last
        layer makes the logits. Where the network ends in an `Ensemble`, each of its branches has a last layer.
        """
        last = chain.last_matrices(self.layers, self.input_shape)
        places = sorted(self.layout.parameters, key=lambda place: place.layer)
        hidden = [p for p in places if p.is_matrix and (p.layer, p.name) not in last]
        return [(p.start, math.prod(p.shape[:-1]), p.shape[-1]) for p in hidden]

    def with_layers(self, layers: Sequence[Layer]) -> Network:
        """A network of other layers for the same images."""
        return Network(*layers, input_shape=self.input_shape)

    def init(self, rng: np.random.Generator) -> Parameters:
        """Fresh parameters, float32, drawn layer by layer from `rng`."""
        params = Parameters(self.layout)
        for i, layer in enumerate(self.layers):
            for specs in (layer.parameters(self.shapes[i]), layer.statistics(self.shapes[i])):
                for name, spec in specs.items():
                    spec.init.fill(params.named[i][name], rng, spec.fans)
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
        caches, _ = workspace.buffers_for(len(x))
        x = x if x.flags.c_contiguous else x.copy()
        return chain.forward(self.layers, params, x, caches, training=training, rng=rng)

    def backward(self, params: Parameters, gradient: Parameters, dlogits: np.ndarray, workspace: Workspace) -> None:
        """Overwrite `gradient` with ∇θ for the last training forward, and with the statistics of its batch.

        Parameters
        ----------
        dlogits : the gradient of the loss with respect to the logits (N, O). The array that `workspace.buffers_for(N)`
            gives is taken as it is and may be overwritten; any other is copied into it first.
        """
        caches, own_dlogits = workspace.buffers_for(len(dlogits))
        if dlogits is not own_dlogits:
            np.copyto(own_dlogits, dlogits)
        chain.backward(self.layers, params, gradient, own_dlogits, caches)
        if self.layout.statistics:
            self.batch_statistics(len(dlogits), workspace, gradient)

    def batch_statistics(self, n: int, workspace: Workspace, out: Parameters) -> None:
        """Write what the n images of the last training forward showed into the statistics of `out`.

        No backward pass is needed; `backward` calls this method itself.
        """
        chain.batch_statistics(self.layers, workspace.buffers_for(n)[0], out)

    def update_statistics(self, params: Parameters, seen: Parameters) -> None:
        """Move the running statistics of `params` towards those of a batch, as `backward` leaves them in `seen`."""
        chain.update_statistics(self.layers, params, seen)

    def logits(self, params: Parameters, x: np.ndarray, batch_size: int = 256) -> np.ndarray:
        """Logits (N, O) of any number of images x (N, *input_shape), in a fresh array.

        This is the plain definition, for notebooks and as a reference: nothing is folded, no thread is started.
        `inkling.inference.Predictor` is the fast way.
        """
        workspace = Workspace(self, min(batch_size, max(len(x), 1)), params.flat.dtype.type, training=False)
        y = np.empty((len(x), *self.shapes[-1]), params.flat.dtype)
        for start in range(0, len(x), batch_size):
            y[start : start + batch_size] = self.forward(params, x[start : start + batch_size], workspace)
        return y


def _checked_shape(shape: Sequence[int]) -> Shape:
    """The shape of an image as a tuple; UsageError unless it is whole numbers of at least 1."""
    sides = shape if isinstance(shape, Sequence) else ()
    plain = tuple(each.item() if isinstance(each, np.integer) else each for each in sides)
    if not plain or any(type(each) is not int or each < 1 for each in plain):
        raise UsageError(f"input_shape is rows, columns and channels, such as {INPUT_SHAPE}, not {shape!r}")
    return plain
