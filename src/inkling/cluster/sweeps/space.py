"""The space of a sweep: for each setting the values that it may have, as `lr=0.05:0.4:log` says it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from inkling.errors import UsageError, shortened
from inkling.notation import is_number
from inkling.recipes import Recipe
from inkling.recipes.changes import changed, value_of

if TYPE_CHECKING:
    import optuna

_DIGITS = 6  # significant digits of a number that is drawn from a range: what a recipe file shows


@dataclass(frozen=True)
class Choice:
    """One of several values."""

    values: tuple[Any, ...]

    @property
    def texts(self) -> list[str]:
        """The values as Optuna knows them."""
        return [str(value) for value in self.values]

    @property
    def count(self) -> float:
        return len(self.values)

    def examples(self) -> tuple[Any, ...]:
        """Values that a recipe has to be able to have."""
        return self.values

    def suggest(self, trial: optuna.Trial, name: str) -> Any:
        """What Optuna chooses for this setting in a trial."""
        drawn = trial.suggest_categorical(name, self.texts)
        return next(value for value in self.values if str(value) == drawn)


@dataclass(frozen=True)
class Range:
    """A number from `low` to `high`, both included; whole where both are ints. `log`: uniform in its logarithm."""

    low: float
    high: float
    log: bool = False

    @property
    def count(self) -> float:
        return math.inf

    @property
    def whole(self) -> bool:
        return isinstance(self.low, int) and isinstance(self.high, int)

    def examples(self) -> tuple[float, ...]:
        """Values that a recipe has to be able to have."""
        return self.low, self.high

    def suggest(self, trial: optuna.Trial, name: str) -> float:
        """What Optuna chooses for this setting in a trial."""
        if self.whole:
            return trial.suggest_int(name, int(self.low), int(self.high), log=self.log)
        drawn = trial.suggest_float(name, self.low, self.high, log=self.log)
        digits = _DIGITS - 1 - math.floor(math.log10(abs(drawn))) if drawn else _DIGITS
        return min(max(round(drawn, digits), self.low), self.high)


Values = Choice | Range


def most_trials(space: Mapping[str, Values]) -> float:
    """How many different trials there can be: where all settings are choices, their combinations."""
    return math.prod(values.count for values in space.values())


def checked_space(recipe: Recipe, space: Mapping[str, Values]) -> dict[str, Values]:
    """The space as this recipe takes it: ranges of settings that need not be whole have all numbers in them.

    Raises
    ------
    UsageError
        The recipe cannot have one of the values, or no images would be held out to compare trials on.
    """
    variants = {name: [changed(recipe, name, value) for value in values.examples()] for name, values in space.items()}
    holding_out = {name: all(each.split.validates for each in variants[name]) for name in space}
    if not (all(holding_out.values()) if recipe.split.validates else any(holding_out.values())):
        require_validation(next(each for name in space for each in variants[name] if not each.split.validates))
    return {name: _continuous(recipe, name, values) for name, values in space.items()}


def require_validation(recipe: Recipe) -> None:
    """UsageError where no images are held out."""
    if not recipe.split.validates:
        raise UsageError(
            f"recipe {recipe.name} with {recipe.split!r} holds out no images to compare trials on: give --set "
            "validation=0.1, or another recipe"
        )


def _continuous(recipe: Recipe, name: str, values: Values) -> Values:
    """The values; a range between whole numbers with all numbers between them, where the recipe can have these."""
    if not (isinstance(values, Range) and values.whole):
        return values
    try:
        changed(recipe, name, values.low + 0.5)
    except UsageError:
        return values
    return Range(float(values.low), float(values.high), values.log)


def setting_of(text: str) -> tuple[str, Values]:
    """The name and the values of "NAME=LOW:HIGH[:log]" or "NAME=VALUE,VALUE,…"; UsageError where it is neither."""
    name, equals, values = text.partition("=")
    name = name.strip()
    if not (name and equals and values.strip()):
        raise UsageError(f"--set {shortened(text)}: NAME=LOW:HIGH, NAME=LOW:HIGH:log or NAME=VALUE,VALUE was expected")
    if ":" in values:
        return name, _range(text, values.split(":"))
    found = tuple(map(value_of, _divided(values)))
    if len({str(value) for value in found}) < len(found) or "" in found:
        raise UsageError(f"--set {shortened(text)}: different values were expected, none of them empty")
    return name, Choice(found)


def _range(text: str, parts: list[str]) -> Range:
    low, high, *scale = [value_of(part) for part in parts]
    if not (is_number(low) and is_number(high) and low < high) or scale not in ([], ["log"]):
        raise UsageError(f"--set {shortened(text)}: a range is LOW:HIGH or LOW:HIGH:log, with LOW below HIGH")
    if scale and low <= 0:
        raise UsageError(f"--set {shortened(text)}: a logarithmic range begins above 0")
    return Range(low, high, bool(scale))


def _divided(values: str) -> list[str]:
    """The parts between commas that stand in no brackets: "Adam(), SGD(0.1, 0.9)" has two."""
    parts, depth = [""], 0
    for character in values:
        depth += (character in "([") - (character in ")]")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]
