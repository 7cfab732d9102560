"""A sweep in its folder: Optuna chooses settings, workers train, and the same call goes on where another ended.

Which settings a trial gets must not depend on which worker was faster: trial k is chosen from the results of the trials
up to k - `parallel`, whatever else is done already, by a sampler that is seeded by k. A call that goes on asks for all
trials anew, and finds the results of those that were trained in their run folders. So a sweep that was killed ends with
the same trials as one left in peace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inkling.cluster import fits
from inkling.cluster.executors import LATER, Workers, finished, sentence_of
from inkling.cluster.fit_folder import SWEEP, FitFolder, ends_all
from inkling.cluster.fits import FitTask
from inkling.cluster.sweeps.choosing import Choosing
from inkling.cluster.sweeps.space import Values, checked_space, most_trials, require_validation
from inkling.cluster.sweeps.trials import Trained, Trial, TrialTask, is_pruned, run_trial
from inkling.errors import InklingError, UsageError
from inkling.recipes import Recipe
from inkling.recipes.changes import changed
from inkling.runs.listing import RunSummary


@dataclass(frozen=True)
class _Asked:
    """A trial that has its settings: a training, or the reason why there is none."""

    settings: Mapping[str, Any]
    task: FitTask | None = None
    flaw: UsageError | None = None


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

    fits: FitFolder
    recipe: Recipe
    space: Mapping[str, Values]
    seed: int = 0
    parallel: int = 8
    prune: bool = False
    _asked: list[_Asked] = field(default_factory=list)
    _given: set[Path] = field(default_factory=set)
    _outcomes: dict[Path, Trained | Exception] = field(default_factory=dict)
    _news: list[int] = field(default_factory=list)  # trials that are done, and that `run` has not told of yet

    @classmethod
    @contextmanager
    def open(
        cls,
        folder: Path,
        recipe: Recipe,
        data: str,
        space: Mapping[str, Values],
        seed: int = 0,
        parallel: int = 8,
        prune: bool = False,
    ) -> Iterator[Sweep]:
        """Begin a sweep, or go on with the one in this folder, and keep other processes from it meanwhile.

        Raises
        ------
        UsageError
            The folder holds another sweep or other files, or the recipe holds out no images to validate on, cannot have
            one of the settings, or does not fit the data.
        DataError
            There are no such data.
        InUseError
            Another process is sweeping in it.
        """
        space = checked_space(recipe, space)
        settings = {
            "space": {name: repr(values) for name, values in space.items()},
            "seed": seed,
            "parallel": parallel,
            "prune": prune,
        }
        with FitFolder.open(folder, SWEEP, recipe, data, settings, first=recipe) as fits:
            yield cls(fits, recipe, space, seed, parallel, prune)

    @property
    def folder(self) -> Path:
        return self.fits.folder

    def run(self, workers: Workers, trials: int) -> Iterator[Trial]:
        """Train until there are so many trials, those of earlier calls among them; each as soon as it is done.

        Raises
        ------
        DataError, OutputError, ExecutorLost
            No further trial can be trained.
        """
        for task, outcome in finished(workers, run_trial, self._tasks(trials), per_worker=1):
            if isinstance(outcome, Exception) and ends_all(outcome):
                raise outcome
            self._outcomes[task.fit.folder] = outcome
            self._news += [number for number, asked in enumerate(self._asked) if asked.task == task.fit]
            yield from self._told_news()
        yield from self._told_news()

    def trials(self) -> list[Trial]:
        """All trials that are done, in the order of their numbers."""
        return [self._trial(number) for number, asked in enumerate(self._asked) if self._outcome(asked)]

    def _told_news(self) -> Iterator[Trial]:
        news, self._news = self._news, []
        yield from map(self._trial, news)

    def _tasks(self, trials: int) -> Iterator[TrialTask]:
        """What is to be trained, in the order of the trials, and LATER while the next choice waits for a result."""
        choosing = Choosing(self.folder, self.space, self.seed, self.prune)
        for number in range(int(min(trials, most_trials(self.space)))):
            while not self._tell(choosing, number + 1 - self.parallel):
                yield LATER
            asked = self._with(choosing.settings(number))
            is_new = asked.task is not None and asked.task.folder not in self._given
            if asked.task is not None and is_new and (known := _known(asked.task)):
                self._outcomes[asked.task.folder] = known
            self._asked.append(asked)
            if self._outcome(asked):
                self._news.append(number)
            if asked.task is not None and is_new:
                self._given.add(asked.task.folder)
                if self._outcome(asked) is None:
                    yield TrialTask(asked.task, self.folder if self.prune else None, number)

    def _with(self, settings: Mapping[str, Any]) -> _Asked:
        """A trial with these settings."""
        recipe = self.recipe
        try:
            for name, value in settings.items():
                recipe = changed(recipe, name, value)
            require_validation(recipe)
        except UsageError as error:
            return _Asked(settings, flaw=error)
        return _Asked(settings, self.fits.task(recipe))

    def _outcome(self, asked: _Asked) -> Trained | Exception | None:
        return asked.flaw if asked.task is None else self._outcomes.get(asked.task.folder)

    def _tell(self, choosing: Choosing, count: int) -> bool:
        """Tell of the results of the first `count` trials, in their order; whether all of these are there."""
        while choosing.told < count:
            outcome = self._outcome(self._asked[choosing.told])
            if outcome is None:
                return False
            choosing.tell(outcome if isinstance(outcome, Trained) else None)
        return True

    def _trial(self, number: int) -> Trial:
        """A trial that is done."""
        asked = self._asked[number]
        outcome, task = self._outcome(asked), asked.task
        recipe, folder = (None, None) if task is None else (task.recipe, task.folder)
        if isinstance(outcome, Trained):
            return Trial(number, asked.settings, recipe, folder, outcome)
        assert outcome is not None, "a trial that is done has an outcome"
        return Trial(number, asked.settings, recipe, folder, None, sentence_of(outcome))


def _known(task: FitTask) -> Trained | None:
    """What an earlier call trained, or pruned."""
    if summary := fits.finished(task):
        return Trained(summary)
    if not is_pruned(task.folder):
        return None
    try:
        return Trained(RunSummary.of(task.folder), pruned=True)
    except InklingError:  # it is damaged
        return None
