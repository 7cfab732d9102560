"""PyTorch: a model as a `state_dict` in a safetensors file, and a short module of Python that loads it.

Batch normalisations stay layers of their own, unlike in other exports: what is exported can be trained further, and
PyTorch's own tools fold them where speed counts. The names are those of Inkling: "2.weight" belongs to layer 2.
"""

from __future__ import annotations

import json
from typing import NamedTuple

import numpy as np
from safetensors.numpy import save

from inkling.counterparts import places
from inkling.export.torch.module import module_text
from inkling.model import Model
from inkling.nn import chain
from inkling.own_files import EXPORTED
from inkling.properties import NETWORK, properties_of


class TorchExport(NamedTuple):
    """The bytes of a safetensors file and the text of the Python file beside it."""

    weights: bytes
    module: str


def export_torch(model: Model, name: str, file: str) -> TorchExport:
    """A model for PyTorch.

    Parameters
    ----------
    name : of the model, in the metadata and in the module's first line.
    file : the name of the safetensors file, for the module's first line.

    Raises
    ------
    UsageError
        The network has a layer that is not one of Inkling's.
    """
    module = module_text(model, name, file)
    layers = json.dumps([repr(layer) for layer in model.network.layers])
    text = json.dumps(properties_of(model, name) | {NETWORK: layers}, sort_keys=True, ensure_ascii=False)
    return TorchExport(save(state_dict(model), {EXPORTED: text}), module)


def state_dict(model: Model) -> dict[str, np.ndarray]:
    """The arrays of the module, float32; the count of batches that PyTorch keeps for batch norms is an int64 0."""
    arrays = chain.numbered(model.params.named)
    found: dict[str, np.ndarray] = {}
    for place in places(model.network.layers, model.network.input_shape, "torch"):
        for theirs, counterpart in place.arrays.items():
            found[f"{place.path}.{theirs}"] = counterpart.theirs(arrays[f"{place.path}.{counterpart.ours}"])
        if "running_mean" in place.arrays:
            found[f"{place.path}.num_batches_tracked"] = np.zeros((), np.int64)
    return found
