"""A sweep in its folder: Optuna chooses settings, workers train, and the same call goes on where another ended.

Which settings a trial gets must not depend on which worker was faster: trial k is chosen from the results of the trials
up to k - `parallel`, whatever else is done already, by a sampler that is seeded by k. So a sweep that was killed ends
with the same trials as one left in peace.
"""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from inkling.cluster.executors import LATER, Workers, finished, sentence_of
from inkling.cluster.sweeps.journal import open_study
from inkling.cluster.sweeps.space import Choice, Values
from inkling.cluster.sweeps.trial import Trained, TrialTask, folder_of, run_trial
from inkling.data import load
from inkling.errors import UsageError
from inkling.recipes import Recipe
from inkling.recipes.changes import changed
from inkling.runs.listing import RunSummary
from inkling.runs.preparation import prepare
from inkling.storage import locked_folder, require_new_folder, write_atomically

if TYPE_CHECKING:
    import optuna

RECORD = "sweep.json"
TRIALS = "trials"
_FORMAT = 1
_MOST_COMBINATIONS = 10**6  # Of more, Optuna chooses as it does from ranges.
_SEEDS = 1_000_003  # so many trials may there be before the seeds of two sweeps are the same


@dataclass(frozen=True)
class Trial:
    """A trial that is done.

    Attributes
    ----------
    settings : what differs from the recipe of the sweep.
    trained : None where it failed, for the `reason`.
    """

    number: int
    settings: Mapping[str, Any]
    recipe: Recipe
    folder: Path
    trained: Trained | None
    reason: str = ""


@dataclass
class Sweep:
    """A sweep.

    Attributes
    ----------
    space : the values of each setting, by its name.
    parallel : the most trials that are trained at a time.
    prune : whether trials that are worse than half of the others at the same epoch are ended. Then the result
        depends on which worker was faster.
    """

    folder: Path
    recipe: Recipe
    data: str
    space: Mapping[str, Values]
    seed: int = 0
    parallel: int = 8
    prune: bool = False
    _outcomes: dict[Path, Trained | Exception] = field(default_factory=dict)
    _asked: list[tuple[dict[str, Any], Recipe, Path]] = field(default_factory=list)

    @classmethod
    def open(cls, folder: Path, recipe: Recipe, data: str, space: Mapping[str, Values], **settings: Any) -> Sweep:
        """Begin a sweep, or go on with the one in this folder.

        Raises
        ------
        UsageError
            The folder holds another sweep or other files, or the recipe holds out no images to validate on, cannot have
            one of the settings, or does not fit the data.
        DataError
            There are no such data.
        """
        sweep = cls(folder, recipe, data, space, **settings)
        if not recipe.split.validates:
            raise UsageError(
                f"recipe {recipe.name} holds out no images to compare trials on: give --set validation=0.1, or another "
                "recipe"
            )
        for name, values in space.items():
            for value in values.examples():
                changed(recipe, name, value)
        record = json.loads(json.dumps(sweep.to_dict()))
        if (folder / RECORD).is_file():
            found = json.loads((folder / RECORD).read_text(encoding="utf-8"))
            if found != record:
                names = [name for name in record if found.get(name) != record[name]]
                raise UsageError(
                    f"{folder} holds a sweep with another {' and '.join(names)}: give another folder with -o"
                )
        else:
            require_new_folder(folder)
            prepare(recipe, load(data))
            folder.mkdir(parents=True, exist_ok=True)
            write_atomically(folder / RECORD, json.dumps(record, indent=2))
        return sweep

    def to_dict(self) -> dict[str, Any]:
        """What decides the trials, ready for JSON."""
        return {
            "format": _FORMAT,
            "recipe": self.recipe.to_dict(),
            "data": self.data,
            "space": {name: repr(values) for name, values in self.space.items()},
            "seed": self.seed,
            "parallel": self.parallel,
            "prune": self.prune,
        }

    @property
    def most(self) -> float:
        """How many different trials there can be: where all settings are choices, their combinations."""
        return math.prod(values.count for values in self.space.values())

    def run(self, workers: Workers, trials: int) -> Iterator[Trial]:
        """Train until there are so many trials, those of earlier calls among them; each as soon as it is done."""
        study = open_study(self.folder)
        given: set[Path] = set()

        trials = int(min(trials, self.most))

        def tasks() -> Iterator[TrialTask]:
            for number in range(trials):
                while not self._tell(study, number + 1 - self.parallel):
                    yield LATER
                settings, recipe, folder = self._ask(study, number)
                self._asked.append((settings, recipe, folder))
                if _is_pruned(study, number):
                    self._outcomes[folder] = Trained(RunSummary.of(folder), pruned=True)
                elif folder not in given:
                    given.add(folder)
                    yield TrialTask(recipe, self.data, folder, self.folder if self.prune else None, number)

        with locked_folder(self.folder, "sweeping in it"):
            for task, outcome in finished(workers, run_trial, tasks(), per_worker=1):
                self._outcomes[task.folder] = outcome
                yield from (trial for trial in self.trials() if trial.folder == task.folder)
            self._tell(study, trials)

    def trial(self, number: int) -> Trial:
        """A trial that is done."""
        settings, recipe, folder = self._asked[number]
        outcome = self._outcomes[folder]
        if isinstance(outcome, Trained):
            return Trial(number, settings, recipe, folder, outcome)
        return Trial(number, settings, recipe, folder, None, sentence_of(outcome))

    def trials(self) -> list[Trial]:
        """All trials that are done, in the order of their numbers."""
        return [self.trial(number) for number, asked in enumerate(self._asked) if asked[2] in self._outcomes]

    def _ask(self, study: optuna.Study, number: int) -> tuple[dict[str, Any], Recipe, Path]:
        """Settings, recipe and folder of a trial: those of the journal, or new ones."""
        import optuna

        study.sampler = self._sampler(number)
        known = study.get_trials(deepcopy=False)
        trial = optuna.Trial(study, known[number]._trial_id) if number < len(known) else study.ask()
        settings: dict[str, Any] = {}
        recipe = self.recipe
        for name, values in self.space.items():
            settings[name] = values.suggest(trial, name)
            recipe = changed(recipe, name, settings[name])
        return settings, recipe, folder_of(recipe, self.data, self.folder / TRIALS)

    def _sampler(self, number: int) -> optuna.samplers.BaseSampler:
        """What chooses the settings of a trial. Where all are choices, each combination comes once, in random order."""
        from optuna.exceptions import ExperimentalWarning
        from optuna.samplers import PartialFixedSampler, RandomSampler, TPESampler

        choices = [values for values in self.space.values() if isinstance(values, Choice)]
        if len(choices) < len(self.space) or self.most > _MOST_COMBINATIONS:
            return TPESampler(seed=(_SEEDS * self.seed + number) % 2**32)
        place = int(np.random.default_rng(self.seed).permutation(int(self.most))[number])
        places = np.unravel_index(place, [len(each.values) for each in choices])
        drawn = [each.texts[int(at)] for each, at in zip(choices, places, strict=True)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ExperimentalWarning)
            return PartialFixedSampler(dict(zip(self.space, drawn, strict=True)), RandomSampler())

    def _tell(self, study: optuna.Study, count: int) -> bool:
        """Tell Optuna of the first `count` trials, in their order; whether all of these are done."""
        from optuna.trial import TrialState

        known = study.get_trials(deepcopy=False)
        for number in range(max(count, 0)):
            if number >= len(self._asked) or self._asked[number][2] not in self._outcomes:
                return False
            if known[number].state.is_finished():
                continue
            trained = self.trial(number).trained
            accuracy = None if trained is None else trained.summary.figures.get("validation_accuracy")
            if trained is None or accuracy is None:
                study.tell(number, state=TrialState.FAIL)
            elif trained.pruned:
                study.tell(number, state=TrialState.PRUNED)
            else:
                study.tell(number, accuracy)
        return True


def _is_pruned(study: optuna.Study, number: int) -> bool:
    from optuna.trial import TrialState

    return study.get_trials(deepcopy=False)[number].state == TrialState.PRUNED
