"""An ensemble: trained models that answer together, and are one model."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from inkling.compatibility import require_same_classes, require_same_image_size
from inkling.errors import UsageError
from inkling.model import Model
from inkling.nn import Ensemble, Network, Parameters, Sequential, chain


def ensemble(models: Sequence[Model]) -> Model:
    """One model whose logits are the mean of the logits of all networks; its metadata hold theirs as "members".

    Its temperature T is the harmonic mean of the models' temperatures, 1/T = (1/T₁ + … + 1/T_M) / M for M models. Where
    these are equal, the ensemble's logits are the mean of the models' logits. A model that is itself an ensemble counts
    as one model, however many members it has.

    Raises
    ------
    UsageError
        There are fewer than two models; or the models have different classes, images of different sizes, or only some
        of them can say "not a digit".
    """
    models = list(models) if isinstance(models, Iterable) else [models]
    if not all(isinstance(model, Model) for model in models):
        raise UsageError("an ensemble takes a list of models, as in ensemble([load_model(FILE), load_model(FILE)])")
    if len(models) < 2:
        raise UsageError(f"an ensemble takes at least two models, not {len(models)}")
    require_same_image_size(models, "an ensemble takes models")
    require_same_classes(models, "an ensemble takes models")
    if len({model.knows_non_digits for model in models}) > 1:
        raise UsageError('an ensemble takes models that all can say "not a digit", or none that can, not both kinds')
    first = models[0]
    branches = (Sequential(*model.network.layers) for model in models)
    network = Network(Ensemble(*branches), input_shape=first.network.input_shape)
    params = Parameters(network.layout)
    arrays = chain.numbered([chain.numbered(model.params.named) for model in models])
    for name, view in params.named[0].items():
        view[...] = arrays[name]
    temperature = statistics.harmonic_mean([model.temperature for model in models])
    metadata = {"members": [model.provenance for model in models]}
    return Model(network, params, metadata, temperature, first.class_names)


def members(metadata: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The metadata of every single model in an ensemble, however deeply nested; of any other model, its own."""
    return [single for each in metadata["members"] for single in members(each)] if "members" in metadata else [metadata]
