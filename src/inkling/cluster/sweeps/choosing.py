"""The choice of settings: Optuna is asked for trial after trial, and told what came of them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from inkling.cluster.sweeps.journal import new_study, writing
from inkling.cluster.sweeps.space import Choice, Values, most_trials
from inkling.cluster.sweeps.trials import Trained
from inkling.runs.listing import read_history

if TYPE_CHECKING:
    import optuna

_MOST_COMBINATIONS = 10**6  # Of more, Optuna chooses as it does from ranges.
_SEEDS = 1_000_003  # so many trials may there be before the seeds of two sweeps are the same


class Choosing:
    """Asked for the settings of trials, and told of their results, both in the order of their numbers.

    Attributes
    ----------
    told : how many trials it was told of.
    """

    def __init__(self, folder: Path, space: Mapping[str, Values], seed: int, prune: bool) -> None:
        self.told = 0
        self._folder, self._space, self._seed, self._prune = folder, space, seed, prune
        self._study = new_study(folder)
        self._trials: list[optuna.Trial] = []

    def settings(self, number: int) -> dict[str, Any]:
        """The settings of the next trial, which has this number."""
        assert number == len(self._trials)
        self._study.sampler = self._sampler(number)
        with writing(self._folder):
            trial = self._study.ask()
            self._trials.append(trial)
            return {name: values.suggest(trial, name) for name, values in self._space.items()}

    def tell(self, trained: Trained | None) -> None:
        """Tell of the next trial: what came of it, or None where it failed."""
        from optuna.trial import TrialState

        trial = self._trials[self.told]
        self.told += 1
        accuracy = None if trained is None else trained.summary.figures.get("validation_accuracy")
        with writing(self._folder):
            if trained is None or accuracy is None:
                self._study.tell(trial, state=TrialState.FAIL)
                return
            if self._prune:
                self._report(trial, trained)
            if trained.pruned:
                self._study.tell(trial, state=TrialState.PRUNED)
            else:
                self._study.tell(trial, accuracy)

    def _report(self, trial: optuna.Trial, trained: Trained) -> None:
        """What a trial was like after each epoch, for a comparison with others, also if an earlier call trained it."""
        known = set(trial.storage.get_trial(trial._trial_id).intermediate_values)
        for record in read_history(trained.summary.folder):
            if int(record["epoch"]) not in known:
                trial.report(record["validation_accuracy"], int(record["epoch"]))

    def _sampler(self, number: int) -> optuna.samplers.BaseSampler:
        """What chooses the settings of a trial. Where all are choices, each combination comes once, in random order."""
        from optuna.exceptions import ExperimentalWarning
        from optuna.samplers import PartialFixedSampler, RandomSampler, TPESampler

        most = most_trials(self._space)
        choices = [values for values in self._space.values() if isinstance(values, Choice)]
        if len(choices) < len(self._space) or most > _MOST_COMBINATIONS:
            return TPESampler(seed=(_SEEDS * self._seed + number) % 2**32)
        place = int(np.random.default_rng(self._seed).permutation(int(most))[number])
        places = np.unravel_index(place, [len(each.values) for each in choices])
        drawn = [each.texts[int(at)] for each, at in zip(choices, places, strict=True)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ExperimentalWarning)
            return PartialFixedSampler(dict(zip(self._space, drawn, strict=True)), RandomSampler())
