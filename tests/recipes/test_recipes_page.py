"""docs/recipes.md names everything that a recipe may hold, with its arguments and defaults."""

import dataclasses
import inspect
import json
import re
import tomllib
from pathlib import Path

import pytest

from inkling.augmentation import AUGMENTATIONS, Augmentation
from inkling.data import Split
from inkling.nn import INITIALIZERS, LAYERS, LOSSES
from inkling.optim import OPTIMIZERS, SCHEDULES
from inkling.recipes import Claim, Recipe
from inkling.recipes.stopping import STOPPING
from inkling.synthesis import KINDS

PAGE = (Path(__file__).parents[2] / "docs" / "recipes.md").read_text(encoding="utf-8")
CLASSES = [*LAYERS.values(), *INITIALIZERS.values(), *OPTIMIZERS.values(), *SCHEDULES.values(), Split]
CLASSES += [*LOSSES.values(), *STOPPING.values(), *AUGMENTATIONS.values()]
CLASSES = [each for each in CLASSES if each.__module__.startswith("inkling.")]  # other tests register their own


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_a_class_with_its_arguments(cls):
    arguments = inspect.signature(cls).parameters.values()
    call = ", ".join(map(written, arguments))
    (meaning,) = re.findall(rf"^\| `{re.escape(f'{cls.__name__}({call})')}` \| (.+) \|$", PAGE, re.MULTILINE)
    if issubclass(cls, Augmentation):
        meaning += PAGE.split("## Augmentation")[1].split("|")[0]  # what all of them share is said above the table
    assert [a.name for a in arguments if f"`{a.name}`" not in meaning] == []


def written(argument):
    if argument.kind is argument.VAR_POSITIONAL:
        return f"*{argument.name}"
    return argument.name if argument.default is argument.empty else f"{argument.name}={argument.default!r}"


@pytest.mark.parametrize("field", dataclasses.fields(Recipe), ids=lambda field: field.name)
def test_an_entry_with_its_default(field):
    (default,) = re.findall(rf"^\| `{field.name}` \| [^|]+ \| ([^|]+) \| .+ \|$", PAGE, re.MULTILINE)
    assert default == default_of(field)


def default_of(field):
    if field.default is dataclasses.MISSING:
        return "required"
    if field.name == "name":
        return "the file's name"
    if field.default in (None, ()):
        return "none"
    return f"`{json.dumps(field.default if isinstance(field.default, int | float | str) else repr(field.default))}`"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_of_non_digit_with_its_share(kind):
    assert f"| {kind.name} | {100 * kind.share:.0f} % | " in PAGE


def test_a_claim():
    claims = PAGE.split("## Claims")[1]
    assert [field.name for field in dataclasses.fields(Claim) if f"`{field.name}`" not in claims] == []


def test_the_examples_are_recipes():
    texts = re.findall(r"^```toml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    perceptron, convolutional = (Recipe.from_dict(tomllib.loads(text)) for text in texts)
    assert perceptron.stopping == STOPPING["Patience"](epochs=5)
    assert len(convolutional.network.layers) == 10
