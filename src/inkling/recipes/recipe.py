"""A recipe: everything that decides a training except the data, as one frozen record that is also a TOML file."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import tomli_w

from inkling.augmentation import AUGMENTATIONS, Augmentation
from inkling.classes import DIGITS, listed, require_digits
from inkling.data import SPLITS, Dataset, Split
from inkling.errors import UsageError, shortened
from inkling.nn import INPUT_SHAPE, LOSSES, CrossEntropyLoss, Linear, Loss, Network, read_network
from inkling.notation import make_plain, read, write
from inkling.optim import OPTIMIZERS, SCHEDULES, ConstantLR, Optimizer, Schedule
from inkling.recipes.claim import Claim
from inkling.recipes.settings import about_classes, wrong_type, wrong_value
from inkling.recipes.stopping import STOPPING, StoppingRule

_NOTATED: dict[str, Mapping[str, type]] = {
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "loss": LOSSES,
    "split": SPLITS,
    "stopping": STOPPING,
}
_TEXTS = (*_NOTATED, "name", "description", "keep")
_ITEM_TYPES: dict[str, type] = {"network": str, "input_shape": int, "augment": str, "claims": dict}  # of each list
MOST_CHARACTERS_OF_NAME = 100  # since it becomes part of a folder's name
_PLURALS = {str: "texts", int: "whole numbers", dict: "tables"}


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a training except the data. A fraction is a number from 0 to 1.

    Attributes
    ----------
    network : the layers, and the shape of what they take: (H, W, 1) for images. Rows (F,) and images of several
        channels are for `Examples`; a recipe file and augmentations are for images.
    optimizer : the rule by which a gradient moves the parameters.
    schedule : the learning rate as a function of the epoch.
    batch_size : images per step, or "full" for the whole training part.
    epochs : passes over the training part; a `stopping` rule may end training earlier.
    split : the rows that are held out for validation and for testing.
    loss : what is minimised: the cross-entropy of one class for each image; or CTCLoss() of the text of each row, which
        is for `Examples`.
    augment : random changes of each training image, drawn anew in every epoch. Other images are never changed.
    label_smoothing : the fraction of each label that is spread evenly over all logits.
    non_digits : pictures of no digit that join the training part, as a fraction of its size; they are one more class.
    drawn_digits : drawn digits in the styles of other countries that join the training part, as a fraction of its
        size, or None.
    stopping : a rule for early stopping, or None.
    ema : decay per step of a running average of the parameters, which is measured and saved in their place, or None.
    weight_bits : the weights are trained for grids of so many bits per output channel, from 2 to 8: one number for all
        layers, or one for each weight in the order of the layers; None for float32.
    keep : "last" saves the parameters of the last epoch, "best" those of the epoch with the highest validation
        accuracy, and among equals the lowest validation loss.
    temperature : the number that the model divides its logits by, or "fit" for the one with the lowest cross-entropy
        on the validation part.
    shards : parts of a batch whose gradients are computed apart and added in a fixed order. Their number changes the
        bits of the result; the number of processes does not.
    seed : all random numbers of the training follow from it.
    name : what run folders and messages call the recipe.
    description : one line for the list of recipes.
    claims : results that the recipe is said to reach.

    Raises
    ------
    UsageError
        A setting is of the wrong type or out of range, or two settings do not fit together.
    """

    network: Network
    optimizer: Optimizer
    schedule: Schedule = ConstantLR(1e-3)
    batch_size: int | Literal["full"] = 128
    epochs: int = 10
    split: Split = Split()
    loss: Loss = CrossEntropyLoss()
    augment: Sequence[Augmentation] = ()
    label_smoothing: float = 0.0
    non_digits: float = 0.0
    drawn_digits: float | None = None
    stopping: StoppingRule | None = None
    ema: float | None = None
    weight_bits: int | Sequence[int] | None = None
    keep: Literal["last", "best"] = "last"
    temperature: float | Literal["fit"] = 1.0
    shards: int = 2
    seed: int = 0
    name: str = "unnamed"
    description: str = ""
    claims: tuple[Claim, ...] = ()

    def __post_init__(self) -> None:
        make_plain(self)  # NumPy's numbers could not be written to TOML
        if problem := wrong_type(vars(self)) or wrong_value(vars(self)):
            raise self._wrong(problem)
        object.__setattr__(self, "augment", tuple(self.augment))
        if isinstance(self.weight_bits, list | tuple):
            object.__setattr__(self, "weight_bits", tuple(self.weight_bits))
        if Path(self.name).name != self.name or not self.name.isprintable():
            raise UsageError(
                f"recipe {self.name!a}: the name becomes part of a folder's, so it cannot hold a slash or control code"
            )
        if len(self.name) > MOST_CHARACTERS_OF_NAME:
            raise UsageError(f"recipe {shortened(self.name)}: a name has at most {MOST_CHARACTERS_OF_NAME} characters")
        self._check_network()
        if self.needs_validation and not self.split.validates and self.loss.classifies:  # Examples come split
            raise self._wrong(
                "early stopping, keep = 'best' and temperature = 'fit' need a split with validation images"
            )

    def __repr__(self) -> str:
        return write(self)

    @property
    def synthetic(self) -> bool:
        """Whether synthetic pictures join the training part: drawn digits, or pictures of no digit."""
        return bool(self.non_digits or self.drawn_digits)

    @property
    def n_classes(self) -> int:
        """How many classes of the data the network tells apart; the class for pictures of no digit is not counted."""
        return self.loss.n_classes(self.network.shapes[-1]) - bool(self.non_digits)

    def fitted_to(self, dataset: Dataset) -> Recipe:
        """This recipe with a network for the image size and the classes of the dataset.

        The network takes images of the dataset's size (H, W, 1). Where it ends in Linear(10) and the dataset has K ≠ 10
        classes, it then ends in Linear(K).

        Raises
        ------
        UsageError
            The layers cannot take images of that size, the network ends in neither 10 nor K logits, or the recipe adds
            synthetic digits and the dataset has other classes or another size.
        """
        self.require_classes(dataset)
        if self.synthetic:
            require_digits(dataset.class_names, f"recipe {self.name}: non_digits and drawn_digits need data")
        network, shape = self.network, (*dataset.image_shape, 1)
        if network.input_shape != shape:
            try:
                network = Network(*network.layers, input_shape=shape)
            except UsageError as error:
                raise self._wrong(f"the network cannot take the images of {dataset.name}, {shape}: {error}") from None
        if (count := dataset.n_classes) != self.n_classes:
            *layers, last = network.layers
            if not isinstance(last, Linear) or self.n_classes != len(DIGITS):
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

    def _check_network(self) -> None:
        shape, end = self.network.input_shape, self.network.shapes[-1]
        if self.augment or self.synthetic:
            self._require_images()
        try:
            self.loss.n_classes(end)
        except UsageError as error:
            raise self._wrong(str(error)) from None
        if not self.loss.classifies and (problem := about_classes(vars(self))):
            raise self._wrong(problem)
        if self.batch_size == 1 and self.network.layout.statistics:
            raise self._wrong("batch normalisation needs a batch_size of at least 2: 1 image has no variance")
        if isinstance(self.weight_bits, tuple) and len(self.weight_bits) != (count := len(self.network.layout.weights)):
            raise self._wrong(f"weight_bits has {len(self.weight_bits)} numbers, but the network has {count} weights")
        if self.synthetic and shape != INPUT_SHAPE:
            raise self._wrong(f"non_digits and drawn_digits are images {INPUT_SHAPE}, but the network takes {shape}")
        logits = len(DIGITS) + bool(self.non_digits)
        if self.synthetic and end != (logits,):
            which = ", the last for what is no digit" if self.non_digits else ", one for each digit"
            raise self._wrong(
                f"the network ends in {end} instead of {logits} logits: end it with Linear({logits}){which}"
            )

    def require_classes(self, dataset: Dataset) -> None:
        """UsageError where the loss is about texts: the label of an image in a dataset is one class."""
        if not self.loss.classifies:
            raise self._wrong(
                f"{self.loss} learns the text of each row, but the images of {dataset.name} have one class each: give "
                "inkling.training.train Examples with labels (N, L)"
            )

    def _require_images(self) -> None:
        shape = self.network.input_shape
        if len(shape) != 3 or shape[2] != 1:
            raise self._wrong(f"the network takes {shape}, but images are (H, W, 1): rows, columns and one channel")

    def _wrong(self, what: str) -> UsageError:
        return UsageError(f"recipe {self.name}: {what}")

    def override(self, *, lr: float | None = None, validation: float | None = None, **changes: Any) -> Recipe:
        """This recipe with other settings; a setting that is None stays.

        `lr` is the peak of the schedule, and `validation` the fraction or number of rows that the split holds out.
        """
        changes = {name: value for name, value in changes.items() if value is not None}
        if lr is not None:
            changes["schedule"] = dataclasses.replace(self.schedule, lr=lr)
        if validation is not None:
            changes["split"] = dataclasses.replace(self.split, validation=validation, folds=0, fold=0)
        return dataclasses.replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """The entries of the TOML file, in plain types; an entry that is None or empty is left out."""
        record: dict[str, Any] = {}
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if field.name == "network":
                record["network"] = [repr(layer) for layer in value.layers]
                if value.input_shape != INPUT_SHAPE:
                    record["input_shape"] = list(value.input_shape)
            elif field.name == "augment":
                record["augment"] = [repr(augmentation) for augmentation in value]
            elif isinstance(value, tuple) and field.name == "weight_bits":
                record["weight_bits"] = list(value)
            elif field.name == "claims":
                record["claims"] = [claim.to_dict() for claim in value]
            elif field.name != "loss" or value != field.default:  # recipes without the entry are older than it
                record[field.name] = repr(value) if field.name in _NOTATED and value is not None else value
        return {name: value for name, value in record.items() if value not in (None, "", [])}

    def to_toml(self) -> str:
        """The text of a recipe file; `load_recipe` makes the same recipe of it."""
        settings = self.to_dict()
        claims = settings.pop("claims", [])
        return "\n[[claims]]\n".join(map(tomli_w.dumps, (settings, *claims)))

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Recipe:
        """The recipe of such entries; UsageError says which entry is missing, unknown or unusable."""
        values = dict(record)
        name = shortened(str(values.get("name", "unnamed")), MOST_CHARACTERS_OF_NAME)
        _check_entries(name, values)
        try:
            values["network"] = read_network(values["network"], tuple(values.pop("input_shape", INPUT_SHAPE)))
            for key, words in _NOTATED.items():
                if key in values:
                    values[key] = read(values[key], words, SCHEDULES if key == "schedule" else {})
            values["augment"] = tuple(read(text, AUGMENTATIONS) for text in values.get("augment", ()))
            values["claims"] = tuple(map(Claim.from_dict, values.get("claims", ())))
            recipe = cls(**values)
            recipe._require_images()
            return recipe
        except (TypeError, UsageError) as error:
            reason = str(error).removeprefix(f"recipe {name}: ")
            raise UsageError(f"recipe {name}: {reason}") from None


def _check_entries(name: str, values: Mapping[str, Any]) -> None:
    """UsageError where an entry is unknown, missing, no text or no list, as it should be."""
    known = ["input_shape", *(field.name for field in dataclasses.fields(Recipe))]
    for key, value in values.items():
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1)
            raise UsageError(
                f"recipe {name}: unknown entry {shortened(repr(key))}{f', did you mean {close[0]!r}?' if close else ''}"
            )
        if key in _TEXTS and not isinstance(value, str):
            raise UsageError(f"recipe {name}: {key} must be a text in quotes, not {shortened(repr(value))}")
        item = _ITEM_TYPES.get(key)
        if item and not (isinstance(value, list) and all(isinstance(each, item) for each in value)):
            raise UsageError(f"recipe {name}: {key} must be a list of {_PLURALS[item]}")
    for key in ("network", "optimizer"):
        if key not in values:
            raise UsageError(f"recipe {name}: entry {key!r} is missing")
