"""Recipe and model files that use the names of earlier versions still load, and are written with today's names."""

import numpy as np
import pytest

import inkling
from inkling.augmentation import AspectRatio, Outline, StrayStroke
from inkling.model import BUNDLED
from inkling.nn import Flatten, Linear, Network
from inkling.optim import Muon
from inkling.recipes import Recipe, load_recipe
from inkling.storage import load_tensors, save_tensors

FORMER = """\
network = ["Flatten()", "Linear(16)", "ReLU()", "Linear(10)"]
optimizer = "Muon(momentum=0.9, others=0.3)"
augment = ["Stretch(0.2)", "Hollow(p=0.03)", "Stroke(3.0, p=0.08)"]
"""
TODAY = {
    "optimizer": "Muon(momentum=0.9, other_lr_scale=0.3)",
    "augment": ["AspectRatio(0.2)", "Outline(p=0.03)", "StrayStroke(3.0, p=0.08)"],
}


@pytest.fixture
def former(tmp_path):
    (tmp_path / "former.toml").write_text(FORMER)
    return tmp_path / "former.toml"


def test_a_recipe_file_in_former_notation_loads(former):
    recipe = load_recipe(former)
    assert recipe.optimizer == Muon(momentum=0.9, other_lr_scale=0.3)
    assert recipe.augment == (AspectRatio(0.2), Outline(p=0.03), StrayStroke(3.0, p=0.08))


def test_what_was_read_is_written_with_todays_names(former):
    assert TODAY.items() <= load_recipe(former).to_dict().items()


def test_a_model_file_in_former_notation_loads(tmp_path):
    network = Network(Flatten(), Linear(10))
    params = network.init(np.random.default_rng(0))
    recipe = {
        "network": ["Flatten()", "Linear(10)"],
        "optimizer": "Muon(momentum=0.9, others=0.3)",
        "augment": ["Stretch(0.2)", "Hollow(p=0.03)", "Stroke(3.0, p=0.08)"],
        "name": "former",
    }
    metadata = {"format": 1, "network": recipe["network"], "recipe": recipe, "temperature": 1.0}
    path = tmp_path / "former.safetensors"
    save_tensors(path, {"parameters": params.flat, "statistics": params.statistics}, metadata)
    model = inkling.load(path)
    assert TODAY.items() <= Recipe.from_dict(model.metadata["recipe"]).to_dict().items()
    np.testing.assert_array_equal(model.params.flat, params.flat)


@pytest.mark.parametrize("name", BUNDLED)
def test_the_bundled_models_are_written_in_todays_notation(name):
    from inkling.model import WEIGHTS

    _, metadata = load_tensors(WEIGHTS / f"{name}.safetensors")
    assert metadata["recipe"] == load_recipe(name).to_dict()
