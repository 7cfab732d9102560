"""Explanation: all that a model computes for one image and one label, forward and backward, by name.

A layer's path is its number in the chain, for layers inside others dotted: "3", "3.0", "0.1.2".

    x, dx                       the image (H, W, 1) in 0..1; the gradient of the loss with respect to it
    y.PATH, dy.PATH             the output of a layer; the gradient of the loss with respect to it
    p.PATH.weight, …            parameters and statistics of a layer
    dp.PATH.weight, …           the gradient of the loss with respect to what is learnt
    logits, dlogits             (K,), or (K + 1,) where the model can say "not a digit"
    probabilities               softmax(logits / temperature)
    loss                        (1,): cross-entropy in nats of softmax(logits) with the label

The numbers are those of prediction: batch normalisations use their running statistics and dropout hands x on. The
backward pass is the gradient of the loss of this prediction. Arrays are float32 and have no batch axis. The page's
engine (`inkling/page/engine/`) and the service use these names, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inkling.errors import DataError, UsageError, described
from inkling.images import check_images
from inkling.inference import PIXEL_SCALE
from inkling.model import Model
from inkling.nn import BatchNorm1d, BatchNorm2d, Dropout, Parameters, chain, softmax, softmax_cross_entropy
from inkling.nn.composite import Composite
from inkling.nn.layer import Array, ArraySpec, Cache, Layer, Rng, Shape
from inkling.nn.normalization import BatchNorm
from inkling.nn.parameters import Layout, Place
from inkling.nn.placement import Placement
from inkling.notation import is_whole_number

AGREEMENT = 1e-3  # of the logits with those of prediction, of the largest magnitude; float32 gives some 1e-5


def explain(model: Model, image: np.ndarray, label: int) -> dict[str, np.ndarray]:
    """Every activation, gradient and parameter of a model for one image, by the names above.

    Parameters
    ----------
    model : the trained network; it is not changed.
    image : (H, W), uint8 0-255 or float 0-1, as `Model` takes images.
    label : the index of the class in `class_names`, from 0; index K, one beyond the last class, is "not a digit" where
        the model can say so.

    Returns
    -------
    dict[str, np.ndarray]
        float32 arrays of their own, without a batch axis.

    Raises
    ------
    UsageError : it is no single image, or no such label.
    DataError : the model's numbers are not finite, or a layer of a user's own computes otherwise in training.
    """
    network = model.network
    _require_label(label, network.shapes[-1][0])
    x = _pixels(image, network.input_shape)
    layers = [_traced(layer) for layer in network.layers]
    params = Parameters(_layout(layers, network.shapes), model.params.flat, model.params.statistics)
    gradient = Parameters(params.layout)
    with np.errstate(all="ignore"):  # what is not finite is refused below
        caches, loss, dlogits = _pass(layers, params, gradient, x, label, network.shapes)
        logits = caches[-1].y
        probabilities = softmax(logits / np.float32(model.temperature))
    answer = {"x": x, "logits": logits, "probabilities": probabilities, "dlogits": dlogits, "dx": caches[0].dx}
    answer |= dict(_layer_arrays(network.layers, caches, ""))
    named = {name: array[0] for name, array in answer.items()} | {"loss": np.array([loss])}
    layout = network.layout  # describes the same θ
    named |= _by_path("p", model.params, (*layout.parameters, *layout.statistics))
    named |= _by_path("dp", Parameters(layout, gradient.flat), layout.parameters)
    if not all(np.isfinite(array).all() for array in named.values()):
        raise DataError("this model computes numbers that are not finite: train it anew, with a lower learning rate")
    _require_prediction(model, x, logits)
    return {name: np.array(array, np.float32) for name, array in named.items()}


def _require_prediction(model: Model, x: Array, logits: Array) -> None:
    """DataError unless these logits, of a pass in which gradients can be taken, are those of prediction."""
    expected = model.network.logits(model.params, x)
    if np.abs(logits - expected).max() > AGREEMENT * max(1.0, float(np.abs(expected).max())):
        raise DataError(
            "this model has a layer that computes otherwise in training than in prediction, so that its gradients are "
            "not those of its answers: only BatchNorm and Dropout of inkling.nn may do so here"
        )


def _require_label(label: Any, logits: int) -> None:
    if not (is_whole_number(label) and 0 <= label < logits):
        raise UsageError(f"a label of this model is a whole number from 0 to {logits - 1}, not {described(label)}")


def _pixels(image: np.ndarray, shape: Shape) -> Array:
    """x (1, H, W, 1) float32 in 0..1; UsageError unless it is one image."""
    images = check_images(image, shape)
    if len(images) != 1:
        raise UsageError(f"one image is explained at a time, and {len(images)} came: give one of them")
    return images * PIXEL_SCALE if images.dtype == np.uint8 else images.astype(np.float32)


def _layout(layers: Sequence[Layer], shapes: Sequence[Shape]) -> Layout:
    """The layout of the network with every layer in a `Traced`.

    The parameters lie at the same places in θ, but their names contain the path of the wrapper.
    """
    placed = list(zip(layers, shapes, strict=False))
    return Layout.of([layer.parameters(s) for layer, s in placed], [layer.statistics(s) for layer, s in placed])


def _pass(
    layers: Sequence[Layer], params: Parameters, gradient: Parameters, x: Array, label: int, shapes: Sequence[Shape]
) -> tuple[list[Cache], float, Array]:
    """The caches after a pass forward and backward, the loss, and its gradient with respect to the logits."""
    place = Placement(1, np.float32, training=True)
    arrays, dlogits = place.forward_arrays(layers, shapes[0]), place.empty(shapes[-1])
    place.add_backward_arrays(layers, shapes[0], arrays, dlogits, None)
    views: dict[int, Array] = {}
    caches = [each.cache(1, views, training=True) for each in arrays]
    rng = np.random.default_rng(0)  # for the layers of users that ask for it; no layer here draws
    logits = chain.forward(layers, params, x, caches, training=True, rng=rng)
    exact = logits.astype(np.float64)  # where the answer is nearly certain, float32 would round 1 − p away
    loss = softmax_cross_entropy(exact, np.array([label]), exact)
    np.copyto(dlogits, exact)
    chain.backward(layers, params, gradient, dlogits, caches)
    return caches, loss, dlogits


def _layer_arrays(layers: Sequence[Layer], caches: Sequence[Cache], prefix: str) -> Iterator[tuple[str, Array]]:
    """y.PATH and dy.PATH of all layers; each cache is that of the `Traced` around the layer."""
    for i, (layer, cache) in enumerate(zip(layers, caches, strict=True)):
        path = f"{prefix}{i}"
        yield f"y.{path}", cache.y
        yield f"dy.{path}", cache.dy
        if isinstance(layer, Composite):
            yield from _layer_arrays(layer.layers, cache.inner[0].inner, f"{path}.")


def _by_path(kind: str, params: Parameters, places: Sequence[Place]) -> dict[str, Array]:
    """The arrays of all layers as KIND.PATH.NAME; a place is named "0.weight" for a layer inside another."""
    return {f"{kind}.{place.layer}.{place.name}": params.named[place.layer][place.name] for place in places}


def _traced(layer: Layer) -> Layer:
    """The layer as it predicts, in a `Traced`; so are the layers inside it."""
    if isinstance(layer, Composite):
        return Traced(layer.with_layers([_traced(each) for each in layer.layers]))
    if type(layer) is Dropout:
        return Traced(Dropout(0.0))
    if type(layer) in (BatchNorm1d, BatchNorm2d):
        return Traced(FrozenBatchNorm(layer.eps))  # type: ignore[attr-defined]  # both classes have eps
    return Traced(layer)


@dataclass(frozen=True, init=False, repr=False)
class Traced(Composite):
    """One layer whose y and dy are kept in arrays of their own, which no other layer overwrites."""

    def output_shape(self, shape: Shape) -> Shape:
        return self.layers[0].output_shape(shape)

    def cache_arrays(self, shape: Shape) -> Mapping[str, ArraySpec]:
        return {"dy": ArraySpec(self.output_shape(shape))}

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        np.copyto(cache.y, chain.forward(self.layers, p, x, cache.inner, training=training, rng=rng))
        return cache.y

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        np.copyto(cache.dy, dy)
        np.copyto(cache.inner_dy, dy)  # the layer may overwrite its dy
        chain.backward(self.layers, p, g, cache.inner_dy, cache.inner)
        if cache.dx is not None:
            np.copyto(cache.dx, cache.inner[0].dx)


@dataclass(frozen=True, repr=False)
class FrozenBatchNorm(BatchNorm):
    """Batch normalisation as it predicts, of rows or images: μ, σ² are the running ones, constants of the gradient.

    forward     y  = γ r (x − μ) + β      r = 1 / √(σ² + ε)
    backward    dβ = Σ dy                 dγ = Σ dy·(x − μ) r                dx = γ r dy
    """

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        cache.x = x
        return super().forward(p, x, cache, training=False, rng=rng)

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        r = 1 / np.sqrt(p.running_var + self.eps)
        axes = tuple(range(dy.ndim - 1))
        np.add.reduce(dy, axis=axes, out=g.bias)
        np.add.reduce(dy * ((cache.x - p.running_mean) * r), axis=axes, out=g.weight)
        np.multiply(dy, p.weight * r, out=cache.dx)
