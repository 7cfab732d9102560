"""Inside: what a network looks like after an epoch, on images that are the same after each one.

First-layer weights, histograms of activations and gradients by layer, and the worst mistakes, all ready for JSON.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from inkling.data import Dataset, Parts
from inkling.inference import PIXEL_SCALE
from inkling.nn import Network, Parameters, Workspace, softmax, softmax_cross_entropy
from inkling.service.live.packing import packed, packed_bytes

SAMPLE = 128  # images of which activations and gradients are taken
EXAMINED = 2000  # images among which the worst mistakes are looked for
MISTAKES = 12
BINS = 40
MOST_TILES = 64  # units or channels of the first layer that are shown


class Inside:
    """The views of one training, with scratch that is made once.

    The images are the first of the validation part, or of the training part where nothing is held out.
    """

    def __init__(self, network: Network, parts: Parts) -> None:
        held_out = parts.validation is not None and parts.validation.labels is not None
        images = parts.validation if held_out and parts.validation is not None else parts.training
        self.network, self.of = network, "validation" if held_out else "training"
        self.examined: Dataset = images[slice(0, EXAMINED)]
        self._labels = np.asarray(self.examined.labels)
        self._x = self.examined.images.reshape(-1, *network.input_shape) * PIXEL_SCALE
        self._predicting = Workspace(network, min(SAMPLE, len(self._x)), training=False)
        self._training = Workspace(network, min(SAMPLE, len(self._x)))
        self._gradient = Parameters(network.layout)

    def __call__(self, params: Parameters) -> dict[str, Any]:
        with np.errstate(all="ignore"):  # a training that diverges is told of by the loop
            return {
                "of": self.of,
                "sample": min(SAMPLE, len(self._x)),
                "weights": self._weights(params),
                "activations": self._activations(params),
                "gradients": self._gradients(params),
                "examined": len(self._x),
                **self._mistakes(params),
            }

    def _weights(self, params: Parameters) -> dict[str, Any]:
        """The first matrix or kernel as (rows, columns, units), each unit a tile: (F, O) as the image that it sees.

        Where layers of a user's own have no matrix, the first parameter is one row.
        """
        ordered = sorted(self.network.layout.parameters, key=lambda p: p.layer)
        place = next((each for each in ordered if each.is_matrix), ordered[0])
        weight = place.view(params.flat)
        if not place.is_matrix:
            tiles = weight.reshape(1, -1, 1)
        elif weight.ndim == 2:
            height, width, channels = self.network.input_shape
            sees_image = weight.shape[0] == height * width * channels
            tiles = weight.reshape(height, width, -1) if sees_image else weight[None]
        else:
            tiles = weight.mean(axis=2) if weight.shape[2] > 1 else weight[:, :, 0]
        return {
            "layer": _path(place.layer, place.name),
            "units": tiles.shape[-1],
            **packed(tiles[..., :MOST_TILES]),
        }

    def _activations(self, params: Parameters) -> list[dict[str, Any]]:
        """A histogram of the outputs of each layer, in predicting."""
        x = self._x[: self._predicting.capacity]
        caches, _ = self._predicting.buffers_for(len(x))
        found = []
        for i, layer in enumerate(self.network.layers):
            x = layer.forward(params[i], np.ascontiguousarray(x), caches[i], training=False, rng=None)
            if not layer.reshapes:  # its numbers are those of the layer before
                found.append({"layer": str(i), "text": str(layer), **histogram(x)})
        return found

    def _gradients(self, params: Parameters) -> list[dict[str, Any]]:
        """A histogram of the gradient of each layer's parameters: of the mean loss of a training step on the sample."""
        x, labels = self._x[: self._training.capacity], self._labels[: self._training.capacity]
        rng = np.random.default_rng(0)  # the same units drop out after each epoch
        logits = self.network.forward(params, x, self._training, training=True, rng=rng)
        _, dlogits = self._training.buffers_for(len(x))
        softmax_cross_entropy(logits, labels, dlogits)
        self.network.backward(params, self._gradient, dlogits, self._training)
        by_layer: dict[int, list[np.ndarray]] = {}
        for place in self.network.layout.parameters:
            by_layer.setdefault(place.layer, []).append(place.view(self._gradient.flat).ravel())
        return [
            {"layer": str(i), "text": str(self.network.layers[i]), **histogram(np.concatenate(by_layer[i]))}
            for i in sorted(by_layer)
        ]

    def _mistakes(self, params: Parameters) -> dict[str, Any]:
        """How many of the images are answered wrongly, and those whose label got the least probability."""
        logits = self.network.logits(params, self._x, SAMPLE)[:, : self.examined.n_classes]
        probabilities = softmax(logits)
        answers = probabilities.argmax(axis=1)
        rows = np.arange(len(answers))
        wrong = rows[answers != self._labels]
        of_labels = probabilities[rows, self._labels]
        worst = wrong[np.argsort(of_labels[wrong], kind="stable")][:MISTAKES]
        names = self.examined.class_names
        return {
            "wrong": len(wrong),
            "mistakes": [
                {
                    "row": int(row),
                    "label": names[self._labels[row]],
                    "answer": names[answers[row]],
                    "probability": _finite(probabilities[row, answers[row]]),
                    "probability_of_label": _finite(of_labels[row]),
                    "shape": list(self.network.input_shape[:2]),
                    "image": packed_bytes(self.examined.images[row]),
                }
                for row in worst
            ],
        }


def histogram(values: np.ndarray) -> dict[str, Any]:
    """Counts in bins of equal width from the least to the largest number, the share of zeros, mean and deviation.

    Numbers that are not finite are counted apart.
    """
    flat = values.ravel()
    finite = flat[np.isfinite(flat)].astype(np.float64)
    if not len(finite):
        finite = np.zeros(1)
    counts, edges = np.histogram(finite, BINS)
    return {
        "counts": counts.tolist(),
        "least": float(edges[0]),
        "largest": float(edges[-1]),
        "mean": float(finite.mean()),
        "deviation": float(finite.std()),
        "zeros": float(np.mean(finite == 0)),
        "not_finite": len(flat) - int(np.isfinite(flat).sum()),
    }


def _path(layer: int, name: str) -> str:
    """The layer that a parameter is of: "0", or "3.1" for "1.weight" of the layer 3."""
    return ".".join([str(layer), *name.split(".")[:-1]])


def _finite(number: np.floating) -> float:
    return float(number) if np.isfinite(number) else 0.0
