"""Small recipes with everything that could break the bits of a resumed training, on digits that are always there."""

from dataclasses import dataclass

from inkling.augmentation import Elastic, Erasing, Rotation, Shift, Thickness
from inkling.data import Split, load
from inkling.nn import (
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    LeakyReLU,
    Linear,
    MaxPool2d,
    Network,
    ReLU,
    Residual,
)
from inkling.optim import Adam, CosineAnnealingLR, Muon
from inkling.recipes import Recipe

LIVELY = Recipe(
    name="lively",
    network=Network(Flatten(), Linear(24), BatchNorm1d(), LeakyReLU(0.1), Dropout(0.2), Linear(10)),
    optimizer=Adam(weight_decay=1e-4),
    schedule=CosineAnnealingLR(0.01, warmup=1.0),
    batch_size=100,
    epochs=6,
    split=Split(validation=0.2),
    keep="best",
    shards=2,
    seed=5,
)

SEEING = Recipe(
    name="seeing",
    network=Network(
        Conv2d(6, 5, stride=2, padding=2),
        BatchNorm2d(),
        ReLU(),
        MaxPool2d(2),
        Residual(Conv2d(6, 3, padding=1, bias=False), BatchNorm2d(), LeakyReLU(0.1), Dropout(0.1)),
        AvgPool2d(2),
        Flatten(),
        Dropout(0.2),
        Linear(11),
    ),
    optimizer=Muon(momentum=0.9, weight_decay=1e-4),
    schedule=CosineAnnealingLR(0.05, warmup=1.0),
    batch_size=100,
    epochs=6,
    split=Split(validation=0.2),
    augment=(Rotation(10), Shift(2), Elastic(30, sigma=6, p=0.5), Thickness(0.3), Erasing(p=0.2)),
    label_smoothing=0.05,
    non_digits=0.1,
    ema=0.95,
    keep="best",
    shards=2,
    seed=5,
)
RECIPES = {recipe.name: recipe for recipe in (LIVELY, SEEING)}


@dataclass(frozen=True, repr=False)
class Spy(Flatten):
    """A Flatten that shows every batch it is trained on to `Spy.watch`."""

    def forward(self, p, x, cache, *, training, rng):
        if training:
            Spy.watch(x)
        return super().forward(p, x, cache, training=training, rng=rng)


def digits():
    """The embedded digits: 1,437 to train on."""
    return load("digits").train
