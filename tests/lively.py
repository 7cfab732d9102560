"""A small recipe with everything that could break the bits of a resumed training, on digits that are always there."""

from inkling.data import Split, load
from inkling.nn import BatchNorm1d, Dropout, Flatten, LeakyReLU, Linear, Network
from inkling.optim import Adam, CosineAnnealingLR
from inkling.training import Recipe

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


def digits():
    """The embedded digits: 1,437 to train on."""
    return load("digits").train
