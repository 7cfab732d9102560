"""A recipe: all that decides a training, as one frozen record and as a TOML file to copy and edit."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from inkling.augmentation import AUGMENTATIONS, Augmentation
from inkling.classes import DIGITS, listed
from inkling.data import SPLITS, Dataset, Split
from inkling.errors import UsageError
from inkling.model import TEMPERATURES, is_temperature
from inkling.nn import INPUT_SHAPE, Linear, Network, read_network
from inkling.notation import is_number, make_plain, read
from inkling.optim import OPTIMIZERS, SCHEDULES, ConstantLR, Optimizer, Schedule
from inkling.recipes import toml
from inkling.recipes.claim import Claim
from inkling.recipes.stopping import STOPPING, StoppingRule

MOST_SHARDS = 64
_NOTATED: dict[str, Mapping[str, type]] = {
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "split": SPLITS,
    "stopping": STOPPING,
}
_TEXTS = (*_NOTATED, "name", "description", "keep")
_LISTS = {"network": str, "input_shape": int, "augment": str, "claims": dict}  # and what is in them
_ITEMS = {str: "texts", int: "whole numbers", dict: "tables"}


@dataclass(frozen=True)
class Recipe:
    """All that decides a training, but for the data.

    Attributes
    ----------
    network, optimizer, schedule : what learns, how it moves, how fast.
    batch_size : images per step, or "full" for the whole training set.
    epochs : passes over the training set, at most where there is a `stopping` rule.
    split : what is held out of the data for validation and for testing.
    augment : random changes of the training images, drawn anew whenever one is shown; others are never changed.
    label_smoothing : the part of each label that training spreads over all classes alike, ten or eleven.
    non_digits : pictures of what is no digit to train on too, as a share of the digits; they are the eleventh class.
    drawn_digits : digits in the styles of other countries to train on too, as a share of the digits, or None.
    stopping : a rule for early stopping, or None.
    ema : decay of the average of θ over the steps that is measured, kept and saved in place of the last θ, or None.
    keep : the parameters of the "last" epoch, or of the "best": highest validation accuracy, then lowest loss.
    temperature : what the model divides its logits by, or "fit": fitted on the validation images after training.
    shards : pieces a batch is cut into, each worked on by one process; they decide the order of sums, hence the bits.
    seed : from which all randomness is spawned.
    """

    network: Network
    optimizer: Optimizer
    schedule: Schedule = ConstantLR(1e-3)
    batch_size: int | Literal["full"] = 128
    epochs: int = 10
    split: Split = Split()
    augment: Sequence[Augmentation] = ()
    label_smoothing: float = 0.0
    non_digits: float = 0.0
    drawn_digits: float | None = None
    stopping: StoppingRule | None = None
    ema: float | None = None
    keep: Literal["last", "best"] = "last"
    temperature: float | Literal["fit"] = 1.0
    shards: int = 2
    seed: int = 0
    name: str = "unnamed"
    description: str = ""
    claims: tuple[Claim, ...] = ()

    def __post_init__(self) -> None:
        """UsageError where a setting cannot work; NumPy's numbers become plain ones, which can be written."""
        make_plain(self)
        self._check_kinds()
        self._check_numbers()
        if self.keep not in ("last", "best"):
            raise self._wrong(f"keep must be 'last' or 'best', not {self.keep!r}")
        if Path(self.name).name != self.name or not self.name.isprintable():
            raise UsageError(
                f"recipe {self.name!a}: the name becomes part of a folder's, so it cannot hold a slash or control code"
            )
        if not self.split.validation and self.needs_validation:
            raise self._wrong(
                "early stopping, keep = 'best' and temperature = 'fit' need a split with validation images"
            )
        if len(shape := self.network.input_shape) != 3 or shape[2] != 1:
            raise self._wrong(f"the network takes {shape}, but images are (H, W, 1): rows, columns and one channel")
        if len(end := self.network.shapes[-1]) != 1 or end[0] < 2:
            raise self._wrong(f"the network ends in {end} instead of a logit for each class: end it with Linear(10)")
        if self.synthetic and shape != INPUT_SHAPE:
            raise self._wrong(f"non_digits and drawn_digits are images {INPUT_SHAPE}, but the network takes {shape}")
        digits = len(DIGITS) + bool(self.non_digits)
        if self.synthetic and end != (digits,):
            why = ", the last for what is no digit" if self.non_digits else ", one for each digit"
            raise self._wrong(
                f"the network ends in {end} instead of {digits} logits: end it with Linear({digits}){why}"
            )

    @property
    def synthetic(self) -> bool:
        """Whether pictures that are made for the training join the data; they are of digits, and of what is none."""
        return bool(self.non_digits or self.drawn_digits)

    @property
    def n_classes(self) -> int:
        """How many classes the network tells apart, without that of what is no digit."""
        return self.network.shapes[-1][0] - bool(self.non_digits)

    def fitted_to(self, dataset: Dataset) -> Recipe:
        """The recipe for data of another image size, or of other classes than the digits.

        The network takes images of the data's size. Where its last layer is Linear(10) and the data have K other
        classes, that layer becomes Linear(K).

        Raises
        ------
        UsageError
            The layers do not fit such images, or the number of logits is neither 10 nor K.
        """
        network, shape = self.network, (*dataset.image_shape, 1)
        if network.input_shape != shape:
            network = Network(*network.layers, input_shape=shape)
        if (count := dataset.n_classes) != self.n_classes:
            *layers, last = network.layers
            if not isinstance(last, Linear) or self.n_classes != len(DIGITS) or self.synthetic:
                raise self._wrong(
                    f"the network tells {self.n_classes} classes apart, but {dataset.name} has "
                    f"{listed(dataset.class_names)}: end it with Linear({count})"
                )
            network = Network(*layers, dataclasses.replace(last, out_features=count), input_shape=shape)
        return self if network == self.network else dataclasses.replace(self, network=network)

    @property
    def needs_validation(self) -> bool:
        """Whether something is chosen by images that are not trained on."""
        return self.stopping is not None or self.keep == "best" or self.temperature == "fit"

    def _check_kinds(self) -> None:
        kinds = {"network": Network, "optimizer": Optimizer, "schedule": Schedule, "split": Split}
        for field, kind in kinds.items():
            if not isinstance(getattr(self, field), kind):
                raise self._wrong(
                    f"{field} must be a {kind.__name__}, not {getattr(self, field)!r}"
                    + (", such as ConstantLR(0.001)" if kind is Schedule else "")
                )
        if not (isinstance(self.augment, Sequence) and all(isinstance(each, Augmentation) for each in self.augment)):
            raise self._wrong(f"augment must be augmentations, such as [Rotation(10), Shift(2)], not {self.augment!r}")
        object.__setattr__(self, "augment", tuple(self.augment))

    def _check_numbers(self) -> None:
        for field, least in (("epochs", 1), ("shards", 1), ("seed", 0)):
            value = getattr(self, field)
            if type(value) is not int or value < least:
                raise self._wrong(f"{field} must be a whole number of at least {least}, not {value!r}")
        if self.batch_size != "full" and (type(self.batch_size) is not int or self.batch_size < 1):
            raise self._wrong(f"batch_size must be a whole number above 0 or 'full', not {self.batch_size!r}")
        if self.batch_size == 1 and self.network.layout.statistics:
            raise self._wrong("batch normalisation needs a batch_size of at least 2: 1 image has no variance")
        if self.ema is not None and not (is_number(self.ema) and 0 < self.ema < 1):
            raise self._wrong(f"ema must be a number above 0 and below 1, not {self.ema!r}")
        if not (is_number(self.label_smoothing) and 0 <= self.label_smoothing < 1):
            raise self._wrong(f"label_smoothing must be a number from 0 to below 1, not {self.label_smoothing!r}")
        if not (is_number(self.non_digits) and 0 <= self.non_digits <= 1):
            raise self._wrong(f"non_digits must be a number from 0 to 1, not {self.non_digits!r}")
        if self.drawn_digits is not None and not (is_number(self.drawn_digits) and 0 < self.drawn_digits <= 1):
            raise self._wrong(f"drawn_digits must be a number above 0, at most 1, not {self.drawn_digits!r}")
        if self.temperature != "fit" and not is_temperature(self.temperature):
            low, high = TEMPERATURES
            raise self._wrong(
                f"temperature must be a number from {low:g} to {high:g} or 'fit', not {self.temperature!r}"
            )
        if self.shards > MOST_SHARDS:
            raise self._wrong(f"shards must be at most {MOST_SHARDS}, not {self.shards}")

    def _wrong(self, what: str) -> UsageError:
        return UsageError(f"recipe {self.name}: {what}")

    def override(self, *, lr: float | None = None, **changes: Any) -> Recipe:
        """The same recipe with what is given (and not None) exchanged."""
        changes = {name: value for name, value in changes.items() if value is not None}
        if lr is not None:
            changes["schedule"] = dataclasses.replace(self.schedule, lr=lr)
        return dataclasses.replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """Everything in plain types, as it stands in the TOML file; what is None or empty is left out."""
        record: dict[str, Any] = {}
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if field.name == "network":
                record["network"] = [repr(layer) for layer in value.layers]
                if value.input_shape != INPUT_SHAPE:
                    record["input_shape"] = list(value.input_shape)
            elif field.name == "augment":
                record["augment"] = [repr(augmentation) for augmentation in value]
            elif field.name == "claims":
                record["claims"] = [claim.to_dict() for claim in value]
            else:
                record[field.name] = repr(value) if field.name in _NOTATED and value is not None else value
        return {name: value for name, value in record.items() if value not in (None, "", [])}

    def to_toml(self) -> str:
        """The text of a recipe file that reads back as this recipe."""
        return toml.write(self.to_dict(), tables="claims")

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Recipe:
        """The reverse of `to_dict`; UsageError says which entry is missing, unknown or unusable."""
        values = dict(record)
        name = values.get("name", "unnamed")
        _check_entries(name, values)
        try:
            values["network"] = read_network(values["network"], tuple(values.pop("input_shape", INPUT_SHAPE)))
            for key, words in _NOTATED.items():
                if key in values:
                    values[key] = read(values[key], words)
            values["augment"] = tuple(read(text, AUGMENTATIONS) for text in values.get("augment", ()))
            values["claims"] = tuple(Claim(**claim) for claim in values.get("claims", ()))
            return cls(**values)
        except (TypeError, UsageError) as error:
            reason = str(error).removeprefix(f"recipe {name}: ").replace("Claim.__init__() got an", "claims: an")
            raise UsageError(f"recipe {name}: {reason}") from None


def _check_entries(name: str, values: Mapping[str, Any]) -> None:
    """UsageError where an entry is unknown, missing, or neither the text nor the list that it should be."""
    known = ["input_shape", *(field.name for field in dataclasses.fields(Recipe))]
    for key, value in values.items():
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1)
            raise UsageError(f"recipe {name}: unknown entry {key!r}{f', did you mean {close[0]!r}?' if close else ''}")
        if key in _TEXTS and not isinstance(value, str):
            raise UsageError(f"recipe {name}: {key} must be a text in quotes, not {value!r}")
        item = _LISTS.get(key)
        if item and not (isinstance(value, list) and all(isinstance(each, item) for each in value)):
            raise UsageError(f"recipe {name}: {key} must be a list of {_ITEMS[item]}")
    for key in ("network", "optimizer"):
        if key not in values:
            raise UsageError(f"recipe {name}: entry {key!r} is missing")
