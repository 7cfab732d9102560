"""Importing: weights that PyTorch or Keras trained become a model, for the layers that both have.

A file of weights tells names, shapes and numbers. The recipe tells the layers; which array belongs to which layer
follows from both (`matching.py`). What neither tells, no import can check: the scale of the pixels, the ε of a
normalisation, the form of GELU. The accuracy on data of one's own does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from inkling.counterparts import Library, Place, is_channels_first, places
from inkling.errors import DataError, UsageError
from inkling.importing.exported import Exported
from inkling.importing.file import Weights, read_weights
from inkling.importing.matching import matched
from inkling.importing.standardization import Standardization, undone
from inkling.model import Model
from inkling.nn import Flatten, Network, Parameters, chain
from inkling.nn.layer import Layer, Shape
from inkling.properties import parameters_sha256
from inkling.recipes import Recipe, load_recipe, recipe_names


class Imported(NamedTuple):
    """A model that was imported.

    Attributes
    ----------
    library : that its weights come from.
    layers : for each layer with arrays, the name in the file.
    state : "exported" for a model that `inkling export torch` wrote, with all that was known of it; "changed" where its
        weights are others by now; "foreign" for weights of another program.
    """

    model: Model
    library: Library
    layers: Mapping[str, Place]
    state: Literal["exported", "changed", "foreign"]


def import_weights(
    path: Path,
    recipe: Recipe | None = None,
    class_names: Sequence[str] = (),
    standardization: Standardization | None = None,
) -> Imported:
    """The model of a recipe's network with the weights of a safetensors file.

    A file that `inkling export torch` wrote tells its layers, classes and temperature, and what its model learnt from.
    Where the weights are others by now, temperature and training are no longer known.

    Parameters
    ----------
    recipe : the layers; None for a file that tells them.
    class_names : by default those that the file tells; else the digits for ten classes, "0", "1", … for others. For a
        file that tells them, as many others.
    standardization : what was done to the pixels of 0-1 before the network saw them.

    Raises
    ------
    DataError
        The file is missing, damaged, or holds other arrays than the network has.
    UsageError
        No recipe is given and the file does not tell its layers, or it tells others, or another number of classes. The
        network has no counterpart in the other library, or cannot take the standardization in.
    """
    content = read_weights(path)
    exported, library = content.exported, content.library
    network = _network(path, recipe, exported)
    if exported and standardization is not None:
        raise UsageError(f"{path}: a model of Inkling, which takes pixels of 0-1: leave out the standardization")
    if exported and class_names and len(class_names) != len(exported.class_names):
        raise UsageError(
            f"{path}: a model of {len(exported.class_names)} classes, not of {len(class_names)}: name each of them once"
        )
    if library == "torch" and not exported:
        _require_plain_rows(network.layers, network.input_shape)
    try:
        found = _matched(content, network, str(path))
    except DataError as error:
        if exported:
            reason = "its arrays are not those of the layers that it tells: export the model anew"
            raise DataError(f"{path}: {reason}") from None
        raise DataError(f"{error}{_advice(content)}") from None
    arrays = {}
    shapes = {name: view.shape for name, view in _named(Parameters(network.layout)).items()}
    for module, place in found.items():
        for theirs, counterpart in place.arrays.items():
            name = f"{place.path}.{counterpart.ours}"
            arrays[name] = counterpart.back(content.modules[module][theirs], shapes[name])
    if standardization is not None:
        network, arrays = undone(standardization, network, arrays)
    params = _parameters(network, arrays)
    names = tuple(class_names) or (exported.class_names if exported else ())
    if exported and exported.parameters_sha256 == parameters_sha256(params):
        model = Model(network, params, exported.metadata, exported.temperature, names)
        return Imported(model, library, found, "exported")
    metadata = {
        "imported": {
            "file": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "library": library,
            **({"recipe": recipe.name} if recipe else {}),
        }
    }
    model = Model(network, params, metadata, class_names=names)
    return Imported(model, library, found, "changed" if exported else "foreign")


def _network(path: Path, recipe: Recipe | None, exported: Exported | None) -> Network:
    """The layers that the recipe or the file tells; UsageError where neither does, or each tells others."""
    if exported is None:
        if recipe is None:
            raise UsageError(f"{path}: a recipe is needed, since the file does not tell its layers: give --recipe")
        return recipe.network
    if recipe and _told(recipe.network) != _told(exported.network):
        raise UsageError(
            f"{path}: it was exported with other layers than those of the recipe {recipe.name}, and tells them itself: "
            "leave out --recipe"
        )
    return exported.network


def _told(network: Network) -> tuple[str, Shape]:
    return repr(network.layers), network.input_shape


def _matched(content: Weights, network: Network, path: str) -> dict[str, Place]:
    """For the name of each module of the file, its layer; DataError where they do not fit."""
    return matched(content.modules, list(places(network.layers, network.input_shape, content.library)), path)


def _advice(content: Weights) -> str:
    """The end of a sentence that names a bundled recipe whose layers fit, where there is one."""
    for name in recipe_names():
        try:
            _matched(content, load_recipe(name).network, "")
        except (DataError, UsageError):
            continue
        return f", or take the recipe {name}, whose layers fit"
    return ""


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
