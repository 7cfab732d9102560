"""The plots of a run: weights are drawn where the first layer with parameters reads pixels, of images of any size."""

import re

import numpy as np
import pytest

from inkling.augmentation import Shift
from inkling.data import Dataset, Parts, Split
from inkling.evaluation import plots
from inkling.model import Model
from inkling.nn import CenterCrop, Conv2d, Dropout, Flatten, GlobalAvgPool, Linear, MaxPool2d, Network, Residual
from inkling.optim import SGD
from inkling.recipes import Recipe
from inkling.runs.pictures import draw
from inkling.runs.run import Run
from inkling.training import TrainingState, train

COMMON = ["curves", "confusion", "samples"]


@pytest.fixture
def drawn(tmp_path, monkeypatch):
    """The run of one epoch with a network, and its figures by name."""
    figures = {}
    monkeypatch.setattr(plots, "save", lambda figure, path: figures.update({path.name: figure}))

    def run(*layers, **settings):
        new = Run.create(tmp_path / "run", Recipe(Network(*layers), SGD(), epochs=1, shards=1, **settings), "digits")
        for _ in new.train():
            pass
        assert draw(new) == list(figures)
        return new, figures

    return run


def test_kernels_of_a_first_convolution(drawn):
    run, figures = drawn(Conv2d(3, 5, stride=4), GlobalAvgPool(), Linear(10))
    assert list(figures) == [*COMMON, "weights"]
    picture = np.asarray(figures["weights"].axes[0].images[0].get_array())
    assert figures["weights"].axes[0].get_title("left") == "3 kernels of 5×5 of the first layer"
    for i in range(3):
        np.testing.assert_array_equal(picture[:5, 8 * i : 8 * i + 5], run.state.params[0].weight[:, :, 0, i])


@pytest.mark.parametrize(("share", "part"), [(0.2, "validation"), (0.0, "training")])
def test_samples_say_which_part_they_are_of(drawn, share, part):
    run, figures = drawn(Flatten(), Linear(10), split=Split(validation=share))
    titles = [axes.get_title("left") for axes in figures["samples"].axes]
    images = len(getattr(run.parts, part))
    assert sum(int(re.search(r"of ([\d,]+)", title)[1].replace(",", "")) for title in titles) == images
    assert all(title.endswith(f"on {part} images, with confidence") for title in titles)


def test_curves_tell_what_is_left_out_when_validating(drawn):
    layers = (Flatten(), Linear(20), Residual(Dropout(0.5)), Linear(10))
    _, figures = drawn(*layers, split=Split(validation=0.2), augment=(Shift(1),))
    assert "with dropout and augmentation; validation after it" in figures["curves"].get_supxlabel()


def test_units_behind_smaller_images(drawn):
    run, figures = drawn(CenterCrop(20), MaxPool2d(2), Flatten(), Linear(10))
    picture = np.asarray(figures["weights"].axes[0].images[0].get_array())
    np.testing.assert_array_equal(picture[:10, :10], run.state.params[3].weight[:, 0].reshape(10, 10))


@pytest.mark.parametrize("name", ["Ä", "a name that is much longer than a cell"])
def test_other_classes_and_images_that_are_not_square(tmp_path, monkeypatch, name):
    figures = {}
    monkeypatch.setattr(plots, "save", lambda figure, path: figures.update({path.name: figure}))
    images = np.random.default_rng(0).integers(0, 256, (60, 20, 12), dtype=np.uint8)
    data = Dataset(images, np.arange(60) % 3, class_names=("A", name, "い"))
    state = TrainingState.start(recipe := Recipe(Network(Flatten(), Linear(10)), SGD(), epochs=1).fitted_to(data))
    list(train(recipe, data, state=state))
    model = Model(recipe.network, state.params, class_names=data.class_names)
    model.save(tmp_path / "model.safetensors")
    draw(Run(tmp_path, recipe, None, Parts(data, None, None, ""), None, state))
    picture = np.asarray(figures["weights"].axes[0].images[0].get_array())
    np.testing.assert_array_equal(picture[:20, :12], model.params[1].weight[:, 0].reshape(20, 12))
    assert figures["confusion"].axes[0].get_ylabel() == "true class"
    assert figures["samples"].axes[0].images[0].get_array()[:20, :12].shape == (20, 12)


def test_a_linear_layer_that_reads_no_image_has_no_weights_to_draw(drawn):
    _, figures = drawn(GlobalAvgPool(), Linear(10))
    assert list(figures) == COMMON


def test_a_residual_in_front_has_no_weights_to_draw(drawn):
    _, figures = drawn(Residual(Conv2d(1, 3, padding=1)), Flatten(), Linear(10))
    assert list(figures) == COMMON
