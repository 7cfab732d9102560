"""Robustness: the accuracy that is left to a model when the same images are corrupted, shifted, thickened, …"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean
from typing import Any

import numpy as np

# Corruptions that are affine maps, as the augmentation of most recipes is: means are given without them, too.
AFFINE = ("shear", "scale", "rotation", "translation")
CLEAN = "clean"


@dataclass(frozen=True, eq=False)
class Trial:
    """All images changed in one way, and the accuracy on them.

    Attributes
    ----------
    change : "clean" for none, or the name of a corruption or of a sweep.
    accuracy : share of the changed images that is read correctly, a fraction.
    example : uint8 array (28, 28), the first image after the change.
    strength : of the change, where it belongs to a sweep; None otherwise.
    unit : of the strength; "" where there is none.
    """

    change: str
    accuracy: float
    example: np.ndarray
    strength: float | None = None
    unit: str = ""


@dataclass(frozen=True, eq=False)
class Robustness:
    """A model's trials, in the order of `evaluate_robustness`: clean, one per corruption, one per strength of a sweep.

    Attributes
    ----------
    trials : at least the clean one, one affine corruption and one other corruption.
    name : what tables and reports call the model.
    """

    trials: tuple[Trial, ...]
    name: str = "model"

    @property
    def clean(self) -> float:
        """Accuracy on the images as they are, a fraction."""
        return next(trial.accuracy for trial in self.trials if trial.change == CLEAN)

    @cached_property
    def corruptions(self) -> Mapping[str, Trial]:
        """The trial of each corruption by its name."""
        return {trial.change: trial for trial in self.trials if trial.strength is None and trial.change != CLEAN}

    @cached_property
    def sweeps(self) -> Mapping[str, tuple[Trial, ...]]:
        """The trials of each sweep by its name."""
        swept = [trial for trial in self.trials if trial.strength is not None]
        return {name: tuple(t for t in swept if t.change == name) for name in dict.fromkeys(t.change for t in swept)}

    @property
    def mean(self) -> float:
        """Mean accuracy over all corruptions, a fraction."""
        return fmean(trial.accuracy for trial in self.corruptions.values())

    @property
    def mean_without_affine(self) -> float:
        """Mean accuracy over the corruptions that are not affine maps, a fraction."""
        return fmean(trial.accuracy for name, trial in self.corruptions.items() if name not in AFFINE)

    def to_dict(self) -> dict[str, Any]:
        """Everything but the examples for JSON; accuracies are fractions."""
        return {
            "clean": self.clean,
            "mean": self.mean,
            "mean_without_affine": self.mean_without_affine,
            "corruptions": {name: trial.accuracy for name, trial in self.corruptions.items()},
            "sweeps": {
                name: {
                    "unit": trials[0].unit,
                    "strengths": [trial.strength for trial in trials],
                    "accuracies": [trial.accuracy for trial in trials],
                }
                for name, trials in self.sweeps.items()
            },
        }
