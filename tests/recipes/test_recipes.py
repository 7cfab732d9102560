"""Recipes: what is bundled works and round-trips, and every wrong entry is one sentence."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkling.augmentation import Elastic, Erasing, Rotation, Scale, Shear, Shift, Thickness
from inkling.errors import UsageError
from inkling.recipes import Claim, Recipe, load_recipe, recipe_names
from lively import LIVELY

EVERY = (
    *(Rotation(10), Scale(0.1, p=0.5), Shear(5.5), Shift(2), Elastic(30, sigma=5), Elastic(34, p=0.25)),
    *(Thickness(0.5), Erasing(), Erasing((0.1, 0.2), ratio=(1.0, 2.0), p=0.5)),
)
GOOD = """\
network = ["Flatten()", "Linear(16)", "ReLU()", "Linear(10)"]
optimizer = "SGD()"
"""


def test_the_five_systems_are_there():
    assert {"gd-64-32", "sgd-10", "adam-256-128-64", "sgd-64-64", "leaky-20"} <= set(recipe_names())


@pytest.mark.parametrize("name", recipe_names())
def test_bundled_recipe_round_trips(name, tmp_path):
    recipe = load_recipe(name)
    (tmp_path / "copy.toml").write_text(recipe.to_toml(), encoding="utf-8")
    assert load_recipe(tmp_path / "copy.toml") == recipe
    assert recipe.name == name
    assert recipe.description


def test_every_setting_round_trips(tmp_path):
    claims = (Claim("test_accuracy", "a page", at_least=0.9), Claim("training_loss", "α", at_most=1e-16, epoch=2))
    recipe = LIVELY.override(
        claims=claims,
        seed=2**70,
        batch_size="full",
        ema=0.99,
        temperature="fit",
        augment=EVERY,
        description='tab\t, bell\a, \x7f, \\ and "',
    )
    (tmp_path / "copy.toml").write_text(recipe.to_toml(), encoding="utf-8")
    assert load_recipe(tmp_path / "copy.toml") == recipe


def test_settings_that_numpy_computed_can_be_written(tmp_path):
    recipe = LIVELY.override(
        epochs=np.int64(3), ema=np.float64(0.9), label_smoothing=np.float32(0.125), temperature=np.float64(1.5)
    )
    (tmp_path / "copy.toml").write_text(recipe.to_toml(), encoding="utf-8")
    assert load_recipe(tmp_path / "copy.toml") == recipe
    settings = (recipe.epochs, recipe.ema, recipe.label_smoothing, recipe.temperature)
    assert [type(each) for each in settings] == [int, float, float, float]


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_description_round_trips(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "described.toml"
    path.write_text(LIVELY.override(description=text).to_toml(), encoding="utf-8", newline="")
    assert load_recipe(path).description == text


def test_a_file_without_a_name_is_called_after_its_file(tmp_path):
    (tmp_path / "mine.toml").write_text(GOOD)
    assert load_recipe(tmp_path / "mine.toml").name == "mine"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD + "epoch = 3", "unknown entry 'epoch', did you mean 'epochs'?"),
        (GOOD + "colour = 3", "unknown entry 'colour'"),
        (GOOD.replace("Linear(16)", "Liner(16)"), "unknown name 'Liner': did you mean Linear?"),
        (GOOD.replace("Linear(16)", "Linear(0)"), "needs at least one output"),
        (GOOD.replace("Linear(16)", "Linear(1.5)"), "out_features must be of type int, not 1.5"),
        (GOOD.replace("Linear(16)", "Normal(0.1)"), "unknown name 'Normal'"),
        (
            GOOD.replace("Linear(10)", "Linear(1)"),
            r"ends in \(1,\) instead of a logit for each class: end it with Linear",
        ),
        (
            GOOD.replace("Linear(10)", "Linear(9)") + "drawn_digits = 0.1",
            r"the network ends in \(9,\) instead of 10 logits: end it with Linear\(10\), one for each digit$",
        ),
        (
            GOOD + "input_shape = [28]",
            r"the network takes \(28,\), but images are \(H, W, 1\): rows, columns and one chan",
        ),
        (GOOD + "input_shape = [28, 28, 3]", r"the network takes \(28, 28, 3\), but images are \(H, W, 1\)"),
        (GOOD + "input_shape = 28", "input_shape must be a list of whole numbers"),
        (GOOD + "input_shape = [28.0, 28.0, 1.0]", "input_shape must be a list of whole numbers"),
        (GOOD + "input_shape = [16, 0, 1]", r"input_shape is rows, columns and channels, .* not \(16, 0, 1\)"),
        (
            GOOD + "input_shape = [16, 16, 1]\ndrawn_digits = 0.1",
            r"are images \(28, 28, 1\), but the network takes \(16",
        ),
        (GOOD.replace('"Flatten()", ', ""), "put Flatten\\(\\) before it"),
        (GOOD.replace("SGD()", "SDG()"), "unknown name 'SDG': did you mean SGD?"),
        (GOOD.replace('"SGD()"', "5"), "optimizer must be a text in quotes, not 5"),
        (GOOD.replace("SGD()", "None"), "cannot read 'None'"),
        (GOOD.replace("SGD()", "SGD(momentum=2)"), "momentum from 0 to below 1, not 2"),
        ('optimizer = "SGD()"', "entry 'network' is missing"),
        ('network = ["Flatten()", "Linear(10)"]', "entry 'optimizer' is missing"),
        ('network = "Linear(10)"\noptimizer = "SGD()"', "network must be a list of texts"),
        ('network = [5]\noptimizer = "SGD()"', "network must be a list of texts"),
        ('network = []\noptimizer = "SGD()"', "needs at least one layer with parameters"),
        (GOOD + 'schedule = "ConstantLR(-0.1)"', "a learning rate is a number above 0, not -0.1"),
        (GOOD + 'schedule = "ConstantLR()"', "missing a required argument: 'lr'"),
        (GOOD + "epochs = 0", "epochs must be a whole number of at least 1, not 0"),
        (GOOD + "epochs = 2.5", "epochs must be a whole number of at least 1, not 2.5"),
        (GOOD + "epochs = true", "epochs must be a whole number of at least 1, not True"),
        (GOOD + "shards = 0", "shards must be a whole number of at least 1, not 0"),
        (GOOD + "seed = -1", "seed must be a whole number of at least 0, not -1"),
        (GOOD.replace('"ReLU()"', '"BatchNorm1d()"') + "batch_size = 1", "1 image has no variance"),
        (GOOD + "epochs = 1" + "0" * 5000, "not a TOML file"),
        (GOOD + '[[claims]]\nat_mots = 0.9\nsource = "y"\nmetric = "z"', "claims: unknown entry 'at_mots': a claim"),
        (GOOD + "batch_size = 0", "batch_size must be a whole number above 0 or 'full', not 0"),
        (GOOD + 'batch_size = "all"', "batch_size must be a whole number above 0 or 'full', not 'all'"),
        (GOOD + 'augment = "Shift(2)"', "augment must be a list of texts"),
        (GOOD + "augment = [2]", "augment must be a list of texts"),
        (GOOD + 'augment = ["Shfit(2)"]', "unknown name 'Shfit': did you mean Shift?"),
        (GOOD + 'augment = ["ReLU()"]', "unknown name 'ReLU'"),
        (GOOD + 'augment = ["Shift(2.5)"]', "pixels must be of type int, not 2.5"),
        (GOOD + 'augment = ["Shift(0)"]', "Shift needs pixels from 1 to 27, not 0"),
        (GOOD + 'augment = ["Rotation(10, p=1.5)"]', "Rotation needs p from 0 to 1, not 1.5"),
        (GOOD + 'augment = ["Rotation(-10)"]', "Rotation needs degrees above 0, at most 180, not -10"),
        (GOOD + 'augment = ["Scale(1)"]', "Scale needs share above 0 and below 1, not 1"),
        (GOOD + 'augment = ["Shear(90)"]', "Shear needs degrees above 0, at most 60, not 90"),
        (GOOD + 'augment = ["Elastic(34, sigma=0)"]', "Elastic needs sigma from 1 to 28 pixels, not 0"),
        (GOOD + 'augment = ["Elastic(1e300)"]', "Elastic needs alpha above 0, at most 1000, not 1e\\+300"),
        (GOOD + 'augment = ["Thickness(2)"]', "Thickness needs pixels above 0, at most 1, not 2"),
        (GOOD + 'augment = ["Stroke(1)"]', "Stroke needs width from 1.5 to 28 pixels, not 1"),
        (GOOD + 'augment = ["Ruling(0)"]', "Ruling needs width from 0.5 to 28 pixels, not 0"),
        (GOOD + 'augment = ["Patch(0)"]', "Patch needs least above 0, at most 1, not 0"),
        (GOOD + 'augment = ["Contrast(1)"]', "Contrast needs least above 0 and below 1, not 1"),
        (GOOD + 'augment = ["Shadow(1)"]', "Shadow needs darkest above 0 and below 1, not 1"),
        (GOOD + 'augment = ["Blur(0)"]', "Blur needs sigma above 0, at most 5 pixels, not 0"),
        (GOOD + 'augment = ["Noise(1.5)"]', "Noise needs std above 0, at most 1, not 1.5"),
        (GOOD + 'augment = ["Noise(0.1, grain=-1)"]', "Noise needs grain from 0 to 10 pixels, not -1"),
        (GOOD + 'augment = ["Erasing(0.1)"]', "scale must be of type tuple.*, not 0.1"),
        (
            GOOD + 'augment = ["Erasing((0.3, 0.1))"]',
            r"Erasing needs scale in order, above 0, at most 1, not \(0.3, 0.1\)",
        ),
        (GOOD + 'augment = ["Erasing(ratio=(0, 3))"]', r"Erasing needs ratio in order, from 1/28 to 28, not \(0, 3\)"),
        (
            GOOD + "non_digits = 0.2",
            r"network ends in \(10,\) instead of 11 logits: end it with Linear\(11\), the last for what is no digit",
        ),
        (GOOD + "non_digits = -0.1", "non_digits must be a number from 0 to 1, not -0.1"),
        (GOOD + "non_digits = 1.5", "non_digits must be a number from 0 to 1, not 1.5"),
        (GOOD + "non_digits = true", "non_digits must be a number from 0 to 1, not True"),
        (GOOD + 'non_digits = "many"', "non_digits must be a number from 0 to 1, not 'many'"),
        (GOOD + "ema = 1", "ema must be a number above 0 and below 1, not 1"),
        (GOOD + "ema = 0.0", "ema must be a number above 0 and below 1, not 0.0"),
        (GOOD + "ema = nan", "ema must be a number above 0 and below 1, not nan"),
        (GOOD + "ema = true", "ema must be a number above 0 and below 1, not True"),
        (GOOD + 'ema = "0.9"', "ema must be a number above 0 and below 1, not '0.9'"),
        (GOOD + "label_smoothing = 1", "label_smoothing must be a number from 0 to below 1, not 1"),
        (GOOD + 'loss = "CTC()"', "unknown name 'CTC': did you mean CTCLoss"),
        (GOOD + 'loss = "SGD()"', "unknown name 'SGD': known are CrossEntropyLoss, CTCLoss"),
        (GOOD + 'loss = "CTCLoss(blank=0)"', "argument 'blank': the blank is the last of the logits"),
        (GOOD + "loss = 5", "loss must be a text in quotes, not 5"),
        (GOOD + 'loss = "CTCLoss()"', r"network ends in \(10,\), but CTCLoss\(\) needs logits \(1, columns"),
        (GOOD + "temperature = 0", "temperature must be a number from 0.01 to 100 or 'fit', not 0$"),
        (GOOD + "temperature = nan", "temperature must be a number .*, not nan"),
        (GOOD + "temperature = true", "temperature must be a number .*, not True"),
        (GOOD + 'temperature = "fitted"', "temperature must be a number .* or 'fit', not 'fitted'"),
        (GOOD + 'temperature = "fit"', "need a split with validation images"),
        (GOOD + 'keep = "first"', "keep must be 'last' or 'best', not 'first'"),
        (GOOD + 'keep = "best"', "need a split with validation images"),
        (GOOD + 'stopping = "Patience()"', "need a split with validation images"),
        (GOOD + 'stopping = "Patience(0)"', "at least 1 epoch, not 0"),
        (GOOD + 'split = "Split(validation=1.5)"', r"a fraction in \[0, 1\)"),
        (GOOD + 'split = "Split(validation=0.5, test=0.5)"', "leave nothing to train on"),
        (GOOD + 'name = "a/b"', "cannot hold a slash"),
        (GOOD + "name = 5", "name must be a text in quotes, not 5"),
        (GOOD + "claims = 5", "claims must be a list of tables"),
        (GOOD + '[[claims]]\nmetric = "x"\nsource = "y"', "give either at_least or at_most"),
        (GOOD + '[[claims]]\nat_least = 0.9\nsource = "y"', "'metric' is missing"),
        ("network = [", "not a TOML file"),
        ("a = " + "[" * 5000, "not a TOML file"),
    ],
)
def test_a_wrong_entry_is_one_sentence(text, message, tmp_path):
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(UsageError, match=message) as caught:
        load_recipe(tmp_path / "mine.toml")
    assert "\n" not in str(caught.value)
    assert str(caught.value).count("recipe mine:") <= 1


def test_what_is_no_text_is_refused(tmp_path):
    (tmp_path / "mine.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match=r"mine\.toml: not a TOML file"):
        load_recipe(tmp_path / "mine.toml")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("sgd-11", "unknown recipe 'sgd-11': did you mean sgd-10?"),
        ("quux", "unknown recipe 'quux': known are adam-256-128-64, .* or a FILE.toml"),
        ("missing.toml", "missing.toml: no such recipe file"),
        ("../recipes/sgd-10", "unknown recipe"),
    ],
)
def test_an_unknown_recipe_is_one_sentence(name, message):
    with pytest.raises(UsageError, match=message):
        load_recipe(name)


def test_a_file_of_another_ending_is_no_recipe(tmp_path):
    (tmp_path / "digits.h").touch()
    with pytest.raises(UsageError, match=r"digits\.h: a recipe was expected, .* FILE\.toml"):
        load_recipe(tmp_path / "digits.h")


def test_override_changes_what_is_given_and_nothing_else():
    changed = LIVELY.override(lr=0.5, epochs=None, seed=0)
    assert changed.schedule.lr == 0.5
    assert changed.schedule == dataclasses.replace(LIVELY.schedule, lr=0.5)
    assert dataclasses.replace(changed, schedule=LIVELY.schedule, seed=LIVELY.seed) == LIVELY
    assert changed.seed == 0


def test_a_claim_that_was_not_measured_is_one_sentence():
    claim = Claim("test_accuracy", "a page", at_least=0.9, epoch=5)
    with pytest.raises(UsageError, match="test_accuracy after epoch 5 cannot be measured"):
        claim.measure([{"test_accuracy": 1.0}], {})
    assert claim.measure([{"test_accuracy": n / 10} for n in range(6)], {}) == 0.4
    assert claim.holds(0.9)
    assert not claim.holds(0.8999)


def test_recipes_with_the_same_content_are_equal():
    assert Recipe.from_dict(LIVELY.to_dict()) == LIVELY


def test_augmentations_may_come_in_any_sequence():
    recipe = dataclasses.replace(LIVELY, augment=[Rotation(10), Shift(2)])
    assert recipe.augment == (Rotation(10), Shift(2))
    assert hash(recipe) == hash(dataclasses.replace(LIVELY, augment=(Rotation(10), Shift(2))))


@pytest.mark.parametrize("wrong", [Shift(2), "Shift(2)", ["Shift(2)"], 3, {Shift(2)}], ids=repr)
def test_what_are_no_augmentations_is_refused_in_a_sentence(wrong):
    with pytest.raises(UsageError, match=r"augment must be augmentations, such as \[Rotation\(10\), Shift\(2\)\], not"):
        dataclasses.replace(LIVELY, augment=wrong)
