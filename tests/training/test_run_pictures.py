"""The pictures of a run fit its network: weights are drawn where the first layer that learns reads pixels."""

import numpy as np
import pytest

from inkling.evaluation import plots
from inkling.nn import CenterCrop, Conv2d, Flatten, GlobalAvgPool, Linear, MaxPool2d, Network, Residual
from inkling.optim import SGD
from inkling.training import Recipe
from inkling.training.pictures import draw
from inkling.training.run import Run

COMMON = ["curves", "confusion", "samples"]


@pytest.fixture
def drawn(tmp_path, monkeypatch):
    """The run of one epoch with a network, and its figures by name."""
    figures = {}
    monkeypatch.setattr(plots, "save", lambda figure, path: figures.update({path.name: figure}))

    def run(*layers):
        new = Run.create(tmp_path / "run", Recipe(Network(*layers), SGD(), epochs=1, shards=1), "digits")
        for _ in new.train():
            pass
        assert draw(new) == list(figures)
        return new, figures

    return run


def test_kernels_of_a_first_convolution(drawn):
    run, figures = drawn(Conv2d(3, 5, stride=4), GlobalAvgPool(), Linear(10))
    assert list(figures) == [*COMMON, "weights"]
    picture = np.asarray(figures["weights"].axes[0].images[0].get_array())
    for i in range(3):
        np.testing.assert_array_equal(picture[:5, 8 * i : 8 * i + 5], run.state.params[0].weight[:, :, 0, i])


def test_units_behind_smaller_images(drawn):
    run, figures = drawn(CenterCrop(20), MaxPool2d(2), Flatten(), Linear(10))
    picture = np.asarray(figures["weights"].axes[0].images[0].get_array())
    np.testing.assert_array_equal(picture[:10, :10], run.state.params[3].weight[:, 0].reshape(10, 10))


def test_a_residual_in_front_has_no_weights_to_draw(drawn):
    _, figures = drawn(Residual(Conv2d(1, 3, padding=1)), Flatten(), Linear(10))
    assert list(figures) == COMMON
