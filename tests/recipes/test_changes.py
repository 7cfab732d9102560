"""Changes of a recipe by the names of its settings."""

import dataclasses

import pytest

from inkling.augmentation import Rotation, Shift
from inkling.errors import UsageError
from inkling.nn import Conv2d, Flatten, Linear, Network, ReLU
from inkling.optim import SGD, Adam, CosineAnnealingLR
from inkling.recipes import Recipe
from inkling.recipes.changes import changed, value_of

RECIPE = Recipe(
    Network(Conv2d(8, 3), ReLU(), Flatten(), Linear(10)),
    SGD(momentum=0.9),
    CosineAnnealingLR(0.1),
    augment=[Rotation(10), Shift(2)],
    name="small",
)


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("epochs", "7", lambda recipe: recipe.epochs),
        ("lr", "0.05", lambda recipe: recipe.schedule.lr),
        ("schedule.lr", "0.05", lambda recipe: recipe.schedule.lr),
        ("validation", "0.2", lambda recipe: recipe.split.validation),
        ("network.0.out_channels", "16", lambda recipe: recipe.network.layers[0].out_channels),
        ("augment.1.pixels", "3", lambda recipe: recipe.augment[1].pixels),
        ("optimizer.momentum", "0.5", lambda recipe: recipe.optimizer.momentum),
        ("batch_size", "full", lambda recipe: recipe.batch_size),
    ],
)
def test_one_setting_is_changed_and_nothing_else(name, text, found):
    other = changed(RECIPE, name, value_of(text))
    assert str(found(other)) == text
    assert changed(other, name, found(RECIPE)) == RECIPE


def test_what_a_recipe_writes_as_text_is_read():
    assert changed(RECIPE, "optimizer", "Adam(weight_decay=0.1)").optimizer == Adam(weight_decay=0.1)
    assert changed(RECIPE, "network.1", "Conv2d(4, 3)").network.layers[1] == Conv2d(4, 3)
    assert changed(changed(RECIPE, "ema", 0.9), "ema", value_of("None")) == RECIPE
    wide = dataclasses.replace(RECIPE.network.layers[3].init)
    assert changed(RECIPE, "network.3.init", wide) == RECIPE


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("epoch", 3, "no setting epoch: did you mean epochs?"),
        ("network.9", "ReLU()", "network.9: a number from 0 to 3 was expected, not 9"),
        ("network.x", "ReLU()", "network.x: a number from 0 to 3 was expected, not x"),
        ("network.0.channels", 3, "no setting network.0.channels: did you mean out_channels?"),
        ("network.0.out_channels", "many", "network.0.out_channels cannot be 'many': in Conv2d.* it is 8"),
        ("network.0.out_channels.more", 3, "no setting network.0.out_channels.more: known are none"),
        ("network.0.kernel_size", 99, "recipe small: .*Conv2d"),
        ("optimizer", "Adm()", "recipe small: unknown name 'Adm': did you mean Adam?"),
        ("epochs", 0, "recipe small: epochs must be a whole number of at least 1"),
    ],
)
def test_what_cannot_be_is_one_sentence(name, value, says):
    with pytest.raises(UsageError, match=says):
        changed(RECIPE, name, value)
