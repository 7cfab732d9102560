"""`check_layer`, which proves the contract of `inkling.nn.layer` for one layer, and the checks that it is made of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inkling.nn import BatchNorm1d, BatchNorm2d, Cache, Conv2d, Layer, Linear, Network, Parameters, Workspace, fold
from inkling.nn.layer import Shape
from inkling.testing.allocation import check_allocation
from inkling.testing.gradients import check_gradients, random_parameters
from inkling.testing.neighbours import Offset, Overwriting, Remembering


def check_layer(layer: Layer, input_shape: Shape, *, images: int = 6, seed: int = 0) -> None:
    """Prove the layer contract for one layer.

    Checked are gradients, also between layers that write in place; dtypes; statistics; predicting, also of
    each image alone; memory; folding; and the case of a first layer, which is not asked for dx.

    Parameters
    ----------
    layer : what to check.
    input_shape : shape of one image in front of it, without N; `check_allocation` wants 64 numbers or more.

    Raises
    ------
    AssertionError : names what is wrong, and where.
    """
    between = Network(Offset(), layer, Offset(), input_shape=input_shape)
    check_gradients(between, images=images, seed=seed)
    check_sharing(layer, input_shape, images=images, seed=seed)
    check_dtypes(between, images=images, seed=seed)
    check_statistics(between, images=images, seed=seed)
    for network in (
        Network(layer, Offset(), input_shape=input_shape),  # before the caller's images
        Network(Offset(), layer, input_shape=input_shape),  # behind an array that it may work in
    ):
        check_predicting(network, images=images, seed=seed)
    check_images_apart(between, images=images, seed=seed)
    if layer.parameters(input_shape):
        check_gradients(Network(layer, input_shape=input_shape), images=images, seed=seed)
    check_allocation(layer, input_shape)
    check_folding(layer, input_shape, images=images, seed=seed)


def check_sharing(layer: Layer, input_shape: Shape, *, images: int = 6, seed: int = 0) -> None:
    """The layer reads no array that the next layer may write over, and writes over none that the layer before reads."""
    for layers, remedy in (
        ((Offset(), layer, Overwriting(), Offset()), "where its backward reads cache.y, declare needs_output"),
        (
            (Offset(), Remembering(), layer, Offset()),
            "where its forward writes over x, write into cache.y",
        ),
    ):
        try:
            check_gradients(Network(*layers, input_shape=input_shape), images=images, seed=seed)
        except AssertionError as error:
            raise AssertionError(f"{layer} is wrong only where neighbours share arrays: {remedy}; {error}") from error


def check_dtypes(network: Network, *, images: int = 6, seed: int = 0) -> None:
    """Every array of a training step is float32 (or a mask): one float64 scalar would silently spread."""
    params, x = _start(network, images, seed)
    before = x.copy()
    _, workspace = _step(network, params, x)
    _check_dtypes(network, network.layers, workspace.buffers_for(images)[0])
    if not np.array_equal(x, before):
        raise AssertionError(f"{network} overwrote the caller's images")


def _check_dtypes(network: Network, layers: Sequence[Layer], caches: Sequence[Cache]) -> None:
    for layer, cache in zip(layers, caches, strict=True):
        _check_dtypes(network, layer.inner, cache.inner)
        for name, array in [*vars(cache).items(), *vars(cache.scratch).items()]:
            if isinstance(array, np.ndarray | np.generic) and array.dtype not in (np.float32, np.bool_):
                raise AssertionError(f"{name} of {layer} in {network} is {array.dtype}, not float32")


def check_statistics(network: Network, *, images: int = 6, seed: int = 0) -> None:
    """A training step leaves θ and the statistics alone; `update_statistics` moves every statistic and no parameter.

    The statistics of a batch are known after `forward`, without `backward`.
    """
    params, x = _start(network, images, seed)
    before = params.copy()
    seen, _ = _step(network, params, x)
    if not (np.array_equal(params.flat, before.flat) and np.array_equal(params.statistics, before.statistics)):
        raise AssertionError(f"forward or backward of {network} changed what it may only read")
    after_forward, workspace = Parameters(network.layout), Workspace(network, images)
    after_forward.statistics.fill(np.nan)
    network.forward(params, x, workspace, training=True, rng=np.random.default_rng(1))
    network.batch_statistics(images, workspace, after_forward)
    if not np.array_equal(after_forward.statistics, seen.statistics, equal_nan=True):
        raise AssertionError(f"the batch statistics of {network} depend on its backward pass")
    network.update_statistics(params, seen)
    if not np.array_equal(params.flat, before.flat):
        raise AssertionError(f"update_statistics of {network} moved parameters, not only statistics")
    for place in params.layout.statistics:
        now, then = place.view(params.statistics), place.view(before.statistics)
        if not np.isfinite(now).all() or np.array_equal(now, then):
            raise AssertionError(
                f"update_statistics of {network.layers[place.layer]} in {network} left {place.name} as it was, "
                "or not finite"
            )


def check_predicting(network: Network, *, images: int = 6, seed: int = 0) -> None:
    """Predicting needs no cache and no randomness, gives float32, keeps the images, and agrees with a training forward.

    The last is left out where it need not hold: for networks that keep statistics or draw random numbers.
    """
    params, x = _start(network, images, seed)
    before = x.copy()
    try:
        y = network.forward(params, x, Workspace(network, images, training=False))
    except AttributeError as error:  # of a cache without the array, or of the None that stands for no generator
        raise AssertionError(f"{network} predicts with more than p, x and cache.y: {error}") from error
    if y.dtype != np.float32:
        raise AssertionError(f"{network} predicts in {y.dtype}, not float32")
    if not np.array_equal(x, before):
        raise AssertionError(f"{network} overwrote the caller's images when predicting")
    one, other = (
        network.forward(params, x, Workspace(network, images), training=True, rng=np.random.default_rng(draw))
        for draw in (seed, seed + 1)
    )
    random = not np.array_equal(one, other)
    if not (random or network.layout.statistics or np.allclose(y, one, rtol=1e-5, atol=1e-6)):
        raise AssertionError(f"{network} predicts otherwise than it trains, without statistics or randomness")


def check_images_apart(network: Network, *, images: int = 6, seed: int = 0) -> None:
    """A batch is predicted as each of its images alone, in float64: no image changes the prediction of another."""
    rng = np.random.default_rng(seed)
    params = random_parameters(network, rng)
    x = rng.normal(0.0, 1.0, (images, *network.input_shape))
    alone = np.concatenate([network.logits(params, x[i : i + 1]) for i in range(images)])
    if not np.allclose(network.logits(params, x), alone, rtol=1e-8, atol=1e-9):
        raise AssertionError(
            f"{network} predicts an image otherwise beside other images than alone: with training=False, forward may "
            "not mix the images of a batch"
        )


def check_folding(layer: Layer, input_shape: Shape, *, images: int = 6, seed: int = 0) -> None:
    """A batch normalisation behind the layer can be folded, into it or past it, and the predictions stay the same."""
    front = {1: Linear(input_shape[-1]), 3: Conv2d(input_shape[-1], 1)}
    norms = {1: BatchNorm1d(), 3: BatchNorm2d()}
    axes_in, axes_out = len(input_shape), len(layer.output_shape(input_shape))
    if axes_in not in front or axes_out not in norms:
        return
    network = Network(front[axes_in], layer, norms[axes_out], input_shape=input_shape)
    rng = np.random.default_rng(seed)
    x = rng.normal(0.0, 1.0, (images, *input_shape))
    for signs in ((1.0,), (1.0, -1.0)):  # a factor below zero may not move past a maximum
        params = random_parameters(network, rng)
        params.statistics[...] = rng.uniform(0.5, 2.0, params.statistics.shape)
        scales = params[2].weight
        scales[...] = np.abs(scales) * np.resize(signs, scales.shape)
        folded, new = fold(network, params)
        if not np.allclose(folded.logits(new, x), network.logits(params, x), rtol=1e-8, atol=1e-9):
            raise AssertionError(
                f"{network} predicts otherwise when it is folded to {folded}: look at as_affine, absorb and "
                f"passes_affine of {layer}, or at its with_layers"
            )


def _start(network: Network, images: int, seed: int) -> tuple[Parameters, np.ndarray]:
    """Fresh parameters and images (N, *input_shape), both float32 and of either sign."""
    rng = np.random.default_rng(seed)
    return network.init(rng), rng.normal(0.0, 1.0, (images, *network.input_shape)).astype(np.float32)


def _step(network: Network, params: Parameters, x: np.ndarray) -> tuple[Parameters, Workspace]:
    """The gradient of half the sum of squared outputs, first filled with nan, and the workspace it was computed in."""
    workspace = Workspace(network, len(x))
    y = network.forward(params, x, workspace, training=True, rng=np.random.default_rng(1))
    _, dlogits = workspace.buffers_for(len(x))
    dlogits[...] = y
    gradient = Parameters(network.layout)
    gradient.flat.fill(np.nan)
    gradient.statistics.fill(np.nan)
    network.backward(params, gradient, dlogits, workspace)
    return gradient, workspace
