"""Preprocessing of another version: what a network has seen is not what it is shown now, and may be read worse."""

from __future__ import annotations

import warnings
from weakref import WeakSet

from inkling.ensembles import members
from inkling.errors import InklingWarning
from inkling.ink import PREPROCESSING_VERSION
from inkling.model import Model

_warned: WeakSet[Model] = WeakSet()


def warn_of_other_normalization(model: Model, name: str = "this model") -> None:
    """InklingWarning, once for each model, where its file names another version than the one that pictures get here.

    For the faces that bring pictures to 28×28. A model without that fact was made by hand, and nothing is known.
    """
    known = (metadata.get("preprocessing", PREPROCESSING_VERSION) for metadata in members(model.metadata))
    others = sorted({str(version) for version in known if version != PREPROCESSING_VERSION})
    if others and model not in _warned:
        _warned.add(model)
        warnings.warn(
            f"{name} learnt from digits normalised by version {' and '.join(others)}, but pictures are normalised by "
            f"version {PREPROCESSING_VERSION} and may be read worse: train it anew, or use the Inkling of its time",
            InklingWarning,
            stacklevel=3,
        )
