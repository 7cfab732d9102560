"""A check that a model's network is shown pictures as they were normalised in its training."""

from __future__ import annotations

import warnings
from weakref import WeakSet

from inkling.classifier import Classifier
from inkling.ensembles import members
from inkling.errors import InklingWarning
from inkling.ink import PREPROCESSING_VERSION

_warned: WeakSet[Classifier] = WeakSet()


def warn_of_other_normalization(model: Classifier, name: str = "this model") -> None:
    """InklingWarning, once per model, where its file names another version of the normalisation than this one's.

    Whoever brings pictures to 28×28 for a model calls this. A model without that entry was made by hand, and its
    version is not known.
    """
    versions = (metadata.get("preprocessing", PREPROCESSING_VERSION) for metadata in members(model.metadata))
    others = sorted({str(version) for version in versions if version != PREPROCESSING_VERSION})
    if others and model not in _warned:
        _warned.add(model)
        warnings.warn(
            f"{name} learnt from digits normalised by version {' and '.join(others)}, but pictures are normalised by "
            f"version {PREPROCESSING_VERSION} and may be read worse: train it anew, or use the Inkling of its time",
            InklingWarning,
            stacklevel=3,
        )
