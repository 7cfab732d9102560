"""A claim: a number that a recipe is said to reach, with where it was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from inkling.errors import UsageError
from inkling.notation import is_number


@dataclass(frozen=True)
class Claim:
    """`metric` (a key of the history, such as "validation_accuracy") after `epoch` epochs, or at the end.

    Exactly one of `at_least` and `at_most` is given, accuracies as fractions, losses in nats.
    """

    metric: str
    source: str
    at_least: float | None = None
    at_most: float | None = None
    epoch: int | None = None

    def __post_init__(self) -> None:
        if (self.at_least is None) == (self.at_most is None):
            raise UsageError(f"claim on {self.metric}: give either at_least or at_most")
        whole = type(self.epoch) is int and self.epoch >= 1
        for name, right, expected in (
            ("metric", isinstance(self.metric, str), "a text"),
            ("source", isinstance(self.source, str), "a text"),
            ("at_least", self.at_least is None or is_number(self.at_least), "a number"),
            ("at_most", self.at_most is None or is_number(self.at_most), "a number"),
            ("epoch", self.epoch is None or whole, "a whole number of at least 1"),
        ):
            if not right:
                raise UsageError(f"claim on {self.metric}: {name} must be {expected}, not {getattr(self, name)!r}")

    def measure(self, history: Sequence[dict[str, Any]], final: dict[str, Any]) -> float:
        """The claimed number as a training reached it; UsageError where the training did not measure it."""
        try:
            return float((final if self.epoch is None else history[self.epoch - 1])[self.metric])
        except (IndexError, KeyError):
            when = "at the end" if self.epoch is None else f"after epoch {self.epoch}"
            raise UsageError(f"the claim on {self.metric} {when} cannot be measured: training gave none") from None

    def holds(self, value: float) -> bool:
        return value >= self.at_least if self.at_least is not None else value <= (self.at_most or 0.0)

    def to_dict(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value is not None}
