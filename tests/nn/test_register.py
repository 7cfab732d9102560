"""A layer of one's own is known by its name once it is registered; what could not be read back is not written."""

from dataclasses import dataclass

import numpy as np
import pytest

import inkling
from inkling import Model
from inkling.errors import UsageError
from inkling.nn import LAYERS, Flatten, Layer, Linear, Network, ReLU, Residual, register
from inkling.nn.init import Initializer
from inkling.recipes import Recipe, load_recipe


@dataclass(frozen=True, repr=False)
class Halved(Layer):
    """y = x / parts"""

    parts: int = 2

    def forward(self, p, x, cache, *, training, rng):
        return np.divide(x, self.parts, out=cache.y)

    def backward(self, p, g, dy, cache):
        np.divide(dy, self.parts, out=cache.dx)


@pytest.fixture
def known(monkeypatch):
    """The layer, registered until the end of the test."""
    monkeypatch.setitem(LAYERS, "Halved", Halved)
    return register(Halved)


def model_with(layer):
    network = Network(Flatten(), layer, Linear(10))
    return Model(network, network.init(np.random.default_rng(0)))


@pytest.mark.parametrize("layer", [Halved(3), Residual(ReLU(), Halved(3))])
def test_a_model_with_a_registered_layer_is_saved_and_loaded(known, tmp_path, layer):
    model, images = model_with(layer), np.full((3, 28, 28), 99, np.uint8)
    model.save(tmp_path / "model.safetensors")
    again = inkling.load(tmp_path)
    assert again.network == model.network
    np.testing.assert_array_equal(again.logits(images), model.logits(images))


@pytest.mark.parametrize("layer", [Halved(3), Residual(ReLU(), Halved(3))])
def test_without_it_nothing_is_written(tmp_path, layer):
    with pytest.raises(UsageError, match=r"the layer Halved could not be read back: put .*@inkling\.nn\.register"):
        model_with(layer).save(tmp_path / "model.safetensors")
    assert list(tmp_path.iterdir()) == []


def test_a_recipe_names_a_registered_layer(known, tmp_path):
    recipe = Recipe(Network(Flatten(), Halved(), Linear(10)), load_recipe("sgd-10").optimizer, name="mine")
    (tmp_path / "mine.toml").write_text(recipe.to_toml())
    assert load_recipe(tmp_path / "mine.toml") == recipe


def test_an_initializer_of_ones_own_is_not_written(tmp_path):
    @dataclass(frozen=True, repr=False)
    class Ones(Initializer):
        def fill(self, weight, rng, fans=None):
            weight[...] = 1

    with pytest.raises(UsageError, match="could not be read back: unknown name 'Ones'"):
        model_with(Linear(10, Ones())).save(tmp_path / "model.safetensors")
    assert list(tmp_path.iterdir()) == []


def test_a_name_belongs_to_one_layer(known):
    @dataclass(frozen=True, repr=False)
    class Taken(ReLU):
        pass

    for name in ("Linear", "XavierNormal", "Halved"):
        Taken.__name__ = name
        with pytest.raises(UsageError, match=f"the name {name} belongs to .*: give the layer another name"):
            register(Taken)
    assert LAYERS["Linear"] is Linear
    assert LAYERS["Halved"] is Halved


def test_a_cell_of_a_notebook_may_run_again(known):
    again = dataclass(frozen=True, repr=False)(
        type("Halved", (Layer,), {name: vars(Halved)[name] for name in ("__module__", "forward", "backward")})
    )
    again.__qualname__ = Halved.__qualname__
    assert register(again) is LAYERS["Halved"] is again


def test_what_is_no_layer_is_refused():
    class Bare(ReLU):
        pass

    for wrong in (5, "Linear", int, ReLU()):
        with pytest.raises(UsageError, match=r"register takes a class that extends inkling\.nn\.Layer, not"):
            register(wrong)
    with pytest.raises(UsageError, match=r"Bare is no frozen dataclass, .*write @dataclass\(frozen=True, repr=False\)"):
        register(Bare)
