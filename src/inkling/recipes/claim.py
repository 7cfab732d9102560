"""A claim: a number that a recipe is said to reach, and who says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from inkling.errors import UsageError, described, shortened
from inkling.notation import is_number


@dataclass(frozen=True)
class Claim:
    """A bound on one number of a training.

    Attributes
    ----------
    metric : a key of the history, such as "validation_accuracy"; accuracies are fractions, losses are in nats.
    source : who says so.
    at_least, at_most : the bound; exactly one of them is given.
    epoch : the epoch after which the number is measured, counted from 1; None for the end of training.

    Raises
    ------
    UsageError
        Both bounds or none are given, or an attribute is of the wrong type.
    """

    metric: str
    source: str
    at_least: float | None = None
    at_most: float | None = None
    epoch: int | None = None

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Claim:
        """The claim of such entries; UsageError where one is unknown or missing."""
        names = [field.name for field in fields(cls)]
        if unknown := [name for name in record if name not in names]:
            raise UsageError(f"claims: unknown entry {shortened(unknown[0])!r}: a claim has {', '.join(names)}")
        if missing := [name for name in names[:2] if name not in record]:
            raise UsageError(f"claims: the entry {missing[0]!r} is missing")
        return cls(**record)

    def __post_init__(self) -> None:
        if not isinstance(self.metric, str) or not self.metric.isprintable():
            raise UsageError(f"claims: metric must be a text, not {described(self.metric)}")
        if (self.at_least is None) == (self.at_most is None):
            raise UsageError(f"claim on {self.metric}: give either at_least or at_most")
        whole = type(self.epoch) is int and self.epoch >= 1
        for name, is_legal, expected in (
            ("source", isinstance(self.source, str), "a text"),
            ("at_least", self.at_least is None or is_number(self.at_least), "a number"),
            ("at_most", self.at_most is None or is_number(self.at_most), "a number"),
            ("epoch", self.epoch is None or whole, "a whole number of at least 1"),
        ):
            if not is_legal:
                found = described(getattr(self, name))
                raise UsageError(f"claim on {self.metric}: {name} must be {expected}, not {found}")

    def measure(self, history: Sequence[Mapping[str, Any]], final: Mapping[str, Any]) -> float:
        """The number that a training reached.

        Parameters
        ----------
        history : one record per epoch.
        final : the record of the epoch whose parameters are kept.

        Raises
        ------
        UsageError
            The training ended before that epoch, or did not measure the metric.
        """
        try:
            return float((final if self.epoch is None else history[self.epoch - 1])[self.metric])
        except (IndexError, KeyError):
            when = "at the end" if self.epoch is None else f"after epoch {self.epoch}"
            raise UsageError(f"the claim on {self.metric} {when} cannot be measured: training gave none") from None

    def holds(self, value: float) -> bool:
        """Whether the value is within the bound."""
        return value >= self.at_least if self.at_least is not None else value <= (self.at_most or 0.0)

    def to_dict(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value is not None}
