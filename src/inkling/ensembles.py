"""A committee: trained models that answer together, and are one model."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from inkling.errors import UsageError
from inkling.model import Model
from inkling.nn import Ensemble, Network, Parameters, Sequential, chain


def ensemble(models: Sequence[Model]) -> Model:
    """One model whose logits are the mean of what the networks of all models make; its facts are theirs, as "members".

    Its temperature T is the harmonic mean of theirs, 1/T = (1/T₁ + … + 1/T_K) / K: where they are alike, its logits are
    the mean of the models'. A model that is itself an ensemble counts as one of them, however many are in it.

    Raises
    ------
    UsageError
        Fewer than two models, or such as tell different numbers of classes apart.
    """
    if len(models) < 2:
        raise UsageError(f"an ensemble takes at least two models, not {len(models)}")
    classes = dict.fromkeys(model.network.shapes[-1][-1] for model in models)
    if len(classes) > 1:
        raise UsageError(f"an ensemble takes models of as many classes each, not of {' and '.join(map(str, classes))}")
    network = Network(Ensemble(*(Sequential(*model.network.layers) for model in models)))
    params = Parameters(network.layout)
    arrays = chain.numbered([chain.numbered(model.params.named) for model in models])
    for name, view in params.named[0].items():
        view[...] = arrays[name]
    temperature = statistics.harmonic_mean([model.temperature for model in models])
    return Model(network, params, {"members": [model.provenance for model in models]}, temperature)


def members(metadata: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The facts of each single model in an ensemble, however deep; of any other model, its own."""
    return [single for each in metadata["members"] for single in members(each)] if "members" in metadata else [metadata]
