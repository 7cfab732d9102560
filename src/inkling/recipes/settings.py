"""What the settings of a recipe may be: their types, and the ranges of the numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from inkling.augmentation import Augmentation
from inkling.data import Split
from inkling.errors import shortened
from inkling.model import LARGEST_TEMPERATURE, LEAST_TEMPERATURE, is_temperature
from inkling.nn import Loss, Network
from inkling.notation import is_number
from inkling.optim import Optimizer, Schedule
from inkling.quantization import BITS

MOST_SHARDS = 64


def wrong_type(settings: Mapping[str, Any]) -> str | None:
    """What is wrong with the first setting of another type than it should be: "split must be a Split, not 5"."""
    kinds = {"network": Network, "optimizer": Optimizer, "schedule": Schedule, "split": Split, "loss": Loss}
    examples = {"schedule": ", such as ConstantLR(0.001)", "loss": ", such as CTCLoss()"}
    for name, kind in kinds.items():
        if not isinstance(settings[name], kind):
            return f"{name} must be a {kind.__name__}, not {shortened(repr(settings[name]))}{examples.get(name, '')}"
    augment = settings["augment"]
    if not (isinstance(augment, Sequence) and all(isinstance(each, Augmentation) for each in augment)):
        return f"augment must be augmentations, such as [Rotation(10), Shift(2)], not {shortened(repr(augment))}"
    return None


def wrong_value(settings: Mapping[str, Any]) -> str | None:
    """What is wrong with the first setting that is out of range: "keep must be 'last' or 'best', not 'first'"."""
    low, high = LEAST_TEMPERATURE, LARGEST_TEMPERATURE
    legal: dict[str, tuple[Callable[[Any], bool], str]] = {
        "epochs": (_is_count, "a whole number of at least 1"),
        "shards": (_is_count, "a whole number of at least 1"),
        "seed": (lambda seed: _is_count(seed, 0), "a whole number of at least 0"),
        "batch_size": (lambda size: size == "full" or _is_count(size), "a whole number above 0 or 'full'"),
        "ema": (lambda decay: decay is None or (is_number(decay) and 0 < decay < 1), "a number above 0 and below 1"),
        "label_smoothing": (lambda part: is_number(part) and 0 <= part < 1, "a number from 0 to below 1"),
        "non_digits": (lambda part: is_number(part) and 0 <= part <= 1, "a number from 0 to 1"),
        "drawn_digits": (
            lambda part: part is None or (is_number(part) and 0 < part <= 1),
            "a number above 0, at most 1",
        ),
        "weight_bits": (_are_bits, "a whole number from 2 to 8, or a list of one for each weight"),
        "keep": (lambda keep: keep in ("last", "best"), "'last' or 'best'"),
        "temperature": (lambda t: t == "fit" or is_temperature(t), f"a number from {low:g} to {high:g} or 'fit'"),
    }
    for name, (is_legal, expected) in legal.items():
        if not is_legal(settings[name]):
            return f"{name} must be {expected}, not {shortened(repr(settings[name]))}"
    if settings["shards"] > MOST_SHARDS:
        return f"shards must be at most {MOST_SHARDS}, not {settings['shards']}"
    return None


def about_classes(settings: Mapping[str, Any]) -> str | None:
    """What is wrong with the first setting that is about one class for each image, where the loss is about texts."""
    neutral = {"label_smoothing": 0, "non_digits": 0, "drawn_digits": None, "temperature": 1}
    for name, value in neutral.items():
        if settings[name] != value:
            return (
                f"{name} is about images of one class each, but {settings['loss']} is about rows of symbols: leave one "
                "of them out"
            )
    return None


def _are_bits(value: Any) -> bool:
    """Whether the weights can have so many bits: None, a number of bits, or several."""
    each = value if isinstance(value, list | tuple) else () if value is None else (value,)
    return all(type(bits) is int and bits in BITS for bits in each)


def _is_count(value: Any, least: int = 1) -> bool:
    """Whether the value is an int of at least `least`; True and False are no counts."""
    return type(value) is int and value >= least
