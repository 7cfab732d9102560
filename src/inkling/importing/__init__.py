"""Importing: weights that PyTorch or Keras trained become a model, for the layers that both have.

A file of weights tells names, shapes and numbers. The recipe tells the layers; which array belongs to which layer
follows from both (`matching.py`). What neither tells, no import can check: the scale of the pixels, the ε of a
normalisation, the form of GELU. The accuracy on data of one's own does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from inkling.classes import class_names_for
from inkling.counterparts import Library, Place, is_channels_first, places
from inkling.errors import UsageError
from inkling.importing.file import read_weights
from inkling.importing.matching import matched
from inkling.importing.standardization import Standardization, undone
from inkling.model import Model
from inkling.nn import Flatten, Network, Parameters, chain
from inkling.nn.layer import Layer, Shape
from inkling.recipes import Recipe


class Imported(NamedTuple):
    """A model, the library that its weights come from, and for each layer with arrays the name in the file."""

    model: Model
    library: Library
    layers: Mapping[str, Place]


def import_weights(
    path: Path,
    recipe: Recipe,
    class_names: Sequence[str] = (),
    standardization: Standardization | None = None,
) -> Imported:
    """The model of a recipe's network with the weights of a safetensors file.

    Parameters
    ----------
    class_names : by default the digits for ten classes, "0", "1", … for others.
    standardization : what was done to the pixels of 0-1 before the network saw them.

    Raises
    ------
    DataError
        The file is missing, damaged, or holds other arrays than the network has.
    UsageError
        The recipe's network has no counterpart in the other library, or cannot take the standardization in.
    """
    content = read_weights(path)
    network, library = recipe.network, content.library
    if library == "torch" and not content.is_exported:
        _require_plain_rows(network.layers, network.input_shape)
    found = matched(content.modules, list(places(network.layers, network.input_shape, library)), str(path))
    arrays = {}
    shapes = {name: view.shape for name, view in _named(Parameters(network.layout)).items()}
    for module, place in found.items():
        for theirs, counterpart in place.arrays.items():
            name = f"{place.path}.{counterpart.ours}"
            arrays[name] = counterpart.back(content.modules[module][theirs], shapes[name])
    if standardization is not None:
        network, arrays = undone(standardization, network, arrays)
    metadata = {
        "imported": {
            "file": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "library": library,
            "recipe": recipe.name,
        }
    }
    names = tuple(class_names) or class_names_for(recipe.n_classes)
    return Imported(Model(network, _parameters(network, arrays), metadata, class_names=names), library, found)


def _named(params: Parameters) -> dict[str, np.ndarray]:
    return chain.numbered(params.named)


def _parameters(network: Network, arrays: Mapping[str, np.ndarray]) -> Parameters:
    params = Parameters(network.layout)
    for name, view in _named(params).items():
        view[...] = arrays[name]
    return params


def _require_plain_rows(chained: Sequence[Layer], shape: Shape) -> None:
    """UsageError where the features behind a Flatten cannot be brought from PyTorch's order into Inkling's."""
    for i, layer in enumerate(chained):
        if isinstance(layer, Flatten) and is_channels_first(chained[i + 1 :], shape) is False:
            raise UsageError(
                f"PyTorch's Flatten makes rows channels first and Inkling's channels last, of {shape} here: weights "
                "are put into order where Linear is the next layer that mixes features, and no other is"
            )
        for branch in layer.branches:
            _require_plain_rows(branch, shape)
        shape = layer.output_shape(shape)
